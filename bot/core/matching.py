"""Finding a KPI by what a person typed: its key, name or alias, in any language, with "did you mean"."""

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

from rapidfuzz import fuzz, process

from bot.core.kpi import Kpi
from bot.core.words import Frozen

_SURE = 88.0
_LIKELY = 65.0
_ALIKE = 75.0
_FEW_LETTERS = 4
_NEARLY = 40  # how many likely words are looked at for suggestions


class Match(Frozen):
    """What was found: one KPI, or none and the nearest ones."""

    kpi: Kpi | None
    nearest: tuple[Kpi, ...] = ()


def find_kpi(query: str, kpis: Iterable[Kpi]) -> Match:
    """Find a KPI among those given; only these can be found or suggested.

    An exact key, name or alias wins; then the only one that begins so; then the nearest, if near enough and alone.
    Suggested is what begins so, is much like it, or has a word much like one that was typed.
    """
    spoken = {word: kpi for kpi in kpis for word in _words(kpi)}
    asked = folded(query)
    if not asked:
        return Match(kpi=None)
    if asked in spoken:
        return Match(kpi=spoken[asked])
    beginning = _unique(kpi for word, kpi in spoken.items() if word.startswith(asked))
    if len(beginning) == 1:
        return Match(kpi=beginning[0])
    # A part of a word says little when only a few letters were typed, so those must be like a whole one.
    scorer = fuzz.ratio if len(asked) <= _FEW_LETTERS else fuzz.WRatio
    scored = process.extract(asked, spoken.keys(), scorer=scorer, limit=_NEARLY, score_cutoff=_LIKELY)
    near = _unique([*beginning, *(spoken[word] for word, _, _ in scored if _shares_a_word(asked, word))])
    sure = _unique(spoken[word] for word, points, _ in scored if points >= _SURE and _like(asked, word))
    if len(sure) == 1 and not beginning:
        return Match(kpi=sure[0], nearest=tuple(kpi for kpi in near if kpi.key != sure[0].key)[:3])
    return Match(kpi=None, nearest=tuple(near[:3]))


def _words(kpi: Kpi) -> set[str]:
    return {folded(word) for word in (kpi.key, kpi.name.en, kpi.name.es, *kpi.aliases)}


def _like(asked: str, word: str) -> bool:
    """Guard against a short word found inside a long one: a sure match has about the same length."""
    return fuzz.ratio(asked, word) >= _ALIKE


def _shares_a_word(asked: str, name: str) -> bool:
    """Say whether a name is like what was asked, as a whole or in one word that is more than a particle."""
    words = [word for word in asked.split() if len(word) > 2]
    return _like(asked, name) or any(_like(word, other) for word in words for other in name.split())


@lru_cache(maxsize=20_000)
def folded(text: str) -> str:
    """Give what counts of a name: its letters and digits, without accents and capitals, one space between words."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    letters = "".join(sign for sign in plain if not unicodedata.combining(sign))
    return re.sub(r"[\W_]+", " ", letters).strip()


def _unique(kpis: Iterable[Kpi]) -> list[Kpi]:
    return list({kpi.key: kpi for kpi in kpis}.values())
