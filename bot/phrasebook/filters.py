"""Every filter of ours, by the name templates use."""

from collections.abc import Callable
from typing import Any

from bot.phrasebook import name_filters as names
from bot.phrasebook import number_filters as numbers
from bot.phrasebook import time_filters as times

_OURS: tuple[Callable[..., Any], ...] = (
    numbers.value, numbers.short, numbers.figure, numbers.number, numbers.whole, numbers.moved, numbers.target,
    numbers.gap, numbers.change, numbers.percent, numbers.whole_percent, numbers.arrow, numbers.sparkline,
    times.period, times.day, times.long_day, times.moment, times.left, times.span, times.rough,
    names.mention, names.called, names.named, names.link, names.dot, names.urgency, names.rule_name,
    names.series, names.segment_name, names.text_in, names.listing, names.word, names.finding,
    names.sentence, names.outcome,
)  # fmt: skip
FILTERS = {made.__name__: made for made in _OURS}
