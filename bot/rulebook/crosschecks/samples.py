"""Sample series must belong to a KPI (and a segment of it) and hold numbers its unit allows."""

from collections.abc import Iterator

from bot.core.kpi import Kpi
from bot.core.policy import Dimension
from bot.core.samples import Anchor
from bot.core.units import upper_limit
from bot.rulebook.draft import Draft, Trouble
from bot.rulebook.nearest import unknown


def samples_of_unknown_series(draft: Draft) -> Iterator[Trouble]:
    """Yield sample series whose name is not ``<kpi>`` or ``<kpi>/<dimension>:<member>``."""
    places, kpis = draft.places(Kpi), draft.all(Kpi)
    for series in draft.all(Anchor):
        key, slash, segment = series.partition("/")
        if key not in places and draft.knows_all(Kpi):
            yield Trouble(Anchor, series, (), unknown("KPI", key, places))
        elif key in kpis and slash and segment not in (known := _segments(draft, kpis[key])):
            yield Trouble(Anchor, series, (), unknown(f"segment of {key}", segment, known))


def samples_beyond_the_unit(draft: Draft) -> Iterator[Trouble]:
    """Yield sample series that stand higher than the KPI's unit allows, or between ends that are crossed."""
    kpis = draft.all(Kpi)
    for series, anchor in draft.all(Anchor).items():
        kpi = kpis.get(series.partition("/")[0])
        limit = upper_limit(kpi.unit) if kpi else None
        for word in ("current", "before"):
            number = getattr(anchor, word)
            if kpi and limit is not None and number > limit:
                yield Trouble(Anchor, series, (word,), f"{number:g} is more than {kpi.unit} allows ({limit:g})")
        if anchor.low is not None and anchor.high is not None and anchor.low >= anchor.high:
            yield Trouble(Anchor, series, ("low",), f"low ({anchor.low:g}) must be below high ({anchor.high:g})")


def _segments(draft: Draft, kpi: Kpi) -> list[str]:
    dimensions = draft.all(Dimension)
    return [f"{name}:{member}" for name in kpi.segments if name in dimensions for member in dimensions[name].members]


def samples_of_calculated_kpis(draft: Draft) -> Iterator[Trouble]:
    """Yield sample histories of KPIs that are calculated, and so have the history their inputs give them."""
    kpis = draft.all(Kpi)
    for series in draft.all(Anchor):
        kpi = kpis.get(series.partition("/")[0])
        if kpi is not None and kpi.formula is not None:
            yield Trouble(Anchor, series, (), "is calculated; leave its history out", at_key=True)
