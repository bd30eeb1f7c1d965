"""Targets and thresholds must fit the KPI's direction, unit and frequency."""

from collections.abc import Iterator

from bot.core.kpi import Direction, Kpi, Thresholds
from bot.core.periods import parse_label
from bot.core.units import upper_limit
from bot.core.words import Band
from bot.rulebook.crosschecks.asked import asked
from bot.rulebook.draft import Draft, Trouble
from bot.rulebook.tree import Path

_LEVELS = ("warning", "warning_recovery", "critical", "critical_recovery")
Level = float | Band


def targets_of_the_wrong_shape(draft: Draft) -> Iterator[Trouble]:
    """Yield targets that are no band where the direction wants one (or the reverse), and plans with wrong labels."""
    for key, kpi in draft.all(Kpi).items():
        if kpi.direction is Direction.WITHIN_BAND and not isinstance(kpi.target, Band):
            yield Trouble(Kpi, key, ("target",), "a within_band KPI takes a band such as {low: 85, high: 95}")
        elif kpi.direction is not Direction.WITHIN_BAND and isinstance(kpi.target, Band):
            problem = f"a {kpi.direction} KPI takes a number; for a band write direction: within_band"
            yield Trouble(Kpi, key, ("target",), problem)
        elif isinstance(kpi.target, dict):
            yield from _plan_of(key, kpi, kpi.target)


def _plan_of(key: str, kpi: Kpi, plan: dict[str, float]) -> Iterator[Trouble]:
    if not plan:
        yield Trouble(Kpi, key, ("target",), "the plan has no period; write at least one such as {2026-11: 40}")
    for label in plan:
        try:
            parse_label(label, kpi.frequency)
        except ValueError as error:
            yield Trouble(Kpi, key, ("target", label), str(error), at_key=True)


def thresholds_of_the_wrong_shape(draft: Draft) -> Iterator[Trouble]:
    """Yield thresholds that are bands for a numeric KPI or numbers for a band, and recoveries without a level."""
    for key, kpi in draft.all(Kpi).items():
        banded = kpi.direction is Direction.WITHIN_BAND
        for word, level in _levels_of(kpi.thresholds):
            if isinstance(level, Band) is not banded:
                wanted = "a band such as {low: 80, high: 98}" if banded else "a number"
                problem = f"'{word}' of a {kpi.direction} KPI is {wanted}"
                yield Trouble(Kpi, key, ("thresholds", word), problem)
            base = word.removesuffix("_recovery")
            if getattr(kpi.thresholds, base) is None:
                yield Trouble(Kpi, key, ("thresholds", word), f"there is no '{base}' to recover from")
        if kpi.thresholds and kpi.thresholds.warning is None and kpi.thresholds.critical is None:
            yield Trouble(Kpi, key, ("thresholds",), "needs a warning, a critical level, or both")


def bands_upside_down(draft: Draft) -> Iterator[Trouble]:
    """Yield every band of a KPI whose low end is not below its high end."""
    for key, _, path, band in _bands(draft):
        if band.low >= band.high:
            yield Trouble(Kpi, key, path, f"low ({band.low:g}) must be below high ({band.high:g})")


def thresholds_out_of_order(draft: Draft) -> Iterator[Trouble]:
    """Yield a critical level reached before the warning, and recoveries that are not on the healthy side."""
    for key, kpi in draft.all(Kpi).items():
        levels = dict(_levels_of(kpi.thresholds))
        for better, worse in (
            ("warning", "critical"),
            ("warning_recovery", "warning"),
            ("critical_recovery", "critical"),
        ):
            if better in levels and worse in levels and not _healthier(kpi, levels[better], levels[worse]):
                problem = _order_words(kpi, better, worse, levels)
                yield Trouble(Kpi, key, ("thresholds", better), problem)


def _healthier(kpi: Kpi, better: Level, worse: Level) -> bool:
    """Say whether the first level lies on the healthy side of the second; shapes that do not fit are told elsewhere."""
    if isinstance(better, Band) and isinstance(worse, Band):
        return worse.low <= better.low and better.high <= worse.high and better != worse
    if isinstance(better, Band) or isinstance(worse, Band) or kpi.direction is Direction.WITHIN_BAND:
        return True
    return better > worse if kpi.direction is Direction.HIGHER_IS_BETTER else better < worse


def _order_words(kpi: Kpi, better: str, worse: str, levels: dict[str, Level]) -> str:
    inner, outer = (f"'{word}' ({_shown(levels[word])})" for word in (better, worse))
    if kpi.direction is Direction.WITHIN_BAND:
        return f"{inner} must lie inside {outer}, and be narrower"
    side = "above" if kpi.direction is Direction.HIGHER_IS_BETTER else "below"
    return f"{kpi.direction}: {inner} must be {side} {outer}"


def _shown(level: Level) -> str:
    return f"{level.low:g} to {level.high:g}" if isinstance(level, Band) else f"{level:g}"


def numbers_beyond_the_unit(draft: Draft) -> Iterator[Trouble]:
    """Yield targets and levels that the unit itself rules out: a score out of five cannot be seven."""
    for key, kpi, path, number in _numbers(draft):
        limit = upper_limit(kpi.unit)
        if limit is not None and number > limit:
            yield Trouble(Kpi, key, path, f"{number:g} is more than {kpi.unit} allows ({limit:g})")


def numbers_that_are_not_plausible(draft: Draft) -> Iterator[Trouble]:
    """Yield targets and levels outside the KPI's plausible range: no value that is taken could ever reach them."""
    for key, kpi, path, number in _numbers(draft):
        wide = kpi.plausible
        if wide is not None and wide.low < wide.high and not wide.low <= number <= wide.high:
            problem = f"{number:g} lies outside what is plausible ({wide.low:g} to {wide.high:g})"
            yield Trouble(Kpi, key, path, problem)


def _numbers(draft: Draft) -> Iterator[tuple[str, Kpi, Path, float]]:
    """Yield every number a value is compared with: in which entry, of which KPI, and where it stands."""
    for key, kpi in draft.all(Kpi).items():
        yield from ((key, kpi, path, number) for path, number in _aims_of(kpi))
    for one in asked(draft):
        limit = one.when.above or one.when.below
        if limit is not None and one.about is not None:
            yield one.owner.key, one.about, (*one.place, "limit"), limit.limit
    for key, kpi, path, band in _bands(draft):
        yield from ((key, kpi, (*path, end), number) for end, number in (("low", band.low), ("high", band.high)))


def _aims_of(kpi: Kpi) -> Iterator[tuple[Path, float]]:
    if isinstance(kpi.target, dict):
        yield from ((("target", label), number) for label, number in kpi.target.items())
    elif not isinstance(kpi.target, Band):
        yield ("target",), kpi.target
    for word, level in _levels_of(kpi.thresholds):
        if not isinstance(level, Band):
            yield ("thresholds", word), level


def _bands(draft: Draft) -> Iterator[tuple[str, Kpi, Path, Band]]:
    """Yield every band: in which entry, of which KPI, and where it stands."""
    for key, kpi in draft.all(Kpi).items():
        if isinstance(kpi.target, Band):
            yield key, kpi, ("target",), kpi.target
        if kpi.plausible is not None:
            yield key, kpi, ("plausible",), kpi.plausible
        for word, level in _levels_of(kpi.thresholds):
            if isinstance(level, Band):
                yield key, kpi, ("thresholds", word), level
    for one in asked(draft):
        outside = one.when.outside
        if outside is not None and one.about is not None:
            yield one.owner.key, one.about, one.place, outside
            if outside.recovery is not None:
                yield one.owner.key, one.about, (*one.place, "recovery"), outside.recovery


def _levels_of(thresholds: Thresholds | None) -> Iterator[tuple[str, Level]]:
    for word in _LEVELS if thresholds is not None else ():
        level = getattr(thresholds, word)
        if level is not None:
            yield word, level
