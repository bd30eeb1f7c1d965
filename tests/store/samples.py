"""Alerts and messages for tests of the store, made from as little as the test says."""

from datetime import UTC, datetime
from typing import Any

from bot.core.alert import Alert, State
from bot.core.speech import Manner, Outgoing
from bot.core.verdict import Finding
from bot.core.words import Language

NOW = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)


def an_alert(name: str = "a1", **changes: Any) -> Alert:
    """A firing alert; its series is its own unless said otherwise."""
    plain = Alert(
        id=name,
        kpi=f"kpi_{name}",
        segment="",
        rule="too-high",
        priority="high",
        state=State.FIRING,
        finding=Finding(condition="above", value=4.3, limit=4.0),
        period="2026-11",
        opened_at=NOW,
        chain=("cro", "ceo"),
        channel="C-CUSTOMERS",
        policy_version="1",
    )
    return plain.model_copy(update=changes)


def a_message(key: str, **changes: Any) -> Outgoing:
    """A post of no alert, to a channel of its own unless said otherwise."""
    plain = Outgoing(
        key=key,
        notice="alert_opened",
        manner=Manner.POST,
        destination=f"C-{key}",
        language=Language.EN,
        rank=1,
        created_at=NOW,
    )
    return plain.model_copy(update=changes)
