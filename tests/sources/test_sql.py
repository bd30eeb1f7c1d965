"""What a query gives: rows in three shapes, between two days, within our time and size, and errors in plain words."""

import resource
import socket
import sqlite3
import threading
import time
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy.engine import make_url

from bot.sources.rows import Row, SourceFailed
from tests.sources.asking import SPAN, as_root, ask

FOREVER = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n"
MONTHLY = {
    "sqlite": "SELECT substr(day, 1, 7), sum(amount) FROM sales GROUP BY 1 ORDER BY 1",
    "postgresql": "SELECT date_trunc('month', day), sum(amount) FROM sales GROUP BY 1 ORDER BY 1",
}


@pytest.fixture(params=["sqlite", "postgresql"])
def address(request: pytest.FixtureRequest, sqlite_file: Path) -> str:
    """The address of the sales in each kind of database."""
    if request.param == "sqlite":
        return f"sqlite:///{sqlite_file}"
    return str(request.getfixturevalue("reader"))


def failed(address: str, query: str, **changes: int) -> SourceFailed:
    with pytest.raises(SourceFailed) as caught:
        ask(address, query, **changes)  # type: ignore[arg-type]
    return caught.value


def test_one_column_is_a_value_without_a_time(address: str) -> None:
    assert ask(address, "SELECT sum(amount) FROM sales") == [Row(357.0)]


def test_two_columns_are_time_and_value(address: str) -> None:
    rows = ask(address, "SELECT day, amount FROM sales ORDER BY day LIMIT 1")
    assert rows == [Row(100.0, "2026-09-10")]


def test_three_columns_are_time_value_and_segment(address: str) -> None:
    rows = ask(address, "SELECT day, amount, plan FROM sales ORDER BY day DESC LIMIT 1")
    assert rows == [Row(7.0, "2026-11-02", "pro")]


def test_columns_that_have_our_names_may_stand_in_any_order(address: str) -> None:
    rows = ask(address, "SELECT plan AS segment, sum(amount) AS value FROM sales GROUP BY plan ORDER BY plan")
    assert rows == [Row(300.0, None, "basic"), Row(57.0, None, "pro")]


def test_whole_months_are_months_in_the_companys_zone(reader: str) -> None:
    assert [row.at for row in ask(reader, MONTHLY["postgresql"])] == [
        "2026-09-01T00:00:00+02:00",
        "2026-10-01T00:00:00+02:00",
        "2026-11-01T00:00:00+01:00",
    ]


def test_the_days_wanted_are_bound_to_the_query(address: str) -> None:
    query = "SELECT day, amount FROM sales WHERE day >= :since AND day < :until ORDER BY day"
    assert [row.value for row in ask(address, query)] == [100.0, 200.0, 50.0]


def test_a_lone_value_is_asked_for_its_own_period_not_for_all_history(address: str) -> None:
    query = "SELECT sum(amount) FROM sales WHERE day >= :since AND day < :until"
    assert ask(address, query) == [Row(250.0)]


def test_a_colon_that_begins_no_parameter_is_left_alone(reader: str) -> None:
    query = "SELECT 'a :since'::text || ' 12:30' AS segment, :until::date - :since::date AS value -- :nothing"
    assert ask(reader, query) == [Row((SPAN.until - SPAN.newest).days, None, "a :since 12:30")]


def test_percent_signs_and_a_closing_semicolon_are_taken(address: str) -> None:
    assert ask(address, "SELECT count(*) FROM sales WHERE plan LIKE '%as%c';\n") == [Row(2)]


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("SELECT 1, 2, 3, 4", "gives 4 columns; a query gives one value"),
        ("SELECT amount FROM sales", "several rows of one value; add the time as its first column"),
        ("SELECT amount * 1.5, day FROM sales", "is its first column the time?"),
    ],
)
def test_other_shapes_are_refused_with_what_is_expected(address: str, query: str, words: str) -> None:
    error = failed(address, query)
    assert (error.code, error.passing) == ("shape", False)
    assert words in error.problem


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("SELECT x FROM nowhere", "nowhere"),
        ("SELECT wrong FROM sales", "wrong"),
        ("SELECT 1 WHERE WHERE", "WHERE"),
        ("SELECT :since, :untill", "unknown parameter ':untill'; known: :since, :until"),
    ],
)
def test_a_wrong_query_is_told_in_words_about_it(address: str, query: str, words: str) -> None:
    error = failed(address, query)
    assert (error.code, error.passing) == ("query", False)
    assert words in error.problem


def test_what_stands_in_the_data_never_stands_in_an_error(reader: str) -> None:
    for query in (
        "SELECT plan::int FROM sales",
        "SELECT amount / 0 FROM sales",
        "SELECT ('{' || plan)::json FROM sales",
    ):
        error = failed(reader, query)
        assert error.code == "data"
        assert "basic" not in error.problem


def test_more_rows_than_we_take_are_refused(address: str) -> None:
    query = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 100002) SELECT '2026', i FROM n"
    assert failed(address, query).code == "too_many"


def test_more_bytes_than_we_take_are_refused(address: str) -> None:
    text = "hex(zeroblob(50000))" if address.startswith("sqlite") else "repeat('x', 100000)"
    query = (
        f"WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 900) SELECT '2026', i, {text} FROM n"
    )
    assert failed(address, query).code == "too_large"


def test_wide_rows_are_refused_before_many_of_them_lie_in_memory(address: str) -> None:
    wide = "hex(zeroblob(5000000))" if address.startswith("sqlite") else "repeat('x', 10000000)"
    query = (
        f"WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 300) SELECT '2026', i, {wide} FROM n"
    )
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    assert failed(address, query).code == "too_large"
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    assert grown < 400 * 1024, "three hundred rows of 10 MB; in KiB"


def test_rows_that_grow_wide_later_on_are_met_one_by_one(sqlite_file: Path) -> None:
    size = "CASE WHEN i < 200 THEN 1 ELSE 5000000 END"
    numbers = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 500)"
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    assert (
        failed(f"sqlite:///{sqlite_file}", f"{numbers} SELECT '2026', i, hex(zeroblob({size})) FROM n").code
        == "too_large"
    )
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 400 * 1024


def test_a_text_of_a_gigabyte_is_never_made_by_sqlite(sqlite_file: Path) -> None:
    assert failed(f"sqlite:///{sqlite_file}", "SELECT zeroblob(1000000000)").code == "too_large"


def _timed(address: str, query: str) -> tuple[SourceFailed, float]:
    begun = time.monotonic()
    error = failed(address, query, seconds=1)
    return error, time.monotonic() - begun


def test_a_query_that_never_ends_is_ended_by_us(address: str) -> None:
    error, took = _timed(address, FOREVER)
    assert (error.code, error.passing) == ("timeout", True)
    assert took < 4


def test_a_query_that_sleeps_is_ended_by_us_and_by_the_server(owner: str, reader: str) -> None:
    error, took = _timed(reader, "SELECT pg_sleep(600)")
    assert (error.code, took < 4) == ("timeout", True)
    _wait_until_nobody_reads(owner)


def test_a_query_that_switches_the_servers_limit_off_is_ended_all_the_same(owner: str, reader: str) -> None:
    off = "SELECT pg_sleep(CASE WHEN set_config('statement_timeout', '0', false) = '0' THEN 600 END)::text AS slept"
    with as_root(owner) as root:
        root.exec_driver_sql(f"CREATE OR REPLACE VIEW patience AS {off}")
        root.exec_driver_sql("GRANT SELECT ON patience TO kpi_reader")
    error, took = _timed(reader, "SELECT * FROM patience")
    assert (error.code, took < 4) == ("timeout", True)
    _wait_until_nobody_reads(owner)


def _wait_until_nobody_reads(owner: str) -> None:
    query = "SELECT count(*) FROM pg_stat_activity WHERE usename = 'kpi_reader'"
    with as_root(owner) as root:
        ends = time.monotonic() + 5
        while root.exec_driver_sql(query).scalar() and time.monotonic() < ends:
            time.sleep(0.05)
        assert root.exec_driver_sql(query).scalar() == 0


def test_a_table_somebody_has_locked_is_not_waited_for_longer_than_our_time(owner: str, reader: str) -> None:
    with as_root(owner) as root:
        root.exec_driver_sql("BEGIN")
        root.exec_driver_sql("LOCK TABLE sales IN ACCESS EXCLUSIVE MODE")
        error, took = _timed(reader, "SELECT count(*) FROM sales")
        root.exec_driver_sql("ROLLBACK")
    assert (error.code, took < 4) == ("timeout", True)


def test_a_connection_that_is_killed_is_a_failure_that_passes(owner: str, reader: str) -> None:
    kill = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'kpi_reader' AND query ~ '^FETCH'"
    stopped = threading.Event()

    def killing() -> None:
        with as_root(owner) as root:
            while not stopped.wait(0.05):
                root.exec_driver_sql(kill)

    killer = threading.Thread(target=killing)
    killer.start()
    error = failed(reader, "SELECT pg_sleep(30)")
    stopped.set()
    killer.join()
    assert (error.code, error.passing) == ("unreachable", True)
    assert ask(reader, "SELECT 1") == [Row(1)]


@pytest.fixture
def silence() -> Iterator[int]:
    """A port that takes connections and never says a word."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


@pytest.mark.parametrize("scheme", ["postgresql", "postgres"])
def test_a_server_that_never_answers_is_given_up(silence: int, scheme: str) -> None:
    error, took = _timed(f"{scheme}://user:secret-word@127.0.0.1:{silence}/warehouse", "SELECT 1")
    assert error.code in ("timeout", "unreachable")
    assert error.passing
    assert took < 5


def test_neither_password_nor_host_stand_in_an_error(reader: str, tmp_path: Path) -> None:
    url = make_url(reader)
    hidden = "p4ssw0rd-x"
    addresses = [
        url.set(password=hidden, username="nobody_knows"),
        url.set(password=hidden, database="no_such_database"),
        make_url(f"postgresql://user:{hidden}@127.0.0.1:1/warehouse"),
        make_url(f"sqlite:///{tmp_path}/{hidden}.db"),
        make_url(f"oracle://user:{hidden}@127.0.0.1/warehouse"),
    ]
    for address in addresses:
        error = failed(address.render_as_string(hide_password=False), "SELECT 1")
        assert hidden not in error.problem
        assert "127.0.0.1" not in error.problem
    assert hidden not in failed(f"{hidden}", "SELECT 1").problem


@pytest.mark.parametrize(
    ("address", "extra"),
    [
        ("snowflake://user:word@account/db", "kpi-bot[snowflake]"),
        ("bigquery://project", "kpi-bot[bigquery]"),
        ("redshift+redshift_connector://user:word@host/db", "kpi-bot[redshift]"),
        ("databricks://token:word@host", "kpi-bot[databricks]"),
        ("trino://user@host/catalog", "kpi-bot[trino]"),
        ("clickhousedb://user@host/db", "kpi-bot[clickhouse]"),
    ],
)
def test_a_warehouse_whose_driver_is_missing_says_what_to_install(address: str, extra: str) -> None:
    error = failed(address, "SELECT 1")
    assert (error.code, error.passing) == ("driver", False)
    assert extra in error.problem


def test_a_file_that_is_not_there_is_not_made(tmp_path: Path) -> None:
    assert failed(f"sqlite:///{tmp_path}/none.db", "SELECT 1").code == "unreachable"
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_is_no_database_is_told(tmp_path: Path) -> None:
    (tmp_path / "text.db").write_text("words " * 1000)
    assert failed(f"sqlite:///{tmp_path}/text.db", "SELECT * FROM sales").code == "unreachable"


def test_dates_given_as_moments_years_and_texts_are_times(sqlite_file: Path, reader: str) -> None:
    assert ask(f"sqlite:///{sqlite_file}", "SELECT 2026, 1")[0].at == "2026"
    assert ask(f"sqlite:///{sqlite_file}", "SELECT '2026-W40', 1")[0].at == "2026-W40"
    assert ask(reader, "SELECT timestamp '2026-10-05 00:00', 1")[0].at == "2026-10-05"
    assert ask(reader, "SELECT timestamp '2026-10-05 09:30', 1")[0].at == "2026-10-05T09:30:00+02:00"
    assert ask(reader, "SELECT date '2026-10-05', null")[0] == Row(None, date(2026, 10, 5).isoformat())


def test_a_busy_sqlite_file_is_a_failure_that_passes(sqlite_file: Path) -> None:
    writer = sqlite3.connect(sqlite_file)
    writer.execute("BEGIN EXCLUSIVE")
    error, took = _timed(f"sqlite:///{sqlite_file}", "SELECT count(*) FROM sales")
    writer.rollback()
    writer.close()
    assert (error.code, error.passing, took < 4) == ("timeout", True, True)
