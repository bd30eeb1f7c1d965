"""A source is due → read it, with no transaction open → take in what it gives, as if it had been pushed."""

import threading
import time
from collections import Counter, deque
from collections.abc import Callable, Collection, Iterator, Sequence
from datetime import date, datetime, timedelta
from itertools import groupby
from operator import attrgetter
from typing import NamedTuple, Protocol

import structlog

from bot.core.intake import Entry
from bot.core.kpi import Kpi
from bot.core.periods import period_at, period_of
from bot.core.policy import Policy
from bot.core.samples import last_complete
from bot.core.schedule import last_due
from bot.core.source import Connection, Source
from bot.core.source_notices import CURED, FAILED, OF_THE_CONNECTION, PARTLY, source_notice
from bot.sources.entering import entered
from bot.sources.rows import Row, SourceFailed
from bot.sources.span import Span
from bot.store import notes, outbox, readings
from bot.store.database import Database, Transaction
from bot.store.readings import Reading

log = structlog.get_logger()

HISTORY = 400
"""How many periods the first reading of a source asks for, and each one of a backfill."""
RESTATED = 3
"""How many of the newest periods every later one asks for again, for they may have been restated."""

_OLDEST = date(1990, 1, 1)
_GRACE = timedelta(seconds=60)
_PAUSES = tuple(timedelta(minutes=minutes) for minutes in (1, 2, 5, 10, 20, 40, 60))
_TOLD_REFUSALS = 3
_MOST_AT_ONCE = 10_000
_TOLD = "source_told:{}"
"""Note of a KPI whose source the operators have been told of, and not yet that it is cured."""


class Receipt(Protocol):
    """What became of the values taken in."""

    @property
    def accepted(self) -> int: ...
    @property
    def corrected(self) -> int: ...
    @property
    def unchanged(self) -> int: ...
    @property
    def told(self) -> bool: ...


class Outcome(NamedTuple):
    """What a reading gave: values by what they were, rows refused, and the problem when it failed.

    asked: from which day to which, where several readings asked for one part each of a long time.
    """

    kpi: str
    accepted: int = 0
    corrected: int = 0
    unchanged: int = 0
    refused: tuple[str, ...] = ()
    code: str | None = None
    problem: str | None = None
    asked: tuple[date, date] | None = None


class _Due(NamedTuple):
    kpi: Kpi
    source: Source
    connection: Connection
    due_at: datetime


Record = Callable[[Policy, Sequence[Entry], str, datetime], Receipt]
Read = Callable[[Policy, Kpi, Span], list[Row]]


class Collect:
    """Reads sources when they are due, each connection on its own, so that a slow one delays no other."""

    def __init__(
        self,
        database: Database,
        policy: Callable[[], Policy],
        *,
        read: Read,
        record: Record,
        clock: Callable[[], datetime],
        owner: str,
        nudge: Callable[[], None],
    ) -> None:
        """read: gives the rows of a KPI's source; record: takes checked values in, whose author is named; owner: who
        claims in this process; nudge: there is something to deliver.
        """
        self._database, self._policy, self._clock = database, policy, clock
        self._read, self._record, self._owner, self._nudge = read, record, owner, nudge
        self._busy: Counter[str] = Counter()
        self._waiting: dict[str, deque[tuple[Policy, _Due]]] = {}
        self._threads: set[threading.Thread] = set()
        self._lock = threading.Lock()
        self._stopping = False

    def collect_due(self) -> int:
        """Begin to read every source that is due and whose connection is free; give how many that are.

        The others follow as soon as a reading of their connection has ended.
        """
        policy, now = self._policy(), self._clock()
        due = self._due(policy, now)
        waiting: dict[str, deque[tuple[Policy, _Due]]] = {}
        begun = 0
        for one in due:
            if self._begin(policy, one, now):
                begun += 1
            else:
                waiting.setdefault(one.connection.key, deque()).append((policy, one))
        with self._lock:
            self._waiting = waiting
        if begun:
            log.info("sources_begun", begun=begun, waiting=len(due) - begun)
        return begun

    def collect_now(
        self, kpis: Collection[str], *, backfill: bool = False, since: date | None = None
    ) -> Iterator[Outcome]:
        """Read the sources of these KPIs one after the other, due or not.

        backfill: as many periods as at first; since: all from that day on, in readings of so many periods, the newest
        first, which end with one that fails.
        """
        policy = self._policy()
        for kpi in (policy.kpis[key] for key in kpis):
            if since is None:
                yield self._collect_now(policy, kpi, None, backfill=backfill)
                continue
            for span in _spans(policy, kpi, since, self._clock()):
                outcome = self._collect_now(policy, kpi, span, backfill=True)
                yield outcome._replace(asked=(span.since, span.until))
                if outcome.code and not outcome.refused:
                    break

    def _collect_now(self, policy: Policy, kpi: Kpi, span: Span | None, *, backfill: bool) -> Outcome:
        now = self._clock()
        one = _due_now(policy, kpi, now)
        reading = self._claim(one, now, urgent=True)
        if reading is None:
            return Outcome(kpi.key, code="busy", problem="is being read by another process; try again in a minute")
        span = span or _span(policy, kpi, None if backfill else reading.read_at, now)
        return self._collect(policy, one, reading, span)

    def stop(self, seconds: float) -> None:
        """Begin nothing more and wait a while for what is being read; the rest is read again after its lease."""
        self._stopping = True
        ends = time.monotonic() + seconds
        for thread in list(self._threads):
            thread.join(max(0.0, ends - time.monotonic()))

    def _due(self, policy: Policy, now: datetime) -> list[_Due]:
        wanted = [one for kpi in policy.kpis.values() if (one := _due_of(policy, kpi, now)) is not None]
        if not wanted:
            return []
        with self._database.reading() as tx:
            known = readings.all_by_kpi(tx)
        return [one for one in wanted if one.kpi.key not in known or known[one.kpi.key].is_open(one.due_at, now)]

    def _begin(self, policy: Policy, one: _Due, now: datetime) -> bool:
        if not self._take_place(one.connection):
            return False
        reading = self._claim(one, now)
        if reading is None:
            self._leave_place(one.connection)
            return False
        thread = threading.Thread(
            target=self._run, args=(policy, one, reading), name=f"collect-{one.kpi.key}", daemon=True
        )
        self._threads.add(thread)
        thread.start()
        return True

    def _run(self, policy: Policy, one: _Due, reading: Reading) -> None:
        """Read a source, and then those of its connection that wait, for as long as there are any."""
        try:
            self._collect(policy, one, reading, _span(policy, one.kpi, reading.read_at, self._clock()))
            while (following := self._next(one.connection)) is not None:
                policy, one, reading = following
                self._collect(policy, one, reading, _span(policy, one.kpi, reading.read_at, self._clock()))
        finally:
            self._leave_place(one.connection)
            self._threads.discard(threading.current_thread())

    def _next(self, connection: Connection) -> tuple[Policy, _Due, Reading] | None:
        while True:
            with self._lock:
                waiting = self._waiting.get(connection.key)
                if self._stopping or not waiting:
                    return None
                policy, one = waiting.popleft()
            reading = self._claim(one, self._clock())
            if reading is not None:
                return policy, one, reading

    def _take_place(self, connection: Connection) -> bool:
        with self._lock:
            if self._stopping or self._busy[connection.key] >= connection.at_once:
                return False
            self._busy[connection.key] += 1
            return True

    def _leave_place(self, connection: Connection) -> None:
        with self._lock:
            self._busy[connection.key] -= 1

    def _claim(self, one: _Due, now: datetime, *, urgent: bool = False) -> Reading | None:
        lease = timedelta(seconds=one.connection.seconds) + _GRACE
        with self._database.transaction() as tx:
            return readings.claim(
                tx,
                kpi=one.kpi.key,
                connection=one.connection.key,
                due_at=one.due_at,
                owner=self._owner,
                now=now,
                lease=lease,
                urgent=urgent,
            )

    def _collect(self, policy: Policy, one: _Due, reading: Reading, span: Span) -> Outcome:
        """Read one source that is ours, and keep what it gave: here the network is waited for, and no transaction."""
        log.info("source_read", kpi=one.kpi.key, connection=one.connection.key, since=span.since.isoformat())
        try:
            rows = self._read(policy, one.kpi, span)
        except SourceFailed as failed:
            outcome = Outcome(one.kpi.key, code=failed.code, problem=failed.problem)
            self._put_off(policy, reading, outcome, passing=failed.passing)
        else:
            outcome = self._take_in(policy, one, rows, span)
            self._finish(policy, reading, outcome)
        return outcome

    def _take_in(self, policy: Policy, one: _Due, rows: Sequence[Row], span: Span) -> Outcome:
        entries, refused = entered(policy, one.kpi, rows, span, self._clock())
        taken = Counter[str]()
        for batch in _batches(entries):
            receipt = self._record(policy, batch, one.connection.key, self._clock())
            taken.update(accepted=receipt.accepted, corrected=receipt.corrected, unchanged=receipt.unchanged)
            if receipt.told:
                self._nudge()
        more = f"; and {len(refused) - _TOLD_REFUSALS} more" if len(refused) > _TOLD_REFUSALS else ""
        problem = "; ".join(refused[:_TOLD_REFUSALS]) + more if refused else None
        log.info("source_taken", kpi=one.kpi.key, rows=len(rows), refused=len(refused), **taken)
        return Outcome(
            one.kpi.key,
            taken["accepted"],
            taken["corrected"],
            taken["unchanged"],
            refused=tuple(refused),
            code="values" if refused else None,
            problem=problem,
        )

    def _finish(self, policy: Policy, reading: Reading, outcome: Outcome) -> None:
        now = self._clock()
        with self._database.transaction() as tx:
            if readings.finish(tx, reading, self._owner, now=now, failing=outcome.code):
                self._tell(tx, policy, reading, outcome, now)
        self._nudge()

    def _put_off(self, policy: Policy, reading: Reading, outcome: Outcome, *, passing: bool) -> None:
        now, code = self._clock(), outcome.code or ""
        pause = _PAUSES[min(reading.tries, len(_PAUSES) - 1)] if passing else _PAUSES[-1]
        log.warning("source_failed", kpi=reading.kpi, connection=reading.connection, code=code, tries=reading.tries + 1)
        with self._database.transaction() as tx:
            if readings.put_off(tx, reading, self._owner, failing=code, now=now, again_at=now + pause):
                self._tell(tx, policy, reading, outcome, now)
        self._nudge()

    def _tell(self, tx: Transaction, policy: Policy, reading: Reading, outcome: Outcome, now: datetime) -> None:
        """Tell the operators once that a source fails, however that changes meanwhile, and once that it is cured.

        That some of its values were refused is less than that: it is told of the other as well.
        """
        before, code = reading.failing, outcome.code
        if before == code:
            return
        if code is None:
            notes.drop(tx, _TOLD.format(reading.kpi))
        elif (told := notes.get(tx, _TOLD.format(reading.kpi))) is not None and (told != "values" or code == told):
            return
        word = code or before or ""
        if self._told_for_all(tx, policy, reading, word):
            return
        if code is not None:
            notes.put(tx, _TOLD.format(reading.kpi), word)
        what = {None: CURED, "values": PARTLY}.get(code, FAILED)
        notice = source_notice(policy, what, reading.kpi, reading.connection, word, outcome.problem or "", now)
        outbox.queue(tx, notice)

    def _told_for_all(self, tx: Transaction, policy: Policy, reading: Reading, code: str) -> bool:
        sourced = [kpi.key for kpi in policy.kpis.values() if kpi.source is not None]
        return code in OF_THE_CONNECTION and readings.others_failing(tx, reading, code, sourced)


def _due_of(policy: Policy, kpi: Kpi, now: datetime) -> _Due | None:
    if kpi.source is None:
        return None
    due = last_due(policy.sources.cron_of(kpi.source, kpi.frequency), policy.zone, now)
    connection = policy.sources.connections[kpi.source.connection]
    return None if due is None else _Due(kpi, kpi.source, connection, due.moment)


def _due_now(policy: Policy, kpi: Kpi, now: datetime) -> _Due:
    if kpi.source is None:
        raise SourceFailed("setting", f"{kpi.key} has no source", passing=False)
    return _Due(kpi, kpi.source, policy.sources.connections[kpi.source.connection], now)


def _span(policy: Policy, kpi: Kpi, read_at: datetime | None, now: datetime) -> Span:
    """Ask for all history at first, then from the last good reading, and always for the newest periods again.

    What is still running is asked for only where it grows to its end, as the month's sales do.
    """
    today, zone = now.astimezone(policy.zone).date(), policy.zone
    running = period_of(today, kpi.frequency)
    if read_at is None:
        oldest = running.shift(-HISTORY).first
    else:
        oldest = min(period_at(read_at, kpi.frequency, zone).first, running.shift(-RESTATED).first)
    until = today + timedelta(days=1) if kpi.accumulates else running.first
    return Span(since=max(oldest, _OLDEST), newest=last_complete(today, kpi.frequency).first, until=until, zone=zone)


def _spans(policy: Policy, kpi: Kpi, since: date, now: datetime) -> Iterator[Span]:
    """Cut the time from a day on into spans of as many periods as a first reading asks for, the newest first."""
    whole = _span(policy, kpi, None, now)
    first = max(period_of(since, kpi.frequency).first, _OLDEST)
    newest, until = period_of(whole.newest, kpi.frequency), whole.until
    while True:
        begins = min(max(first, newest.shift(1 - HISTORY).first), newest.first)
        yield Span(since=begins, newest=newest.first, until=until, zone=policy.zone)
        if begins <= first:
            return
        newest, until = period_of(begins, kpi.frequency).previous, begins


def _batches(entries: Sequence[Entry]) -> Iterator[list[Entry]]:
    """Cut what came into transactions that hold nobody up for long; never through a series, which is judged whole."""
    batch: list[Entry] = []
    for _, series in groupby(sorted(entries, key=attrgetter("segment")), key=attrgetter("segment")):
        batch += series
        if len(batch) >= _MOST_AT_ONCE:
            yield batch
            batch = []
    if batch:
        yield batch
