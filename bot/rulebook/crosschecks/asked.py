"""Every condition a rules folder asks, those inside ``all_of`` and ``any_of`` included, with the KPI it is asked of."""

from collections.abc import Iterator
from typing import NamedTuple

from bot.core.conditions import Part, When
from bot.core.kpi import Kpi
from bot.rulebook.draft import Draft
from bot.rulebook.tree import Path


class Asked(NamedTuple):
    """One condition: the KPI whose rule it stands in, where, and the KPI it is asked of (None for an unknown one)."""

    owner: Kpi
    path: Path
    when: When
    about: Kpi | None

    @property
    def place(self) -> Path:
        """Where the condition's own word stands."""
        return (*self.path, self.when.word)

    @property
    def named(self) -> str | None:
        """The other KPI it names, if it names one."""
        return self.when.kpi if isinstance(self.when, Part) else None


def asked(draft: Draft) -> Iterator[Asked]:
    """Yield every condition of every rule, a whole before its parts."""
    kpis = draft.all(Kpi)
    for kpi in kpis.values():
        for place, rule in enumerate(kpi.rules):
            yield from _asked(kpis, Asked(kpi, ("rules", place, "when"), rule.when, kpi))


def _asked(kpis: dict[str, Kpi], one: Asked) -> Iterator[Asked]:
    yield one
    together = one.when.all_of or one.when.any_of
    for number, part in enumerate(together.parts if together else ()):
        about = kpis.get(part.kpi) if part.kpi else one.about
        yield from _asked(kpis, Asked(one.owner, (*one.place, number), part, about))
