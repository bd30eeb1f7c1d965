"""What the numbers of a KPI were: each with its change, its target, and who brought it, when and from where."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest

from bot.core.clearance import Reader
from bot.core.intake import take
from bot.core.kpi import Kpi
from bot.core.organisation import Level
from bot.core.policy import Policy
from bot.core.spans import Span, read_span
from bot.core.speech import Speech
from bot.core.words import Language
from bot.flows.history import MOST, SHOWN, exported, history
from bot.flows.record import record
from bot.phrasebook import Phrasebook, shipped_messages
from bot.slack.blocks import message
from bot.slack.limits import check_message
from bot.store.database import Database
from bot.store.values import Origin
from tests.core.examples import make_kpi, policy_of

NOVEMBER = datetime(2026, 11, 3, 9, 0, tzinfo=UTC)
EVERYTHING = Reader(level=Level.EXECUTIVE)
REVENUE_ONLY = Reader(level=Level.DEPARTMENT, departments=frozenset({"revenue"}))
BOOK = Phrasebook(None, shipped_messages())
POLICY = policy_of(
    make_kpi("churn", unit="percent", direction="lower_is_better", target={"2026-06": 3.0, "2026-09": 2.5}),
    make_kpi("revenue", unit="EUR"),
    make_kpi("secret_costs", unit="EUR", department="operations", classification="financial"),
    make_kpi("margin", unit="EUR", formula="revenue - secret_costs"),
    make_kpi("visits", frequency="daily"),
    make_kpi("headcount", frequency="quarterly"),
    make_kpi("sales", target=100.0, accumulates=True, completeness_delay="1 period"),
)


def send(
    database: Database, kpi: str, value: float, at: str, *, now: datetime = NOVEMBER, author: str = "warehouse"
) -> None:
    entry = take(POLICY, POLICY.kpis[kpi], value, at, "", now=now, place="here")
    record(database, POLICY, [entry], origin=Origin.API, author=author, now=now)


def told(
    database: Database, kpi: str, span: str = "", *, reader: Reader = EVERYTHING, language: Language = Language.EN
) -> Speech:
    now = NOVEMBER + timedelta(days=19)
    wanted = read_span(span, now.date()) if span else None
    return history(database, POLICY, BOOK, reader, language, POLICY.kpis[kpi], "", wanted, now)


def plain(words: str) -> str:
    return words.replace("\u00a0", " ")


def test_each_number_says_its_change_its_own_target_and_who_brought_it(database: Database) -> None:
    send(database, "churn", 2.9, "2026-08", now=NOVEMBER - timedelta(days=40))
    send(database, "churn", 2.6, "2026-09", author="finance sheet", now=NOVEMBER - timedelta(days=20))
    newest, before = (plain(item) for item in told(database, "churn").items)
    assert newest.startswith("*September 2026: 2.6%* ↘ −0.3 points · target missed (≤ 2.5%)\n")
    assert newest.endswith(", pushed by finance sheet")
    assert "*August 2026: 2.9%* · target met (≤ 3%)" in before


def test_a_number_of_a_period_that_is_not_complete_is_measured_against_nothing(database: Database) -> None:
    send(database, "sales", 95.0, "2026-10")
    send(database, "sales", 30.0, "2026-11", now=NOVEMBER + timedelta(days=6))
    running, whole = (plain(item).splitlines()[0] for item in told(database, "sales").items)
    assert running == "*November 2026 so far: 30*"
    assert whole == "*October 2026: 95* · target missed (≥ 100)"


def test_a_correction_keeps_every_number_there_was_and_until_when(database: Database) -> None:
    for days, value, author in ((0, 2.7, "sheet"), (1, 2.9, "warehouse"), (2, 3.2, "audit")):
        send(database, "churn", value, "2026-10", now=NOVEMBER + timedelta(days=days), author=author)
    (item,) = told(database, "churn").items
    lines = [plain(line) for line in item.splitlines()]
    assert lines[0].startswith("*October 2026: 3.2%*")
    assert lines[1].endswith("|5 Nov 2026, 10:00>, pushed by audit")
    assert [line.partition(" (")[0] for line in lines[2:]] == ["Before: 2.9%", "Before: 2.7%"]
    assert lines[2].endswith("|5 Nov 2026, 10:00>, pushed by warehouse)")
    assert lines[3].endswith("|4 Nov 2026, 10:00>, pushed by sheet)")


def test_a_number_that_moved_on_while_its_period_ran_was_not_corrected(database: Database) -> None:
    for days in range(3):
        send(database, "churn", 2.0 + days, "2026-11", now=NOVEMBER + timedelta(days=days))
    assert "Before" not in told(database, "churn").items[0]
    send(database, "churn", 6.0, "2026-11", now=NOVEMBER + timedelta(days=28))
    assert plain(told(database, "churn").items[0]).count("Before: 4%") == 1


def test_many_corrections_are_counted(database: Database) -> None:
    for times_ in range(6):
        send(database, "churn", 2.0 + times_, "2026-10", now=NOVEMBER + timedelta(hours=times_))
    (item,) = told(database, "churn").items
    assert [line for line in item.splitlines() if line.startswith("Before")] == item.splitlines()[2:5]
    assert item.splitlines()[-1] == "… and 2 more"


@pytest.mark.parametrize(
    ("at", "late"),
    [
        ("2026-10", None),
        ("2026-09", "late*, 33 d after the end of its period"),
        ("2026-06", "late*, 125 d after the end of its period"),
    ],
)
def test_a_value_is_late_once_a_whole_further_period_was_over(database: Database, at: str, late: str | None) -> None:
    send(database, "churn", 2.0, at)
    said = plain(told(database, "churn").items[0])
    assert late in said if late else "late" not in said


def test_history_that_comes_in_at_once_with_its_newest_value_is_not_late(database: Database) -> None:
    entries = [
        take(POLICY, POLICY.kpis["churn"], 2.0, at, "", now=NOVEMBER, place="here")
        for at in ("2026-05", "2026-06", "2026-10")
    ]
    record(database, POLICY, entries, origin=Origin.FILE, author="old.csv", now=NOVEMBER)
    said = told(database, "churn")
    assert not any("late" in item for item in said.items)
    assert plain(said.body) == "3 months in between without a value."


def test_a_calculated_number_says_from_what_as_far_as_the_reader_may_know(database: Database) -> None:
    send(database, "revenue", 100.0, "2026-10")
    send(database, "secret_costs", 40.0, "2026-10")
    assert told(database, "margin").body == "Calculated from revenue and secret costs."
    assert told(database, "margin").items[0].endswith(", from what was pushed by warehouse")
    assert told(database, "margin", reader=REVENUE_ONLY).body == "Calculated from revenue."


def test_without_a_span_the_newest_few_are_told_and_the_oldest_of_them_has_its_change(database: Database) -> None:
    for month in range(1, 11):
        send(database, "churn", month, f"2026-{month:02d}")
        send(database, "churn", month, f"2025-{month:02d}")
    said = told(database, "churn")
    assert len(said.items) == SHOWN
    assert "September 2025: 9%* ↗ +1 point" in plain(said.items[-1])


@pytest.mark.parametrize(
    ("span", "months"),
    [
        ("2026-08..2026-09", ["September", "August"]),
        ("Q3", ["September", "August", "July"]),
        ("20 August to 2 September 2026", ["September", "August"]),
        ("last 2 months", ["October", "September"]),
        ("ayer", []),
    ],
)
def test_a_span_takes_in_every_period_it_touches(database: Database, span: str, months: list[str]) -> None:
    for month in (6, 7, 8, 9, 10):
        send(database, "churn", month, f"2026-{month:02d}")
    said = told(database, "churn", span)
    assert [item.split()[0].strip("*") for item in said.items] == months
    if len(months) > 1:
        assert said.chart is not None
        assert len(said.chart.labels) == len(months)
        assert "+1 point" in plain(said.items[-1]), "the value before the span is known"
    else:
        assert "It has no value in this span. Its newest is that of October 2026." in said.body


def test_a_quarter_of_the_span_is_found_though_it_began_before(database: Database) -> None:
    send(database, "headcount", 120, "2026-Q3")
    assert len(told(database, "headcount", "August to September 2026").items) == 1


def test_hundreds_of_numbers_are_cut_counted_and_still_a_message_slack_takes(database: Database) -> None:
    day = date(2026, 1, 1)
    entries = [
        take(POLICY, POLICY.kpis["visits"], at, str(day + timedelta(days=at)), "", now=NOVEMBER, place="here")
        for at in range(300)
    ]
    record(database, POLICY, entries, origin=Origin.FILE, author="visits.csv", now=NOVEMBER)
    said = told(database, "visits", "2026")
    assert len(said.items) == MOST
    assert "The newest 20 of 300 values" in said.body
    assert said.chart is not None
    assert (said.chart.labels[-1], len(said.chart.labels)) == ("27 Oct", 20)
    assert check_message(message(said)) == []


def test_the_answer_speaks_the_readers_language(database: Database) -> None:
    send(database, "churn", 2.9, "2026-09")
    send(database, "churn", 3.2, "2026-09", now=NOVEMBER + timedelta(days=1))
    said = told(database, "churn", "este año", language=Language.ES)
    assert said.body == "Del 1 ene 2026 al 31 dic 2026"
    assert "*Septiembre de 2026: 3,2 %* · objetivo no cumplido (≤ 2,5 %)" in plain(said.items[0])
    assert "Antes: 2,9 % (hasta " in plain(said.items[0])


@pytest.mark.parametrize("span", [None, Span(date(2026, 9, 1), date(2026, 10, 1))])
def test_an_export_gives_every_value_of_a_span_by_kpi_oldest_first(database: Database, span: Span | None) -> None:
    for month in (10, 8, 9):
        send(database, "churn", month, f"2026-{month:02d}")
        send(database, "revenue", month, f"2026-{month:02d}")
    found = list(_exported(database, POLICY, ["revenue", "churn"], span))
    labels = ["2026-09"] if span else ["2026-08", "2026-09", "2026-10"]
    assert found == [(kpi, label) for kpi in ("revenue", "churn") for label in labels]


def _exported(database: Database, policy: Policy, keys: list[str], span: Span | None) -> Iterator[tuple[str, str]]:
    kpis: list[Kpi] = [policy.kpis[key] for key in keys]
    yield from ((one.kpi.key, one.period.label) for one in exported(database, policy, kpis, span))
