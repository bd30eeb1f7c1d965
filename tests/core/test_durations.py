"""Durations as operators write them."""

from datetime import timedelta

import pytest

from bot.core.durations import parse_duration


@pytest.mark.parametrize(
    ("text", "length"),
    [
        ("0s", timedelta(0)),
        ("45s", timedelta(seconds=45)),
        ("30m", timedelta(minutes=30)),
        ("24h", timedelta(days=1)),
        ("3d", timedelta(days=3)),
        ("1w", timedelta(weeks=1)),
        (timedelta(hours=2), timedelta(hours=2)),
    ],
)
def test_a_number_and_a_letter_is_a_duration(text: object, length: timedelta) -> None:
    assert parse_duration(text) == length


@pytest.mark.parametrize(
    "text", ["", "30", "m", "30 m", "-1h", "1.5h", "30min", "1y", "1M", "1h30m", "999999d", 30, None, True]
)
def test_anything_else_is_refused_with_an_example(text: object) -> None:
    with pytest.raises(ValueError, match="is no duration; write a number and s, m, h, d or w, such as 30m, 24h or 1w"):
        parse_duration(text)
