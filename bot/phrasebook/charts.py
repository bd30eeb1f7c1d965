"""Drawing values as a line beside their targets, in the words of a reader."""

from collections.abc import Sequence

from bot.core.history import Point
from bot.core.kpi import Kpi
from bot.core.periods import Period
from bot.core.speech import Chart, Line
from bot.core.words import Language
from bot.phrasebook import times
from bot.phrasebook.book import Phrasebook

MOST_POINTS = 20
"""As many as a chart in Slack takes."""


def line_chart(phrasebook: Phrasebook, kpi: Kpi, points: Sequence[Point], language: Language) -> Chart | None:
    """Draw values, the oldest first; None when there are fewer than two.

    Of more than fit every second, third … is drawn, the newest always. Beside them stands the target of each period,
    if it is a number; before a plan begins, its first.
    """
    step = -(-len(points) // MOST_POINTS)
    drawn = points[::-1][::step][::-1] if step else ()
    if len(drawn) < 2:
        return None
    periods = [Period(kpi.frequency, point.first) for point in drawn]
    lines = [Line(name=phrasebook.word("chart_value", language), values=tuple(point.value for point in drawn))]
    aims = _aims(kpi, periods)
    if aims:
        lines.append(Line(name=phrasebook.word("chart_target", language), values=aims))
    labels = tuple(times.short_period(period, language) for period in periods)
    return Chart(title=kpi.name.speak(language), labels=labels, lines=tuple(lines))


def _aims(kpi: Kpi, periods: Sequence[Period]) -> tuple[float, ...]:
    found = [aim for aim in map(kpi.target_for, periods) if isinstance(aim, int | float)]
    return tuple([found[0]] * (len(periods) - len(found)) + found) if found else ()
