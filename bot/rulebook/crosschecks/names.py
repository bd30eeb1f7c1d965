"""People call a KPI by its key, its names and its aliases; each such word must mean one KPI."""

from collections.abc import Iterator

from bot.core.kpi import Kpi
from bot.core.matching import folded
from bot.rulebook.draft import Draft, Trouble
from bot.rulebook.tree import Path


def names_that_mean_two_kpis(draft: Draft) -> Iterator[Trouble]:
    """Yield names and aliases that another KPI has as key, name or alias, in any language and as a search reads them.

    Of a key and a name or alias that are alike, the latter is told; otherwise the one that stands further down.
    """
    kpis = draft.all(Kpi)
    taken: dict[str, tuple[str, str, Path]] = {folded(key): (key, "key", ()) for key in kpis}
    for word in ("name", "alias"):
        for key, kpi in kpis.items():
            for path, called in _called(kpi, word):
                owner, what, there = taken.setdefault(folded(called), (key, word, path))
                if owner != key and folded(called):
                    where = draft.place(Kpi, owner, there).fault("")
                    problem = f"'{called}' is already the {what} of '{owner}' ({where.file}:{where.line})"
                    yield Trouble(Kpi, key, path, problem)


def _called(kpi: Kpi, word: str) -> Iterator[tuple[Path, str]]:
    if word == "alias":
        yield from ((("aliases", place), alias) for place, alias in enumerate(kpi.aliases))
        return
    yield ("name", "en"), kpi.name.en
    if kpi.name.es != kpi.name.en:
        yield ("name", "es"), kpi.name.es


def empty_aliases(draft: Draft) -> Iterator[Trouble]:
    """Yield aliases nobody could type."""
    for key, kpi in draft.all(Kpi).items():
        for place, alias in enumerate(kpi.aliases):
            if not folded(alias):
                yield Trouble(Kpi, key, ("aliases", place), "an alias has at least one letter")
