"""Charts of values: beside the target of each period, and never of more points than Slack draws."""

from datetime import date, timedelta
from itertools import pairwise

from bot.core.history import Point
from bot.core.words import Language
from bot.phrasebook import Phrasebook, shipped_messages
from bot.phrasebook.charts import MOST_POINTS, line_chart
from tests.core.examples import history, make_kpi

BOOK = Phrasebook(None, shipped_messages())


def test_each_value_stands_beside_the_target_of_its_own_period() -> None:
    kpi = make_kpi(target={"2026-07": 10.0, "2026-09": 20.0})
    chart = line_chart(BOOK, kpi, history(1, 2, 3, 4, 5).points, Language.ES)
    assert chart is not None
    assert [(line.name, line.values) for line in chart.lines] == [
        ("Valor", (1, 2, 3, 4, 5)),
        ("Objetivo", (10, 10, 10, 20, 20)),
    ]


def test_a_band_is_not_drawn_and_fewer_than_two_values_are_no_chart() -> None:
    kpi = make_kpi(direction="within_band", target={"low": 1, "high": 2})
    chart = line_chart(BOOK, kpi, history(1, 2).points, Language.EN)
    assert chart is not None
    assert [line.name for line in chart.lines] == ["Value"]
    assert line_chart(BOOK, kpi, history(1).points, Language.EN) is None
    assert line_chart(BOOK, kpi, (), Language.EN) is None


def test_of_many_values_some_are_drawn_evenly_and_the_newest_always() -> None:
    kpi, first = make_kpi(frequency="daily"), date(2026, 1, 1)
    for count in (20, 21, 59, 365):
        points = [Point(first + timedelta(days=at), float(at)) for at in range(count)]
        chart = line_chart(BOOK, kpi, points, Language.EN)
        assert chart is not None
        drawn = chart.lines[0].values
        assert len(drawn) == len(chart.labels) <= MOST_POINTS
        assert drawn[-1] == count - 1
        assert len({later - earlier for earlier, later in pairwise(drawn)}) == 1
