"""Rules are tried on what the database knows: what they would have said, to whom and for how long."""

from collections.abc import Mapping
from datetime import date, datetime

from bot.core.history import History
from bot.core.kpi import Kpi
from bot.core.periods import Frequency, period_of
from bot.core.policy import Policy
from bot.core.reliving import SeriesName, needed
from bot.core.replay import Replay, replay
from bot.core.speech import Speech
from bot.core.tried import row_of, span_of
from bot.core.words import Language
from bot.phrasebook import Phrasebook
from bot.store import values
from bot.store.database import Database

MOST_VALUES = 5_000
"""What is tried while somebody waits in Slack, who gives an answer three seconds: about one second's work."""


def replayed(
    database: Database, policy: Policy, kpi: Kpi, since: datetime, until: datetime, *, segment: str | None = None
) -> Replay | None:
    """Replay the rules of a KPI over its values in the database; None when it has none. segment: only this one."""
    return replay(policy, kpi, known_histories(database, policy, kpi), since, until, segment=segment)


def known_histories(database: Database, policy: Policy, kpi: Kpi) -> dict[SeriesName, History]:
    """Give everything the database knows of a KPI and those its rules need."""
    keys = {one.key for one in needed(policy, kpi)}
    with database.reading() as tx:
        known = [(key, part, policy.kpis[key].frequency) for key, part in values.known_series(tx) if key in keys]
        return values.histories(tx, known, since=date.min) if known else {}


def a_year_before(now: datetime, policy: Policy) -> datetime:
    """Give the beginning of the month a year ago, by the company's calendar: as far as is looked back unless asked."""
    day = now.astimezone(policy.zone).date()
    return period_of(day.replace(day=1, year=day.year - 1), Frequency.MONTHLY).begins(policy.zone)


def answer(
    database: Database,
    policy: Policy,
    phrasebook: Phrasebook,
    language: Language,
    kpi: Kpi,
    segment: str,
    now: datetime,
) -> Speech:
    """Say what each rule of a KPI would have said in the last year. The asker must be cleared for it.

    Somebody waits for it, so of a KPI with very many values only the total is tried unless a segment is named.
    """
    known = known_histories(database, policy, kpi)
    total_only = not segment and sum(len(one.points) for one in known.values()) > MOST_VALUES
    kept = _of_segment(known, segment) if segment or total_only else known
    only = "" if total_only else segment or None
    found = replay(policy, kpi, kept, a_year_before(now, policy), now, segment=only)
    return phrasebook.say(
        "replay",
        language,
        kpi=kpi,
        segment=segment,
        span=span_of(policy, found) if found else None,
        rows=[row_of(policy, track) for track in found.tracks] if found else [],
        total_only=total_only,
        policy=policy,
    )


def _of_segment(known: Mapping[SeriesName, History], segment: str) -> dict[SeriesName, History]:
    """Keep a segment of every KPI, and the totals, which stand in where a KPI has no such segment."""
    kept = {name: one for name, one in known.items() if name[1] in ("", segment)}
    return {name: one._replace(points=one.points[-MOST_VALUES:]) for name, one in kept.items()}
