"""The nearest valid word: what somebody probably meant."""

from collections.abc import Iterable

from rapidfuzz import fuzz, process

_ALIKE = 65  # of 100: one slip of the keyboard in a word of three letters, several in a long one
_LISTED = 12


def nearest(word: str, valid: Iterable[str]) -> str | None:
    """Give the valid word most like this one, or None when none is close."""
    words = list(valid)
    longer = sorted(each for each in words if len(word) > 2 and each.startswith(word.lower()))
    if longer:
        return longer[0]
    found = process.extractOne(word.lower(), words, scorer=fuzz.ratio, score_cutoff=_ALIKE)
    return found[0] if found else None


def unknown(noun: str, word: str, valid: Iterable[str]) -> str:
    """Say that a word is not known: with the valid ones when they are few, and the nearest."""
    words = list(valid)
    said = f"unknown {noun} '{word}'"
    if 0 < len(words) <= _LISTED:
        said += f"; expected one of {', '.join(words)}"
    meant = nearest(word, words)
    return f"{said}; did you mean '{meant}'?" if meant else said
