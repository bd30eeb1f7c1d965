import json
import os
import subprocess
import sys
import textwrap
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from bot.core.source import Connection, Fields, Source
from bot.sources import file_query, file_query_process, files
from bot.sources.given_folder import open_inside
from bot.sources.rows import MOST_BYTES, MOST_ROWS, Row, SourceFailed
from tests.sources.asking import SPAN, unplaced
from tests.sources.servers import answer, serving
from tests.sources.workbooks import workbook, worksheet

MONTHS = Fields(at="month", value="amount", segment="plan")
CSV = "month,amount,plan\n2026-09,10,plan:a\n2026-10,20,plan:a\n2026-10,5,plan:b\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The folder a connection names, with a file; beside it a file that is nobody's business."""
    inside = tmp_path / "exports"
    inside.mkdir()
    (inside / "sales.csv").write_text(CSV)
    (inside / "other.csv").write_text("at,value\n2026-10,99\n")
    (tmp_path / "secret.csv").write_text("at,value\n2026-10,48151623\n")
    return inside


def read(folder: Path, file: str, query: str = "", *, seconds: int = 20, **given: Any) -> list[Row]:
    connection = Connection(key="exports", folder=str(folder), seconds=seconds)
    source = Source.model_construct(connection="exports", file=file, only=given.pop("only", {}), **given)
    return unplaced(files.read(source, connection, folder=folder, span=SPAN, query=query))


def failure(folder: Path, file: str, query: str = "", **given: Any) -> SourceFailed:
    with pytest.raises(SourceFailed) as failed:
        read(folder, file, query, **given)
    return failed.value


def csv_rows(folder: Path, text: str | bytes, **given: Any) -> list[Row]:
    (folder / "given.csv").write_bytes(text.encode() if isinstance(text, str) else text)
    return read(folder, "given.csv", **given)


def csv_failure(folder: Path, text: str | bytes, **given: Any) -> SourceFailed:
    with pytest.raises(SourceFailed) as failed:
        csv_rows(folder, text, **given)
    return failed.value


# Plain CSV


def test_columns_are_found_by_their_names(folder: Path) -> None:
    assert read(folder, "sales.csv", fields=MONTHS) == [
        Row(10, "2026-09", "plan:a"),
        Row(20, "2026-10", "plan:a"),
        Row(5, "2026-10", "plan:b"),
    ]
    assert csv_rows(folder, "Segment, VALUE ,at,note\r\nplan:a,1,2026-10,x\r\n") == [Row(1, "2026-10", "plan:a")]
    assert csv_rows(folder, "value\n7\n") == [Row(7)]


def test_only_chooses_lines_and_a_kpi_column_insists_on_it(folder: Path) -> None:
    text = "kpi,at,value\nchurn_rate,2026-10,1\nmrr,2026-10,2\n"
    assert csv_rows(folder, text, only={"kpi": "mrr"}) == [Row(2, "2026-10")]
    failed = csv_failure(folder, text)
    assert (failed.code, "only: {kpi:" in failed.problem) == ("no_kpi", True)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("value\n1234.5", 1234.5),
        ('value\n"1,234.5"', 1234.5),
        ('value\n"1,5"', 1.5),
        ('value\n"1.234,5"', 1234.5),
        ('value\n"1,234,567"', 1234567),
        ("at;value\n2026-10;1,25", 1.25),
        ("at;value\n2026-10;1.234.567,5", 1234567.5),
        ("at;value\n2026-10;1234,567\n2026-11;1,5", 1234.567),
        ("at;value\n2026-10;0,125", 0.125),
        ("at\tvalue\n2026-10\t-0.125", -0.125),
        ("at;value\n2026-10;1 234,50 €", 1234.5),
        ("at;value\n2026-10;1\u202f234,50", 1234.5),
        ("at,value\n2026-10,3.2 %", 3.2),
        ("at,value\n2026-10,$12.50", 12.5),
        ("at,value\n2026-10,\u221242", -42),
        ("at,value\n2026-10,1e3", 1000),
        ("at,value\n2026-10,1.234", 1.234),
        ("at,value\n2026-10,+.5", 0.5),
        ("\ufeffat,value\n2026-10,1", 1),
        ('at;"value"\n2026-10;1', 1),
    ],
)
def test_numbers_are_read_as_people_write_them(folder: Path, text: str, value: float) -> None:
    assert csv_rows(folder, text)[0].value == value


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ('value\n"1,234"', "ambiguous"),
        ("at;value\n2026-10;1.234", "ambiguous"),
        ("at;value\n2026-10;1,234\n2026-11;12,345", "ambiguous"),
        ("at;value\n2026-10;1,5\n2026-11;1.5", "no_number"),
        ("at,value;note\n2026-10,1;2", "ambiguous"),
        ("at\tvalue,unit\n1\t2,3", "ambiguous"),
        ("at,value\n2026-10,abc", "no_number"),
        ("at,value\n2026-10,1.2.3", "no_number"),
        ("at,value\n2026-10,12,5", "not_csv"),
        ("at;value\n2026-10;1.23,4.5", "no_number"),
        ("at,value\n2026-10,NaN", "no_number"),
        ("at,value\n2026-10,inf", "no_number"),
        ("at,value\n2026-10,0x10", "no_number"),
        ("at,value\n2026-10,1_000", "no_number"),
        ("at,value\n2026-10,٣", "no_number"),
        ("at,value\n2026-10,(5)", "no_number"),
        ("at,value\n2026-10,#REF!", "no_number"),
        ("at,value\n,5", "no_time"),
        ("value\n5\n6", "no_time"),
        ("at,amount\n2026-10,5", "no_column"),
        ("at,value,Value\n2026-10,5,6", "no_column"),
        ("", "no_column"),
        ("\n\n", "no_column"),
        ('at,value\n2026-10,"5', "not_csv"),
        ('at,value\n2026-10,"5"x', "not_csv"),
        ("at,value\n2026-10,5,6", "not_csv"),
        ("at,value\n2026-10", "not_csv"),
        ("at,value\n2026-10,5\0", "not_csv"),
        (b"at,value\n2026-10,\xe9", "not_csv"),
        ("at,value\n2026-10,5".encode("utf-16"), "not_csv"),
        ("at,value\n" + "2026-10,1\n" * (MOST_ROWS + 1), "too_many"),
        ("value" + ",x" * 2000 + "\n", "too_many"),
        ("at,value\n2026-10," + "9" * 200_000, "not_csv"),
    ],
    ids=range(33),
)
def test_what_is_wrong_or_can_be_read_in_two_ways_is_refused(folder: Path, text: str | bytes, code: str) -> None:
    assert csv_failure(folder, text).code == code


def test_an_error_names_the_line_and_column_and_no_value(folder: Path) -> None:
    failed = csv_failure(folder, "at,amount\n\n2026-11,secret-word\n", fields=Fields(value="amount"))
    assert failed.problem.startswith("line 3 has something in 'amount' that is no number")


def test_a_line_that_cannot_be_taken_is_left_to_be_refused_alone(folder: Path) -> None:
    text = "at,value\n2026-09,1.5\n2026-10,n/a\n,7\n2026-11,2\n"
    assert csv_rows(folder, text) == [Row(1.5, "2026-09"), Row("n/a", "2026-10"), Row(7, ""), Row(2, "2026-11")]
    source = Source(connection="exports", file="given.csv")
    found = files.read(source, Connection(key="exports", folder="x"), folder=folder, span=SPAN)
    assert [row.place for row in found] == ["line 2", "line 3", "line 4", "line 5"]


def test_an_empty_value_is_no_value_yet(folder: Path) -> None:
    assert csv_rows(folder, "at,value\n2026-10,5\n2026-11,\n2026-12, \n") == [Row(5, "2026-10")]


# Other kinds


def test_json_files_are_read_like_answers(folder: Path) -> None:
    (folder / "a.json").write_text(json.dumps({"data": [{"t": "2026-10", "n": 4}]}))
    assert read(folder, "a.json", rows="data", fields=Fields(at="t", value="n")) == [Row(4, "2026-10")]
    (folder / "a.jsonl").write_text('{"at": "2026-10", "value": 1}\n\n{"at": "2026-11", "value": 2}\n')
    assert read(folder, "a.jsonl") == [Row(1, "2026-10"), Row(2, "2026-11")]
    (folder / "b.json").write_text('{"value": 1, "value": 2}')
    assert failure(folder, "b.json").code == "not_json"


def test_excel_workbooks_are_read(folder: Path) -> None:
    header = '<row><c r="A1" t="str"><v>at</v></c><c r="B1" t="str"><v>value</v></c></row>'
    line = '<row><c r="A2" t="str"><v>2026-10</v></c><c r="B2"><v>6</v></c></row>'
    (folder / "a.xlsx").write_bytes(workbook({"Sheet1": worksheet(header + line)}))
    assert read(folder, "a.xlsx") == [Row(6, "2026-10")]
    assert failure(folder, "a.xlsx", "SELECT value FROM data").problem.endswith("save the workbook as CSV")


def write_parquet(folder: Path, name: str, query: str) -> None:
    duckdb = pytest.importorskip("duckdb")
    duckdb.execute(f"COPY ({query}) TO '{folder / name}' (FORMAT parquet)")


def test_parquet_is_read_by_its_columns(folder: Path) -> None:
    made = "SELECT DATE '2026-10-01' AS at, 3.5::DECIMAL(9, 2) AS value, 'plan:a' AS segment, [1, 2] AS more"
    write_parquet(folder, "a.parquet", f"{made} UNION ALL SELECT DATE '2026-11-01', NULL, 'plan:a', NULL")
    assert read(folder, "a.parquet") == [Row(3.5, "2026-10-01", "plan:a")]
    write_parquet(folder, "b.parquet", "SELECT TIMESTAMP '2026-10-01 08:00' AS at, 1 AS value")
    assert read(folder, "b.parquet") == [Row(1, "2026-10-01T08:00:00+02:00")]
    (folder / "c.parquet").write_bytes(b"PAR1 no parquet PAR1")
    assert failure(folder, "c.parquet").code == "unreadable"


def test_a_query_is_asked_over_the_file(folder: Path) -> None:
    query = "select month, sum(amount) from data group by 1 order by 1;"
    assert read(folder, "sales.csv", query) == [Row(10, "2026-09"), Row(25, "2026-10")]
    assert read(folder, "sales.csv", "SELECT sum(amount) FROM data -- all of it") == [Row(35)]
    named = (
        "SELECT plan AS segment, sum(amount) AS value FROM data WHERE (month || '-01')::DATE >= :since AND ':x' <> ''"
    )
    assert read(folder, "sales.csv", named + " GROUP BY 1 ORDER BY 1") == [
        Row(30, None, "plan:a"),
        Row(5, None, "plan:b"),
    ]


def test_a_query_reads_json_and_parquet_too(folder: Path) -> None:
    (folder / "a.json").write_text('[{"t": "2026-10", "n": 4}, {"t": "2026-10", "n": 5}]')
    assert read(folder, "a.json", "SELECT t, sum(n) FROM data GROUP BY 1") == [Row(9, "2026-10")]
    write_parquet(folder, "a.parquet", "SELECT range AS n FROM range(1000000)")
    assert read(folder, "a.parquet", "SELECT count(*) FROM data") == [Row(1_000_000)]


def queried(folder: Path, text: str, query: str) -> list[Row] | SourceFailed:
    (folder / "given.csv").write_text(text)
    try:
        return read(folder, "given.csv", query)
    except SourceFailed as failed:
        return failed


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("day;v\n2026-01-05;1,5\n2026-02-05;1.002,5\n", [Row(1.5, "2026-01-05"), Row(1002.5, "2026-02-05")]),
        ('day,v\n2026-01-05,"1,200.5"\n2026-02-05,\n', [Row(1200.5, "2026-01-05"), Row(None, "2026-02-05")]),
        ("day,v\n2026-01-05,1.234\n", [Row(1.234, "2026-01-05")]),
        ("day;v\n2026-01-05;1.5\n2026-01-06;2.345\n", [Row(1.5, "2026-01-05"), Row(2.345, "2026-01-06")]),
        ("day\tv\n2026-01-05\t3\n", [Row(3, "2026-01-05")]),
        ("day,v\n2026-01-05,3.2 %\n2026-01-06,n/a\n", [Row(3.2, "2026-01-05"), Row("n/a", "2026-01-06")]),
        ("day,v\n01/02/2026,1\n", [Row(1, "01/02/2026")]),
        ("day,v\n01/13/2026,1\n02/03/2026,2\n", [Row(1, "01/13/2026"), Row(2, "02/03/2026")]),
        ("day,v\n2026-02-30,1\n", [Row(1, "2026-02-30")]),
        ("day,v\n2026-01-01T00:30,1\n", [Row(1, "2026-01-01T00:30:00+01:00")]),
    ],
)
def test_a_query_over_csv_sees_days_and_numbers_only_where_they_can_be_read_in_one_way(
    folder: Path, text: str, wanted: list[Row]
) -> None:
    assert queried(folder, text, "SELECT day, v FROM data") == wanted


def test_a_query_over_csv_calculates_with_what_it_gives_in_one_way_alone(folder: Path) -> None:
    europe = "month;amount;paid\n2026-10;1.002,5;true\n2026-10;2,25;false\n"
    assert queried(folder, europe, "SELECT month, sum(amount) FROM data WHERE paid GROUP BY 1") == [
        Row(1002.5, "2026-10")
    ]
    twofold = "day;v\n2026-01-05;1.234\n2026-01-06;2.500\n"
    for query, code in (("SELECT day, v FROM data", "ambiguous"), ("SELECT max(day), sum(v) FROM data", "query")):
        failed = queried(folder, twofold, query)
        assert isinstance(failed, SourceFailed)
        assert failed.code == code


def test_moments_with_a_zone_are_read_and_lie_in_the_companys_months(folder: Path) -> None:
    late = "2026-09-30T22:30:00Z"
    text = f"at,value\n{late},1\n"
    assert queried(folder, text, 'SELECT "at", value FROM data') == [Row(1, "2026-10-01 00:30:00+02")]
    monthly = "SELECT strftime(date_trunc('month', \"at\"), '%Y-%m') AS at, sum(value) AS value FROM data GROUP BY 1"
    assert queried(folder, text, monthly) == [Row(1, "2026-10")]
    (folder / "a.json").write_text(json.dumps([{"t": late, "v": 1}, {"t": late, "v": 2}]))
    assert read(folder, "a.json", "SELECT t, sum(v) FROM data GROUP BY 1") == [Row(3, "2026-10-01 00:30:00+02")]
    write_parquet(folder, "a.parquet", f"SELECT TIMESTAMPTZ '{late}' AS at, 1 AS value")
    assert read(folder, "a.parquet") == [Row(1, "2026-10-01 00:30:00+02")]


def test_days_in_json_are_guessed_by_nobody(folder: Path) -> None:
    (folder / "a.json").write_text('[{"t": "01-02-2026", "d": "2026-10-05", "n": "5", "v": 1}]')
    assert read(folder, "a.json", "SELECT t, v FROM data") == [Row(1, "01-02-2026")]
    assert read(folder, "a.json", "SELECT d - INTERVAL 1 DAY, v FROM data") == [Row(1, "2026-10-04")]
    assert read(folder, "a.json", "SELECT d, v FROM data WHERE n = '5'") == [Row(1, "2026-10-05")]


def test_a_column_called_at_is_told_to_need_quotes(folder: Path) -> None:
    problem = failure(folder, "other.csv", "SELECT at, value FROM data").problem
    assert 'write "at", in quotes' in problem
    assert read(folder, "other.csv", 'SELECT "at", value FROM data') == [Row(99, "2026-10")]


@pytest.mark.parametrize("name", ["a.xls", "a.ods", "a", "a.csv.gz", "a.db", ".csv"])
def test_a_file_of_another_kind_is_told_by_its_name(folder: Path, name: str) -> None:
    assert ".csv" in failure(folder, name).problem


def test_without_duckdb_plain_files_are_read_and_the_rest_names_the_extra(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(file_query, "find_spec", lambda name: None)
    assert read(folder, "other.csv") == [Row(99, "2026-10")]
    failed = failure(folder, "other.csv", "SELECT 1")
    assert (failed.code, "kpi-bot[files]" in failed.problem) == ("extra", True)


# Paths


@pytest.fixture
def traps(folder: Path, tmp_path: Path) -> Iterator[Path]:
    """Ways out of the folder that somebody who writes into it could lay."""
    (folder / "out.csv").symlink_to(tmp_path / "secret.csv")
    (folder / "out-again.csv").symlink_to("out.csv")
    (folder / "relative.csv").symlink_to("../secret.csv")
    (folder / "up").symlink_to("..")
    (folder / "root").symlink_to("/")
    (folder / "loop.csv").symlink_to("loop.csv")
    (folder / "gone.csv").symlink_to("nowhere.csv")
    (folder / "null.csv").symlink_to("/dev/null")
    (folder / "zero.csv").symlink_to("/dev/zero")
    (folder / "process.csv").symlink_to("/proc/self/environ")
    (folder / "folder.csv").mkdir()
    os.mkfifo(folder / "pipe.csv")
    with (folder / "large.csv").open("wb") as large:
        large.truncate(8 * MOST_BYTES + 1)
    with (folder / "wide.csv").open("wb") as wide:
        wide.truncate(MOST_BYTES + 1)
    yield folder


PATHS = [
    ("../secret.csv", "outside"),
    ("../exports/../secret.csv", "outside"),
    ("./../secret.csv", "outside"),
    ("x/../../secret.csv", "outside"),
    ("/etc/passwd.csv", "outside"),
    ("{outside}/secret.csv", "outside"),
    ("//etc/passwd.csv", "outside"),
    ("..\\secret.csv", "outside"),
    ("sales.csv\0.csv", "outside"),
    ("\0.csv", "outside"),
    ("out.csv", "outside"),
    ("out-again.csv", "outside"),
    ("relative.csv", "outside"),
    ("up/secret.csv", "outside"),
    ("root/etc/passwd.csv", "missing"),
    ("up/exports/root{outside}/secret.csv", "outside"),
    ("null.csv", "outside"),
    ("zero.csv", "outside"),
    ("process.csv", "outside"),
    ("loop.csv", "file"),
    ("gone.csv", "missing"),
    ("nowhere.csv", "missing"),
    ("sales.csv/x.csv", "file"),
    ("folder.csv", "file"),
    ("pipe.csv", "file"),
    ("~/x.csv", "missing"),
    ("*.csv", "missing"),
    ("x" * 300 + ".csv", "file"),
]


@pytest.mark.parametrize(("name", "code"), PATHS, ids=range(len(PATHS)))
@pytest.mark.parametrize("query", ["", "SELECT * FROM data"], ids=["plain", "queried"])
def test_no_path_leads_out_of_the_folder(traps: Path, name: str, code: str, query: str) -> None:
    began = time.monotonic()
    failed = failure(traps, name.replace("{outside}", str(traps.parent)), query)
    assert failed.code == code
    assert str(traps.parent) not in failed.problem
    assert "48151623" not in failed.problem
    assert time.monotonic() - began < 5


def test_links_inside_the_folder_are_followed(folder: Path) -> None:
    (folder / "2026").mkdir()
    (folder / "2026" / "november.csv").write_text("value\n3\n")
    (folder / "latest").symlink_to("2026")
    (folder / "latest.csv").symlink_to("latest/november.csv")
    assert read(folder, "latest.csv") == read(folder, "latest/november.csv") == [Row(3)]


def test_a_folder_that_is_itself_a_link_is_the_place_it_leads_to(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(folder)
    assert read(tmp_path / "link", "other.csv") == [Row(99, "2026-10")]
    assert failure(tmp_path / "link", "../secret.csv").code == "outside"
    assert failure(tmp_path / "nowhere", "other.csv").code == "no_folder"


def test_a_link_laid_while_the_path_is_walked_leads_nowhere(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real_open, outside = os.open, folder.parent / "secret.csv"

    def swap(path: Any, *others: Any, **more: Any) -> int:
        if path == "other.csv":
            (folder / "other.csv").unlink()
            (folder / "other.csv").symlink_to(outside)
        return real_open(path, *others, **more)

    monkeypatch.setattr(os, "open", swap)
    with pytest.raises(SourceFailed):
        open_inside(folder, "other.csv", most_bytes=MOST_BYTES)


@pytest.mark.parametrize(("name", "query"), [("wide.csv", ""), ("large.csv", "SELECT 1")])
def test_a_file_beyond_the_cap_is_not_read(traps: Path, name: str, query: str) -> None:
    assert failure(traps, name, query).code == "too_large"


def test_no_file_is_left_open(traps: Path) -> None:
    before = len(list(Path("/dev/fd").iterdir()))
    for name, query in (("sales.csv", "SELECT 1"), ("pipe.csv", ""), ("sales.csv", "nonsense"), ("wide.csv", "")):
        for _ in range(2):
            try:
                read(traps, name, query)
            except SourceFailed:
                continue
    assert len(list(Path("/dev/fd").iterdir())) == before


# Queries that try to get out: {out} is the folder above, {port} a listener on this machine

BREAKOUTS = """
SELECT * FROM '{out}/secret.csv'
SELECT * FROM read_csv('{out}/secret.csv')
SELECT * FROM read_csv_auto(['{out}/secret.csv', '{out}/exports/other.csv'])
SELECT * FROM '{out}/exports/other.csv'
SELECT * FROM read_text('/etc/passwd')
SELECT * FROM read_blob('/etc/passwd')
SELECT * FROM read_text('/proc/self/environ')
SELECT * FROM read_text('file:///etc/passwd')
SELECT * FROM read_json('{out}/secret.csv')
SELECT * FROM read_parquet('{out}/*')
SELECT * FROM parquet_metadata('{out}/secret.csv')
SELECT * FROM parquet_schema('{out}/secret.csv')
SELECT * FROM read_duckdb('{out}/secret.csv')
SELECT * FROM sniff_csv('{out}/secret.csv')
SELECT * FROM glob('/etc/*')
SELECT * FROM glob('{out}/**')
SELECT * FROM read_csv('http://127.0.0.1:{port}/x.csv')
SELECT * FROM 'https://127.0.0.1:{port}/x.parquet'
SELECT * FROM read_parquet('s3://bucket/x.parquet')
SELECT * FROM read_csv('hf://datasets/x/y.csv')
SELECT * FROM query('SELECT * FROM read_text(''/etc/passwd'')')
SELECT * FROM query('COPY data TO ''{out}/made.csv''')
SELECT * FROM query_table('{out}/secret.csv')
SELECT * FROM json_execute_serialized_sql(json_serialize_sql('SELECT * FROM read_text(''/etc/passwd'')'))
WITH x AS MATERIALIZED (SELECT * FROM read_text('/etc/passwd')) SELECT * FROM x
SELECT (SELECT content FROM read_text('/etc/passwd'))
SELECT * FROM data, LATERAL (SELECT * FROM read_text('/etc/passwd'))
SELECT 1 UNION ALL SELECT count(*) FROM read_text('/etc/passwd')
COPY data TO '{out}/made.csv'
COPY (SELECT 1) TO '{out}/exports/made.csv'
COPY (SELECT 1) TO '{out}/exports/sales.csv'
COPY data FROM '{out}/secret.csv'
COPY data TO '/dev/stdout'
EXPORT DATABASE '{out}/made'
IMPORT DATABASE '{out}/exports'
ATTACH '{out}/made.db'
ATTACH '{out}/made.db' AS x (TYPE sqlite)
ATTACH 'host=127.0.0.1 port={port}' AS x (TYPE postgres)
ATTACH ':memory:' AS x
DETACH memory
USE memory
INSTALL httpfs
INSTALL sqlite FROM 'http://127.0.0.1:{port}'
FORCE INSTALL excel FROM community
LOAD httpfs
LOAD '{out}/secret.csv'
UPDATE EXTENSIONS
SET enable_external_access = true
SET GLOBAL enable_external_access = true
RESET enable_external_access
SET lock_configuration = false
SET allowed_directories = ['/']
SET allowed_paths = ['/etc/passwd']
SET autoinstall_known_extensions = true
SET custom_extension_repository = 'http://127.0.0.1:{port}'
SET extension_directory = '{out}'
SET home_directory = '{out}'
SET secret_directory = '{out}'
SET temp_directory = '{out}/made'
SET memory_limit = '100GB'
SET threads = 64
SET log_query_path = '{out}/made.log'
SET enable_logging = true
SET profiling_output = '{out}/made.json'
PRAGMA enable_profiling = 'json'
PRAGMA profile_output = '{out}/made.json'
PRAGMA memory_limit = '100GB'
PRAGMA database_list
PRAGMA import_database('{out}')
CALL enable_logging(storage = 'file', storage_path = '{out}/made')
CALL enable_profiling()
SELECT * FROM enable_logging(storage := 'file', storage_path := '{out}/made')
SELECT * FROM enable_profiling(save_location := '{out}/made')
SELECT * FROM duckdb_extensions()
SELECT * FROM duckdb_secrets()
CREATE SECRET x (TYPE s3, KEY_ID 'a', SECRET 'b')
CREATE PERSISTENT SECRET x (TYPE http, BEARER_TOKEN 'b')
CREATE TABLE x AS SELECT * FROM read_text('/etc/passwd')
CREATE VIEW x AS SELECT 1
CREATE MACRO x(a) AS a
CREATE FUNCTION x(a) AS TABLE SELECT * FROM read_text(a)
CREATE SEQUENCE x
DROP TABLE data
DELETE FROM data
INSERT INTO data VALUES ('x', 1, 'x')
UPDATE data SET amount = 0
TRUNCATE data
ALTER TABLE data ADD COLUMN x INT
PREPARE x AS SELECT 1
EXECUTE x
BEGIN
VACUUM
CHECKPOINT
EXPLAIN SELECT 1
EXPLAIN ANALYZE SELECT * FROM read_text('/etc/passwd')
SELECT 1; SELECT 2
SELECT 1; COPY data TO '{out}/made.csv'
SELECT 1) TO '{out}/made.csv'; --
SELECT 1) AS x; COPY data TO '{out}/made.csv'; SELECT * FROM (SELECT 1
SELECT 1 /* never closed
SELECT getenv('KPI_BOT_SECRET_KEY')
SELECT * FROM arrow_scan(1, 2, 3)
SELECT * FROM pandas_scan(140000000000000)
SELECT * FROM python_map_function(1, 2)
SELECT * FROM seq_scan()
SELECT * FROM sys
SELECT * FROM asked
SELECT * FROM session
SELECT which_secret('{out}', 's3')
SELECT current_setting('nonsense')
SELECT error('48151623')
"""


def breakouts() -> list[str]:
    return [line for line in BREAKOUTS.split("\n") if line.strip()]


def everything_under(folder: Path) -> dict[str, tuple[int, bytes]]:
    found = sorted(path for path in folder.rglob("*") if path.is_file())
    return {str(path): (path.stat().st_mtime_ns, path.read_bytes()) for path in found}


def test_the_table_holds_a_hundred_ways_out() -> None:
    assert len(set(breakouts())) == len(breakouts()) > 100


def asked(folder: Path, query: str) -> dict[str, Any]:
    """What the process of a query is told."""
    how = {"delimiter": ",", "zone": "Europe/Madrid"}
    days = {"since": "2026-09-01", "until": "2026-11-01"}
    caps = {"most_rows": 1000, "most_bytes": 100_000, "most_memory": 2**30, "seconds": 5}
    return {"path": str(folder / "sales.csv"), "kind": "csv", "query": query, **how, **days, **caps}


def takes_addresses(query: str) -> bool:
    """Functions that take addresses of memory are tried only where nothing of ours can break."""
    return any(word in query for word in ("arrow_scan", "pandas_scan", "python_map_function", "seq_scan"))


@pytest.mark.parametrize("attempt", [one for one in breakouts() if not takes_addresses(one)])
def test_no_query_gets_out_of_its_file(
    folder: Path, attempt: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """By DuckDB's own locks, in this process: without the limits of the operating system that come on top."""
    monkeypatch.chdir(tmp_path)
    before = everything_under(tmp_path)
    with serving(answer("1")) as listener:
        query = attempt.replace("{out}", str(tmp_path)).replace("{port}", str(listener.port))
        given = file_query_process.answer(asked(folder, query))
        assert listener.callers == 0
    assert given["failed"] in ("not_a_select", "locked", "query")
    assert "48151623" not in given["detail"]
    assert everything_under(tmp_path) == before


@pytest.mark.parametrize("attempt", [*breakouts()[::12], *(one for one in breakouts() if takes_addresses(one))])
def test_no_query_gets_out_of_its_process(folder: Path, attempt: str, tmp_path: Path) -> None:
    before = everything_under(tmp_path)
    failed = failure(folder, "sales.csv", attempt.replace("{out}", str(tmp_path)).replace("{port}", "1"))
    assert failed.code in ("not_a_select", "locked", "query")
    assert everything_under(tmp_path) == before


@pytest.mark.parametrize("limited", [True, False], ids=["limited", "as a control"])
def test_were_all_of_duckdbs_locks_to_fail_not_a_byte_would_reach_a_file(tmp_path: Path, limited: bool) -> None:
    (tmp_path / "sales.csv").write_text(CSV)
    unlocked = Path(file_query_process.__file__).read_text()
    for line in ("enable_external_access = false", "lock_configuration = true"):
        unlocked = unlocked.replace(f'session.execute("SET {line}")', "pass")
    unlocked = unlocked.replace("kinds != [duckdb.StatementType.SELECT]", "False")
    unlocked = unlocked.replace('_limited(session, text, named, asked["most_rows"] + 1)', "([], text)")
    if not limited:
        unlocked = unlocked.replace("_limit(resource.RLIMIT_FSIZE, 0)", "pass")
    (tmp_path / "unlocked.py").write_text(unlocked)
    told = json.dumps(asked(tmp_path, f"COPY data TO '{tmp_path / 'made.csv'}'"))
    script = [sys.executable, str(tmp_path / "unlocked.py")]
    subprocess.run(script, input=told, text=True, capture_output=True, check=False)
    written = [path for path in tmp_path.iterdir() if path.suffix == ".csv" and path.name != "sales.csv"]
    assert sum(path.stat().st_size for path in written) == (0 if limited else len(CSV))


def test_the_process_of_a_query_has_no_environment(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KPI_BOT_SECRET_KEY", "48151623")
    shown = "SELECT count(*) FROM duckdb_settings() WHERE value LIKE '%48151623%'"
    assert read(folder, "sales.csv", shown) == [Row(0)]


@pytest.mark.parametrize(
    "query",
    [
        "SELECT count(*) FROM range(1000000000000) a, range(1000000) b",
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT max(i) FROM n",
    ],
)
def test_a_query_that_never_ends_is_ended(folder: Path, query: str) -> None:
    began = time.monotonic()
    failed = failure(folder, "sales.csv", query, seconds=2)
    assert (failed.code, failed.passing) == ("timeout", True)
    assert time.monotonic() - began < 4


@pytest.mark.parametrize(
    ("query", "codes"),
    [
        ("SELECT repeat('x', 3000000000)", ("memory",)),
        ("SELECT string_agg(repeat('x', 1000000), '') FROM range(10000)", ("memory", "query")),
        ("SELECT list(range) FROM range(1000000000)", ("memory",)),
        ("SELECT range, 1 FROM range(1000000)", ("too_many",)),
        ("SELECT repeat('x', 1000000) AS at, 1 AS value FROM range(100)", ("too_large",)),
        ("SELECT 1, 2, 3, 4", ("shape",)),
        ("SELECT 1 FROM range(5)", ("no_time",)),
        ("SELECT nope FROM data", ("query",)),
        ("SELECT plan::INT FROM data", ("query",)),
        ("", ("no_column",)),
        (";", ("not_a_select",)),
    ],
)
def test_a_query_that_gives_too_much_or_nothing_is_told(folder: Path, query: str, codes: tuple[str, ...]) -> None:
    assert failure(folder, "sales.csv", query).code in codes


def test_what_duckdb_says_about_the_query_is_told_and_what_it_says_about_values_is_not(folder: Path) -> None:
    assert '"nope" not found' in failure(folder, "sales.csv", "SELECT nope FROM data").problem
    assert "plan:a" not in failure(folder, "sales.csv", "SELECT plan::INT FROM data").problem


def test_duckdb_is_never_in_the_bots_own_process(folder: Path) -> None:
    script = f"""
        import sys
        from pathlib import Path
        from bot.core.source import Connection, Source
        from bot.sources import files
        from tests.sources.asking import SPAN, unplaced
        folder = Path({str(folder)!r})
        source = Source(connection="exports", file="sales.csv", sql="sum.sql")
        connection = Connection(key="exports", folder="exports")
        rows = files.read(source, connection, folder=folder, span=SPAN, query="SELECT sum(amount) FROM data")
        print(rows[0].value, "duckdb" in sys.modules)
    """
    done = subprocess.run([sys.executable, "-c", textwrap.dedent(script)], capture_output=True, text=True, check=True)
    assert done.stdout == "35 False\n"
