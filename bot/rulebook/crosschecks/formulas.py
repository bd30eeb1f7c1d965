"""What must hold between a calculated KPI and those it is made of."""

from collections.abc import Iterator

from bot.core.kpi import Kpi
from bot.core.rollup import Rollup, is_finer
from bot.rulebook.draft import Draft, Trouble


def formulas_in_a_circle(draft: Draft) -> Iterator[Trouble]:
    """Yield calculated KPIs that are, by one way or another, made of themselves."""
    made_of = {key: kpi.formula.names for key, kpi in draft.all(Kpi).items() if kpi.formula is not None}
    for key in made_of:
        way = _way_back(made_of, key)
        if way:
            yield Trouble(Kpi, key, ("formula",), f"is made of itself: {' → '.join(way)}")


def _way_back(made_of: dict[str, tuple[str, ...]], start: str) -> list[str]:
    """Give the way from a KPI over those it is made of back to itself; empty when there is none."""
    ways, seen = [[start]], {start}
    while ways:
        way = ways.pop()
        for name in made_of.get(way[-1], ()):
            if name == start:
                return [*way, name]
            if name not in seen:
                seen.add(name)
                ways.append([*way, name])
    return []


def calculated_kpis_nobody_enters(draft: Draft) -> Iterator[Trouble]:
    """Yield calculated KPIs whose owner would be asked for a value that cannot be entered."""
    for key, kpi in draft.all(Kpi).items():
        if kpi.formula is not None and kpi.check_in is not None:
            problem = f"'{key}' is calculated: {kpi.formula.text}; put check_in on the KPIs it is made of"
            yield Trouble(Kpi, key, ("check_in",), problem)


def inputs_that_do_not_fit(draft: Draft) -> Iterator[Trouble]:
    """Yield inputs of formulas with longer periods, without a rollup, or without the segments of the calculated KPI."""
    kpis = draft.all(Kpi)
    for key, kpi in kpis.items():
        for name in kpi.formula.names if kpi.formula else ():
            problem = _unfit(kpi, kpis[name]) if name in kpis else None
            if problem:
                yield Trouble(Kpi, key, ("formula",), problem)


def _unfit(made: Kpi, part: Kpi) -> str | None:
    if is_finer(made.frequency, part.frequency):
        return f"'{part.key}' is {part.frequency}, so there is no {made.frequency} value of it to calculate with"
    if is_finer(part.frequency, made.frequency) and part.rollup is None:
        ways = ", ".join(Rollup)
        return f"'{part.key}' is {part.frequency}; say in it how that makes a {made.frequency} value: rollup: {ways}"
    missing = [name for name in made.segments if name not in part.segments]
    if missing:
        return f"'{part.key}' is not cut by {' and '.join(missing)}, so this cannot be; take it from 'segments'"
    return None


def sums_judged_too_early(draft: Draft) -> Iterator[Trouble]:
    """Yield KPIs that add up while their period runs, and would be judged as if it were over."""
    kpis = draft.all(Kpi)
    for key, kpi in kpis.items():
        if kpi.completeness_delay is not None:
            continue
        parts = [kpis[name] for name in (kpi.formula.names if kpi.formula else ()) if name in kpis]
        adding = [part.key for part in parts if _adds_up(part, kpi)]
        if adding:
            yield Trouble(Kpi, key, ("formula",), _too_early(adding[0], kpi))
        elif kpi.accumulates:
            yield Trouble(Kpi, key, ("accumulates",), _too_early(key, kpi))


def _adds_up(part: Kpi, made: Kpi) -> bool:
    """Say whether a part of a calculated KPI grows while the period of the whole runs."""
    finer = is_finer(part.frequency, made.frequency)
    return part.rollup is Rollup.SUM if finer else part.accumulates


def _too_early(adding: str, judged: Kpi) -> str:
    return (
        f"'{adding}' adds up while the {judged.frequency} period runs, and would be judged before it is over; "
        "write completeness_delay: 1 period"
    )
