"""A second opinion, continued: moves, recoveries, pace, several conditions, missing data, alerts kept firing."""

import calendar
from datetime import UTC, date, datetime
from fractions import Fraction
from typing import Any

from hypothesis import example, given
from hypothesis import strategies as st

from bot.core.history import History, Point
from bot.core.periods import Frequency
from tests.core.examples import MADRID, answer, make_kpi, make_rule, verdict_on
from tests.core.test_verdict_oracle import (
    FAST,
    OPTIONAL,
    TENTHS,
    Asked,
    World,
    above,
    band,
    below,
    oracle,
    truth,
    worlds,
    worse_by,
    worsens,
)


def product_s_answer(world: World, when: dict[str, Any], delay: int | None = None, **rule: Any) -> str:
    target = band(world.target) if isinstance(world.target, tuple) else float(world.target)
    points = tuple(
        Point(date(month // 12, month % 12 + 1, 1), float(value))
        for month, value in zip(world.months, world.values, strict=True)
    )
    now = datetime(world.running // 12, world.running % 12 + 1, 14, 9, 30, tzinfo=UTC)
    waits = {"completeness_delay": f"{delay} periods"} if delay else {}
    kpi = make_kpi(direction=world.direction, target=target, **waits)
    made = make_rule(when, **{"for": f"{world.lasting} periods"}, **rule)
    return answer(verdict_on(kpi, made, History(Frequency.MONTHLY, points), firing=world.firing, now=now, zone=MADRID))


def moved(by: Fraction, over: int, sign: int, recovery: Fraction | None, *, relative: bool) -> Asked:
    def ask(world: World, values: list[Fraction], firing: bool) -> str:
        if not values:
            return "no_value"
        known = dict(zip(world.months, world.values, strict=True))
        newest = world.months[len(values) - 1]
        before = known.get(newest - over)
        if before is None:
            return "too_little_history"
        if relative and before == 0:
            return "change_from_zero"
        share = abs(before) / 100 if relative else Fraction(1)
        change = sign * (values[-1] - before)
        if firing and recovery is not None:
            return truth(bad=change > recovery * share)
        return truth(bad=change > 0 and change >= by * share)

    return ask


@FAST
@given(worlds(), st.integers(0, 60), st.integers(1, 4), st.sampled_from([1, -1]), st.booleans())
def test_moves_agree(world: World, by: int, over: int, sign: int, relative: bool) -> None:
    exact = Fraction(by) if relative else Fraction(by, 10)
    written = {"by": f"{by} %" if relative else by / 10, "over": f"{over} periods"}
    word = "rises" if sign > 0 else "falls"
    expected = oracle(world, moved(exact, over, sign, None, relative=relative))
    assert product_s_answer(world, {word: written}) == expected


JUST_EASED = World("lower_is_better", Fraction(25, 10), [24321, 24322], [Fraction(1), Fraction(11, 10)], 1, True, 24323)


@FAST
@given(worlds(), st.integers(1, 60), st.integers(0, 60), st.sampled_from([1, -1]))
@example(JUST_EASED, 5, 1, 1)
def test_moves_with_a_recovery_agree(world: World, by: int, eased: int, sign: int) -> None:
    exact, recovery = Fraction(by, 10), Fraction(min(by, eased), 10)
    written = {"by": by / 10, "recovery": float(recovery)}
    word = "rises" if sign > 0 else "falls"
    expected = oracle(world, moved(exact, 1, sign, recovery, relative=False))
    assert product_s_answer(world, {word: written}) == expected


def beats(by: Fraction, recovery: Fraction | None) -> Asked:
    def ask(world: World, values: list[Fraction], firing: bool) -> str:
        if not values:
            return "no_value"
        lead = -worse_by(world, values[-1])
        if isinstance(world.target, tuple):
            return "calm"
        return truth(bad=lead > recovery if firing and recovery is not None else lead >= by)

    return ask


@FAST
@given(worlds(), st.integers(0, 60), st.none() | st.integers(0, 60))
def test_beating_a_target_agrees(world: World, by: int, eased: int | None) -> None:
    recovery = None if eased is None else Fraction(min(by, eased), 10)
    written = {"by": by / 10} | ({} if recovery is None else {"recovery": float(recovery)})
    expected = oracle(world, beats(Fraction(by, 10), recovery))
    assert product_s_answer(world, {"beats_target_by": written}) == expected


def misses_with_recovery(by: Fraction, recovery: Fraction) -> Asked:
    def ask(world: World, values: list[Fraction], firing: bool) -> str:
        if not values:
            return "no_value"
        miss = worse_by(world, values[-1])
        return truth(bad=miss > recovery if firing else miss > 0 and miss >= by)

    return ask


@FAST
@given(worlds(), st.integers(1, 60), st.integers(0, 60))
@example(JUST_EASED._replace(target=Fraction(8, 10)), 7, 3)
def test_missing_a_target_with_a_recovery_agrees(world: World, by: int, eased: int) -> None:
    recovery = Fraction(min(by, eased), 10)
    written = {"by": by / 10, "recovery": float(recovery)}
    expected = oracle(world, misses_with_recovery(Fraction(by, 10), recovery))
    assert product_s_answer(world, {"misses_target_by": written}) == expected


# -- several together: a random tree of conditions, answered by the truth tables ------------------------------

Tree = tuple[dict[str, Any], Asked]


def leaf(word: str, limit: Fraction, recovery: Fraction | None) -> Tree:
    asked = (above if word == "above" else below)(limit, recovery)
    level = {"limit": float(limit)} | ({} if recovery is None else {"recovery": float(recovery)})
    return {word: level}, asked


def worsening(periods: int) -> Tree:
    return {"worsens_for": f"{periods} periods"}, worsens(periods)


def together(parts: list[Tree], word: str) -> Tree:
    """In words: all_of is calm with one calm part, any_of broken with one broken part; else the first unsure one."""

    def ask(world: World, values: list[Fraction], firing: bool) -> str:
        said = [asked(world, values, firing) for _, asked in parts]
        decisive = "calm" if word == "all_of" else "breached"
        if decisive in said:
            return decisive
        unsure = [one for one in said if one not in ("calm", "breached")]
        return unsure[0] if unsure else ("breached" if word == "all_of" else "calm")

    return {word: [when for when, _ in parts]}, ask


LEAVES = st.builds(leaf, st.sampled_from(["above", "below"]), TENTHS, OPTIONAL) | st.builds(
    worsening, st.integers(1, 3)
)
TREES = st.recursive(
    LEAVES,
    lambda inner: st.builds(together, st.lists(inner, min_size=2, max_size=3), st.sampled_from(["all_of", "any_of"])),
    max_leaves=6,
)


@FAST
@given(worlds(), TREES)
def test_conditions_together_agree(world: World, tree: Tree) -> None:
    when, asked = tree
    assert product_s_answer(world, when) == oracle(world, asked)


# -- the way out: kept firing, and without data ----------------------------------------------------------------


def kept(world: World, asked: Asked, keep: int) -> str:
    said = oracle(world, asked)
    if said != "calm" or not world.firing:
        return said
    for back in range(1, keep + 1):
        if asked(world, world.values[: max(len(world.values) - back, 0)], True) != "calm":
            return "kept_firing"
    return "calm"


@FAST
@given(worlds(), TENTHS, OPTIONAL, st.integers(1, 3))
def test_alerts_kept_firing_agree(world: World, limit: Fraction, recovery: Fraction | None, keep: int) -> None:
    when, asked = leaf("above", limit, recovery)
    assert product_s_answer(world, when, keep_firing_for=f"{keep} periods") == kept(world, asked, keep)


@FAST
@given(worlds(), TENTHS, st.sampled_from(["unsure", "breached", "calm"]), st.none() | st.integers(1, 3))
@example(JUST_EASED._replace(firing=False, running=24324), Fraction(1), "breached", 2)
def test_missing_data_agrees(world: World, limit: Fraction, no_data: str, delay: int | None) -> None:
    """The period looked for is the newest that is complete: without a delay the newest that is over."""
    when, asked = leaf("below", limit, None)
    whole = world.running - (delay or 0)
    count = sum(month <= whole for month in world.months)
    judged = world._replace(months=world.months[:count], values=world.values[:count])
    late = bool(judged.months) and judged.months[-1] < world.running - (delay or 1)
    expected = no_data if late and no_data != "unsure" else oracle(judged, asked)
    if expected == "no_value" and world.values:
        expected = "incomplete_period"
    assert product_s_answer(world, when, delay, no_data=no_data) == expected


@FAST
@given(worlds(), st.lists(st.tuples(TENTHS, st.integers(1, 3)), min_size=1, max_size=2), st.integers(1, 3))
def test_lateness_among_other_conditions_is_asked_of_now_alone(
    world: World, leaves: list[tuple[Fraction, int]], keep: int
) -> None:
    """Neither for how long, nor whether it is kept firing, finds a gap that the values before had not."""
    late = {periods: bool(world.months) and world.running - world.months[-1] - 1 >= periods for _, periods in leaves}
    parts = [leaf("above", limit, None) for limit, _ in leaves]
    parts += [({"stale": f"{periods} periods"}, staleness(late[periods])) for _, periods in leaves]
    for word in ("all_of", "any_of"):
        when, asked = together(parts, word)
        assert product_s_answer(world, when, keep_firing_for=f"{keep} periods") == kept(world, asked, keep)


def staleness(late: bool) -> Asked:
    return lambda world, values, firing: truth(bad=late) if world.values else "no_value"


# -- pace --------------------------------------------------------------------------------------------------------


@FAST
@given(
    st.integers(0, 5000),
    st.integers(1, 5000),
    st.integers(2026 * 12, 2028 * 12),
    st.integers(0, 40),
    st.integers(0, 30),
    st.integers(0, 100),
    st.sampled_from(["higher_is_better", "lower_is_better"]),
)
def test_pace_agrees(value: int, target: int, month: int, day: int, by: int, begin: int, direction: str) -> None:
    year, number = month // 12, month % 12 + 1
    days = calendar.monthrange(year, number)[1]
    over = min(day, days)
    now = datetime(year, number, 1, 12, 0, tzinfo=UTC).toordinal() + over
    moment = datetime.fromordinal(now).replace(hour=12, tzinfo=UTC)
    kpi = make_kpi(accumulates=True, target=float(target), direction=direction)
    rule = make_rule({"off_pace": {"by": f"{by} %", "from": begin}})
    seen = History(Frequency.MONTHLY, (Point(date(year, number, 1), float(value)),))
    said = answer(verdict_on(kpi, rule, seen, now=moment))
    if over == 0 or Fraction(over * 100, days) < begin:
        assert said == "too_early"
        return
    heading = Fraction(value * days, over)
    miss = target - heading if direction == "higher_is_better" else heading - target
    assert said == truth(bad=miss > 0 and miss >= Fraction(target * by, 100))
