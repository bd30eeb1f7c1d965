"""One step in an alert's life, kept whole: the alert, its timeline and the messages about it, in one transaction."""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import TypeVar

from bot.core.errors import KpiBotError
from bot.core.lifecycle import Step
from bot.core.speech import Outgoing
from bot.store import alerts, outbox
from bot.store.database import Database, Transaction

Result = TypeVar("Result")
_TRIES = 5


class Collision(KpiBotError):
    """Somebody else changed the alert meanwhile; what was decided on its old state must be decided again."""


def keep(tx: Transaction, step: Step, messages: Iterable[Outgoing], now: datetime) -> None:
    """Store a step; raises Collision when the alert has changed since ``step.before`` was read."""
    if step.before is None:
        alerts.insert(tx, step.alert)
    elif not alerts.save(tx, step.alert):
        raise Collision(f"alert {step.alert.id} changed meanwhile")
    act = step.act
    facts = {"finding": act.finding.facts} if act.finding else {}
    alerts.note(tx, step.alert.id, alerts.Moment(at=now, notice=step.notice, by=act.by, text=act.text, facts=facts))
    for message in messages:
        outbox.queue(tx, message)


def decide(database: Database, work: Callable[[Transaction], Result]) -> Result:
    """Run work in a transaction of its own, again from the start when it collides; steps are pure, so that is safe."""
    for _ in range(_TRIES - 1):
        try:
            with database.transaction() as tx:
                return work(tx)
        except (Collision, alerts.AlreadyOpen):
            continue
    with database.transaction() as tx:
        return work(tx)
