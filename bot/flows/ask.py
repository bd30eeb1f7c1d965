"""``/kpi …`` → an answer in words, for the eyes of one reader only."""

from datetime import datetime

from bot.core.alert import Alert
from bot.core.clearance import Reader, may_see, reader_of, visible_kpis
from bot.core.commands import VERBS
from bot.core.digest import open_longest_first
from bot.core.errors import BadInput
from bot.core.evaluate import explain
from bot.core.history import Point
from bot.core.kpi import Kpi
from bot.core.matching import Match, find_kpi
from bot.core.organisation import Person
from bot.core.periods import period_of
from bot.core.policy import Policy
from bot.core.spans import Span
from bot.core.speech import Speech, Style
from bot.core.standing import Standing, stand, stands_on
from bot.core.words import Frozen, Language
from bot.phrasebook import ButtonChoice, Phrasebook
from bot.phrasebook.charts import line_chart
from bot.store import alerts, approvals, outbox, readings, values
from bot.store.cases import others_of
from bot.store.database import Database, Transaction

_SHOWN_SEGMENTS = 6


class Asker(Frozen):
    """Who asks: their Slack id, who they are in the policy (None: a stranger, who sees nothing), their language."""

    slack: str
    person: Person | None
    language: Language

    @property
    def reader(self) -> Reader:
        """What they may see."""
        return reader_of(self.person)


def asker(policy: Policy, slack_id: str, *, trusted: bool = True) -> Asker:
    """Say who is behind a Slack id; trusted False (a guest, another workspace) makes a stranger of anybody."""
    person = policy.person_by_slack(slack_id) if trusted else None
    language = (person.language if person else None) or policy.company.language
    return Asker(slack=slack_id, person=person, language=language)


def find(policy: Policy, who: Asker, query: str) -> Match:
    """Find a KPI among those the asker may see; the others do not exist for them."""
    return find_kpi(query, visible_kpis(who.reader, policy))


def unknown(policy: Policy, phrasebook: Phrasebook, who: Asker, query: str) -> Speech:
    """Say that there is no such KPI; the same words whether it does not exist or may not be seen."""
    suggestions = [(kpi.name.speak(who.language), kpi.key) for kpi in find(policy, who, query).nearest]
    return phrasebook.say("kpi_unknown", who.language, query=query, suggestions=suggestions)


def summary(
    database: Database,
    policy: Policy,
    phrasebook: Phrasebook,
    who: Asker,
    kpi: Kpi,
    segment: str,
    now: datetime,
    *,
    span: Span | None = None,
    discreet: bool = False,
    shared_by: str | None = None,
) -> Speech:
    """Say where one KPI stands: value, target, trend, owner, open alerts, chart. The asker must be cleared for it.

    span: what the chart shows, else the newest values; discreet: the notification text names no figure.
    """
    with database.reading() as tx:
        parts = [one for one in policy.segments_of(kpi) if one][:60] if not segment else []
        wanted = [(kpi.key, part, kpi.frequency) for part in (segment, *parts)]
        histories = values.histories(tx, wanted, limit=40)
        newest = values.records(tx, kpi.key, segment, limit=_told_of(kpi))
        open_now = [one for one in alerts.open_alerts(tx, kpis=[kpi.key]) if not segment or one.segment == segment]
        points = _points(tx, kpi, segment, span) if span else None
        fails = _source_fails(tx, kpi)
    standing = stand(policy, kpi, segment, histories[kpi.key, segment], now)
    segments = [stand(policy, kpi, part, histories[kpi.key, part], now) for part in parts]
    reference = f"{kpi.key}|{segment}"
    shared = f"{reference}|{span.written}" if span else reference
    return phrasebook.say(
        "kpi_summary",
        who.language,
        buttons=[ButtonChoice("share", shared, Style.PRIMARY), ButtonChoice("why", reference)],
        chart=line_chart(phrasebook, kpi, standing.recent if points is None else points, who.language),
        discreet=discreet,
        by=shared_by,
        standing=standing,
        policy=policy,
        department=policy.departments[kpi.department],
        owner=policy.holder(kpi.owner),
        role=policy.roles[kpi.owner],
        open_alerts=[(one, policy.priority(one.priority)) for one in open_longest_first(policy, open_now)],
        segments=[one for one in segments if one.value is not None][:_SHOWN_SEGMENTS],
        now=now,
        sample=any(one.origin is values.Origin.SAMPLE for one in newest),
        source_fails=fails,
    )


def mine(database: Database, policy: Policy, phrasebook: Phrasebook, who: Asker, now: datetime) -> Speech:
    """Say how the asker's own KPIs stand, and what can be asked."""
    own = [kpi for kpi in visible_kpis(who.reader, policy) if who.person and policy.holder(kpi.owner) == who.person]
    with database.reading() as tx:
        standings = _stand_all(tx, policy, own, now)
        open_now = alerts.open_alerts(tx, kpis=[kpi.key for kpi in own]) if own else []
    return phrasebook.say(
        "my_kpis", who.language, standings=standings, alerts=_rows(policy, who, open_now), policy=policy, now=now
    )


def listing(
    database: Database, policy: Policy, phrasebook: Phrasebook, who: Asker, words: str, now: datetime
) -> Speech:
    """List the KPIs the asker may see, of all departments or the one named; BadInput when there is no such one."""
    shown = visible_kpis(who.reader, policy)
    department = _department(policy, words) if words else None
    with database.reading() as tx:
        standings = _stand_all(tx, policy, [kpi for kpi in shown if department in (None, kpi.department)], now)
    groups = [
        (one.name, [standing for standing in standings if standing.kpi.department == one.key])
        for one in policy.departments.values()
    ]
    return phrasebook.say("kpi_list", who.language, groups=[group for group in groups if group[1]])


def open_alerts(database: Database, policy: Policy, phrasebook: Phrasebook, who: Asker, now: datetime) -> Speech:
    """List the open alerts the asker may see, most urgent first."""
    with database.reading() as tx:
        open_now = alerts.open_alerts(tx)
    return phrasebook.say("alerts_list", who.language, rows=_rows(policy, who, open_now), policy=policy, now=now)


def help_words(phrasebook: Phrasebook, who: Asker) -> Speech:
    """Say what can be asked."""
    return phrasebook.say("help", who.language, commands=list(VERBS))


def why_alert(
    database: Database, policy: Policy, phrasebook: Phrasebook, who: Asker, alert_id: str, now: datetime
) -> Speech | None:
    """Say why an alert spoke, what happened since and what comes next; None when there is none to be seen."""
    with database.reading() as tx:
        alert = alerts.get(tx, alert_id)
        kpi = policy.kpis.get(alert.kpi) if alert else None
        if alert is None or kpi is None or not may_see(who.reader, kpi, policy):
            return None
        timeline = alerts.timeline(tx, alert.id)
        deliveries = outbox.sent_for_alert(tx, alert.id)
    return phrasebook.say(
        "why_alert",
        who.language,
        alert=alert,
        kpi=kpi,
        rule=policy.rule(alert.kpi, alert.rule),
        priority=policy.priority(alert.priority),
        timeline=timeline,
        deliveries=deliveries,
        policy=policy,
        now=now,
    )


def why_kpi(
    database: Database, policy: Policy, phrasebook: Phrasebook, who: Asker, kpi: Kpi, segment: str, now: datetime
) -> Speech:
    """Say of every rule of a KPI what it sees now, and so why it is or is not speaking."""
    with database.reading() as tx:
        history = values.history(tx, kpi.key, segment, kpi.frequency)
        records = values.records(tx, kpi.key, segment, limit=_told_of(kpi))
        records = approvals.signed(tx, kpi.key, segment, kpi.frequency, records)
        open_now = alerts.open_alerts(tx, kpis=[kpi.key], on_trial=True)
        others = others_of(tx, policy, policy.rules_of(kpi), segment)
        fails = _source_fails(tx, kpi)
    known = {one.rule: one for one in open_now if one.segment == segment}
    around = policy.around(now, others, segment)
    verdicts = [
        (rule, explain(kpi, rule, history, firing=rule.id in known, around=around), known.get(rule.id))
        for rule in policy.rules_of(kpi)
    ]
    standing = stand(policy, kpi, segment, history, now)
    judged = standing.period or standing.newest_period
    return phrasebook.say(
        "why_kpi",
        who.language,
        standing=standing,
        verdicts=verdicts,
        record=next((one for one in records if judged and one.first == judged.first), None),
        source_fails=fails,
        policy=policy,
        now=now,
    )


def _source_fails(tx: Transaction, kpi: Kpi) -> tuple[datetime, str] | None:
    return readings.failing_of(tx, kpi.key) if kpi.source else None


def _told_of(kpi: Kpi) -> int:
    """Say how many of the newest values are told of: the newest complete one, and those after it."""
    return 1 + (kpi.completeness_delay or 0)


def _points(tx: Transaction, kpi: Kpi, segment: str, span: Span) -> list[Point]:
    """Give the values of the periods a span touches."""
    begun = period_of(span.first, kpi.frequency).first
    found = values.histories(tx, [(kpi.key, segment, kpi.frequency)], since=begun)
    return [point for point in found[kpi.key, segment].points if point.first < span.until]


def _department(policy: Policy, words: str) -> str:
    asked = words.casefold().strip()
    for department in policy.departments.values():
        if asked in (department.key, department.name.en.casefold(), department.name.es.casefold()):
            return department.key
    raise BadInput("/kpi list", f"there is no department '{words[:40]}'", f"There are: {', '.join(policy.departments)}")


def _stand_all(tx: Transaction, policy: Policy, kpis: list[Kpi] | tuple[Kpi, ...], now: datetime) -> list[Standing]:
    histories = values.histories(tx, [(kpi.key, "", kpi.frequency) for kpi in kpis], limit=stands_on(kpis))
    return [stand(policy, kpi, "", histories[kpi.key, ""], now) for kpi in kpis]


def _rows(policy: Policy, who: Asker, open_now: list[Alert]) -> list[tuple[Alert, Kpi, object]]:
    shown = [one for one in open_now if one.kpi in policy.kpis and may_see(who.reader, policy.kpis[one.kpi], policy)]
    return [(one, policy.kpis[one.kpi], policy.priority(one.priority)) for one in open_longest_first(policy, shown)]
