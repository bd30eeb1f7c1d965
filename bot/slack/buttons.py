"""The buttons under alerts and answers: what a press does, and what the one who pressed is told."""

import re
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import NamedTuple

from bot.core.clearance import is_restricted, may_see
from bot.core.periods import period_of
from bot.core.spans import Span, read_span
from bot.core.speech import Speech
from bot.flows import ask
from bot.flows.approve import facts_of
from bot.flows.ask import Asker
from bot.flows.share import may_share, share
from bot.slack.approving import Returning, approved, returning
from bot.slack.commands import Series, acknowledge, resolve, why_alert, why_series
from bot.slack.forms import Wanted, may_ask
from bot.slack.question import Question
from bot.store import alerts, approvals, values

ACTION = re.compile(r"kpi:([a-z_]+)(?::\d+)?")
"""How an action id is written: what is done, and a number when a message holds several of the same."""


class Press(NamedTuple):
    """One press of a button.

    value: the id of an alert or of a number that needs approval, ``<KPI key>|<segment>``, or that with ``|<period>``
    or ``|<span>``; channel: where it was pressed; once: names this very press.
    """

    value: str
    channel: str
    once: str


def answer(question: Question, action_id: str, press: Press) -> Speech | Wanted | Returning:
    """Do what a button says, or say which form it asks for.

    A button this version does not know is answered like one whose alert has gone.
    """
    match = ACTION.fullmatch(action_id)
    do = _ACTIONS.get(match[1]) if match else None
    return do(question, press) if do else question.say("alert_gone")


def _acknowledge(one: Question, press: Press) -> Speech:
    return acknowledge(one, press.value, None)


def _resolve(one: Question, press: Press) -> Speech:
    return resolve(one, press.value, None)


def _why(one: Question, press: Press) -> Speech:
    if "|" in press.value:
        series = _series(one, press.value)
        return why_series(one, series) if series else _unknown(one, press)
    return why_alert(one, press.value) or _unknown(one, press)


def _share(one: Question, press: Press) -> Speech:
    value, span = _without_span(one, press.value)
    series = _series(one, value)
    if series is None:
        return _unknown(one, press)
    if not may_share(one.policy, series.kpi, press.channel):
        return one.say("share_refused", channel=press.channel)
    speech = _for_everybody(one, series, span, press.channel)
    share(
        one.house.database,
        one.policy,
        series.kpi,
        speech,
        press.channel,
        by=one.who.slack,
        once=press.once,
        now=one.now,
    )
    one.house.nudge()
    return one.say("shared", kpi=series.kpi, channel=press.channel)


def _enter(one: Question, press: Press) -> Speech | Wanted:
    """Ask for the value of a period, unless it has come since the button was drawn, or waits for approval."""
    value, _, period = press.value.rpartition("|")
    series = _series(one, value)
    if series is None:
        return _unknown(one, press)
    may_ask(one.policy, one.who.person, series.kpi, one.who.language)
    with one.house.database.reading() as tx:
        known = values.history(tx, series.kpi.key, series.segment, series.kpi.frequency)
        waits = approvals.waiting_for(tx, series.kpi.key, series.segment, period)
    if waits is not None:
        return one.say("approval_waits", **facts_of(one.policy, waits))
    if any(period_of(point.first, series.kpi.frequency).label == period for point in known.points):
        return one.say("check_in_done", kpi=series.kpi, segment=series.segment, period=period)
    return Wanted(series.kpi, series.segment, period)


def _approve(one: Question, press: Press) -> Speech:
    return approved(one, press.value)


def _return(one: Question, press: Press) -> Speech | Returning:
    return returning(one, press.value)


def _without_span(one: Question, value: str) -> tuple[str, Span | None]:
    """Part what a summary's button names into its series and the span its chart shows. Raises UnknownSpan."""
    key, _, rest = value.partition("|")
    segment, stroke, written = rest.partition("|")
    if not stroke:
        return value, None
    today = one.now.astimezone(one.policy.zone).date()
    return f"{key}|{segment}", read_span(written, today, one.policy.company.year_begins)


def _for_everybody(one: Question, series: Series, span: Span | None, destination: str) -> Speech:
    """Word the summary in the channel's language, without buttons, and with a line that names who shared it.

    It is a message and rings: of a restricted KPI its notification names no figure.
    """
    channel = one.policy.channel_by_slack(destination)
    language = (channel.language if channel else None) or one.policy.company.language
    readers = Asker(slack=destination, person=None, language=language)
    speech = ask.summary(
        one.house.database,
        one.policy,
        one.house.phrasebook,
        readers,
        series.kpi,
        series.segment,
        one.now,
        span=span,
        discreet=is_restricted(series.kpi),
        shared_by=one.who.slack,
    )
    return speech.model_copy(update={"buttons": ()})


def _unknown(one: Question, press: Press) -> Speech:
    """Say that there is nothing; the same words whether it does not exist or may not be seen."""
    key, stroke, _ = press.value.partition("|")
    return one.unknown(key) if stroke else one.say("alert_gone")


def _series(one: Question, value: str) -> Series | None:
    """Find the series a button means, if the one who pressed may see it."""
    key, stroke, segment = value.partition("|")
    if not stroke:
        with one.house.database.reading() as tx:
            alert = alerts.get(tx, value)
        key, segment = (alert.kpi, alert.segment) if alert else ("", "")
    kpi = one.policy.kpis.get(key)
    if kpi is None or not may_see(one.who.reader, kpi, one.policy) or segment not in one.policy.segments_of(kpi):
        return None
    return Series(kpi, segment)


_ACTIONS: Mapping[str, Callable[[Question, Press], Speech | Wanted | Returning]] = MappingProxyType(
    {
        "acknowledge": _acknowledge,
        "resolve": _resolve,
        "why": _why,
        "share": _share,
        "enter": _enter,
        "approve": _approve,
        "return": _return,
    }
)
