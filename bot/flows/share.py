"""A reader shares an answer with a channel, if the channel may see it."""

from datetime import datetime

from bot.core.clearance import destination_reader, may_see
from bot.core.kpi import Kpi
from bot.core.policy import Policy
from bot.core.speech import SPOKEN, Manner, Outgoing, Speech
from bot.core.words import Language
from bot.store import audit, outbox
from bot.store.database import Database

_RANK = 3


def may_share(policy: Policy, kpi: Kpi, destination: str) -> bool:
    """Say whether a Slack channel may see the KPI."""
    return may_see(destination_reader(destination, policy), kpi, policy)


def share(
    database: Database, policy: Policy, kpi: Kpi, speech: Speech, destination: str, *, by: str, once: str, now: datetime
) -> bool:
    """Queue an answer for a channel; False when the channel may not see it.

    by: Slack member id; once: what makes this press of the button one and the same, however often it arrives.
    """
    if not may_share(policy, kpi, destination):
        return False
    channel = policy.channel_by_slack(destination)
    language: Language = (channel.language if channel else None) or policy.company.language
    outgoing = Outgoing(
        key=f"share:{kpi.key}:{destination}:{by}:{once}",
        notice=SPOKEN,
        manner=Manner.POST,
        destination=destination,
        language=language,
        rank=_RANK,
        created_at=now,
        kpis=(kpi.key,),
        facts={"speech": speech.model_dump(mode="json")},
    )
    with database.transaction() as tx:
        if outbox.queue(tx, outgoing):
            audit.record(tx, who=by, what="share", subject=kpi.key, detail={"destination": destination}, now=now)
    return True
