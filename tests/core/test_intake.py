"""Taking a value in: everything that can be wrong with one is refused, by field and with a remedy."""

import math
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.clearance import NOBODY, Reader
from bot.core.errors import BadInput
from bot.core.intake import Entry, known_kpi, take
from bot.core.kpi import Kpi
from bot.core.organisation import Level
from bot.core.policy import Dimension
from tests.core.examples import NOW, make_kpi, policy_of, policy_with, small_policy

SIZES = Dimension.model_validate({"key": "size", "name": "Size", "members": {"small": "Small", "large": "Large"}})
MONTHLY = make_kpi("monthly_sales", unit="EUR", segments=["size"])
DAILY = make_kpi("uptime", unit="percent", frequency="daily")
WEEKLY = make_kpi("tickets", frequency="weekly")
RATING = make_kpi("rating", unit="of_5")
SHARE = make_kpi("share", unit="percent", plausible={"low": 0, "high": 100})
DEGREES = make_kpi("degrees", unit="index", plausible={"low": -40, "high": 60.5})
ORDERS = make_kpi("orders")
WAITING = make_kpi("waiting", unit="hours")
NET_ORDERS = make_kpi("net_orders", plausible={"low": -50, "high": 500})
POLICY = policy_of(
    MONTHLY, DAILY, WEEKLY, RATING, SHARE, DEGREES, ORDERS, WAITING, NET_ORDERS, dimensions={"size": SIZES}
)
HUGE = 10**400


def taken(
    kpi: Kpi = MONTHLY, value: object = 1.5, at: str = "2026-10", segment: str = "", now: datetime = NOW
) -> Entry:
    return take(POLICY, kpi, value, at, segment, now=now, place="values[3]")


@pytest.mark.parametrize(
    ("kpi", "at", "label"),
    [
        (MONTHLY, "2026-10", "2026-10"),
        (MONTHLY, "2026-11", "2026-11"),
        (MONTHLY, "2026-11-22T08:00:00Z", "2026-11"),
        (MONTHLY, "2026-10-31T23:30:00+00:00", "2026-11"),
        (MONTHLY, "2026-11-01T00:30:00+02:00", "2026-10"),
        (DAILY, "2026-11-22", "2026-11-22"),
        (DAILY, "2026-11-21 23:30:00Z", "2026-11-22"),
        (DAILY, "2026-11-22T08:04:59Z", "2026-11-22"),
        (WEEKLY, "2026-W47", "2026-W47"),
        (WEEKLY, "2026-11-22T08:00:00Z", "2026-W47"),
        (DAILY, "1990-01-01", "1990-01-01"),
    ],
)
def test_a_label_or_an_aware_moment_names_the_period(kpi: Kpi, at: str, label: str) -> None:
    entry = taken(kpi, at=at)
    assert (entry.kpi, entry.segment, entry.period.label, entry.value) == (kpi.key, "", label, 1.5)


@pytest.mark.parametrize(("given_in", "value"), [(3, 3.0), (-2.5, -2.5), (0, 0.0), (1e15, 1e15), (-1e15, -1e15)])
def test_any_ordinary_number_is_taken(given_in: object, value: float) -> None:
    assert taken(value=given_in).value == value


@pytest.mark.parametrize(
    ("kpi", "value"),
    [(SHARE, 0), (SHARE, 100), (DEGREES, -40), (ORDERS, 0), (NET_ORDERS, -50), (DAILY, -3), (DAILY, 120)],
)
def test_both_ends_of_what_is_plausible_are_taken_and_without_a_range_all_that_the_unit_allows(
    kpi: Kpi, value: float
) -> None:
    at = "2026-11-22" if kpi is DAILY else "2026-10"
    assert taken(kpi, value, at).value == value


def test_a_refusal_can_call_the_kpi_by_its_name() -> None:
    with pytest.raises(BadInput, match="Cuota is a share"):
        take(POLICY, SHARE, 120, "2026-10", "", now=NOW, place="/kpi set", called="Cuota")


def test_minus_zero_is_zero() -> None:
    assert math.copysign(1, taken(value=-0.0).value) == 1


BAD = [
    # (KPI, value, at, segment) → field, problem
    (MONTHLY, "3.2", "2026-10", "", "value", "must be a number, not text"),
    (MONTHLY, "", "2026-10", "", "value", "must be a number, not text"),
    (MONTHLY, True, "2026-10", "", "value", "must be a number, not true or false"),
    (MONTHLY, None, "2026-10", "", "value", "must be a number, not nothing"),
    (MONTHLY, [3.2], "2026-10", "", "value", "must be a number, not something else"),
    (MONTHLY, {"amount": 3}, "2026-10", "", "value", "must be a number, not something else"),
    (MONTHLY, math.nan, "2026-10", "", "value", "must be a finite number of ordinary size"),
    (MONTHLY, math.inf, "2026-10", "", "value", "must be a finite number of ordinary size"),
    (MONTHLY, -math.inf, "2026-10", "", "value", "must be a finite number of ordinary size"),
    (MONTHLY, HUGE, "2026-10", "", "value", "must be a finite number of ordinary size"),
    (MONTHLY, 1.1e15, "2026-10", "", "value", "must be a finite number of ordinary size"),
    (RATING, 7, "2026-10", "", "value", "must lie between 0 and 5: rating is measured out of 5"),
    (RATING, -1, "2026-10", "", "value", "must lie between 0 and 5: rating is measured out of 5"),
    (SHARE, 101, "2026-10", "", "value", "must lie between 0 and 100: share is a share"),
    (SHARE, -0.1, "2026-10", "", "value", "must lie between 0 and 100: share is a share"),
    (DEGREES, 61, "2026-10", "", "value", "must lie between -40 and 60.5: that is the plausible range of degrees"),
    (ORDERS, -1, "2026-10", "", "value", "must not be negative: orders is a count"),
    (WAITING, -1, "2026-10", "", "value", "must not be negative: waiting is measured in hours"),
    (
        NET_ORDERS,
        -51,
        "2026-10",
        "",
        "value",
        "must lie between -50 and 500: that is the plausible range of net_orders",
    ),
    (MONTHLY, 1, "2026-12", "", "at", "2026-12 lies in the future"),
    (MONTHLY, 1, "9999-12", "", "at", "9999-12 lies in the future"),
    (MONTHLY, 1, "2026-11-22T08:06:00Z", "", "at", "lies in the future"),
    (DAILY, 1, "2026-11-23", "", "at", "2026-11-23 lies in the future"),
    (MONTHLY, 1, "1989-12", "", "at", "1989-12 lies too far in the past"),
    (DAILY, 1, "0001-01-01", "", "at", "0001-01-01 lies too far in the past"),
    (MONTHLY, 1, "2026-11-22T08:00:00", "", "at", "a time needs its zone"),
    (MONTHLY, 1, "2026-11-22 08:00", "", "at", "a time needs its zone"),
    (MONTHLY, 1, "2026-11-22", "", "at", "'2026-11-22' is a daily period; a monthly KPI takes one such as 2026-11"),
    (MONTHLY, 1, "2026-W47", "", "at", "'2026-W47' is a weekly period; a monthly KPI takes one such as 2026-11"),
    (DAILY, 1, "2026-10", "", "at", "'2026-10' is a monthly period; a daily KPI takes one such as 2026-11-22"),
    (MONTHLY, 1, "2026-13", "", "at", "'2026-13' is not in the calendar"),
    (DAILY, 1, "2026-02-30", "", "at", "'2026-02-30' is not in the calendar"),
    (WEEKLY, 1, "2025-W53", "", "at", "'2025-W53' is not in the calendar"),
    (MONTHLY, 1, "", "", "at", "'' is no period; a monthly KPI takes one such as 2026-11"),
    (MONTHLY, 1, "last month", "", "at", "'last month' is no period; a monthly KPI takes one such as 2026-11"),
    (MONTHLY, 1, "T", "", "at", "'T' is no time"),
    (MONTHLY, 1, "2026-11-31T08:00:00Z", "", "at", "'2026-11-31T08:00:00Z' is no time"),
    (MONTHLY, 1, "0001-01-01T00:00:00+14:00", "", "at", "'0001-01-01T00:00:00+14:00' is outside the calendar"),
    (MONTHLY, 1, "9999-12-31T23:59:59-14:00", "", "at", "'9999-12-31T23:59:59-14:00' is outside the calendar"),
    (MONTHLY, 1, "2026-10", "size:huge", "segment", "monthly_sales has no segment 'size:huge'"),
    (MONTHLY, 1, "2026-10", "small", "segment", "monthly_sales has no segment 'small'"),
    (DAILY, 1, "2026-11-22", "size:small", "segment", "uptime has no segment 'size:small'"),
]


@pytest.mark.parametrize(("kpi", "value", "at", "segment", "field", "problem"), BAD)
def test_each_bad_value_is_refused_by_its_field(
    kpi: Kpi, value: object, at: str, segment: str, field: str, problem: str
) -> None:
    with pytest.raises(BadInput) as refused:
        taken(kpi, value, at, segment)
    assert (refused.value.place, refused.value.problem) == (f"values[3].{field}", problem)
    assert str(refused.value).startswith(f"values[3].{field}: {problem}")


@pytest.mark.parametrize("field", ["text", "zone", "future", "segment"])
def test_a_refusal_says_what_to_do(field: str) -> None:
    bad = {
        "text": lambda: taken(value="3,2"),
        "zone": lambda: taken(at="2026-11-22T08:00:00"),
        "future": lambda: taken(at="2027-01"),
        "segment": lambda: taken(segment="size:huge"),
    }
    remedies = {
        "text": "Write it without quotes or unit, such as 3.2",
        "zone": "Write 2026-11-22T08:00:00Z or +01:00, or a period such as 2026-11",
        "future": "Send a value once its period has begun",
        "segment": "It has: size:small, size:large",
    }
    with pytest.raises(BadInput) as refused:
        bad[field]()
    assert refused.value.remedy == remedies[field]


def test_a_sender_s_clock_may_be_five_minutes_ahead() -> None:
    before_midnight = datetime(2026, 11, 22, 22, 57, tzinfo=UTC)
    assert taken(DAILY, at="2026-11-22T23:01:00Z", now=before_midnight).period.label == "2026-11-23"
    assert taken(DAILY, at="2026-11-23", now=before_midnight).period.label == "2026-11-23"
    with pytest.raises(BadInput, match="lies in the future"):
        taken(DAILY, at="2026-11-23", now=before_midnight - timedelta(minutes=3))


@pytest.mark.parametrize("zone", ["Asia/Tokyo", "America/New_York", "Asia/Beirut", "UTC"])
@pytest.mark.parametrize("at", ["0001-01-01", "9999-12-31"])
def test_the_ends_of_the_calendar_are_refused_in_every_zone(zone: str, at: str) -> None:
    there = policy_with(POLICY, company=small_policy().company.model_copy(update={"timezone": zone}))
    with pytest.raises(BadInput, match="lies"):
        take(there, DAILY, 1.0, at, "", now=NOW, place="line 7")


def test_a_segment_that_exists_is_kept() -> None:
    assert taken(segment="size:large").segment == "size:large"


@pytest.mark.parametrize(
    ("asked", "remedy"),
    [
        ("monthly_sale", "Did you mean monthly_sales?"),
        ("Uptime", "Did you mean uptime?"),
        ("zzz", "The rules name them, in kpis/"),
        ("", "The rules name them, in kpis/"),
    ],
)
def test_an_unknown_kpi_is_refused_with_the_nearest_key(asked: str, remedy: str) -> None:
    with pytest.raises(BadInput) as refused:
        known_kpi(POLICY, asked, "values[0]")
    assert (refused.value.place, refused.value.problem) == ("values[0].kpi", f"unknown KPI '{asked}'")
    assert refused.value.remedy == remedy


def test_for_a_reader_only_cleared_kpis_are_known_and_named() -> None:
    for asked in ("monthly_sales", "monthly_sale"):
        with pytest.raises(BadInput) as refused:
            known_kpi(POLICY, asked, "values[0]", NOBODY)
        assert refused.value.problem == f"unknown KPI '{asked}'"
        assert refused.value.remedy == "GET /api/v1/kpis lists the KPIs"
    everything = Reader(level=Level.EXECUTIVE)
    assert known_kpi(POLICY, "monthly_sales", "values[0]", everything).key == "monthly_sales"


def test_a_known_key_is_taken_as_it_stands() -> None:
    assert known_kpi(POLICY, "uptime", "line 2") is DAILY


@given(st.one_of(st.text(max_size=30), st.from_regex(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2})?(Z|[+-]\d{2}:\d{2})?")))
def test_any_text_for_a_time_is_taken_or_refused_by_its_field(at: str) -> None:
    for kpi in (MONTHLY, DAILY, WEEKLY):
        try:
            assert taken(kpi, at=at).period.frequency is kpi.frequency
        except BadInput as refused:
            assert refused.place == "values[3].at"
            assert len(refused.problem) <= 250


@given(st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=9), st.lists(st.none())))
def test_what_is_stored_is_always_a_finite_number(value: object) -> None:
    try:
        assert math.isfinite(taken(value=value).value)
    except BadInput as refused:
        assert refused.place == "values[3].value"
