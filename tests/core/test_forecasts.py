"""Where a series is going: level, trend, season, what an outlier does to them, and how sure the path is."""

import math
import random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core.forecasts import Path, forecast, forecasts, needed
from tests.bench.anomalies import foreseen, smape
from tests.bench.shapes import SHAPES, drift, growing, make, plain, shops, wandering, weekends

WEEK = (0, 4, 6, 5, 2, -40, -45)
NAN = math.nan


def noisy(count: int, *, level: float = 100, slope: float = 0, noise: float = 2, seed: int = 1) -> list[float]:
    normal = random.Random(seed)
    return [level + slope * place + normal.gauss(0, noise) for place in range(count)]


def weekly(count: int) -> list[float]:
    return [value + WEEK[place % 7] for place, value in enumerate(noisy(count))]


def path(values: list[float], *, ahead: int = 3, season: int | None = None, share: float = 0.8) -> Path:
    found = forecast(values, ahead=ahead, season=season, share=share)
    assert found is not None
    return found


@pytest.mark.parametrize(("season", "least"), [(None, 8), (4, 11), (7, 17), (12, 27)])
def test_too_little_history_gives_no_forecast(season: int | None, least: int) -> None:
    assert needed(season) == least
    assert forecast(noisy(least - 1), ahead=3, season=season) is None
    assert forecast(noisy(least), ahead=3, season=season) is not None


def test_a_period_without_a_value_is_not_history() -> None:
    assert forecast([*noisy(7), NAN], ahead=3) is None
    assert forecast([*noisy(7), NAN, 100.0], ahead=3) is not None


def test_the_path_has_a_step_for_each_period_ahead() -> None:
    assert [len(side) for side in path(noisy(40), ahead=5)] == [5, 5, 5]


def test_a_constant_series_goes_on() -> None:
    assert path([7.5] * 30) == Path((7.5,) * 3, (7.5,) * 3, (7.5,) * 3)


def test_a_trend_goes_on_and_is_damped() -> None:
    middle = path(noisy(36, slope=5, noise=1), ahead=12).middle
    steps = np.diff(middle)
    assert middle[0] == pytest.approx(100 + 36 * 5, abs=6)
    assert steps.min() > 0
    assert steps[-1] < steps[0] <= 6


def test_a_season_comes_again() -> None:
    middle = path(weekly(63), ahead=14, season=7).middle
    assert middle == pytest.approx([100 + WEEK[place % 7] for place in range(14)], abs=5)


def test_a_season_that_is_not_there_is_not_made_up() -> None:
    values = 100 + np.random.default_rng(1).normal(0, 2, (200, 63))
    middle = forecasts(values, ahead=7, season=7).middle
    assert (middle.max(axis=1) - middle.min(axis=1)).mean() < 1


def test_periods_without_a_value_keep_the_season_in_step() -> None:
    values = weekly(63)
    for place in (13, 30, 31, 32, 47, 60):
        values[place] = NAN
    middle = path(values, ahead=7, season=7).middle
    assert middle == pytest.approx([100 + value for value in WEEK], abs=6)


def test_an_outlier_at_the_end_does_not_drag_the_forecast_along() -> None:
    values = noisy(60)
    before = path(values).middle
    values[-1] = 5_000
    assert path(values).middle == pytest.approx(before, abs=10)


def test_after_a_level_shift_the_forecast_follows() -> None:
    middle = path([*noisy(60), *noisy(14, level=160, seed=2)]).middle
    assert middle == pytest.approx([160] * 3, abs=6)


def test_a_shift_of_many_times_the_noise_is_followed_within_two_weeks() -> None:
    middle = path([*noisy(60), *noisy(14, level=1000, seed=2)]).middle
    assert middle[0] == pytest.approx(1000, rel=0.1)


def test_a_wandering_series_is_expected_about_where_it_is() -> None:
    errors = foreseen(make(wandering, 20))
    assert errors.ours < 1.12 * errors.last_value


def test_the_interval_widens_with_the_horizon_and_with_its_share() -> None:
    values = np.cumsum(noisy(80, level=0)).tolist()
    half, most = path(values, ahead=10, share=0.5), path(values, ahead=10, share=0.95)
    widths = np.array(most.high) - np.array(most.low)
    assert (np.diff(widths) > 0).all()
    assert (widths > np.array(half.high) - np.array(half.low)).all()
    assert half.middle == most.middle


def test_many_series_at_once_give_the_numbers_of_each_alone() -> None:
    rows = [weekly(70), noisy(70), noisy(70, slope=1), [5.0] * 70]
    rows[1][20] = NAN
    together = forecasts(np.array(rows), ahead=4, season=7)
    for number, row in enumerate(rows):
        alone = path(row, ahead=4, season=7)
        for many, one in zip(together, alone, strict=True):
            assert many[number].tolist() == pytest.approx(list(one), rel=1e-9)


@pytest.mark.parametrize("times", [-3.0, 0.01, 250.0])
@pytest.mark.parametrize("season", [None, 7])
def test_the_path_moves_and_stretches_with_its_series(times: float, season: int | None) -> None:
    values = weekly(60)
    before = path(values, season=season)
    after = path([times * value + 17 for value in values], season=season)
    expected = [[times * value + 17 for value in side] for side in before]
    if times < 0:
        expected[1], expected[2] = expected[2], expected[1]
    for found, wanted in zip(after, expected, strict=True):
        assert list(found) == pytest.approx(wanted, rel=1e-6)


some = st.one_of(st.floats(-1e9, 1e9), st.just(NAN))


@settings(max_examples=80, deadline=None)
@given(st.lists(some, min_size=8, max_size=70), st.sampled_from([None, 4, 7, 12]), st.integers(1, 20))
def test_what_is_forecast_is_always_finite_and_in_order(values: list[float], season: int | None, ahead: int) -> None:
    found = forecast(values, ahead=ahead, season=season)
    if found is None:
        assert sum(not math.isnan(value) for value in values) < needed(season)
        return
    for middle, low, high in zip(*found, strict=True):
        assert math.isfinite(low)
        assert math.isfinite(high)
        assert low <= middle <= high


def test_the_interval_holds_about_its_share() -> None:
    inside = [foreseen(make(shape, 20)).inside for shape in SHAPES]
    assert np.mean(inside) == pytest.approx(0.8, abs=0.04)


@pytest.mark.parametrize("shape", [shops, plain, drift, growing, weekends], ids=lambda shape: shape.__name__)
def test_on_steady_series_the_forecast_beats_the_last_week_and_the_last_value(shape: type) -> None:
    errors = foreseen(make(shape, 20))
    assert errors.ours < 0.9 * errors.week_before
    assert errors.ours < 0.9 * errors.last_value


@pytest.mark.parametrize("count", [10, 24, 40])
def test_short_histories_have_honest_intervals(count: int) -> None:
    random_numbers = np.random.default_rng(4)
    values = 100 + random_numbers.normal(0, 5, (800, count + 3))
    found = forecasts(values[:, :count], ahead=3)
    inside = (values[:, count:] >= found.low) & (values[:, count:] <= found.high)
    assert 0.76 <= inside.mean() <= 0.92


def test_percentage_errors_of_nothing_against_nothing_are_none() -> None:
    assert smape(np.zeros(3), np.zeros(3)) == 0
    assert smape(np.array([100.0]), np.array([0.0])) == 200


@pytest.mark.parametrize("step", [-2.0, 0.0, 3.0])
@pytest.mark.parametrize("count", [13, 24, 60])
def test_a_straight_line_is_followed(step: float, count: int) -> None:
    line = [130.0 + step * place for place in range(count)]
    path = forecast(line, ahead=3)
    assert path is not None
    assert path.middle[0] == pytest.approx(line[-1] + step, abs=0.3 * abs(step) + 1e-9)
    assert path.middle[2] == pytest.approx(line[-1] + 3 * step, abs=1.0 * abs(step) + 1e-9)
