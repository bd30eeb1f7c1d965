"""The facts an alert's messages are told, gathered from the policy and the alert as it stands now."""

from datetime import datetime, timedelta
from typing import Any

from bot.core.alert import Alert
from bot.core.announcing import PASSED_ON
from bot.core.clearance import is_restricted
from bot.core.history import History
from bot.core.lifecycle import Notice
from bot.core.policy import Policy
from bot.core.speech import Manner, Outgoing, Speech, Style
from bot.core.standing import stand
from bot.phrasebook.book import ButtonChoice, Phrasebook
from bot.phrasebook.plain import plain


def alert_speech(
    phrasebook: Phrasebook,
    policy: Policy,
    alert: Alert,
    history: History,
    outgoing: Outgoing,
    now: datetime,
    *,
    late: timedelta | None,
) -> Speech:
    """Word one of an alert's messages; its first message always says how the alert stands now.

    The alert's KPI must be in the policy. Raises WordingError when the template is broken.
    """
    facts = alert_facts(policy, alert, history, now)
    choices = alert_buttons(alert) if outgoing.manner is not Manner.REPLY else ()
    return phrasebook.say(
        _template(outgoing),
        outgoing.language,
        buttons=choices,
        discreet=is_restricted(facts["kpi"]),
        by=outgoing.facts.get("by"),
        note=outgoing.facts.get("note"),
        late=late,
        **facts,
    )


def plain_alert_speech(policy: Policy, alert: Alert, history: History, outgoing: Outgoing, now: datetime) -> Speech:
    """Word the same without any template."""
    return plain(_template(outgoing), **alert_facts(policy, alert, history, now))


def alert_facts(policy: Policy, alert: Alert, history: History, now: datetime) -> dict[str, Any]:
    """Gather what every alert template may say."""
    kpi = policy.kpis[alert.kpi]
    return {
        "alert": alert,
        "kpi": kpi,
        "standing": stand(policy, kpi, alert.segment, history, now),
        "priority": policy.priority(alert.priority),
        "rule": policy.rule(alert.kpi, alert.rule),
        "policy": policy,
        "now": now,
        "owner": policy.holder(kpi.owner),
        "in_charge": policy.people.get(alert.in_charge),
    }


def alert_buttons(alert: Alert) -> tuple[ButtonChoice, ...]:
    """Give the buttons that the alert's state allows."""
    why = ButtonChoice("why", alert.id)
    if not alert.is_open:
        return (why,)
    resolve = ButtonChoice("resolve", alert.id, ask=True)
    if alert.acknowledged_at is not None:
        return (resolve, why)
    return (ButtonChoice("acknowledge", alert.id, Style.PRIMARY), resolve, why)


def _template(outgoing: Outgoing) -> str:
    """An alert's own message, posted or edited, is always drawn by the same template."""
    if outgoing.manner is Manner.REPLY or outgoing.notice == PASSED_ON:
        return outgoing.notice
    return Notice.OPENED.value
