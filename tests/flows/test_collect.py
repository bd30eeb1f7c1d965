"""Sources are read when they are due, by one process, and what they give is taken in as if it had been pushed."""

import threading
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select

from bot.core.intake import Entry
from bot.core.kpi import Kpi
from bot.core.periods import Period
from bot.core.policy import Policy
from bot.core.source import Connection, Source, Sources
from bot.core.source_notices import Failure
from bot.flows import ask
from bot.flows.collect import HISTORY, Collect
from bot.flows.record import Receipt, record
from bot.phrasebook import Phrasebook, shipped_messages
from bot.sources.rows import Row, SourceFailed
from bot.sources.span import Span
from bot.store import alerts, readings, values
from bot.store.database import Database
from bot.store.tables import outbox
from bot.store.values import Origin, Recorded
from tests.core.examples import policy_with, small_policy

NOON = datetime(2026, 11, 24, 11, 0, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
NIGHTLY, HOURLY = "0 2 * * *", "0 * * * *"
Answer = Callable[[Span], list[Row]]


class Place:
    """Where the values are: what each KPI's source answers, and what it was asked."""

    def __init__(self) -> None:
        self.answers: dict[str, Answer] = {}
        self.asked: list[tuple[str, Span]] = []

    def read(self, _policy: Policy, kpi: Kpi, span: Span) -> list[Row]:
        self.asked.append((kpi.key, span))
        return self.answers[kpi.key](span)

    def gives(self, kpi: str, *rows: Row) -> None:
        self.answers[kpi] = lambda span: list(rows)

    def fails(self, kpi: str, code: Failure, *, passing: bool = True) -> None:
        def answer(span: Span) -> list[Row]:
            raise SourceFailed(code, f"it is {code}", passing=passing)

        self.answers[kpi] = answer


class Scene:
    """A database, a policy with sources, a place with values, and a clock."""

    def __init__(self, database: Database, policy: Policy) -> None:
        self.database, self.policy, self.place, self.now = database, policy, Place(), NOON
        self.collect = self.process("one")

    def process(self, owner: str, database: Database | None = None) -> Collect:
        return Collect(
            database or self.database,
            lambda: self.policy,
            read=self.place.read,
            record=self.record,
            clock=lambda: self.now,
            owner=owner,
            nudge=lambda: None,
        )

    def record(self, policy: Policy, entries: Sequence[Entry], author: str, now: datetime) -> Receipt:
        return record(self.database, policy, entries, origin=Origin.SOURCE, author=author, now=now)

    def look(self) -> int:
        """Look at what is due and wait until it has been read."""
        begun = self.collect.collect_due()
        for thread in threading.enumerate():
            if thread.name.startswith("collect-"):
                thread.join()
        return begun

    def narrow(self, connection: str) -> None:
        """Have a connection asked one thing at a time."""
        known = self.policy.sources.connections
        one = known[connection].model_copy(update={"at_once": 1})
        self.policy = policy_with(self.policy, sources=Sources(connections={**known, connection: one}))

    def stored(self, kpi: str) -> list[Recorded]:
        with self.database.reading() as tx:
            return values.records(tx, kpi, "", limit=500)

    def told(self) -> list[tuple[str, str, str]]:
        """What the operators have been told: what, code and details, the oldest first."""
        with self.database.reading() as tx:
            notices = tx.execute(
                select(outbox.c.facts).where(outbox.c.notice == "operators_notice").order_by(outbox.c.id)
            ).scalars()
            return [(facts["what"], facts["code"], facts["about"]) for facts in notices]


def sourced(at: str = NIGHTLY, *keys: str, connection: str = "warehouse", **changes: object) -> Policy:
    small = small_policy()
    source = Source(sql="any.sql", connection=connection, at=at)
    kpis = {key: small.kpis[key].model_copy(update={"source": source, **changes}) for key in keys or ("uptime",)}
    connections = {
        "warehouse": Connection(key="warehouse", sql="WAREHOUSE_URL"),
        "lake": Connection(key="lake", sql="LAKE_URL"),
    }
    return policy_with(small, kpis=small.kpis | kpis, sources=Sources(connections=connections))


@pytest.fixture
def scene(database: Database) -> Scene:
    made = Scene(database, sourced())
    made.place.gives("uptime", Row(99.95, "2026-11-23"))
    return made


def test_what_a_source_gives_is_stored_with_where_it_came_from(scene: Scene) -> None:
    assert scene.look() == 1
    (record,) = scene.stored("uptime")
    assert (record.first, record.value) == (date(2026, 11, 23), 99.95)
    assert (record.origin, record.author) == (Origin.SOURCE, "warehouse")


def test_a_value_that_is_fetched_opens_an_alert_as_a_pushed_one_would(scene: Scene) -> None:
    scene.place.gives("uptime", Row(98.0, "2026-11-23"))
    scene.look()
    with scene.database.reading() as tx:
        assert [alert.rule for alert in alerts.open_alerts(tx)] == ["uptime-critical"]


def test_a_lone_value_stands_for_the_newest_period_that_is_over(scene: Scene) -> None:
    scene.place.gives("uptime", Row(99.9))
    scene.look()
    assert [record.first for record in scene.stored("uptime")] == [date(2026, 11, 23)]


def test_a_source_is_read_once_for_each_due_moment(scene: Scene) -> None:
    assert [scene.look(), scene.look()] == [1, 0]
    scene.now += HOUR
    assert scene.look() == 0
    scene.now += DAY
    assert [scene.look(), scene.look()] == [1, 0]


def test_an_hourly_source_is_read_every_hour(database: Database) -> None:
    scene = Scene(database, sourced(HOURLY))
    scene.place.gives("uptime", Row(99.95, "2026-11-23"))
    begun = []
    for minutes in range(0, 180, 15):
        scene.now = NOON + timedelta(minutes=minutes)
        begun.append(scene.look())
    assert begun == [1, 0, 0, 0] * 3


def test_a_source_without_a_time_of_its_own_is_read_by_the_refresh_schedule(database: Database) -> None:
    scene = Scene(database, sourced())
    source = Source(sql="any.sql", connection="warehouse")
    scene.policy = policy_with(
        scene.policy, kpis={"mrr": scene.policy.kpis["mrr"].model_copy(update={"source": source})}
    )
    scene.place.gives("mrr", Row(1000.0, "2026-10"))
    assert scene.look() == 1
    scene.now = datetime(2026, 11, 30, 22, 0, tzinfo=UTC)
    assert scene.look() == 0
    scene.now = datetime(2026, 11, 30, 23, 30, tzinfo=UTC)  # the first of December in Madrid
    assert scene.look() == 1


def test_after_a_week_of_downtime_there_is_one_reading_that_asks_for_all_of_it(scene: Scene) -> None:
    scene.look()
    scene.now += 10 * DAY
    assert [scene.look(), scene.look()] == [1, 0]
    assert scene.place.asked[-1][1].since == date(2026, 11, 24)


def test_the_first_reading_asks_for_history_and_later_ones_for_what_may_be_restated(scene: Scene) -> None:
    scene.look()
    scene.now += DAY
    scene.look()
    (_, first), (_, second) = scene.place.asked
    assert first.since == date(2026, 11, 24) - timedelta(days=HISTORY)
    assert second.since == date(2026, 11, 22)
    assert (second.newest, second.until) == (date(2026, 11, 24), date(2026, 11, 25))


def test_a_kpi_that_grows_to_the_end_of_its_period_is_asked_for_today_as_well(database: Database) -> None:
    scene = Scene(database, sourced(NIGHTLY, "mrr", accumulates=True))
    scene.place.gives("mrr", Row(1000.0, "2026-11"))
    scene.look()
    assert scene.place.asked[0][1].until == date(2026, 11, 25)
    assert [record.first for record in scene.stored("mrr")] == [date(2026, 11, 1)]


def test_four_hundred_periods_of_history_come_in_at_once(scene: Scene) -> None:
    days = [date(2026, 11, 23) - timedelta(days=back) for back in range(400)]
    scene.place.gives("uptime", *(Row(99.9 + day.day / 1000, day.isoformat()) for day in days))
    scene.look()
    assert len(scene.stored("uptime")) == 400


def test_of_four_processes_that_look_at_once_one_reads(scene: Scene) -> None:
    with scene.database.reading() as tx:
        url = tx.engine.url.render_as_string(hide_password=False)
    databases = [Database(url) for _ in range(4)]
    together = threading.Barrier(4)
    begun: list[int] = []

    def work(collect: Collect) -> None:
        together.wait()
        begun.append(collect.collect_due())

    processes = [scene.process(f"process {number}", database) for number, database in enumerate(databases)]
    crowd = [threading.Thread(target=work, args=(process,)) for process in processes]
    for thread in crowd:
        thread.start()
    for thread in crowd:
        thread.join()
    scene.look()
    for database in databases:
        database.close()
    assert sum(begun) == 1
    assert len(scene.place.asked) == 1


def test_what_a_process_that_died_had_claimed_is_read_after_its_lease(scene: Scene) -> None:
    with scene.database.transaction() as tx:
        claimed = readings.claim(
            tx,
            kpi="uptime",
            connection="warehouse",
            due_at=NOON - 10 * HOUR,
            owner="dead",
            now=NOON,
            lease=timedelta(seconds=90),
        )
    assert claimed is not None
    assert scene.look() == 0
    scene.now += timedelta(seconds=91)
    assert scene.look() == 1


def test_what_comes_after_the_lease_is_over_changes_nothing_of_the_next_ones_claim(scene: Scene) -> None:
    with scene.database.transaction() as tx:
        late = readings.claim(
            tx, kpi="uptime", connection="warehouse", due_at=NOON, owner="late", now=NOON, lease=timedelta(seconds=90)
        )
        assert late is not None
        later = NOON + timedelta(seconds=91)
        assert readings.claim(
            tx, kpi="uptime", connection="warehouse", due_at=NOON, owner="next", now=later, lease=timedelta(seconds=90)
        )
        assert not readings.finish(tx, late, "late", now=later)
        assert not readings.put_off(tx, late, "late", failing="timeout", now=later, again_at=later)


def test_a_slow_source_delays_no_other_connection_and_its_own_waits(database: Database) -> None:
    scene = Scene(database, sourced(NIGHTLY, "uptime", "churn_rate"))
    lake = Source(sql="any.sql", connection="lake", at=NIGHTLY)
    scene.policy = policy_with(
        scene.policy, kpis=scene.policy.kpis | {"mrr": scene.policy.kpis["mrr"].model_copy(update={"source": lake})}
    )
    scene.narrow("warehouse")
    hanging, released = threading.Event(), threading.Event()

    def hang(span: Span) -> list[Row]:
        hanging.set()
        released.wait(10)
        return []

    first, second = [key for key in scene.policy.kpis if key in ("uptime", "churn_rate")]
    scene.place.answers[first] = hang
    scene.place.gives(second, Row(1.0))
    scene.place.gives("mrr", Row(1000.0))
    assert scene.collect.collect_due() == 2
    assert hanging.wait(10)
    for thread in threading.enumerate():
        if thread.name == "collect-mrr":
            thread.join()
    assert len(scene.stored("mrr")) == 1
    assert scene.collect.collect_due() == 0, "the same connection is asked one thing at a time"
    released.set()
    for thread in threading.enumerate():
        if thread.name.startswith("collect-"):
            thread.join()
    assert len(scene.stored(second)) == 1, "it follows as soon as the other has ended, without another look"


def test_what_waits_for_its_connection_follows_without_another_look(database: Database) -> None:
    keys = [key for key in small_policy().kpis if small_policy().kpis[key].formula is None]
    scene = Scene(database, sourced(NIGHTLY, *keys))
    scene.narrow("warehouse")
    for key in keys:
        scene.place.gives(key)
    assert scene.look() == 1
    assert sorted(kpi for kpi, _ in scene.place.asked) == sorted(keys)


def test_unless_it_says_otherwise_a_connection_is_asked_several_things_at_once() -> None:
    assert Connection(key="warehouse", sql="WAREHOUSE_URL").at_once == 4


def test_at_once_lets_a_connection_answer_several_questions_side_by_side(database: Database) -> None:
    scene = Scene(database, sourced(NIGHTLY, "uptime", "churn_rate"))
    wide = Connection(key="warehouse", sql="WAREHOUSE_URL", at_once=2)
    scene.policy = policy_with(scene.policy, sources=Sources(connections={"warehouse": wide}))
    scene.place.gives("uptime", Row(99.9))
    scene.place.gives("churn_rate", Row(1.0))
    assert scene.look() == 2


def test_stopping_does_not_wait_for_a_source_that_hangs(scene: Scene) -> None:
    released = threading.Event()

    def hang(span: Span) -> list[Row]:
        released.wait(10)
        return []

    scene.place.answers["uptime"] = hang
    scene.collect.collect_due()
    before = datetime.now(UTC)
    scene.collect.stop(0.2)
    assert datetime.now(UTC) - before < timedelta(seconds=3)
    assert scene.collect.collect_due() == 0
    released.set()


def test_a_failure_is_told_once_and_its_cure_once_and_the_last_value_stays(scene: Scene) -> None:
    scene.look()
    scene.now += DAY
    scene.place.fails("uptime", "timeout")
    for _ in range(30):
        scene.look()
        scene.now += timedelta(minutes=10)
    assert [(what, code) for what, code, _ in scene.told()] == [("source_failed", "timeout")]
    assert [record.value for record in scene.stored("uptime")] == [99.95]
    scene.place.gives("uptime", Row(99.97, "2026-11-24"))
    scene.now += HOUR
    scene.look()
    assert [(what, code) for what, code, _ in scene.told()] == [
        ("source_failed", "timeout"),
        ("source_cured", "timeout"),
    ]
    assert scene.stored("uptime")[0].value == 99.97


def test_a_failing_source_is_tried_again_at_growing_distances(scene: Scene) -> None:
    scene.place.fails("uptime", "unreachable")
    tries = []
    for minute in range(180):
        scene.now = NOON + timedelta(minutes=minute, seconds=minute)
        if scene.look():
            tries.append(minute)
    assert tries == [0, 1, 3, 8, 18, 38, 78, 138]


def test_what_trying_cannot_cure_is_tried_once_an_hour(scene: Scene) -> None:
    scene.place.fails("uptime", "query", passing=False)
    tries = 0
    for minute in range(0, 170, 5):
        scene.now = NOON + timedelta(minutes=minute, seconds=minute)
        tries += scene.look()
    assert tries == 3


def test_a_source_that_fails_now_in_this_way_and_now_in_that_is_told_once_and_its_cure_once(scene: Scene) -> None:
    codes: tuple[Failure, ...] = ("timeout", "broken", "unreachable", "timeout", "shape", "broken")
    for code in codes:
        scene.place.fails("uptime", code)
        scene.look()
        scene.now += 2 * HOUR
    scene.place.gives("uptime", Row(99.95, "2026-11-23"))
    scene.look()
    assert [what for what, _, _ in scene.told()] == ["source_failed", "source_cured"]


def test_that_all_of_it_fails_is_told_although_some_values_were_refused_before(scene: Scene) -> None:
    partly = (Row("x", "2026-11-23"), Row(99.0, "2026-11-22"))
    scene.place.gives("uptime", *partly)
    scene.look()
    for code in ("values", "timeout", "values", "timeout"):
        if code == "values":
            scene.place.gives("uptime", *partly)
        else:
            scene.place.fails("uptime", "timeout")
        scene.now += DAY
        scene.look()
    assert [(what, code) for what, code, _ in scene.told()] == [
        ("source_partly", "values"),
        ("source_failed", "timeout"),
    ]


def test_since_when_a_source_fails_stays_however_it_fails(scene: Scene) -> None:
    for code in ("timeout", "broken"):
        scene.place.fails("uptime", "timeout" if code == "timeout" else "broken")
        scene.look()
        scene.now += 2 * HOUR
    with scene.database.reading() as tx:
        reading = readings.all_by_kpi(tx)["uptime"]
    assert (reading.failing, reading.failing_since) == ("broken", NOON)


def test_a_connection_that_is_down_is_told_once_for_all_its_sources(database: Database) -> None:
    scene = Scene(database, sourced(NIGHTLY, "uptime", "churn_rate", "mrr"))
    for key in ("uptime", "churn_rate", "mrr"):
        scene.place.fails(key, "unreachable")
    for _ in range(12):
        scene.look()
        scene.now += timedelta(minutes=7)
    assert [(what, code) for what, code, _ in scene.told()] == [("source_failed", "unreachable")]
    for key in ("uptime", "churn_rate", "mrr"):
        scene.place.gives(key, Row(1.0))
    for _ in range(12):
        scene.look()
        scene.now += timedelta(minutes=7)
    assert [what for what, _, _ in scene.told()] == ["source_failed", "source_cured"]


def test_a_value_that_cannot_be_taken_is_told_with_its_place_and_the_others_are_taken(scene: Scene) -> None:
    scene.place.gives("uptime", Row(99.9, "2026-11-21"), Row("a secret", "2026-11-22"), Row(99.8, "2026-11-23"))
    scene.look()
    assert [record.first.day for record in scene.stored("uptime")] == [23, 21]
    ((what, code, about),) = scene.told()
    assert (what, code) == ("source_partly", "values")
    assert "row 2.value: must be a number, not text" in about
    assert "secret" not in about


def test_two_values_for_one_period_are_refused_and_neither_is_taken(scene: Scene) -> None:
    scene.place.gives("uptime", Row(99.1, "2026-11-23"), Row(99.2, "2026-11-23T10:00:00+00:00"))
    scene.look()
    assert scene.stored("uptime") == []
    assert "row 2: gives 2026-11-23 a second, different value, the first is in row 1" in scene.told()[0][2]


def test_a_source_that_gives_nothing_is_no_failure(scene: Scene) -> None:
    scene.place.gives("uptime", Row(None, "2026-11-23"))
    scene.look()
    assert (scene.stored("uptime"), scene.told()) == ([], [])


def test_operators_without_clearance_are_not_told_which_kpi_it_is(database: Database) -> None:
    scene = Scene(database, sourced(NIGHTLY, "mrr"))
    scene.place.fails("mrr", "shape")
    scene.look()
    about = scene.told()[0][2]
    assert "mrr" not in about
    assert "source 1 of 1, which `kpi-bot collect` names" in about


def test_what_is_wrong_with_its_values_does_not_name_a_kpi_either(database: Database) -> None:
    scene = Scene(database, sourced(NIGHTLY, "mrr", "uptime"))
    scene.place.gives("mrr", Row(5, "2026-10", "plan:none"))
    scene.place.gives("uptime")
    scene.look()
    about = scene.told()[0][2]
    assert "mrr" not in about
    assert "of 2" in about
    assert "is no segment of the KPI" in about


def test_values_are_kept_when_one_reading_breaks_and_another_does_not(database: Database) -> None:
    scene = Scene(database, sourced(NIGHTLY, "uptime", "churn_rate"))
    scene.place.fails("uptime", "timeout")
    scene.place.gives("churn_rate", Row(1.0))
    scene.look()
    scene.look()
    assert len(scene.stored("churn_rate")) == 1


def test_asked_for_by_hand_it_is_read_at_once_whatever_is_due(scene: Scene) -> None:
    scene.look()
    scene.place.gives("uptime", Row(99.95, "2026-11-23"), Row(99.5, "2026-11-22"))
    (outcome,) = scene.collect.collect_now(["uptime"])
    assert (outcome.accepted, outcome.unchanged) == (1, 1)


def test_asked_for_by_hand_a_pause_after_a_failure_is_not_waited_for(scene: Scene) -> None:
    scene.place.fails("uptime", "query", passing=False)
    scene.look()
    scene.place.gives("uptime", Row(99.95, "2026-11-23"))
    scene.now += timedelta(seconds=1)
    (outcome,) = scene.collect.collect_now(["uptime"])
    assert outcome.accepted == 1


def test_asked_for_by_hand_with_backfill_all_history_is_asked_for(scene: Scene) -> None:
    scene.look()
    scene.now += HOUR
    list(scene.collect.collect_now(["uptime"], backfill=True))
    assert scene.place.asked[-1][1].since == date(2026, 11, 24) - timedelta(days=HISTORY)


def test_asked_for_by_hand_since_a_day_a_long_time_is_read_part_by_part(scene: Scene) -> None:
    scene.place.answers["uptime"] = lambda span: [Row(99.0, span.since.isoformat())]
    outcomes = list(scene.collect.collect_now(["uptime"], since=date(2024, 1, 1)))
    spans = [span for _, span in scene.place.asked]
    assert [span.until for span in spans] == [date(2026, 11, 24), *(span.since for span in spans[:-1])]
    assert [(span.newest.year, span.since.year) for span in spans] == [(2026, 2025), (2025, 2024), (2024, 2024)]
    assert spans[-1].since == date(2024, 1, 1)
    assert [outcome.asked for outcome in outcomes] == [(span.since, span.until) for span in spans]
    assert len(scene.stored("uptime")) == 3


def test_a_part_that_fails_ends_it_and_the_newest_are_there(scene: Scene) -> None:
    def answer(span: Span) -> list[Row]:
        if span.newest.year < 2026:
            raise SourceFailed("timeout", "too long", passing=True)
        return [Row(99.0, span.newest.isoformat())]

    scene.place.answers["uptime"] = answer
    outcomes = list(scene.collect.collect_now(["uptime"], since=date(2020, 1, 1)))
    assert [outcome.code for outcome in outcomes] == [None, "timeout"]
    assert len(scene.stored("uptime")) == 1


def test_asked_for_by_hand_while_it_is_being_read_it_says_so(scene: Scene) -> None:
    released, begun = threading.Event(), threading.Event()

    def hang(span: Span) -> list[Row]:
        begun.set()
        released.wait(10)
        return []

    scene.place.answers["uptime"] = hang
    scene.collect.collect_due()
    assert begun.wait(10)
    (outcome,) = scene.process("by hand").collect_now(["uptime"])
    assert outcome.code == "busy"
    released.set()
    scene.look()


def test_no_transaction_is_open_while_a_source_is_read(scene: Scene) -> None:
    def write_meanwhile(span: Span) -> list[Row]:
        entry = Entry(
            kpi="churn_rate",
            segment="",
            period=Period(scene.policy.kpis["churn_rate"].frequency, date(2026, 10, 1)),
            value=1.0,
        )
        scene.record(scene.policy, [entry], "somebody else", NOON)
        return [Row(99.9)]

    scene.place.answers["uptime"] = write_meanwhile
    scene.look()
    assert len(scene.stored("uptime")) == len(scene.stored("churn_rate")) == 1


def test_a_number_is_written_in_our_digits_alone(scene: Scene) -> None:
    scene.place.gives("uptime", Row("\u0665", "2026-11-22"), Row("99.5", "2026-11-23"))
    scene.look()
    assert [record.value for record in scene.stored("uptime")] == [99.5]


def test_where_a_kpi_is_shown_its_failing_source_is_told(database: Database) -> None:
    scene = Scene(database, sourced(NIGHTLY, "churn_rate"))
    book = Phrasebook(None, shipped_messages())
    kpi, who = scene.policy.kpis["churn_rate"], ask.asker(scene.policy, "U0ANA0001")

    def said() -> list[str]:
        what = (database, scene.policy, book, who, kpi, "", scene.now)
        return [ask.summary(*what).body, ask.why_kpi(*what).body]

    scene.place.fails("churn_rate", "timeout")
    scene.look()
    assert ["nothing since" in words and "it takes too long" in words for words in said()] == [True, True]
    scene.place.gives("churn_rate", Row(2.0, "2026-10"))
    scene.now += 2 * HOUR
    scene.look()
    assert ["nothing since" in words for words in said()] == [False, False]
