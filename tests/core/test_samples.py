"""Sample history: thirteen months that are always the same and end where the source documents stand."""

import math
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.periods import Frequency
from bot.core.samples import Anchor, last_complete, sample_points
from tests.core.examples import shipped_policy

TODAY = date(2026, 11, 22)
COUNTS = {
    Frequency.DAILY: 396,
    Frequency.WEEKLY: 57,
    Frequency.MONTHLY: 13,
    Frequency.QUARTERLY: 5,
    Frequency.YEARLY: 2,
}
ANCHOR = Anchor(current=3.2, before=3.7, decimals=2)


@pytest.mark.parametrize("frequency", Frequency)
def test_samples_cover_thirteen_months_without_a_gap(frequency: Frequency) -> None:
    last = last_complete(TODAY, frequency)
    points = sample_points("churn_rate", ANCHOR, last)
    assert len(points) == COUNTS[frequency]
    assert [point.first for point in points] == [last.shift(back).first for back in range(1 - len(points), 1)]
    covered = (TODAY - points[0].first).days
    assert covered >= 366


def test_samples_are_the_same_every_time_and_differ_by_name() -> None:
    last = last_complete(TODAY, Frequency.WEEKLY)
    once = sample_points("churn_rate", ANCHOR, last)
    assert once == sample_points("churn_rate", ANCHOR, last)
    assert once != sample_points("churn_rate/market:europe", ANCHOR, last)
    assert [point.value for point in once[:6]] == [3.7, *[point.value for point in once[1:6]]]


def test_samples_are_pinned_so_that_every_machine_shows_the_same_demo() -> None:
    last = last_complete(TODAY, Frequency.MONTHLY)
    values = [point.value for point in sample_points("churn_rate", Anchor(current=3.2, before=3.7, noise=0.0), last)]
    assert values == [3.7, 3.68, 3.65, 3.61, 3.56, 3.51, 3.45, 3.39, 3.34, 3.29, 3.25, 3.22, 3.2]


@given(
    st.integers(-10_000, 10_000),
    st.integers(-10_000, 10_000),
    st.sampled_from(Frequency),
    st.sampled_from([0.0, 0.02, 0.5]),
)
def test_samples_begin_at_before_and_end_at_current(
    current: int, before: int, frequency: Frequency, noise: float
) -> None:
    anchor = Anchor(current=current / 100, before=before / 100, noise=noise)
    points = sample_points("any", anchor, last_complete(TODAY, frequency))
    assert (points[0].value, points[-1].value) == (anchor.before, anchor.current)
    assert all(math.isfinite(point.value) for point in points)


def test_samples_keep_within_what_is_possible_and_as_fine_as_measured() -> None:
    anchor = Anchor(current=4.9, before=4.8, decimals=1, noise=0.5, low=0, high=5)
    values = [point.value for point in sample_points("stars", anchor, last_complete(TODAY, Frequency.DAILY))]
    assert all(0 <= value <= 5 and value == round(value, 1) for value in values)
    assert len(set(values)) > 5


def test_every_series_of_the_demo_company_ends_where_its_source_stands() -> None:
    policy = shipped_policy()
    for name, anchor in policy.samples.items():
        kpi = policy.kpis[name.partition("/")[0]]
        points = sample_points(name, anchor, last_complete(TODAY, kpi.frequency))
        assert points[-1].value == anchor.current, name


@pytest.mark.parametrize(
    ("frequency", "label"),
    [
        (Frequency.DAILY, "2026-11-21"),
        (Frequency.WEEKLY, "2026-W46"),
        (Frequency.MONTHLY, "2026-10"),
        (Frequency.QUARTERLY, "2026-Q3"),
        (Frequency.YEARLY, "2025"),
    ],
)
def test_the_last_complete_period_was_over_before_the_day_began(frequency: Frequency, label: str) -> None:
    assert last_complete(TODAY, frequency).label == label
