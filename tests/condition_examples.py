"""Worked examples of every condition, for the manual: values, and what the condition answers; a test asks it."""

from datetime import UTC, date, datetime, time
from typing import Any, NamedTuple

import yaml

from bot.core.calendar import Calendar
from bot.core.conditions import Other, Surroundings
from bot.core.evaluate import evaluate
from bot.core.history import History, Point
from bot.core.kpi import Kpi, Rule
from bot.core.periods import Frequency, period_of
from tests.core.examples import MADRID, answer, make_kpi

_TODAY = date(2026, 11, 22)
_NO_VALUE = "–"


class Row(NamedTuple):
    """One example. values: the oldest first, ``–`` for none; rest, open: the answers, also while an alert is open.

    on: the day it is asked, where that matters; other: the newest value of the other KPI that is named.
    """

    when: str
    values: str
    rest: str
    open: str
    on: date = _TODAY
    other: float | None = None


class Worked(NamedTuple):
    """The examples of one condition, and the KPI they are about: in words, and as it is."""

    about: str
    kpi: Kpi
    rows: tuple[Row, ...]


_CHURN = make_kpi(unit="percent", direction="lower_is_better", target=2.5)
_SALES = make_kpi(target=3000.0, accumulates=True, completeness_delay="1 period")
_DAILY = make_kpi(frequency="daily")
_BAND = make_kpi(unit="percent", direction="within_band", target={"low": 85.0, "high": 95.0})
_LEVEL = "100, 102, 99, 101, 98, 100, 103, 99, 101, 100, 98, 102, 100, 99, 101"
_FALLING = "{by: 10 %, over: 3 periods, recovery: 5 %}"
_PACE = "off_pace: {by: 10 %, recovery: 5 %}"
_BOTH = "all_of: [{above: 4}, {kpi: nps, below: 30}]"

WORKED: dict[str, Worked] = {
    "above": Worked("A monthly KPI", _CHURN, (
        Row("above: {limit: 4, recovery: 3.8}", "4.1", "breached", "breached"),
        Row("above: {limit: 4, recovery: 3.8}", "4", "calm", "breached"),
        Row("above: {limit: 4, recovery: 3.8}", "3.8", "calm", "calm"),
    )),
    "below": Worked("A monthly KPI", make_kpi(), (
        Row("below: {limit: 15, recovery: 17}", "14.9", "breached", "breached"),
        Row("below: {limit: 15, recovery: 17}", "15", "calm", "breached"),
        Row("below: {limit: 15, recovery: 17}", "17", "calm", "calm"),
    )),
    "outside": Worked("A KPI with `direction: within_band`", _BAND, (
        Row("outside: {low: 85, high: 95}", "95.1", "breached", "breached"),
        Row("outside: {low: 85, high: 95}", "95", "calm", "calm"),
        Row("outside: {low: 85, high: 95, recovery: {low: 86, high: 94}}", "94.5", "calm", "breached"),
    )),
    "misses_target_by": Worked("A KPI of which more is better, with a target of 100", make_kpi(), (
        Row("misses_target_by: {by: 15 %, recovery: 10 %}", "85", "breached", "breached"),
        Row("misses_target_by: {by: 15 %, recovery: 10 %}", "86", "calm", "breached"),
        Row("misses_target_by: {by: 15 %, recovery: 10 %}", "90", "calm", "calm"),
        Row("misses_target_by: 0", "99", "breached", "breached"),
        Row("misses_target_by: 0", "100", "calm", "calm"),
    )),
    "beats_target_by": Worked("A KPI of which more is better, with a target of 100", make_kpi(), (
        Row("beats_target_by: 25 %", "125", "breached", "breached"),
        Row("beats_target_by: 25 %", "124", "calm", "calm"),
        Row("beats_target_by: 0 %", "100", "breached", "breached"),
        Row("beats_target_by: 0 %", "99", "calm", "calm"),
    )),
    "off_pace": Worked("A monthly KPI with a target of 3000; the last value is that of November, so far", _SALES, (
        Row(_PACE, "2900, 1350", "breached", "breached", date(2026, 11, 16)),  # half of the month: heading for 2700
        Row(_PACE, "2900, 1400", "calm", "breached", date(2026, 11, 16)),
        Row(_PACE, "2900, 1425", "calm", "calm", date(2026, 11, 16)),
        Row(_PACE, "2900, 100", "unsure: too early", "unsure: too early", date(2026, 11, 6)),
    )),
    "forecast_misses_target": Worked("A KPI of which less is better, with a target of 2.5", _CHURN, (
        Row("forecast_misses_target: 3 periods", "1.7, 1.8, 1.9, 2, 2.1, 2.2, 2.3, 2.4", "breached", "breached"),
        Row("forecast_misses_target: 3 periods", "2, 2.1, 2, 2.1, 2, 2.1, 2, 2.1", "calm", "calm"),
        Row("forecast_misses_target: 3 periods", "2.3, 2.4",
            "unsure: too little history", "unsure: too little history"),
    )),
    "rises": Worked("A percent KPI", _CHURN, (
        Row("rises: {by: 0.5 points, over: 2 periods}", "2.4, 2.6, 2.9", "breached", "breached"),
        Row("rises: {by: 0.5 points, over: 2 periods}", "2.4, 2.9, 2.8", "calm", "calm"),
        Row("rises: {by: 0.5 points, over: 2 periods}", "2.4, –, 2.9", "breached", "breached"),
        Row("rises: {by: 0.5 points, over: 2 periods}", "2.4, 2.9",
            "unsure: too little history", "unsure: too little history"),
    )),
    "falls": Worked("A KPI that is no percentage", make_kpi(), (
        Row(f"falls: {_FALLING}", "200, 195, 190, 180", "breached", "breached"),
        Row(f"falls: {_FALLING}", "200, 195, 190, 185", "calm", "breached"),
        Row(f"falls: {_FALLING}", "200, 195, 190, 190", "calm", "calm"),
        Row(f"falls: {_FALLING}", "0, 195, 190, 180", "unsure: change from zero", "unsure: change from zero"),
    )),
    "worsens_for": Worked("A KPI of which less is better", _CHURN, (
        Row("worsens_for: 3 periods", "2, 2.4, 2.9, 3.2", "breached", "breached"),
        Row("worsens_for: 3 periods", "2, 2.4, 2.4, 3.2", "calm", "calm"),
        Row("worsens_for: 3 periods", "2.4, 2.9, 3.2", "unsure: too little history", "unsure: too little history"),
        Row("worsens_for: {periods: 3 periods, recovery: 2 periods}", "2, 2.4, 2.9, 3.2, 3.1", "calm", "breached"),
        Row("worsens_for: {periods: 3 periods, recovery: 2 periods}", "2, 2.4, 2.9, 3.2, 3.1, 3", "calm", "calm"),
    )),
    "anomaly": Worked("A daily KPI of which more is better", _DAILY, (
        Row("anomaly: {}", f"{_LEVEL}, 120", "breached", "breached"),
        Row("anomaly: {}", f"{_LEVEL}, 103", "calm", "calm"),
        Row("anomaly: {side: worse}", f"{_LEVEL}, 120", "calm", "calm"),
        Row("anomaly: {}", "100, 102, 99, 120", "unsure: too little history", "unsure: too little history"),
    )),
    "stale": Worked("A monthly KPI whose last value is that of September", make_kpi(), (
        Row("stale: 1 period", "7, –", "breached", "breached", date(2026, 11, 1)),
        Row("stale: 1 period", "7, –", "calm", "calm", date(2026, 10, 31)),
        Row("stale: 2 periods", "7, –", "calm", "calm", date(2026, 11, 30)),
        Row("stale: 2 periods", "7, –", "breached", "breached", date(2026, 12, 1)),
    )),
    "all_of": Worked("A KPI of which less is better, beside the NPS of the same month", _CHURN, (
        Row(_BOTH, "4.2", "breached", "breached", other=28),
        Row(_BOTH, "4.2", "calm", "calm", other=30),
        Row(_BOTH, "4.2", "unsure: no value", "unsure: no value"),
        Row(_BOTH, "3.9", "calm", "calm"),
    )),
    "any_of": Worked("A KPI of which less is better, with a target of 2.5", _CHURN, (
        Row("any_of: [{worsens_for: 3 periods}, {misses_target_by: 20 %}]", "3.4, 3.2, 3.1, 3", "breached", "breached"),
        Row("any_of: [{worsens_for: 3 periods}, {misses_target_by: 20 %}]", "2.1, 2.2, 2.3, 2.4",
            "breached", "breached"),
        Row("any_of: [{worsens_for: 3 periods}, {misses_target_by: 20 %}]", "2.1, 2, 2.3, 2.4", "calm", "calm"),
        Row("any_of: [{worsens_for: 3 periods}, {misses_target_by: 20 %}]", "2.4",
            "unsure: too little history", "unsure: too little history"),
    )),
}  # fmt: skip


def table(word: str) -> str:
    """Give the examples of a condition as a table."""
    about, _, rows = WORKED[word]
    dated = any(row.on != _TODAY for row in rows)
    beside = any(row.other is not None for row in rows)
    heads = ["rule", "values", *(["the other"] if beside else []), *(["on"] if dated else []), "at rest", "alert open"]
    lines = [f"{about}:", "", _line(heads), _line(["---"] * len(heads))]
    for row in rows:
        other = [_NO_VALUE if row.other is None else f"{row.other:g}"] if beside else []
        on = [f"{row.on.day} {row.on:%B}"] if dated else []
        lines.append(_line([f"`{row.when}`", row.values, *other, *on, row.rest, row.open]))
    return "\n".join(lines)


def answered(word: str, row: Row, *, firing: bool) -> str:
    """Ask the condition itself; its answer as the manual writes it."""
    rule = Rule.model_validate({"id": "example", "when": yaml.safe_load(row.when), "priority": "high"})
    kpi = WORKED[word].kpi
    now = datetime.combine(row.on, time(12), UTC)

    def others(key: str) -> Other | None:
        nps = History(Frequency.MONTHLY, () if row.other is None else (Point(date(2026, 10, 1), row.other),))
        return Other(make_kpi(key), nps)

    verdict = evaluate(
        kpi, rule, _history(word, kpi, row), firing=firing, around=Surroundings(now, Calendar(MADRID), others)
    )
    said = answer(verdict)
    return said if said in ("calm", "breached") else f"unsure: {said.replace('_', ' ')}"


def _history(word: str, kpi: Kpi, row: Row) -> History:
    """Place the values: the last is that of November where the running period is asked about, else of October."""
    newest = period_of(date(2026, 11 if word == "off_pace" else 10, 1), kpi.frequency)
    given: list[Any] = row.values.split(", ")
    places = ((newest.shift(place - len(given) + 1).first, value) for place, value in enumerate(given))
    return History(kpi.frequency, tuple(Point(first, float(value)) for first, value in places if value != _NO_VALUE))


def _line(cells: list[str]) -> str:
    return f"| {' | '.join(cells)} |" if cells[0] != "---" else f"|{'|'.join(cells)}|"
