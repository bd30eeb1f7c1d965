"""A report is due → built, queued; exactly once a local date: the claim, the report and its row are one commit."""

from datetime import date, datetime, timedelta
from typing import Any

from bot.core.clearance import Reader, reader_of
from bot.core.digest import Digest, build_digest
from bot.core.policy import Policy, Report
from bot.core.schedule import Due, last_due
from bot.core.settling import lateness
from bot.core.speech import SPOKEN, Manner, Outgoing, Speech
from bot.core.standing import stand, stands_on
from bot.core.words import Language
from bot.phrasebook import Phrasebook
from bot.store import alerts, notes, occurrences, outbox, values
from bot.store.database import Database, Transaction

_LEASE = timedelta(minutes=5)
_RANK = 2

Before = tuple[date, dict[str, Any]]


def send_due(database: Database, policy: Policy, phrasebook: Phrasebook, owner: str, now: datetime) -> int:
    """Queue every report whose moment has come and whose local date has none yet; give how many that were.

    After downtime the newest moment alone is made up for, and the report says that it is late. A report that is new
    here begins with its next moment.
    """
    return sum(_send(database, policy, phrasebook, report, owner, now) for report in policy.reports.values())


def preview(
    database: Database, policy: Policy, phrasebook: Phrasebook, reader: Reader, language: Language, now: datetime
) -> Speech:
    """Give the daily digest as it would be now, for one reader; nothing is recorded."""
    with database.reading() as tx:
        daily = policy.reports.get("daily")
        before = _before(tx, daily) if daily else None
        digest, sample = _digest(tx, policy, reader, before, now), _is_sample(tx)
    return _speech(phrasebook, policy, digest, language, now, sample=sample, late=None)


def _send(
    database: Database, policy: Policy, phrasebook: Phrasebook, report: Report, owner: str, now: datetime
) -> bool:
    due = last_due(report.cron, policy.zone, now)
    if due is None:
        return False
    with database.reading() as tx:
        begun = notes.get(tx, _begun_key(report))
        done = occurrences.last_finished(tx, schedule=report.key, audience=report.channel)
    if begun is None:
        with database.transaction() as tx:
            notes.put(tx, _begun_key(report), now.isoformat())
        return False
    if due.moment <= datetime.fromisoformat(begun) or (done is not None and done.local_date >= due.local_date):
        return False
    with database.transaction() as tx:
        return _queue(tx, policy, phrasebook, report, due, owner, now)


def _queue(
    tx: Transaction, policy: Policy, phrasebook: Phrasebook, report: Report, due: Due, owner: str, now: datetime
) -> bool:
    claimed = occurrences.claim(
        tx,
        schedule=report.key,
        audience=report.channel,
        local_date=due.local_date,
        owner=owner,
        now=now,
        lease=_LEASE,
    )
    if not claimed:
        return False
    channel = policy.channels[report.channel]
    before = _before(tx, report, earlier_than=due.local_date)
    digest = _digest(tx, policy, reader_of(channel), before, now)
    language = channel.language or policy.company.language
    late = lateness(due.moment, now)
    speech = _speech(phrasebook, policy, digest, language, now, sample=_is_sample(tx), late=late)
    outbox.queue(
        tx,
        Outgoing(
            key=f"report:{report.key}:{report.channel}:{due.local_date.isoformat()}",
            notice=SPOKEN,
            manner=Manner.POST,
            destination=channel.slack,
            language=language,
            rank=_RANK,
            created_at=now,
            kpis=digest.kpis,
            facts={"speech": speech.model_dump(mode="json")},
        ),
    )
    occurrences.finish(
        tx,
        schedule=report.key,
        audience=report.channel,
        local_date=due.local_date,
        snapshot=digest.snapshot.model_dump(mode="json"),
        now=now,
    )
    return True


def _before(tx: Transaction, report: Report, *, earlier_than: date | None = None) -> Before | None:
    """Give the date and snapshot of the report's newest sending (before a date)."""
    last = occurrences.last_finished(tx, schedule=report.key, audience=report.channel, before=earlier_than)
    return (last.local_date, last.snapshot) if last else None


def _digest(tx: Transaction, policy: Policy, reader: Reader, before: Before | None, now: datetime) -> Digest:
    wanted = [(kpi.key, "", kpi.frequency) for kpi in policy.kpis.values()]
    histories = values.histories(tx, wanted, limit=stands_on(policy.kpis.values()))
    standings = [stand(policy, kpi, "", histories[kpi.key, ""], now) for kpi in policy.kpis.values()]
    day = now.astimezone(policy.zone).date()
    return build_digest(policy, reader, standings, alerts.open_alerts(tx), before, day)


def _speech(
    phrasebook: Phrasebook,
    policy: Policy,
    digest: Digest,
    language: Language,
    now: datetime,
    *,
    sample: bool,
    late: timedelta | None,
) -> Speech:
    return phrasebook.say("digest_daily", language, digest=digest, policy=policy, now=now, sample=sample, late=late)


def _is_sample(tx: Transaction) -> bool:
    return notes.get(tx, notes.SAMPLE_HISTORY) is not None


def _begun_key(report: Report) -> str:
    return f"report_begun:{report.key}:{report.channel}"
