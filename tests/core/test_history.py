"""The values of one series as judging sees them."""

from datetime import UTC, datetime

from tests.core.examples import MADRID, history


def test_a_history_before_its_first_value_is_empty() -> None:
    seen = history(1.0, 2.0)
    assert [point.value for point in seen.without_last(1).points] == [1.0]
    assert seen.without_last(2).points == seen.without_last(3).points == ()
    assert (seen.without_last(5).latest, seen.without_last(5).latest_period) == (None, None)


def test_a_history_knows_the_value_of_each_period() -> None:
    seen = history(1.0, 2.0, last="2026-10")
    last = seen.latest_period
    assert last is not None
    assert [seen.value_at(last.shift(back)) for back in (-2, -1, 0, 1)] == [None, 1.0, 2.0, None]
    assert last.ends(MADRID) == datetime(2026, 10, 31, 23, 0, tzinfo=UTC)
