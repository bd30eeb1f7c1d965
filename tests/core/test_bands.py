"""The band a value is expected in: what moves it, what does not, and how often it is right."""

import math
import random
import subprocess
import sys
from collections.abc import Sequence
from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core.band_matrix import bands
from bot.core.bands import CYCLES, LOOKS_BACK, NEEDED, Expected, band
from tests.bench.anomalies import by_band, by_rolling_deviation, scored
from tests.bench.shapes import SHAPES, make

WEEK = (0, 4, 6, 5, 2, -40, -45)
histories = st.lists(st.integers(-1_000_000, 1_000_000), min_size=NEEDED, max_size=120)
seasons = st.sampled_from([None, 7])
DAY = [30 * math.sin(hour * math.pi / 12) for hour in range(24)]


def noisy(count: int, *, level: float = 100, noise: float = 2, seed: int = 1) -> list[float]:
    normal = random.Random(seed)
    return [level + normal.gauss(0, noise) for _ in range(count)]


def weekly(days: Sequence[date], seed: int = 1) -> list[float]:
    normal = random.Random(seed)
    return [100 + WEEK[day.weekday()] + normal.gauss(0, 2) for day in days]


def known(values: Sequence[float], *, season: int | None = None, days: Sequence[int] | None = None) -> Expected:
    found = band(values, season=season, days=days)
    assert found is not None
    return found


def holds(expected: Expected, value: float) -> bool:
    return expected.low <= value <= expected.high


def test_too_little_history_expects_nothing() -> None:
    assert band(noisy(NEEDED - 1)) is None
    assert band(noisy(NEEDED)) is not None
    assert bands(np.array([noisy(NEEDED - 1)])) is None


def test_a_spike_is_outside_and_the_usual_is_inside() -> None:
    expected = known(noisy(84))
    assert expected.middle == pytest.approx(100, abs=2)
    assert holds(expected, 104)
    assert not holds(expected, 120)
    assert not holds(expected, 80)


def test_wider_widths_widen_the_band_in_proportion() -> None:
    narrow, wide = band(noisy(84), widths=2), band(noisy(84), widths=6)
    assert narrow is not None
    assert wide is not None
    assert wide.high - wide.middle == pytest.approx(3 * (narrow.high - narrow.middle))


def test_a_spike_in_the_past_hardly_moves_the_band() -> None:
    plain, values = known(noisy(84)), noisy(84)
    values[-1], values[-20] = 5_000, -5_000
    spiked = known(values)
    assert spiked.middle == pytest.approx(plain.middle, abs=1)
    assert spiked.high - spiked.low < 2 * (plain.high - plain.low)


def test_a_constant_series_keeps_the_least_half_width() -> None:
    assert band([7.3] * 60, least=0.5) == Expected(7.3, 6.8, 7.8)
    assert holds(known([7.3] * 60), 7.3)
    assert not holds(known([7.3] * 60), 7.31)


def test_a_week_that_repeats_itself_exactly_is_never_outside() -> None:
    chance = random.Random(247)
    for level in (chance.uniform(0, 10) for _ in range(50)):
        week = [level + chance.uniform(-50, 50) for _ in range(7)]
        values = (week * 15)[:100]
        assert all(holds(known(values[:place], season=7), values[place]) for place in range(CYCLES * 7, 100))


def test_counts_that_are_mostly_zero_have_room_for_what_they_do() -> None:
    values = [0.0] * 84
    values[3::9] = [1.0] * len(values[3::9])
    expected = known(values)
    assert holds(expected, 1)
    assert not holds(expected, 8)


def test_each_weekday_is_expected_at_its_own_level() -> None:
    days = [date(2026, 1, 1) + timedelta(days=number) for number in range(120)]
    values = weekly(days)
    for place in range(100, 107):
        expected = known(values[:place], season=7)
        assert expected.middle == pytest.approx(100 + WEEK[days[place].weekday()], abs=4)
        assert expected.high - expected.low < 40


def test_missing_days_do_not_move_the_weekdays() -> None:
    chance = random.Random(5)
    days = [date(2025, 9, 1) + timedelta(days=number) for number in range(150) if chance.random() < 0.8]
    values, numbers = weekly(days), [day.toordinal() for day in days]
    for place in range(len(days) - 14, len(days)):
        expected = known(values[:place], season=7, days=numbers[: place + 1])
        assert expected.middle == pytest.approx(100 + WEEK[days[place].weekday()], abs=6)
        assert expected.high - expected.low < 60


def test_a_gap_right_before_the_judged_day_counts() -> None:
    days = [date(2026, 1, 5) + timedelta(days=number) for number in range(84)]  # to a Sunday
    numbers = [day.toordinal() for day in days]
    next_saturday = known(weekly(days), season=7, days=[*numbers, numbers[-1] + 6])
    assert next_saturday.middle == pytest.approx(100 + WEEK[5], abs=4)


def test_a_season_that_explains_nothing_is_left_out() -> None:
    assert known(noisy(84), season=7) == known(noisy(84))


def test_a_season_waits_for_eight_cycles() -> None:
    days = [date(2026, 1, 5) + timedelta(days=number) for number in range(56)]
    assert known(weekly(days)[1:], season=7) == known(weekly(days)[1:])
    assert known(weekly(days), season=7) != known(weekly(days))


def test_a_days_course_in_hours_is_expected_where_it_repeats() -> None:
    values = [value + DAY[place % 24] for place, value in enumerate(noisy(120))]
    for place in range(96, 120):
        expected, level = known(values[:place], season=7), known(values[:place])
        assert expected.middle == pytest.approx(100 + DAY[place % 24], abs=7)
        assert expected.high - expected.low < 0.75 * (level.high - level.low)


def test_a_season_is_as_sure_of_the_past_as_of_what_comes() -> None:
    outside = 0
    for seed in range(40):
        values = [value + DAY[place % 24] for place, value in enumerate(noisy(120, seed=seed))]
        outside += sum(not holds(known(values[:place], season=7), values[place]) for place in range(96, 120))
    assert outside < 0.02 * 40 * 24


def test_a_weekday_never_seen_is_expected_at_the_level() -> None:
    days = [day for number in range(120) if (day := date(2026, 1, 5) + timedelta(days=number)).weekday() < 5]
    numbers = [*(day.toordinal() for day in days), date(2026, 5, 9).toordinal()]
    values = [
        100 + 5 * (day.weekday() == 4) + value for day, value in zip(days, noisy(len(days), level=0), strict=True)
    ]
    assert known(values, season=7, days=numbers).middle == pytest.approx(100, abs=5)


@pytest.mark.parametrize("seed", range(5))
def test_after_a_level_shift_the_band_settles_within_two_weeks(seed: int) -> None:
    values = noisy(84, seed=seed) + noisy(40, level=160, seed=seed + 100)
    outside = [place for place in range(84, 124) if not holds(known(values[:place]), values[place])]
    assert outside[0] == 84
    assert outside[-1] < 84 + 14


def test_a_wandering_series_is_followed_at_once() -> None:
    walks = np.cumsum(np.random.default_rng(1).normal(0, 1, (50, 84)), axis=1)
    distances = [abs(known(walk.tolist()).middle - walk[-1]) for walk in walks]
    assert np.mean(distances) < 1


def test_a_steady_drift_stays_inside() -> None:
    values = [value + place for place, value in enumerate(noisy(200))]
    assert all(holds(known(values[:place]), values[place]) for place in range(84, 200))


@given(histories, seasons, st.integers(-50, 50).filter(bool), st.integers(-1_000_000, 1_000_000))
def test_the_band_moves_and_stretches_with_its_series(
    values: list[int], season: int | None, times: int, plus: int
) -> None:
    before, after = known(values, season=season), known([times * value + plus for value in values], season=season)
    ends = sorted((times * before.low + plus, times * before.high + plus))
    near = 1e-9 * (1 + abs(plus) + abs(times) * max(map(abs, values)))
    assert after.middle == pytest.approx(times * before.middle + plus, abs=near)
    assert [after.low, after.high] == pytest.approx(ends, abs=near)


@given(st.lists(st.floats(-1e12, 1e12), min_size=NEEDED, max_size=120), seasons, st.floats(0, 10), st.floats(0, 1e6))
def test_the_band_is_always_finite_and_in_order(
    values: list[float], season: int | None, widths: float, least: float
) -> None:
    found = band(values, season=season, widths=widths, least=least)
    assert found is not None
    assert all(map(math.isfinite, found))
    assert found.low <= found.middle - least
    assert found.high >= found.middle + least


@given(histories, histories)
def test_values_long_past_make_no_difference(recent: list[int], old: list[int]) -> None:
    recent = (recent * 7)[:LOOKS_BACK]
    assert known(old + recent, season=7) == known(recent, season=7)


@settings(max_examples=60)
@given(st.data(), st.integers(NEEDED, 120), seasons, st.booleans())
def test_many_series_at_once_give_the_numbers_of_each_alone(
    data: st.DataObject, count: int, season: int | None, gaps: bool
) -> None:
    rows = data.draw(st.lists(st.integers(0, 2**32), min_size=1, max_size=4))
    values = np.array([np.random.default_rng(row).integers(0, 1 + row % 50, count) / 4 for row in rows])
    values += np.resize(np.array(WEEK) * data.draw(st.sampled_from([0, 1])), count)
    values += np.resize(np.array(DAY) * data.draw(st.sampled_from([0, 1])), count)
    steps = [np.random.default_rng(row).integers(1, 4 if gaps else 2, count + 1) for row in rows]
    days = np.cumsum(steps, axis=1)
    least = np.array([row % 3 / 10 for row in rows])
    together = bands(values, season=season, days=days, least=least)
    assert together is not None
    for number, row in enumerate(values.tolist()):
        alone = band(row, season=season, days=days[number].tolist(), least=float(least[number]))
        assert alone is not None
        assert [side[number] for side in together] == pytest.approx(list(alone), rel=1e-9, abs=1e-9)


def test_many_series_may_share_one_calendar() -> None:
    values, days = np.array([noisy(90), noisy(90, seed=2)]), np.arange(5, 96)
    one, each = bands(values, season=7, days=days), bands(values, season=7, days=np.stack([days, days]))
    assert one is not None
    assert each is not None
    assert all((left == right).all() for left, right in zip(one, each, strict=True))


def test_thousands_of_series_are_judged_piece_by_piece_in_their_order() -> None:
    values = np.random.default_rng(1).normal(0, 1, (1201, 20)) + np.arange(1201)[:, None] * 100
    together = bands(values)
    assert together is not None
    assert np.abs(together.middle - np.arange(1201) * 100).max() < 5


def test_judging_one_series_does_not_load_numpy() -> None:
    asked = "import sys, bot.core.bands; sys.exit('numpy' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", asked], check=False).returncode == 0


def test_the_default_rule_is_more_often_right_than_a_rolling_deviation_on_every_count() -> None:
    made = [make(shape, 8) for shape in SHAPES]
    ours, plain = ([scored(one, detect) for one in made] for detect in (by_band, by_rolling_deviation))
    assert np.mean([one.precision for one in ours]) > np.mean([one.precision for one in plain]) + 0.2
    assert np.mean([one.recall for one in ours]) > np.mean([one.recall for one in plain]) + 0.05
