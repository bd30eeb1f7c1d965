"""Calculated KPIs: made when their inputs arrive, again when those are restated, unsure when there is no number."""

from datetime import UTC, date, datetime, timedelta

import pytest

from bot.core.alert import Resolution
from bot.core.errors import BadInput
from bot.core.history import Doubtful
from bot.core.intake import Entry, take
from bot.core.periods import parse_label
from bot.core.policy import Dimension
from bot.core.verdict import Doubt
from bot.flows.record import Receipt, record
from bot.flows.watch import watch_time
from bot.store import alerts, values
from bot.store.database import Database
from bot.store.derived import Batch, derive_all, derive_ended
from bot.store.values import Origin
from tests.core.examples import make_kpi, policy_of

NOON = datetime(2026, 11, 24, 11, 0, tzinfo=UTC)
SIZES = Dimension.model_validate({"key": "size", "name": "Size", "members": {"small": "Small", "large": "Large"}})
POLICY = policy_of(
    make_kpi("revenue", unit="EUR", segments=("size",)),
    make_kpi("costs", unit="EUR", direction="lower_is_better", segments=("size",)),
    make_kpi(
        "margin",
        unit="percent",
        target=70.0,
        formula="(revenue - costs) / revenue * 100",
        segments=("size",),
        thresholds={"critical": 50.0},
    ),
    make_kpi("margin_twice", unit="percent", target=70.0, formula="margin * 2"),
    make_kpi("users", frequency="daily", rollup="last"),
    make_kpi("revenue_per_user", formula="revenue / users", thresholds={"critical": 4.0}),
    make_kpi("signups", frequency="daily", rollup="sum"),
    make_kpi("monthly_signups", formula="signups", completeness_delay="1 period", thresholds={"critical": 20.0}),
    dimensions={"size": SIZES},
)


def send(database: Database, segment: str = "", at: str = "2026-10", **numbers: float) -> Receipt:
    entries = [
        Entry(kpi=kpi, segment=segment, period=parse_label(at, POLICY.kpis[kpi].frequency), value=value)
        for kpi, value in numbers.items()
    ]
    return record(database, POLICY, entries, origin=Origin.API, author="warehouse", now=NOON)


def known(database: Database, kpi: str, segment: str = "") -> list[tuple[str, float]]:
    with database.reading() as tx:
        frequency = POLICY.kpis[kpi].frequency
        points = values.history(tx, kpi, segment, frequency).points
    return [(point.first.isoformat(), point.value) for point in points]


def open_rules(database: Database) -> list[str]:
    with database.reading() as tx:
        return [one.rule for one in alerts.open_alerts(tx)]


def test_a_calculated_kpi_is_made_once_all_its_inputs_are_there(database: Database) -> None:
    send(database, revenue=100.0)
    assert known(database, "margin") == []
    send(database, costs=30.0)
    assert known(database, "margin") == [("2026-10-01", 70.0)]
    assert known(database, "margin_twice") == [("2026-10-01", 140.0)]


def test_it_says_of_itself_who_sent_what_it_follows_from(database: Database) -> None:
    send(database, revenue=100.0, costs=30.0)
    with database.reading() as tx:
        (newest,) = values.records(tx, "margin", "", limit=1)
    assert (newest.origin, newest.author, newest.recorded_at) == (Origin.API, "warehouse", NOON)


def test_a_restated_input_makes_it_again_and_keeps_what_it_was(database: Database) -> None:
    send(database, revenue=100.0, costs=60.0)
    assert open_rules(database) == ["margin-critical"]
    send(database, costs=30.0)
    with database.reading() as tx:
        (newest,) = values.records(tx, "margin", "", limit=1)
        (alert,) = alerts.recent(tx, NOON - timedelta(days=1))
    assert (newest.value, [one.value for one in newest.replaced]) == (70.0, [40.0])
    assert alert.resolution is Resolution.RESTATED


def test_the_receipt_counts_what_was_sent_and_names_every_alert(database: Database) -> None:
    receipt = send(database, revenue=100.0, costs=60.0)
    assert (receipt.accepted, receipt.corrected, len(receipt.opened)) == (2, 0, 1)


def test_segments_flow_through_each_by_itself(database: Database) -> None:
    send(database, "size:small", revenue=10.0, costs=2.0)
    send(database, "size:large", revenue=10.0)
    assert known(database, "margin", "size:small") == [("2026-10-01", 80.0)]
    assert known(database, "margin", "size:large") == []
    assert known(database, "margin") == []


def test_an_input_that_can_no_longer_be_divided_by_changes_no_alert(database: Database) -> None:
    send(database, revenue=100.0, costs=60.0, at="2026-09")
    send(database, revenue=100.0, costs=60.0)
    send(database, revenue=0.0)
    with database.reading() as tx:
        history = values.history(tx, "margin", "", POLICY.kpis["margin"].frequency)
    assert history.doubt == Doubtful(date(2026, 10, 1), Doubt.DIVISION_BY_ZERO)
    assert [point.first.month for point in history.points] == [9]
    assert open_rules(database) == ["margin-critical"]


def test_a_doubt_is_over_with_the_next_number(database: Database) -> None:
    send(database, revenue=100.0, costs=60.0)
    send(database, revenue=0.0)
    send(database, revenue=100.0, costs=10.0)
    with database.reading() as tx:
        assert values.history(tx, "margin", "", POLICY.kpis["margin"].frequency).doubt is None
    assert open_rules(database) == []


def test_a_doubt_about_an_old_period_is_none_about_the_kpi(database: Database) -> None:
    send(database, revenue=100.0, costs=10.0)
    send(database, revenue=0.0, costs=10.0, at="2026-09")
    with database.reading() as tx:
        assert values.history(tx, "margin", "", POLICY.kpis["margin"].frequency).doubt is None


def test_an_input_that_is_still_missing_is_a_doubt(database: Database) -> None:
    send(database, revenue=100.0, costs=10.0)
    send(database, revenue=100.0, at="2026-11")
    with database.reading() as tx:
        histories = values.histories(tx, [("margin", "", POLICY.kpis["margin"].frequency)])
    assert histories["margin", ""].doubt == Doubtful(date(2026, 11, 1), Doubt.MISSING_INPUT)


def test_short_periods_alone_do_not_begin_a_long_one_and_leave_the_last_in_force(database: Database) -> None:
    send(database, at="2026-10-31", users=20.0)
    send(database, revenue=100.0)
    send(database, at="2026-11-01", users=21.0)
    with database.reading() as tx:
        history = values.history(tx, "revenue_per_user", "", POLICY.kpis["revenue_per_user"].frequency)
    assert ([point.value for point in history.points], history.doubt) == ([5.0], None)
    send(database, revenue=60.0)
    assert open_rules(database) == ["revenue-per-user-critical"]


def test_short_periods_of_the_next_one_end_no_doubt_about_the_last(database: Database) -> None:
    send(database, at="2026-10-31", users=0.0)
    send(database, revenue=100.0)
    send(database, at="2026-11-01", users=21.0)
    with database.reading() as tx:
        history = values.history(tx, "revenue_per_user", "", POLICY.kpis["revenue_per_user"].frequency)
    assert (history.points, history.doubt) == ((), Doubtful(date(2026, 10, 1), Doubt.DIVISION_BY_ZERO))


def test_short_periods_are_rolled_up_and_judged_when_the_long_one_is_over(database: Database) -> None:
    for day in range(1, 32):
        send(database, at=f"2026-10-{day:02}", signups=0.5)
    assert known(database, "monthly_signups") == [("2026-10-01", 15.5)]
    assert open_rules(database) == ["monthly-signups-critical"]
    send(database, at="2026-11-01", signups=1.0)
    assert known(database, "monthly_signups")[-1] == ("2026-11-01", 1.0)
    assert open_rules(database) == ["monthly-signups-critical"]


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=POLICY.zone).astimezone(UTC)


def signups_of(database: Database, *days: date, now: datetime, each: float = 1.0) -> None:
    entries = [
        Entry(
            kpi="signups", segment="", period=parse_label(day.isoformat(), POLICY.kpis["signups"].frequency), value=each
        )
        for day in days
    ]
    record(database, POLICY, entries, origin=Origin.API, author="warehouse", now=now)


OCTOBER = [date(2026, 10, 1) + timedelta(days=day) for day in range(31)]


def test_a_month_whose_last_day_is_still_to_come_is_not_judged(database: Database) -> None:
    signups_of(database, *OCTOBER[:-1], now=at("2026-10-31T06:00"), each=0.65)  # 19.5, and 20.15 with the last day
    watch_time(database, POLICY, at("2026-10-31T06:01"))
    assert known(database, "monthly_signups") == [("2026-10-01", 19.5)]
    watch_time(database, POLICY, at("2026-11-01T00:00"))
    assert (known(database, "monthly_signups"), open_rules(database)) == ([], [])
    signups_of(database, OCTOBER[-1], now=at("2026-11-01T06:00"), each=0.65)
    watch_time(database, POLICY, at("2026-11-01T06:01"))
    assert known(database, "monthly_signups") == [("2026-10-01", 20.15)]
    with database.reading() as tx:
        assert alerts.recent(tx, NOON - timedelta(days=90)) == []


def test_a_month_in_which_its_feed_died_is_a_doubt(database: Database) -> None:
    signups_of(database, *OCTOBER[:10], now=at("2026-10-11T06:00"))
    watch_time(database, POLICY, at("2026-10-11T06:01"))
    watch_time(database, POLICY, at("2026-11-01T00:01"))
    assert open_rules(database) == []
    with database.reading() as tx:
        history = values.history(tx, "monthly_signups", "", POLICY.kpis["monthly_signups"].frequency)
    assert (history.points, history.doubt) == ((), Doubtful(date(2026, 10, 1), Doubt.MISSING_INPUT))


def test_the_first_day_of_the_next_month_makes_the_one_before_again(database: Database) -> None:
    signups_of(database, *OCTOBER[:-1], now=at("2026-10-31T06:00"))
    signups_of(database, date(2026, 11, 1), now=at("2026-11-01T00:00"))
    assert known(database, "monthly_signups") == [("2026-11-01", 1.0)]
    assert open_rules(database) == []


def test_what_has_ended_is_looked_at_once_a_day_and_after_a_standstill_for_all_of_it(database: Database) -> None:
    signups_of(database, *OCTOBER[:10], now=at("2026-10-11T06:00"))
    watch_time(database, POLICY, at("2026-10-11T06:01"))
    with database.transaction() as tx:
        made = derive_ended(tx, POLICY, Batch(Origin.RULES, "rules", at("2026-12-03T00:01")))
        again = derive_ended(tx, POLICY, Batch(Origin.RULES, "rules", at("2026-12-03T00:02")))
    assert [(one.arrival.kpi, one.arrival.first, one.before) for one in made] == [
        ("monthly_signups", date(2026, 10, 1), 10.0)
    ]
    assert again == []


def test_a_correction_deep_in_the_past_is_followed_up(database: Database) -> None:
    send(database, revenue=100.0, costs=10.0, at="2021-03")
    for year in range(2022, 2027):
        send(database, revenue=100.0, costs=10.0, at=f"{year}-03")
    send(database, costs=20.0, at="2021-03")
    assert known(database, "margin")[0] == ("2021-03-01", 80.0)


def test_a_calculated_kpi_takes_no_values_of_its_own() -> None:
    with pytest.raises(BadInput, match="is calculated: margin \\* 2") as refused:
        take(POLICY, POLICY.kpis["margin_twice"], 3.0, "2026-10", "", now=NOON, place="values[0]")
    assert refused.value.remedy == "Send the values it is made of"


def test_after_a_change_of_formulas_everything_is_made_again(database: Database) -> None:
    before = policy_of(*(kpi for kpi in POLICY.kpis.values() if kpi.formula is None), dimensions={"size": SIZES})
    entries = [
        Entry(kpi=kpi, segment="", period=parse_label(at, POLICY.kpis[kpi].frequency), value=value)
        for kpi, value in (("revenue", 100.0), ("costs", 30.0))
        for at in ("2020-01", "2026-10")
    ]
    record(database, before, entries, origin=Origin.API, author="warehouse", now=NOON)
    assert known(database, "margin") == []
    with database.transaction() as tx:
        told = derive_all(tx, POLICY, Batch(Origin.API, "formulas", NOON))
    assert known(database, "margin") == [("2020-01-01", 70.0), ("2026-10-01", 70.0)]
    assert len(told) == 4
    with database.transaction() as tx:
        assert derive_all(tx, POLICY, Batch(Origin.API, "formulas", NOON)) == []
