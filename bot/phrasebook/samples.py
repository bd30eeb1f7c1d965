"""One of each fact: every message is tried out on these before it is believed."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any, NamedTuple

from bot.core.alert import Alert, Resolution, State
from bot.core.checkin import example
from bot.core.clearance import Reader
from bot.core.commands import VERBS
from bot.core.digest import Snapshot, Why, build_digest
from bot.core.evaluate import explain
from bot.core.history import History, Point
from bot.core.lifecycle import start_clocks
from bot.core.organisation import Level
from bot.core.periods import parse_label
from bot.core.replay import replay
from bot.core.standing import Running, Standing, Status, stand
from bot.core.tried import row_of, span_of
from bot.core.verdict import Breached, Finding
from bot.phrasebook.facts import FACTS
from bot.phrasebook.sample_company import sample_history, sample_policy
from bot.phrasebook.sample_numbers import approval_cases, history_cases, span_cases

Facts = dict[str, Any]

NOW = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)
_OPENED = NOW - timedelta(minutes=10)
_POLICY = sample_policy()
_ADA, _BO = _POLICY.people["ada"], _POLICY.people["bo"]
_PROMISE = "Win-back calls to the 12 accounts at risk; R&D mends the *export* by Friday <soon>"


class Moment(NamedTuple):
    """A line of an alert's timeline."""

    at: datetime
    notice: str
    by: str | None = None
    text: str | None = None


class Sent(NamedTuple):
    """What became of one message of an alert."""

    notice: str
    destination: str
    state: str
    error: str | None
    sent_at: datetime | None


class Record(NamedTuple):
    """Where a value came from."""

    first: date
    value: float
    origin: str
    author: str
    recorded_at: datetime
    approved_by: str | None = None


def samples(notice: str) -> Iterator[tuple[str, Facts]]:
    """Give sample facts of a message, each with a word for what is special about it."""
    if FACTS[notice] == FACTS["alert_opened"]:
        yield from _alert_cases(notice)
    else:
        yield from ((case, dict(facts)) for case, facts in _OTHER_CASES[notice].items())


def _standing(kpi: str, segment: str = "") -> Standing:
    return stand(_POLICY, _POLICY.kpis[kpi], segment, sample_history(_POLICY, kpi, segment), NOW)


def _with_running(standing: Standing, value: float, period: str = "2026-11") -> Standing:
    running = parse_label(period, standing.kpi.frequency)
    made = Running(period=running, value=value, target=standing.kpi.target_for(running))
    return standing.model_copy(update={"running": made})


def _alert(**more: Any) -> Alert:
    facts = {
        "id": "0a1b2c3d4e5f", "kpi": "churn_rate", "segment": "", "rule": "churn-rate-critical",
        "priority": "critical", "state": State.FIRING, "period": "2026-10", "opened_at": _OPENED,
        "finding": Finding(condition="reaches", value=4.3, limit=4.0, target=2.5), "chain": ("ada", "bo"),
        "channel": "C0ALERTS", "policy_version": "sample",
        **start_clocks(_POLICY.priority(more.get("priority", "critical")), _OPENED),
    }  # fmt: skip
    return Alert.model_validate(facts | more)


_CALM: Facts = {"acknowledge_by": None, "remind_at": None, "respond_by": None}
_TAKEN: Facts = {
    "state": State.ACKNOWLEDGED, "acknowledge_by": None, "acknowledged_at": NOW, "acknowledged_by": _ADA.slack,
}  # fmt: skip
_ENDED: Facts = _CALM | {"state": State.RESOLVED, "resolved_at": NOW}
_PIPELINE: Facts = {
    "kpi": "pipeline_value", "rule": "pipeline-short", "priority": "high",
    "finding": Finding(condition="misses_target_by", value=3_823_450.0, target=5_000_000.0, difference=1_176_550.0),
}  # fmt: skip
_STALE: Facts = {
    "kpi": "new_markets", "rule": "new-markets-stale", "priority": "high", "period": "2026-Q4",
    "finding": Finding(condition="stale", periods=0),
}  # fmt: skip
_PACE = Finding("off_pace", value=1_120_000.0, target=5_000_000.0, expected=3_360_000.0, share=1 / 3)
_UNUSUAL = Finding("anomaly", value=2_000_000.0, expected=3_800_000.0, low=3_400_000.0, high=4_200_000.0)
_HEADING = Finding(
    "forecast_misses_target", value=3_823_450.0, target=5_000_000.0, expected=4_100_000.0, low=3_700_000.0,
    high=4_500_000.0, periods=3,
)  # fmt: skip
_TOGETHER = Finding(
    "all_of", value=4.3, lasting=2,
    parts=(
        Finding("above", value=4.3, limit=4.0),
        Finding("misses_target_by", value=3_823_450.0, target=5_000_000.0, kpi="pipeline_value"),
    ),
)  # fmt: skip
ALERTS: dict[str, Alert] = {
    "firing": _alert(),
    "part": _alert(segment="size:small", priority="high"),
    "rule of its own": _alert(
        rule="churn-worsening", priority="high",
        finding=Finding(condition="worsens_for", value=4.3, previous=2.9, periods=2),
    ),
    "money": _alert(**_PIPELINE),
    "off pace": _alert(**_PIPELINE | {"finding": _PACE, "period": "2026-11"}),
    "unusual": _alert(**_PIPELINE | {"finding": _UNUSUAL}),
    "heading down": _alert(**_PIPELINE | {"finding": _HEADING}),
    "several together": _alert(rule="churn-in-a-small-pipeline", priority="high", finding=_TOGETHER),
    "no value": _alert(**_STALE),
    "passed on": _alert(step=1, missed=1),
    "end of the chain": _alert(step=1, missed=2, acknowledge_by=None, respond_by=None, remind_at=None),
    "taken": _alert(**_TAKEN),
    "action": _alert(**_TAKEN | _CALM, action=_PROMISE),
    "recovered": _alert(
        **_ENDED, resolution=Resolution.RECOVERED,
        finding=Finding(condition="reaches", value=2.2, limit=4.0, target=2.5),
    ),
    "no longer critical": _alert(
        **_ENDED, resolution=Resolution.RECOVERED,
        finding=Finding(condition="reaches", value=3.2, limit=4.0, target=2.5),
    ),
    "restated": _alert(**_ENDED, resolution=Resolution.RESTATED),
    "by hand": _alert(**_ENDED, resolution=Resolution.BY_HAND, resolved_by=_BO.slack, action=_PROMISE),
    "withdrawn": _alert(**_ENDED, resolution=Resolution.WITHDRAWN),
    "outgrown": _alert(**_ENDED, resolution=Resolution.OUTGROWN),
}  # fmt: skip
_STATES = {
    "alert_acknowledged": ("taken", "action"),
    "alert_acted": ("action",),
    "alert_recovered": ("recovered", "no longer critical", "restated"),
    "alert_resolved": ("by hand",),
    "alert_withdrawn": ("withdrawn",),
    "alert_outgrown": ("outgrown",),
    "alert_reminded": ("firing", "taken"),
    "alert_escalated": ("passed on", "end of the chain"),
    "alert_missed": ("passed on", "taken"),
    "alert_passed_on": ("passed on",),
    "alert_reopened": ("firing", "money"),
    "alert_updated": ("firing", "action"),
}
_ACTS = {
    "alert_acknowledged": {"by": _ADA.slack, "note": _PROMISE},
    "alert_acted": {"by": _ADA.slack, "note": _PROMISE},
    "alert_resolved": {"by": _BO.slack, "note": _PROMISE},
}


def _alert_cases(notice: str) -> Iterator[tuple[str, Facts]]:
    for case in _STATES.get(notice, ALERTS):
        yield case, _of_alert(ALERTS[case]) | (_ACTS.get(notice, {}) if case != "taken" else {"by": _ADA.slack})
    yield "discreet", _of_alert(ALERTS[_STATES.get(notice, ("money",))[0]]) | {"discreet": True}
    yield "late", _of_alert(ALERTS[_STATES.get(notice, ("firing",))[0]]) | {"late": timedelta(hours=2)}


def _of_alert(alert: Alert) -> Facts:
    kpi = _POLICY.kpis[alert.kpi]
    history = sample_history(_POLICY, alert.kpi, alert.segment)
    if alert.resolution is Resolution.RECOVERED and alert.finding.value is not None:
        history = History(
            history.frequency, (*history.points[:-1], Point(history.points[-1].first, alert.finding.value))
        )
    standing, seen = stand(_POLICY, kpi, alert.segment, history, NOW), alert.finding
    if seen.condition == "off_pace" and seen.value is not None:
        standing = _with_running(standing, seen.value)
    return {
        "alert": alert, "kpi": kpi, "standing": standing,
        "priority": _POLICY.priority(alert.priority), "rule": _POLICY.rule(alert.kpi, alert.rule), "policy": _POLICY,
        "now": NOW, "owner": _POLICY.holder(kpi.owner), "in_charge": _POLICY.people[alert.in_charge],
    }  # fmt: skip


def _row(case: str) -> tuple[Alert, Any, Any]:
    alert = ALERTS[case]
    return alert, _POLICY.kpis[alert.kpi], _POLICY.priority(alert.priority)


def _summary(kpi: str, *alerts: str) -> Facts:
    entry = _POLICY.kpis[kpi]
    parts = [_standing(kpi, part) for part in _POLICY.segments_of(entry)[1:]]
    return {
        "standing": _standing(kpi), "policy": _POLICY, "department": _POLICY.departments[entry.department],
        "owner": _POLICY.holder(entry.owner), "role": _POLICY.roles[entry.owner], "now": NOW, "segments": parts,
        "open_alerts": [(ALERTS[case], _row(case)[2]) for case in alerts],
    }  # fmt: skip


def _digest(cases: tuple[str, ...], *, first: bool) -> Facts:
    standings = [_standing(kpi) for kpi in _POLICY.kpis]
    before = Snapshot(
        statuses={"churn_rate": Status.YELLOW, "pipeline_value": Status.RED, "deliverability": Status.RED},
        departments={"sales": 88.0}, overall=74.0,
    )  # fmt: skip
    last = None if first else (date(2026, 11, 21), before.model_dump(mode="json"))
    reader = Reader(level=Level.EXECUTIVE)
    alerts = [ALERTS[case] for case in cases]
    made = build_digest(_POLICY, reader, standings, alerts, last, date(2026, 11, 22))
    return {"digest": made, "policy": _POLICY, "now": NOW}


def _digest_by_line() -> Facts:
    """The second digest of a day, with all it tells among the rest."""
    facts = _digest(("action", "money"), first=False)
    first, *others = facts["digest"].lead
    rest = (first, *(item.model_copy(update={"why": Why.BIGGEST_MOVE}) for item in others))
    return facts | {"digest": facts["digest"].model_copy(update={"since": date(2026, 11, 22), "rest": rest})}


def _digest_of_nothing() -> Facts:
    made = build_digest(_POLICY, Reader(level=Level.EXTERNAL), [], [], None, date(2026, 11, 22))
    return {"digest": made, "policy": _POLICY, "now": NOW}


def _why(kpi: str) -> Facts:
    entry, history = _POLICY.kpis[kpi], sample_history(_POLICY, kpi)
    verdicts = [
        (rule, verdict, ALERTS["firing"] if isinstance(verdict, Breached) else None)
        for rule in _POLICY.rules_of(entry)
        for verdict in [explain(entry, rule, history, firing=False, around=_POLICY.around(NOW))]
    ]
    record = Record(*history.latest, "slack", _ADA.slack, NOW) if history.latest else None
    return {"standing": _standing(kpi), "verdicts": verdicts, "record": record, "policy": _POLICY, "now": NOW}


def _replay(kpi: str, segment: str = "") -> Facts:
    entry = _POLICY.kpis[kpi]
    histories = {(kpi, part): sample_history(_POLICY, kpi, part) for part in _POLICY.segments_of(entry)}
    found = replay(_POLICY, entry, histories, NOW - timedelta(days=365), NOW, segment=segment or None)
    rows = [row_of(_POLICY, track) for track in found.tracks] if found else []
    noisy = [row._replace(noisy=place == 0) for place, row in enumerate(rows)]
    span = span_of(_POLICY, found) if found else None
    return {
        "kpi": entry, "segment": segment, "span": span, "rows": noisy, "total_only": False, "policy": _POLICY,
    }  # fmt: skip


def _why_alert(case: str) -> Facts:
    kept = ("alert", "kpi", "rule", "priority", "policy", "now")
    timeline = [
        Moment(_OPENED, "alert_opened"),
        Moment(NOW - timedelta(minutes=5), "alert_escalated"),
        Moment(NOW, "alert_acknowledged", _ADA.slack, _PROMISE),
    ]
    deliveries = [
        Sent("alert_opened", "C0ALERTS", "sent", None, _OPENED),
        Sent("alert_escalated", "C0ALERTS", "pending", None, None),
        Sent("alert_passed_on", "U0BO", "dead", "user_not_found", None),
    ]
    facts = {key: fact for key, fact in _of_alert(ALERTS[case]).items() if key in kept}
    return facts | {"timeline": timeline, "deliveries": deliveries}


def _set_done(change: str, **more: Any) -> Facts:
    period = parse_label("2026-10", _POLICY.kpis["churn_rate"].frequency)
    return {
        "standing": _standing("churn_rate"), "policy": _POLICY, "change": change, "period": period, "value": 4.3,
    } | more  # fmt: skip


def _form_not_opened(kpi: str) -> Facts:
    entry = _POLICY.kpis[kpi]
    return {"kpi": entry, "period": "2026-10", "example": example(entry.unit)}


def _check_in(kpi: str, *, again: bool = False, discreet: bool = False) -> Facts:
    return _form_not_opened(kpi) | {"again": again, "discreet": discreet}


def _answer(outcome: str, case: str) -> Facts:
    return {"outcome": outcome, "alert": ALERTS[case], "kpi": _POLICY.kpis["churn_rate"], "policy": _POLICY}


_GROUPS = [
    (_POLICY.departments["sales"].name, [_standing("churn_rate"), _standing("pipeline_value")]),
    (_POLICY.departments["marketing"].name, [_standing("deliverability"), _standing("new_markets")]),
]
_OPERATORS = {"destination": "C0ALERTS", "code": "channel_not_found", "about": "alert_opened"}
_RULES = {"destination": "", "code": "0123456789abcdef", "about": ["company.yaml", "kpis/sales.yaml"]}
_APPROVALS = approval_cases(_POLICY, NOW)
_ANSWERED = ("approved", "returned", "replaced", "money returned")
_OTHER_CASES: dict[str, dict[str, Facts]] = {
    "act_answer": {
        "acknowledged": _answer("acknowledged", "action"),
        "without action": _answer("acknowledged", "taken"),
        "resolved": _answer("resolved", "by hand"),
        "already taken": _answer("already", "action"),
        "already over": _answer("already", "recovered"),
    },
    "alert_gone": {"": {}},
    "alerts_list": {
        "some": {"rows": [_row("firing"), _row("taken"), _row("money"), _row("part")], "policy": _POLICY, "now": NOW},
        "none": {"rows": [], "policy": _POLICY, "now": NOW},
    },
    "approval": _APPROVALS,
    "approval_answer": {
        f"{case}{', done' if done else ''}": facts | {"done": done}
        for case, facts in _APPROVALS.items()
        for done in ((True, False) if case in ("approved", "returned") else (False,))
    },
    "approval_gone": {"": {}},
    "approval_told": {case: _APPROVALS[case] for case in _ANSWERED},
    "approval_waits": {case: facts for case, facts in _APPROVALS.items() if case not in _ANSWERED}
    | {"of somebody who has left": _APPROVALS["waiting"] | {"approver": None}},
    "bad_input": {
        "": {"place": "value", "problem": "'four *point* two' is no number", "remedy": "Write it such as 3.2"},
        "no remedy": {"place": "value", "problem": "must lie between 0 and 5", "remedy": ""},
        "of many": {"place": "values[3].value", "problem": "must be a number", "remedy": ""},
    },
    "busy": {"": {}},
    "check_in": {
        "first": _check_in("churn_rate"),
        "again": _check_in("churn_rate", again=True),
        "discreet": _check_in("pipeline_value", discreet=True),
    },
    "check_in_done": {
        "": {"kpi": _POLICY.kpis["churn_rate"], "segment": "", "period": "2026-10"},
        "a segment": {"kpi": _POLICY.kpis["churn_rate"], "segment": "size:small", "period": "2026-10"},
    },
    "digest_daily": {
        "": _digest(("firing", "money"), first=False),
        "first, sample, late": _digest((), first=True) | {"sample": True, "late": timedelta(hours=3)},
        "by line": _digest_by_line(),
        "nothing to see": _digest_of_nothing(),
    },
    "form_not_opened": {"": _form_not_opened("churn_rate")},
    "help": {"": {"commands": list(VERBS)}},
    "kpi_history": history_cases(_POLICY, NOW),
    "kpi_list": {
        "some": {"groups": _GROUPS, "now": NOW},
        "running": {"groups": [("Sales", [_with_running(_standing("pipeline_value"), 1_120_000.0)])], "now": NOW},
        "none": {"groups": [], "now": NOW},
    },
    "kpi_summary": {
        "alert": _summary("churn_rate", "firing", "taken"),
        "money": _summary("pipeline_value", "money") | {"sample": True},
        "discreet": _summary("pipeline_value") | {"discreet": True},
        "band": _summary("deliverability"),
        "no value": _summary("new_markets"),
        "source fails": _summary("new_markets") | {"source_fails": (NOW - timedelta(days=2), "timeout")},
        "running": _summary("pipeline_value", "off pace")
        | {"standing": _with_running(_standing("pipeline_value"), 1_120_000.0)},
        "running alone": _summary("new_markets")
        | {"standing": _with_running(_standing("new_markets"), 2.0, "2026-Q4")},
        "passed round": _summary("churn_rate") | {"by": _ADA.slack, "sample": True},
    },
    "kpi_unknown": {
        "near": {"query": "chrn *rate*", "suggestions": [("Churn rate", "churn_rate"), ("MRR", "mrr")]},
        "nothing near": {"query": "<!channel>", "suggestions": []},
    },
    "my_kpis": {
        "some": {"standings": _GROUPS[0][1], "alerts": [_row("firing")], "policy": _POLICY, "now": NOW},
        "none": {"standings": [], "alerts": [], "policy": _POLICY, "now": NOW},
    },
    "operators_notice": {
        what: {"what": what} | _OPERATORS
        for what in ("wording_refused", "message_given_up", "destination_broken", "something_new")
    }
    | {
        what: {"what": what, "destination": "warehouse", "code": code, "about": "churn_rate: no answer within 30 s"}
        for what, code in (("source_failed", "timeout"), ("source_partly", "values"), ("source_cured", "unreachable"))
    }
    | {
        "policy_refused": _RULES | {"what": "policy_refused", "about": ["risks.yaml:1:1", "risks.yaml:7:3"], "more": 3},
        "policy_mended": {"what": "policy_mended"} | _RULES,
        "policy_renewed": {"what": "policy_renewed"} | _RULES,
        "nothing changed": {"what": "policy_mended"} | _RULES | {"about": []},
    },
    "replay": {
        "some": _replay("churn_rate"),
        "a segment": _replay("churn_rate", "size:small"),
        "very many values": _replay("pipeline_value") | {"total_only": True, "rows": _replay("churn_rate")["rows"][:1]},
        "no rules": _replay("deliverability"),
        "no value": _replay("new_markets"),
    },
    "set_done": {
        "new": _set_done("new"),
        "unchanged": _set_done("unchanged"),
        "corrected": _set_done("corrected", before=3.2),
        "with a note": _set_done("new", note=_PROMISE),
        "running": _set_done("new", standing=_with_running(_standing("churn_rate"), 1.2), value=1.2)
        | {"period": parse_label("2026-11", _POLICY.kpis["churn_rate"].frequency)},
        "before the running one": _set_done("corrected", standing=_with_running(_standing("churn_rate"), 1.2)),
    },
    "share_refused": {"": {"channel": "C0ALERTS"}},
    "shared": {"": {"kpi": _POLICY.kpis["churn_rate"], "channel": "C0ALERTS"}},
    "span_unknown": span_cases(_POLICY),
    "why_alert": {"open": _why_alert("firing"), "no rule": _why_alert("withdrawn") | {"rule": None}},
    "why_kpi": {"open": _why("churn_rate"), "no rules": _why("deliverability"), "no value": _why("new_markets"),
                "source fails": _why("churn_rate") | {"source_fails": (NOW - timedelta(days=2), "credentials")}},
}  # fmt: skip
