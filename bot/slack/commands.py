"""``/kpi``: one function a verb, each from the words behind it to an answer for the asker's eyes only."""

import re
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import NamedTuple

from bot.core.alert import Alert
from bot.core.approval import Way
from bot.core.clearance import may_see, visible_kpis
from bot.core.commands import parse
from bot.core.entering import Typed, leading_kpi, read_set, read_unvalued, segment_named, to_record
from bot.core.errors import BadInput
from bot.core.kpi import Kpi
from bot.core.naming import segment_and_span
from bot.core.periods import Period
from bot.core.spans import Span, UnknownSpan
from bot.core.speech import Speech
from bot.flows import act, ask, history, replay, report
from bot.slack.entered import enter
from bot.slack.forms import Wanted, may_ask
from bot.slack.question import Question
from bot.store import alerts, values

LONGEST_NOTE = 1000
_ALERT_ID = re.compile(r"[0-9a-f]{4,32}")
_MENTION = re.compile(r"<([@#])[A-Z0-9]+\|([^<>]*)>")
_LINK = re.compile(r"<((?:https?|mailto):[^<>|]+)(?:\|[^<>]*)?>")


class Series(NamedTuple):
    """A KPI and one of its segments ("" for the total)."""

    kpi: Kpi
    segment: str


def answer(question: Question, typed: str) -> Speech | Wanted:
    """Answer what was typed after ``/kpi``, or say which form it asks for; typed: as Slack sends it.

    Raises BadInput for what cannot be taken.
    """
    command = parse(as_typed(typed))
    return _VERBS[command.verb](question, command.words)


def as_typed(text: str) -> str:
    """Give the words as the person wrote them: Slack escapes ``& < >`` and writes out whom and what they mention."""
    named = _LINK.sub(r"\1", _MENTION.sub(r"\1\2", text))
    return named.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def summary(one: Question, series: Series, span: Span | None = None) -> Speech:
    """Say where a series stands; span: what its chart shows, else the newest values."""
    house = one.house
    return ask.summary(
        house.database, one.policy, house.phrasebook, one.who, series.kpi, series.segment, one.now, span=span
    )


def why_alert(one: Question, alert_id: str) -> Speech | None:
    """Say why an alert spoke; None when there is none to be seen."""
    return ask.why_alert(one.house.database, one.policy, one.house.phrasebook, one.who, alert_id, one.now)


def why_series(one: Question, series: Series) -> Speech:
    """Say what the rules of a series see now."""
    house = one.house
    return ask.why_kpi(house.database, one.policy, house.phrasebook, one.who, series.kpi, series.segment, one.now)


def acknowledge(one: Question, alert_id: str, note: str | None) -> Speech:
    """Take an alert on, and say so, or who was first."""
    house = one.house
    outcome = act.acknowledge(
        house.database, one.policy, alert_id, one.who.reader, by=one.who.slack, note=note, now=one.now
    )
    return _acted(one, outcome)


def resolve(one: Question, alert_id: str, note: str | None) -> Speech:
    """Close an alert by hand, and say so, or who was first."""
    house = one.house
    outcome = act.resolve(
        house.database, one.policy, alert_id, one.who.reader, by=one.who.slack, note=note, now=one.now
    )
    return _acted(one, outcome)


def _acted(one: Question, outcome: act.Outcome) -> Speech:
    alert = outcome.alert
    if alert is None:
        return one.say("alert_gone")
    if outcome.done:
        one.house.nudge()
    what = outcome.done.value if outcome.done else "already"
    return one.say("act_answer", outcome=what, alert=alert, kpi=one.policy.kpis[alert.kpi], policy=one.policy)


def _mine(one: Question, _words: str) -> Speech:
    return ask.mine(one.house.database, one.policy, one.house.phrasebook, one.who, one.now)


def _kpi(one: Question, words: str) -> Speech:
    series = _series(one, words)
    if series is not None:
        return summary(one, series)
    try:
        named = _series_and_span(one, words)
    except UnknownSpan:
        named = None
    return summary(one, *named) if named else _department(one, words)


def _department(one: Question, words: str) -> Speech:
    """List the department that is called so; what is neither KPI nor department is an unknown KPI."""
    try:
        return _list(one, words)
    except BadInput:
        return one.unknown(words)


def _list(one: Question, words: str) -> Speech:
    return ask.listing(one.house.database, one.policy, one.house.phrasebook, one.who, words, one.now)


def _alerts(one: Question, _words: str) -> Speech:
    return ask.open_alerts(one.house.database, one.policy, one.house.phrasebook, one.who, one.now)


def _help(one: Question, _words: str) -> Speech:
    return ask.help_words(one.house.phrasebook, one.who)


def _ack(one: Question, words: str) -> Speech:
    return _on_alert(one, "ack", words, acknowledge)


def _resolve(one: Question, words: str) -> Speech:
    return _on_alert(one, "resolve", words, resolve)


def _on_alert(one: Question, verb: str, words: str, do: Callable[[Question, str, str | None], Speech]) -> Speech:
    """Do something to the alert that is named by its id, or to the most urgent one of the KPI that is named."""
    if not words:
        raise BadInput(
            f"/kpi {verb}", "which alert is meant", f"Write /kpi {verb} and the name of a KPI or an alert's id"
        )
    first, _, rest = words.partition(" ")
    named = _alert(one, first)
    if named is not None:
        return do(one, named.id, _note(verb, rest))
    found = leading_kpi(words, visible_kpis(one.who.reader, one.policy))
    if found is None:
        return one.unknown(words)
    kpi, rest = found
    note = _note(verb, rest)
    urgent = act.most_urgent(one.house.database, one.policy, kpi.key, unacknowledged=verb == "ack")
    return do(one, urgent.id, note) if urgent else one.say("alert_gone")


def _note(verb: str, words: str) -> str | None:
    if len(words) > LONGEST_NOTE:
        raise BadInput(f"/kpi {verb}", f"the note has more than {LONGEST_NOTE} characters", "Write it shorter")
    return words or None


def _alert(one: Question, prefix: str) -> Alert | None:
    """Find the only alert whose id begins so and that the asker may see."""
    if not _ALERT_ID.fullmatch(prefix.casefold()):
        return None
    with one.house.database.reading() as tx:
        found = alerts.find(tx, prefix.casefold())
    seen = [alert for alert in found if alert.kpi in one.policy.kpis and _visible(one, one.policy.kpis[alert.kpi])]
    return seen[0] if len(seen) == 1 else None


def _visible(one: Question, kpi: Kpi) -> bool:
    return may_see(one.who.reader, kpi, one.policy)


def _why(one: Question, words: str) -> Speech:
    if not words:
        raise BadInput("/kpi why", "which KPI is meant", "Write /kpi why and the name of a KPI or an alert's id")
    named = _alert(one, words)
    said = why_alert(one, named.id) if named else None
    if said is not None:
        return said
    series = _series(one, words)
    return why_series(one, series) if series else one.unknown(words)


def _history(one: Question, words: str) -> Speech:
    if not words:
        raise BadInput("/kpi history", "which KPI is meant", "Write it such as /kpi history churn last 6 months")
    try:
        named = _series_and_span(one, words)
    except UnknownSpan as unknown:
        return _unknown_span(one, words, unknown)
    if named is None:
        return one.unknown(words)
    (kpi, segment), span = named
    reader, language, house = one.who.reader, one.who.language, one.house
    return history.history(house.database, one.policy, house.phrasebook, reader, language, kpi, segment, span, one.now)


def _unknown_span(one: Question, words: str, unknown: UnknownSpan) -> Speech:
    found = leading_kpi(words, visible_kpis(one.who.reader, one.policy))
    parts = one.policy.segments_of(found[0])[1:] if found else ()
    names = [one.policy.segment_name(part) or part for part in parts]
    return one.say("span_unknown", asked=unknown.asked, why=unknown.why, segments=names)


def _replay(one: Question, words: str) -> Speech:
    if not words:
        raise BadInput("/kpi replay", "which KPI is meant", "Write /kpi replay and the name of a KPI")
    series = _series(one, words)
    if series is None:
        return one.unknown(words)
    house = one.house
    return replay.answer(house.database, one.policy, house.phrasebook, one.who.language, *series, one.now)


def _report(one: Question, words: str) -> Speech:
    if words.casefold() not in ("", "daily", "diario"):
        raise BadInput("/kpi report", f"there is no report '{words[:40]}'", "Write /kpi report daily")
    return report.preview(
        one.house.database, one.policy, one.house.phrasebook, one.who.reader, one.who.language, one.now
    )


def _set(one: Question, words: str) -> Speech | Wanted:
    if not words:
        raise BadInput("/kpi set", "a KPI and a number are needed", "Write it such as /kpi set churn 3.2 2026-10")
    unvalued = read_unvalued(one.policy, one.who.person, words)
    if unvalued is not None:
        may_ask(one.policy, one.who.person, unvalued[0], one.who.language)
        return Wanted(*unvalued)
    typed = read_set(one.policy, one.who.person, words, one.who.language)
    entry = to_record(one.policy, typed, _newest(one, typed), one.who.language, one.now)
    return enter(one, entry, Way.COMMAND)


def _newest(one: Question, typed: Typed) -> Period | None:
    """Give the newest period for which the series has a value."""
    with one.house.database.reading() as tx:
        return values.history(tx, typed.kpi.key, typed.segment, typed.kpi.frequency, limit=1).latest_period


def _series(one: Question, words: str) -> Series | None:
    """Read ``<KPI> [segment]``; None when the KPI does not exist for the asker, or has no such segment."""
    found = leading_kpi(words, visible_kpis(one.who.reader, one.policy))
    if found is None:
        return None
    segment = segment_named(one.policy, *found)
    return None if segment is None else Series(found[0], segment)


def _series_and_span(one: Question, words: str) -> tuple[Series, Span | None] | None:
    """Read ``<KPI> [segment] [span]``; None when the KPI does not exist for the asker. Raises UnknownSpan."""
    found = leading_kpi(words, visible_kpis(one.who.reader, one.policy))
    if found is None:
        return None
    kpi, rest = found
    segment, span = segment_and_span(one.policy, kpi, rest, one.now.astimezone(one.policy.zone).date())
    return Series(kpi, segment), span


_VERBS: Mapping[str, Callable[[Question, str], Speech | Wanted]] = MappingProxyType(
    {
        "mine": _mine,
        "kpi": _kpi,
        "list": _list,
        "alerts": _alerts,
        "ack": _ack,
        "resolve": _resolve,
        "set": _set,
        "report": _report,
        "why": _why,
        "history": _history,
        "replay": _replay,
        "help": _help,
    }
)
