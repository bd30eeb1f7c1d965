"""A company whose year begins in April: its quarters and years are its own, from the value to what is told."""

from datetime import UTC, datetime

import pytest

from bot.core.entering import newest_period
from bot.core.errors import BadInput
from bot.core.intake import take
from bot.core.organisation import Company, NamedBy
from bot.core.periods import parse_label
from bot.core.policy import Policy
from bot.core.standing import stand
from bot.core.words import Language
from bot.flows.record import record
from bot.phrasebook import times
from bot.store import alerts, values
from bot.store.database import Database
from bot.store.values import Origin
from tests.core.examples import make_kpi, policy_of, small_policy

NOW = datetime(2026, 11, 24, 11, 0, tzinfo=UTC)


def company(**changes: str) -> Company:
    return Company.model_validate(small_policy().company.model_dump() | changes)


APRIL = company(fiscal_year_begins="april")
KPIS = (
    make_kpi(
        "profit", unit="EUR", frequency="quarterly", target={"2026-Q4": 50.0, "2027-Q1": 100.0},
        thresholds={"critical": 80.0}, rollup="sum",
    ),
    make_kpi("sales", unit="EUR", rollup="sum"),
    make_kpi("yearly_profit", unit="EUR", frequency="yearly", formula="profit"),
    make_kpi("quarterly_sales", unit="EUR", frequency="quarterly", formula="sales"),
)  # fmt: skip
POLICY = policy_of(*KPIS, company=APRIL)


def send(database: Database, kpi: str, value: float, at: str, policy: Policy = POLICY) -> None:
    entry = take(policy, policy.kpis[kpi], value, at, "", now=NOW, place="here")
    record(database, policy, [entry], origin=Origin.API, author="warehouse", now=NOW)


def firsts(database: Database, kpi: str) -> list[tuple[str, float]]:
    with database.reading() as tx:
        points = values.history(tx, kpi, "", POLICY.kpis[kpi].frequency).points
    return [(point.first.isoformat(), point.value) for point in points]


def test_labels_moments_targets_alerts_and_words_name_the_fiscal_quarter(database: Database) -> None:
    send(database, "profit", 60.0, "2026-06-30T12:00:00Z")
    assert firsts(database, "profit") == [("2026-04-01", 60.0)]
    kpi = POLICY.kpis["profit"]
    with database.reading() as tx:
        (alert,) = alerts.open_alerts(tx)
        history = values.history(tx, "profit", "", kpi.frequency)
    standing = stand(POLICY, kpi, "", history, NOW)
    assert (alert.period, standing.target) == ("2027-Q1", 100.0)
    assert standing.period is not None
    assert standing.period.label == "2027-Q1"
    assert times.period(standing.period, Language.EN) == times.period(alert.period, Language.EN) == "Q1 2027"
    assert times.short_period(standing.period, Language.ES) == "T1 27"
    assert standing.missing_periods == 1, "its second quarter ended in September without a value"


def test_short_periods_roll_up_into_fiscal_ones(database: Database) -> None:
    for quarter, value in (("2026-Q1", 1.0), ("2026-Q2", 2.0), ("2026-Q3", 4.0), ("2026-Q4", 8.0)):
        send(database, "profit", value, quarter)
    assert firsts(database, "yearly_profit") == [("2025-04-01", 15.0)]
    for month in ("2026-02", "2026-03", "2026-04", "2026-05", "2026-06"):
        send(database, "sales", 10.0, month)
    assert firsts(database, "quarterly_sales") == [("2026-04-01", 30.0)], "of the first no January is there"


def test_a_value_typed_without_a_period_is_for_the_last_fiscal_one() -> None:
    assert newest_period(POLICY, POLICY.kpis["profit"], None, NOW) == "2027-Q2"
    running = parse_label("2027-Q3", POLICY.kpis["profit"].frequency)
    assert newest_period(POLICY, POLICY.kpis["profit"], running, NOW) == "2027-Q3"


def test_a_fiscal_quarter_that_has_not_begun_lies_in_the_future() -> None:
    with pytest.raises(BadInput, match="2027-Q4 lies in the future"):
        take(POLICY, POLICY.kpis["profit"], 1.0, "2027-Q4", "", now=NOW, place="here")


@pytest.mark.parametrize(
    ("changes", "year_begins"),
    [
        ({}, 1),
        ({"fiscal_year_named_by": "start"}, 1),
        ({"fiscal_year_begins": "april"}, -8),
        ({"fiscal_year_begins": "april", "fiscal_year_named_by": "start"}, 4),
        ({"fiscal_year_begins": "december"}, 0),
        ({"fiscal_year_begins": "july", "fiscal_year_named_by": NamedBy.END}, -5),
    ],
)
def test_a_year_is_named_by_its_end_unless_the_company_says_otherwise(
    changes: dict[str, str], year_begins: int
) -> None:
    assert company(**changes).year_begins == year_begins


def test_with_january_nothing_changes_and_a_policy_without_a_fiscal_year_has_none(database: Database) -> None:
    plain = policy_of(*POLICY.kpis.values())
    assert plain.kpis["profit"].frequency.year_begins == 1
    send(database, "profit", 90.0, "2026-Q3", plain)
    assert firsts(database, "profit") == [("2026-07-01", 90.0)]
