"""How far back a rule looks: reading that much of a series, and no more, gives the verdict the whole of it gives."""

import random
from typing import Any

import pytest

from bot.core.calendar import Calendar
from bot.core.conditions import Surroundings
from bot.core.evaluate import explain, looks_back
from bot.core.history import History
from bot.core.words import Band
from tests.core.examples import MADRID, NOW, history, make_kpi, make_rule

WHENS: list[dict[str, Any]] = [
    {"above": {"limit": 4, "recovery": 3}},
    {"below": 4},
    {"outside": {"low": 3, "high": 5}},
    {"misses_target_by": "20 %"},
    {"beats_target_by": "20 %"},
    {"rises": {"by": "20 %", "over": "3 periods"}},
    {"falls": {"by": 2}},
    {"worsens_for": "2 periods"},
    {"stale": "1 period"},
]
KPIS = [
    make_kpi(target=4.0),
    make_kpi(target=Band(low=3, high=5), direction="within_band"),
    make_kpi(target=4.0, completeness_delay="3 periods"),
]
AROUND = Surroundings(NOW, Calendar(MADRID))


def with_gaps(chance: random.Random) -> History:
    """A year of small whole numbers, in which things repeat and turn often, some months missing."""
    whole = history(*(float(chance.randint(2, 6)) for _ in range(12)))
    return History(whole.frequency, tuple(point for point in whole.points if chance.random() < 0.8))


@pytest.mark.parametrize("lasting", ["1 period", "3 periods"])
@pytest.mark.parametrize("when", WHENS, ids=lambda when: next(iter(when)))
def test_values_farther_back_change_no_verdict(when: dict[str, Any], lasting: str) -> None:
    rule, chance = make_rule(when, **{"for": lasting}), random.Random(1)
    for _ in range(300):
        whole, kpi, firing = with_gaps(chance), chance.choice(KPIS), chance.random() < 0.5
        seen = History(whole.frequency, whole.points[-looks_back(kpi, rule) :])
        short, long = (explain(kpi, rule, one, firing=firing, around=AROUND) for one in (seen, whole))
        assert short == long
