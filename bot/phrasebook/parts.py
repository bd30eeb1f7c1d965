"""From the rendered blocks of a template to the parts of a Speech, kept to a size that can be sent."""

import re
from collections.abc import Callable, Mapping, Sequence

from bot.core.speech import Button, Chart, Speech
from bot.phrasebook.voice import CUT

PLAIN_PARTS = ("text", "headline")
MARKED_PARTS = ("body", "fields", "items", "rest", "footer")
CUTTABLE_PARTS = ("items", "rest")
PARTS = PLAIN_PARTS + MARKED_PARTS
"""The blocks a message's template may have."""

MOST_ITEMS = 30
MOST_LINES = 400
MOST_WORDS = 9_500
"""Characters of all parts; with what stands around them that stays below the 13,200 Slack was seen to refuse."""

_AROUND_ITEM, _AROUND_LINE, _CHART = 110, 2, 2_600


def speech_of(
    said: Mapping[str, str], buttons: Sequence[Button], chart: Chart | None, more: Callable[[int], str]
) -> Speech:
    """Make the Speech. What does not fit is cut from the end of ``rest`` first, then of ``items``, and counted."""
    parts = {part: _tidy(said[part]) for part in ("body", "footer")}
    fields = tuple(line for line in _lines(said["fields"]) if line)
    room = MOST_WORDS - sum(len(part) for part in (*parts.values(), *fields)) - (_CHART if chart else 0)
    items, room = _fitting(_paragraphs(said["items"]), room, _AROUND_ITEM, MOST_ITEMS, more)
    rest, _ = _fitting(_lines(_tidy(said["rest"])), room, _AROUND_LINE, MOST_LINES, more)
    return Speech(
        text=_one_line(said["text"]),
        headline=_one_line(said["headline"]),
        fields=fields,
        chart=chart,
        items=tuple(items),
        rest="\n".join(rest),
        buttons=tuple(buttons),
        **parts,
    )


def _fitting(pieces: list[str], room: int, around: int, most: int, more: Callable[[int], str]) -> tuple[list[str], int]:
    """Give the pieces there is room for, the first always, and a last one that counts the others where it can."""
    kept: list[str] = []
    for place, piece in enumerate(pieces):
        room -= len(piece) + around
        if place and (room < 0 or place >= most):
            return [*kept, CUT if pieces[-1] == CUT else more(len(pieces) - place)], 0
        kept.append(piece)
    return kept, room


def _lines(said: str) -> list[str]:
    return [re.sub(r"[ \t]+", " ", line).strip() for line in said.strip().split("\n")]


def _tidy(said: str) -> str:
    """Trim every line, and leave at most one blank line in a row."""
    return re.sub(r"\n{3,}", "\n\n", "\n".join(_lines(said))).strip()


def _paragraphs(said: str) -> list[str]:
    return [paragraph.strip() for paragraph in _tidy(said).split("\n\n") if paragraph.strip()]


def _one_line(said: str) -> str:
    return re.sub(r"[ \t\n]+", " ", said).strip()
