"""A second opinion: the conditions written anew in exact arithmetic agree with judging on every verdict."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from typing import Any, NamedTuple

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core.history import History, Point
from bot.core.kpi import Kpi, Rule
from bot.core.periods import Frequency
from tests.core.examples import MADRID, answer, make_kpi, make_rule, verdict_on


class World(NamedTuple):
    """One thing to judge, in exact numbers: values are tenths; months count from January of year 0."""

    direction: str
    target: Fraction | tuple[Fraction, Fraction]
    months: list[int]
    values: list[Fraction]
    lasting: int
    firing: bool
    running: int


Asked = Callable[[World, list[Fraction], bool], str]


def worse_by(world: World, value: Fraction) -> Fraction:
    """How much worse than its target a value is; negative when better, never negative for a band."""
    if isinstance(world.target, tuple):
        low, high = world.target
        return max(low - value, value - high, Fraction(0))
    return world.target - value if world.direction == "higher_is_better" else value - world.target


def truth(*, bad: bool) -> str:
    return "breached" if bad else "calm"


def oracle(world: World, asked: Asked) -> str:
    """The verdict: the question is asked of the newest value, then of as many before it as it has to last."""
    said = asked(world, world.values, world.firing)
    if said != "breached" or world.firing:
        return said
    for back in range(1, world.lasting):
        earlier = world.values[: max(len(world.values) - back, 0)]
        if asked(world, earlier, False) != "breached":
            return "pending_for"
    return "breached"


def above(limit: Fraction, recovery: Fraction | None) -> Asked:
    def ask(world: World, values: list[Fraction], firing: bool) -> str:
        if not values:
            return "no_value"
        level = recovery if firing and recovery is not None else limit
        return truth(bad=values[-1] > level)

    return ask


def below(limit: Fraction, recovery: Fraction | None) -> Asked:
    mirrored = above(-limit, None if recovery is None else -recovery)
    return lambda world, values, firing: mirrored(world, [-value for value in values], firing)


def outside(low: Fraction, high: Fraction, inner: tuple[Fraction, Fraction] | None) -> Asked:
    def ask(world: World, values: list[Fraction], firing: bool) -> str:
        if not values:
            return "no_value"
        bottom, top = inner if firing and inner is not None else (low, high)
        return truth(bad=values[-1] < bottom or values[-1] > top)

    return ask


def threshold(limit: Fraction, recovery: Fraction | None) -> Asked:
    def ask(world: World, values: list[Fraction], firing: bool) -> str:
        if not values:
            return "no_value"
        sign = -1 if world.direction == "higher_is_better" else 1
        if firing and recovery is not None:
            return truth(bad=sign * (values[-1] - recovery) > 0)
        return truth(bad=sign * (values[-1] - limit) >= 0)

    return ask


def misses(size: Fraction, *, relative: bool) -> Asked:
    def ask(world: World, values: list[Fraction], firing: bool) -> str:
        if not values:
            return "no_value"
        miss = worse_by(world, values[-1])
        if isinstance(world.target, tuple):
            reference = world.target[0] if values[-1] < world.target[0] else world.target[1]
        else:
            reference = world.target
        if relative and reference == 0:
            return "change_from_zero"
        needed = abs(reference) * size / 100 if relative else size
        return truth(bad=miss > 0 and miss >= needed)

    return ask


def worsens(periods: int) -> Asked:
    def ask(world: World, values: list[Fraction], firing: bool) -> str:
        if not values:
            return "no_value"
        run = 0
        for earlier, later in zip(values[-2::-1], values[:0:-1], strict=True):
            if worse_by(world, later) <= worse_by(world, earlier):
                break
            run += 1
        if run >= periods:
            return "breached"
        return "too_little_history" if run == len(values) - 1 else "calm"

    return ask


def stale(world: World, periods: int) -> str:
    if not world.months:
        return "no_value"
    return truth(bad=max(world.running - world.months[-1] - 1, 0) >= periods)


TENTHS = st.integers(-60, 60).map(lambda tenths: Fraction(tenths, 10))
PAIRS = st.tuples(TENTHS, TENTHS).map(lambda pair: (min(pair), max(pair)))


@st.composite
def worlds(draw: st.DrawFn) -> World:
    direction = draw(st.sampled_from(["higher_is_better", "lower_is_better", "within_band"]))
    gaps = draw(st.lists(st.sampled_from([1, 1, 1, 2, 5]), max_size=7))
    months = [2024 * 12 + sum(gaps[: place + 1]) for place in range(len(gaps))]
    last = months[-1] if months else 2026 * 12
    return World(
        direction=direction,
        target=draw(PAIRS) if direction == "within_band" else draw(TENTHS),
        months=months,
        values=[draw(TENTHS) for _ in months],
        lasting=draw(st.sampled_from([1, 1, 2, 3])),
        firing=draw(st.booleans()),
        running=last + draw(st.integers(0, 6)),
    )


def band(ends: tuple[Fraction, Fraction]) -> dict[str, float]:
    return {"low": float(ends[0]), "high": float(ends[1])}


def product_s_answer(world: World, when: dict[str, Any], unit: str) -> str:
    target = band(world.target) if isinstance(world.target, tuple) else float(world.target)
    kpi: Kpi = make_kpi(direction=world.direction, target=target, unit=unit)
    rule: Rule = make_rule(when, **{"for": f"{world.lasting} periods"})
    points = tuple(
        Point(date(month // 12, month % 12 + 1, 1), float(value))
        for month, value in zip(world.months, world.values, strict=True)
    )
    now = datetime(world.running // 12, world.running % 12 + 1, 14, 9, 30, tzinfo=UTC)
    seen = History(Frequency.MONTHLY, points)
    return answer(verdict_on(kpi, rule, seen, firing=world.firing, now=now, zone=MADRID))


OPTIONAL = st.none() | TENTHS
UNITS = st.sampled_from(["percent", "count", "EUR"])
FAST = settings(max_examples=60, deadline=None)


@FAST
@given(worlds(), UNITS, TENTHS, OPTIONAL)
def test_above_below_and_thresholds_agree(world: World, unit: str, limit: Fraction, recovery: Fraction | None) -> None:
    level = {"limit": float(limit)} | ({} if recovery is None else {"recovery": float(recovery)})
    assert product_s_answer(world, {"above": level}, unit) == oracle(world, above(limit, recovery))
    assert product_s_answer(world, {"below": level}, unit) == oracle(world, below(limit, recovery))
    assert product_s_answer(world, {"reaches": level}, unit) == oracle(world, threshold(limit, recovery))


@FAST
@given(worlds(), UNITS, PAIRS, st.none() | PAIRS)
def test_leaving_a_band_agrees(
    world: World, unit: str, ends: tuple[Fraction, Fraction], inner: tuple[Fraction, Fraction] | None
) -> None:
    written = band(ends) | ({} if inner is None else {"recovery": band(inner)})
    assert product_s_answer(world, {"outside": written}, unit) == oracle(world, outside(*ends, inner))


@FAST
@given(worlds(), UNITS, st.integers(0, 80), st.booleans())
def test_missing_the_target_agrees(world: World, unit: str, size: int, relative: bool) -> None:
    exact = Fraction(size) if relative else Fraction(size, 10)
    written = f"{size} %" if relative else f"{size / 10} points" if unit == "percent" else size / 10
    assert product_s_answer(world, {"misses_target_by": written}, unit) == oracle(
        world, misses(exact, relative=relative)
    )


@FAST
@given(worlds(), UNITS, st.integers(1, 4))
def test_worsening_agrees(world: World, unit: str, periods: int) -> None:
    assert product_s_answer(world, {"worsens_for": f"{periods} periods"}, unit) == oracle(world, worsens(periods))


@FAST
@given(worlds(), UNITS, st.integers(1, 8))
def test_staleness_agrees(world: World, unit: str, periods: int) -> None:
    assert product_s_answer(world, {"stale": f"{periods} periods"}, unit) == stale(world, periods)


@FAST
@given(worlds(), st.integers(1, 3), st.integers(0, 60))
def test_the_newest_complete_period_is_judged_and_never_an_incomplete_one(world: World, delay: int, days: int) -> None:
    if not world.months:
        return
    kpi = make_kpi(completeness_delay=f"{delay} periods")
    month = world.months[-1]
    points = tuple(
        Point(date(number // 12, number % 12 + 1, 1), float(value))
        for number, value in zip(world.months, world.values, strict=True)
    )
    complete = month + delay
    midnight = datetime(complete // 12, complete % 12 + 1, 1, tzinfo=MADRID).astimezone(UTC)
    for now in (midnight - timedelta(days=days, seconds=1), midnight + timedelta(days=days)):
        today = now.astimezone(MADRID)
        over = [
            value
            for number, value in zip(world.months, world.values, strict=True)
            if number + delay <= today.year * 12 + today.month - 1
        ]
        expected = ("breached" if over[-1] > 0 else "calm") if over else "incomplete_period"
        verdict = verdict_on(kpi, make_rule({"above": 0}), History(Frequency.MONTHLY, points), now=now)
        assert answer(verdict) == expected
