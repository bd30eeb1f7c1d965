"""What a step in an alert's life says, to whom and how: the first message, its edits, its thread, a direct message.

What must ring is a new message; an edit rings nobody.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from bot.core.alert import Alert
from bot.core.lifecycle import Act, Notice, Step
from bot.core.policy import Policy
from bot.core.speech import OPERATORS, Manner, Outgoing
from bot.core.words import Language

PASSED_ON = "alert_passed_on"

_QUIET_REPLIES = {Notice.ACKNOWLEDGED, Notice.ACTED, Notice.RECOVERED, Notice.RESOLVED, Notice.WITHDRAWN}
_LOUD_REPLIES = {Notice.REOPENED, Notice.REMINDED, Notice.ESCALATED, Notice.MISSED}


def announce(step: Step, policy: Policy, now: datetime) -> list[Outgoing]:
    """Give the messages of one step, in the order they are to appear; none about a rule on trial."""
    before, alert, notice = step.before, step.alert, step.notice
    if alert.dry_run:
        return []
    if notice is Notice.OPENED:
        return [_outgoing(alert, notice, Manner.POST, alert.channel, policy, now)]
    said = [_outgoing(alert, notice, Manner.EDIT, alert.channel, policy, now)]
    if notice in _QUIET_REPLIES | _LOUD_REPLIES:
        reply = _outgoing(alert, notice, Manner.REPLY, alert.channel, policy, now, step.act)
        said.append(reply.model_copy(update={"loud": notice in _LOUD_REPLIES}))
    if before is not None and notice in (Notice.ESCALATED, Notice.MISSED) and alert.in_charge != before.in_charge:
        said += _pass_on(alert, policy, now)
    return said


def _pass_on(alert: Alert, policy: Policy, now: datetime) -> list[Outgoing]:
    """Tell the person it is passed on to; the chain was copied when it opened, so they may have left since."""
    person = policy.people.get(alert.in_charge)
    if person is None:
        return []
    told = _outgoing(alert, PASSED_ON, Manner.POST, person.slack, policy, now)
    return [told.model_copy(update={"language": person.language or policy.company.language})]


def for_operators(policy: Policy, key: str, facts: Mapping[str, Any], now: datetime, *, rank: int = 0) -> Outgoing:
    """Make a message to the operators' channel; key: what makes it the same as one that was told already."""
    channel = policy.channels[policy.company.operators_channel]
    return Outgoing(
        key=key,
        notice=OPERATORS,
        manner=Manner.POST,
        destination=channel.slack,
        language=channel.language or policy.company.language,
        rank=rank,
        created_at=now,
        facts=dict(facts),
    )


def _outgoing(
    alert: Alert, notice: str, manner: Manner, destination: str, policy: Policy, now: datetime, act: Act | None = None
) -> Outgoing:
    return Outgoing(
        key=f"{alert.id}:{alert.version}:{notice}:{manner}",
        notice=notice,
        manner=manner,
        destination=destination,
        language=_language(destination, policy),
        rank=policy.priority(alert.priority).rank,
        created_at=now,
        kpis=(alert.kpi,),
        alert=alert.id,
        facts={"by": act.by, "note": act.text} if act else {},
    )


def _language(destination: str, policy: Policy) -> Language:
    channel = policy.channel_by_slack(destination)
    return (channel.language if channel else None) or policy.company.language
