"""``import`` and ``token``: all or nothing with every bad line named, and a token that is shown once."""

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.store import values
from bot.store.database import Database
from bot.store.values import Origin, Recorded
from bot.web.tokens import digest
from tests.cli.conftest import KpiBot

_KEY = "a key of our own"


def _stored(kpi: str) -> list[Recorded]:
    database = Database("sqlite:///kpi-bot.db")
    try:
        with database.reading() as tx:
            return values.records(tx, kpi, "", limit=50)
    finally:
        database.close()


def _file(*lines: str) -> str:
    Path("values.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return "values.csv"


def test_values_of_a_file_are_stored_with_where_they_came_from(kpi_bot: KpiBot) -> None:
    ended = kpi_bot(
        "import", _file("kpi,at,value", "churn_rate,2025-01,2.1", "churn_rate,2025-02,2.2", "market_share,2025-Q1,1.7")
    )
    assert ended.code == 0, ended.err
    assert "3 new, 0 corrected, 0 unchanged" in ended.out
    newest = _stored("churn_rate")[0]
    assert (newest.value, newest.origin, newest.author) == (2.2, Origin.FILE, "values.csv")


def test_a_file_taken_in_twice_changes_nothing(kpi_bot: KpiBot) -> None:
    file = _file("kpi;at;value;unit", "churn_rate;2025-01;2.1;percent")
    kpi_bot("import", file)
    assert "0 new, 0 corrected, 1 unchanged" in kpi_bot("import", file).out


def test_a_bad_value_opens_an_alert_and_says_so(kpi_bot: KpiBot) -> None:
    last = datetime.now(UTC).strftime("%Y-%m")
    assert "1 alert opened" in kpi_bot("import", _file("kpi,at,value", f"churn_rate,{last},9")).out


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ("chrun_rate,2025-01,2.1,", r"kpi: unknown KPI 'chrun_rate'.*churn_rate"),
        ("churn_rate,2025-01,NaN,", r"value: must be a number"),
        ("churn_rate,2025-01,inf,", r"value: must be a number"),
        ("churn_rate,2025-01,three,", r"value: must be a number"),
        ("churn_rate,2025-Q1,2.1,", r"at: .*quarterly.*2026-11"),
        ("churn_rate,2999-01,2.1,", r"at: 2999-01 lies in the future"),
        ("churn_rate,2025-01-05T10:00:00,2.1,", r"at: a time needs its zone"),
        ('churn_rate,2025-01,"4,4",', r"value: decimal comma: write 4\.4"),
        ("churn_rate,2025-01,,", r"value: is empty"),
        ("churn_rate,2025-01,1_000,", r"value: must be a number"),
        ("churn_rate,2025-01,140,", r"value: must lie between 0 and 100: churn_rate is a share"),
        ("churn_rate,2025-01,2.1,EUR", r"unit: churn_rate is measured in percent"),
    ],
)
def test_a_bad_line_is_named_and_nothing_is_stored(kpi_bot: KpiBot, line: str, problem: str) -> None:
    ended = kpi_bot("import", _file("kpi,at,value,unit", "churn_rate,2025-02,2.2,", line))
    assert ended.code == 1
    assert re.search(rf"^values\.csv line 3\.{problem}", ended.err, re.MULTILINE), ended.err
    assert "1 bad line; nothing was taken in" in ended.err
    assert _stored("churn_rate") == []


def test_all_bad_lines_are_named_at_once(kpi_bot: KpiBot) -> None:
    ended = kpi_bot("import", _file("kpi,at,value", "x,2025-01,1", "churn_rate,2025-01,2.1", "churn_rate,never,1"))
    assert re.findall(r"^values\.csv line (\d)", ended.err, re.MULTILINE) == ["2", "4"]
    assert "2 bad lines; nothing was taken in" in ended.err


def test_lines_of_another_length_and_second_values_are_bad_lines_among_others(kpi_bot: KpiBot) -> None:
    ended = kpi_bot(
        "import",
        _file(
            "kpi,at,value",
            "churn_rate,2025-01",
            "churn_rate,2025-02,2.1",
            "churn_rate,2025-02,2.1",
            "churn_rate,2025-02,2.4",
            "churn_rate,2025-03,2.1,,,",
            "x,2025-01,1",
        ),
    )
    assert ended.code == 1
    assert re.findall(r"^values\.csv line (\d)", ended.err, re.MULTILINE) == ["2", "5", "6", "7"]
    assert (
        "line 5: gives churn_rate a second, different value for 2025-02; the first is in values.csv line 3" in ended.err
    )
    assert "line 2: has 2 fields, the header 3" in ended.err
    assert _stored("churn_rate") == []


def test_what_is_no_csv_is_bad_content(kpi_bot: KpiBot) -> None:
    ended = kpi_bot("import", _file("kpi,at,value", "churn_rate,2025-01,2.1", 'churn_rate,2025-02,"2.1'))
    assert ended.code == 1
    assert "values.csv line 3: is not CSV" in ended.err
    Path("values.csv").write_bytes(b"kpi,at,value\nchurn_rate,2025-01,\xff\n")
    ended = kpi_bot("import", "values.csv")
    assert (ended.code, "is not a CSV file in UTF-8" in ended.err) == (1, True)
    assert _stored("churn_rate") == []


def test_a_header_that_is_not_ours_is_refused(kpi_bot: KpiBot) -> None:
    ended = kpi_bot("import", _file("kpi,date,value", "churn_rate,2025-01,2.1"))
    assert ended.code == 1
    assert "line 1" in ended.err
    assert "at" in ended.err


def test_a_file_that_is_not_there_is_refused(kpi_bot: KpiBot) -> None:
    ended = kpi_bot("import", "nowhere.csv")
    assert ended.code == 2
    assert "nowhere.csv" in ended.err


@pytest.mark.parametrize("words", [(), ("values.csv", "--sample-history")])
def test_import_wants_either_a_file_or_the_sample_history(kpi_bot: KpiBot, words: tuple[str, ...]) -> None:
    ended = kpi_bot("import", *words)
    assert ended.code == 2
    assert "Nothing was taken in" in ended.err


def test_sample_history_is_labelled_as_what_it_is(kpi_bot: KpiBot) -> None:
    assert kpi_bot("import", "--sample-history").code == 0
    recent = _stored("churn_rate")
    assert len(recent) == 13
    assert {one.origin for one in recent} == {Origin.SAMPLE}


def test_token_is_printed_alone_and_kept_only_as_a_digest(kpi_bot: KpiBot) -> None:
    ended = kpi_bot("token", "create", "warehouse", KPI_BOT_SECRET_KEY=_KEY)
    token = ended.out.strip()
    assert (ended.code, ended.err) == (0, "")
    assert re.fullmatch(r"kpi_[\w-]{40,}", token)
    content = b"".join(file.read_bytes() for file in Path().glob("kpi-bot.db*"))
    assert token.encode() not in content
    assert digest(_KEY, token).encode() in content


def test_tokens_are_listed_with_their_scopes_until_revoked(kpi_bot: KpiBot) -> None:
    kpi_bot("token", "create", "warehouse", "--scope", "values:write")
    kpi_bot("token", "create", "report")
    assert kpi_bot("token", "list").out.splitlines() == [
        "report\tkpis:read,values:write\texecutive\tnever used",
        "warehouse\tvalues:write\texecutive\tnever used",
    ]
    assert kpi_bot("token", "revoke", "warehouse").code == 0
    assert "warehouse\tvalues:write\texecutive\trevoked" in kpi_bot("token", "list").out


def test_tokens_are_listed_with_their_clearance(kpi_bot: KpiBot) -> None:
    departments = ("--department", "sales", "--department", "finance")
    assert kpi_bot("token", "create", "warehouse", "--clearance", "department", *departments).code == 0
    assert kpi_bot("token", "create", "status page", "--clearance", "support").code == 0
    assert [line.split("\t")[2] for line in kpi_bot("token", "list").out.splitlines()] == [
        "support",
        "department:finance,sales",
    ]


@pytest.mark.parametrize(
    ("words", "problem"),
    [
        (("create", "warehouse"), "there is a token 'warehouse' already"),
        (("create", "other", "--scope", "everything"), "unknown scope 'everything'"),
        (("create", "\n"), "is no name for a token"),
        (("create", "other", "--clearance", "all"), "unknown level 'all'. Known: executive, department, support"),
        (("create", "other", "--clearance", "external"), "unknown level 'external'"),
        (("create", "other", "--clearance", "department"), "needs at least one"),
        (("create", "other", "--clearance", "department", "--department", "sale"), "unknown department 'sale'"),
        (("create", "other", "--department", "sales"), "Add --clearance department"),
        (("revoke", "nobody"), "there is no token 'nobody' in use"),
    ],
)
def test_what_cannot_be_done_with_a_token_is_said(kpi_bot: KpiBot, words: tuple[str, ...], problem: str) -> None:
    kpi_bot("token", "create", "warehouse")
    ended = kpi_bot("token", *words)
    assert (ended.code, ended.out) == (2, "")
    assert problem in ended.err
