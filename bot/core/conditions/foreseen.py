"""Conditions that compare a KPI with what its own past lets one expect: ``anomaly``, ``forecast_misses_target``."""

import math
import re
from typing import Annotated, Any, Literal, NamedTuple

from pydantic import BeforeValidator, Field, model_validator

from bot.core import bands, forecasts
from bot.core.bands import Expected, band
from bot.core.conditions.asking import Alone, Sight, answer
from bot.core.conditions.targets import AgainstTarget, distance_from, nearer_end
from bot.core.history import History
from bot.core.periods import Frequency
from bot.core.verdict import Breached, Calm, Doubt, Finding, Unsure, Verdict
from bot.core.words import Amount, Band, Number, Periods

_CYCLES = {Frequency.DAILY: 7, Frequency.MONTHLY: 12, Frequency.QUARTERLY: 4}
WEEK = {Frequency.DAILY: 7}
"""The season of the band, by frequency."""


class Seen(NamedTuple):
    """How many of the last so many values."""

    least: int
    of: int


def _seen(given: object) -> object:
    match = re.fullmatch(r"(\d{1,2}) of (\d{1,2})", given) if isinstance(given, str) else None
    if match is None or not 1 <= int(match[1]) <= int(match[2]) <= 30:
        raise ValueError(f"'{given}' does not say how many of how many values; write it as '2 of 3'")
    return Seen(int(match[1]), int(match[2]))


class Anomaly(Alone):
    """``anomaly: {}`` – the value is not what the ones before it let one expect.

    Expected is the level of late, for daily KPIs with its weekday's part (or, where every 24 values repeat, with that
    of its place among them); how far a value may lie from it is what past values did, typically, times ``widths`` (3.5
    if not said; 3 is touchier), and at least ``by`` (1 % of the level if not said). It adapts to level shifts within
    two weeks, and needs 15 values before it says anything.

    ``anomaly: {widths: 5, by: 10 %, side: worse, seen: 2 of 3}`` is patient: only on the KPI's bad side, and only when
    two of the last three values, the newest among them, were unusual. With ``recovery: 2`` a firing alert is calm
    again only within so many widths.
    """

    widths: Number = Field(default=bands.WIDTHS, gt=0, le=20)
    by: Amount = Amount(size=1.0, relative=True)
    side: Literal["both", "worse"] = "both"
    seen: Annotated[Seen, BeforeValidator(_seen)] = Seen(1, 1)
    recovery: Number | None = Field(default=None, gt=0, le=20)

    @property
    def looks_back(self) -> int:
        """What the band looks at, before each of the values that count."""
        return bands.LOOKS_BACK + self.seen.of

    def judge(self, sight: Sight) -> Verdict:
        """Look whether enough of the last values lie outside the bands that those before them make."""
        if sight.history.latest is None:
            return Unsure(Doubt.NO_VALUE)
        newest = self._expected(sight, sight.history)
        if newest is None:
            return Unsure(Doubt.TOO_LITTLE_HISTORY)
        before = (sight.history.without_last(back) for back in range(1, self.seen.of))
        unusual = [self._is_unusual(sight, sight.history, newest)]
        unusual += [self._is_unusual(sight, history, self._expected(sight, history)) for history in before]
        value = sight.history.latest.value
        finding = Finding(
            "anomaly",
            value=value,
            expected=newest.middle,
            low=newest.low,
            high=newest.high,
            difference=abs(value - newest.middle),
            periods=sum(unusual) if self.seen.of > 1 else 1,
        )
        return answer(sum(unusual) >= self.seen.least and (unusual[0] or sight.firing), finding)

    def _is_unusual(self, sight: Sight, history: History, expected: Expected | None) -> bool:
        point = history.latest
        if expected is None or point is None:
            return False
        above, below = point.value > expected.high, point.value < expected.low
        if self.side == "both" or sight.kpi.direction == "within_band":
            return above or below
        return below if sight.kpi.direction == "higher_is_better" else above

    def _expected(self, sight: Sight, history: History) -> Expected | None:
        """Give where the newest value of a history was expected, with the rule's own least width."""
        widths = self.recovery if sight.firing and self.recovery is not None else self.widths
        points = history.points[-(bands.LOOKS_BACK + 1) :]
        found = band(
            [point.value for point in points[:-1]],
            season=WEEK.get(history.frequency),
            days=[point.first.toordinal() for point in points],
            widths=widths,
        )
        if found is None:
            return None
        half = max(found.high - found.middle, self.by.of(found.middle))
        return Expected(found.middle, found.middle - half, found.middle + half)


class ForecastMissesTarget(AgainstTarget):
    """``forecast_misses_target: 3 periods`` – going on like this, it will miss its target within so many periods.

    The forecast goes by the level, the trend, and the season of the last 120 values, and wants at least 8.
    ``forecast_misses_target: {within: 3 periods, by: 5 %, surely: true}`` asks for a miss by so much, and for one even
    at the better end of the interval that holds four outcomes of five.

    Amounts and recovery as in ``misses_target_by``; for a band the distance to the nearer end counts.
    """

    within: Periods
    by: Amount = Amount(size=0.0)
    surely: bool = False

    @model_validator(mode="before")
    @classmethod
    def _plain_amount(cls, given: Any) -> Any:
        """A plain number of periods is how far it looks."""
        return given if isinstance(given, dict) else {"within": given}

    @property
    def looks_back(self) -> int:
        """What a forecast looks at."""
        return forecasts.LOOKS_BACK

    def judge(self, sight: Sight) -> Verdict:
        """Foresee the next periods, and measure each against its target; the first miss is told."""
        point, period = sight.history.latest, sight.history.latest_period
        if point is None or period is None:
            return Unsure(Doubt.NO_VALUE)
        path = _path(sight.history, self.within)
        if path is None:
            return Unsure(Doubt.TOO_LITTLE_HISTORY)
        calm: Verdict = Unsure(Doubt.NO_TARGET)
        for step, (middle, low, high) in enumerate(zip(*path, strict=True), start=1):
            target = sight.kpi.target_for(period.shift(step))
            if target is None:
                continue
            end = nearer_end(target, middle)
            if self.unmeasurable(end):
                return Unsure(Doubt.CHANGE_FROM_ZERO)
            finding = Finding(
                "forecast_misses_target",
                value=point.value, target=end, expected=middle, low=low, high=high, periods=step,
            )  # fmt: skip
            hoped = _at_best(sight, target, low, high) if self.surely else middle
            if self.breaks(distance_from(sight.kpi, target, hoped), hoped, end, firing=sight.firing):
                return Breached(finding)
            calm = Calm(finding)
        return calm


def _path(history: History, ahead: int) -> forecasts.Path | None:
    """Forecast a history; with the season of its frequency where there is enough of it."""
    values = _without_gaps(history)
    season = _CYCLES.get(history.frequency)
    seasonal = forecasts.forecast(values, ahead=ahead, season=season) if season else None
    return seasonal or forecasts.forecast(values, ahead=ahead)


def _without_gaps(history: History) -> list[float]:
    """Give a number for every period of the last ones, NaN for those without a value."""
    known = {point.first: point.value for point in history.points}
    period = history.latest_period
    values: list[float] = []
    while period is not None and len(values) < forecasts.LOOKS_BACK and period.first >= history.points[0].first:
        values.append(known.get(period.first, math.nan))
        period = period.previous
    return values[::-1]


def _at_best(sight: Sight, target: float | Band, low: float, high: float) -> float:
    """Give the best outcome of an interval."""
    if isinstance(target, Band):
        return min(max(low, target.low), high)
    return high if sight.kpi.direction == "higher_is_better" else low
