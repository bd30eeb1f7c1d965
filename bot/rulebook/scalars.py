"""How a single word of YAML is read: as few surprises as possible.

Only ``true`` and ``false`` are booleans, so ``no`` and ``on`` are words; a date is text; a number is written plainly.
What other programs would read as something else (``010``, ``1_000``, ``0x10``, ``.inf``) is refused.
"""

import re

_NUMBER = re.compile(r"[-+]?(?:0|[1-9][0-9]*)(\.[0-9]*)?([eE][-+]?[0-9]+)?|[-+]?(\.[0-9]+)([eE][-+]?[0-9]+)?")
_LEADING_ZERO = re.compile(r"[-+]?0[0-9]+(\.[0-9]*)?")
_GROUPED = re.compile(r"[-+]?[0-9]+(_[0-9]+)+(\.[0-9_]*)?")
_OTHER_BASE = re.compile(r"[-+]?0[xob][0-9a-fA-F_]+")
_NOT_FINITE = re.compile(r"[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)")
_WORDS: dict[str, object] = {"true": True, "false": False, "null": None, "~": None, "": None}
_EXACT_DIGITS = 15


class NotPlain(ValueError):
    """A word that looks like a number but is not plainly one; the text says what to write instead."""


def plain_value(text: str, *, quoted: bool) -> object:
    """Give the bool, int, float, None or text that stands there; raises NotPlain."""
    if quoted:
        return text
    if text in _WORDS:
        return _WORDS[text]
    match = _NUMBER.fullmatch(text)
    if match is None:
        _refuse_lookalike(text)
        return text
    whole = not any(match.groups())
    return int(text) if whole and len(text) <= _EXACT_DIGITS else _finite(text)


def plain_key(text: str, *, quoted: bool) -> str:
    """Give the key as text, also when it looks like a number (period labels do); raises NotPlain."""
    if not quoted and text in _WORDS:
        raise NotPlain(f"'{text}' is no name for an entry; choose a word, or write it in quotes")
    return text


def _finite(text: str) -> float:
    number = float(text)
    if number in (float("inf"), float("-inf")):
        raise NotPlain(f"'{text}' is too large; a number has at most 308 digits")
    return number


def _refuse_lookalike(text: str) -> None:
    if _LEADING_ZERO.fullmatch(text):
        raise NotPlain(f"'{text}' begins with a zero; write the number without it, or text in quotes")
    if _GROUPED.fullmatch(text):
        plain = text.replace("_", "")
        raise NotPlain(f"'{text}' is not taken as a number; write {plain}, or text in quotes")
    if _OTHER_BASE.fullmatch(text):
        raise NotPlain(f"'{text}' is not taken as a number; write it in decimal, or text in quotes")
    if _NOT_FINITE.fullmatch(text):
        raise NotPlain(f"'{text}' is no number that can be compared; write a finite one")
