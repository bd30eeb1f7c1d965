"""From a Speech to what Slack takes: notification text and Block Kit, kept inside Slack's limits.

Words are cut where the phrasebook can say how much is missing; here only what would be refused is cut, with ``…``.
Data blocks are plain dictionaries: the SDK's classes drop blocks they do not know yet.
"""

import hashlib
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from bot.core.speech import Button, Chart, Speech, Style

Block = dict[str, Any]
Payload = dict[str, Any]

TEXT = 4_000
HEADER = 150
SECTION = 3_000
FIELD = 2_000
FIELDS = 10
MOST_FIELDS = 20
BODY = 6_000
FOOTER = 2_000
BLOCKS = 50
CHARACTERS = 12_500
"""Of all blocks as JSON; Slack was seen to refuse about 13,200 (see `limits.BLOCKS_CHARACTERS`)."""
POINTS = 20
SERIES = 6
CHART_WORD = 20
CHART_TITLE = 50
BUTTONS = 5
CUT = "…"

_LABELLED = re.compile(r"([^:<>\n]{1,40}): (.+)", re.DOTALL)
_ENTITIES = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;"})


def message(speech: Speech) -> Payload:
    """Make ``{"text", "blocks"}`` of a Speech.

    What is too much goes from ``rest`` first, then from ``items``, then the chart and the fields; never the headline,
    the body's beginning or the buttons.
    """
    blocks = next(blocks for blocks in map(_blocks, _ever_smaller(speech)) if _size(blocks) <= CHARACTERS)
    return {"text": _cut(speech.text, TEXT).translate(_ENTITIES), "blocks": _named(blocks)}


def without_chart(payload: Mapping[str, Any]) -> Payload:
    """Give the message without its chart, for a workspace that refuses the block."""
    kept = [block for block in payload.get("blocks", ()) if block["type"] != "data_visualization"]
    return {**payload, "blocks": kept}


def plain(payload: Mapping[str, Any]) -> Payload:
    """Give the message as text alone, for when Slack refuses its blocks."""
    return {key: value for key, value in payload.items() if key != "blocks"}


def _ever_smaller(speech: Speech) -> Iterator[Speech]:
    yield speech
    yield speech.model_copy(update={"chart": None})
    bare = {"chart": None, "fields": (), "items": (), "rest": ""}
    yield speech.model_copy(update=bare)
    for length in (SECTION // 2, SECTION // 8, 0):
        shorter = {"body": _cut(speech.body, length), "footer": _cut(speech.footer, length)}
        yield speech.model_copy(update=bare | shorter)


def _blocks(speech: Speech) -> list[Block]:
    opening, closing = _opening(speech), _closing(speech)
    rest = [_section(piece) for piece in _split(speech.rest, SECTION)]
    most, room = BLOCKS - len(opening) - len(closing), CHARACTERS - _size([*opening, *closing])
    items, rest = _fitting(_items(speech.items), rest, most, room)
    return [*opening, *items, *rest, *closing]


def _opening(speech: Speech) -> list[Block]:
    blocks: list[Block] = []
    if speech.headline.strip():
        blocks.append({"type": "header", "text": _plain_text(speech.headline, HEADER)})
    blocks += [_section(piece) for piece in _split(_cut(speech.body, BODY), SECTION)]
    for start in range(0, min(len(speech.fields), MOST_FIELDS), FIELDS):
        group = speech.fields[start : start + FIELDS]
        blocks.append({"type": "section", "fields": [_mrkdwn(_field(field), FIELD) for field in group]})
    if speech.chart is not None and (drawn := _chart(speech.chart)) is not None:
        blocks.append(drawn)
    return blocks


def _closing(speech: Speech) -> list[Block]:
    blocks: list[Block] = []
    if speech.buttons:
        blocks.append({"type": "actions", "elements": list(_buttons(speech.buttons[:BUTTONS]))})
    if speech.footer.strip():
        blocks.append({"type": "context", "elements": [_mrkdwn(speech.footer, FOOTER)]})
    return blocks


def _items(items: Sequence[str]) -> list[Block]:
    sections = [_section(piece) for item in items for piece in _split(item, SECTION)]
    return [{"type": "divider"}, *sections] if sections else []


def _fitting(items: list[Block], rest: list[Block], most: int, room: int) -> tuple[list[Block], list[Block]]:
    """Drop from the end, what is least important first, until both count and size are kept; ``…`` marks the cut."""
    cut = False
    while rest and _too_much([*items, *rest], most, room):
        rest, cut = rest[:-1], True
    while len(items) > 2 and _too_much(items, most, room):
        items, cut = items[:-1], True
    return items, [*rest, _section(CUT)] if cut else rest


def _too_much(blocks: list[Block], most: int, room: int) -> bool:
    """Say whether there is no room for these blocks and the mark of a cut."""
    return len(blocks) + 1 > most or _size([*blocks, _section(CUT)]) > room


def _size(blocks: Sequence[Block]) -> int:
    """Measure as sent, with the ids every block still gets."""
    return len(json.dumps(list(blocks), ensure_ascii=False, separators=(",", ":"))) + 30 * len(blocks)


def _named(blocks: Sequence[Block]) -> list[Block]:
    """Give every block an id that is new whenever the message has changed: an edit must not reuse the old ones."""
    stamp = hashlib.sha256(json.dumps(list(blocks)).encode()).hexdigest()[:10]
    return [{**block, "block_id": f"{stamp}-{place}"} for place, block in enumerate(blocks)]


def _section(text: str) -> Block:
    return {"type": "section", "text": _mrkdwn(text, SECTION)}


def _field(field: str) -> str:
    """Set ``label: value`` as a bold label above its value."""
    match = _LABELLED.fullmatch(field)
    return f"*{match[1]}*\n{match[2]}" if match else field


def _mrkdwn(text: str, most: int) -> dict[str, Any]:
    """Make marked-up text; verbatim, so that Slack makes no links and mentions of its own out of data."""
    return {"type": "mrkdwn", "text": _cut(text, most), "verbatim": True}


def _plain_text(text: str, most: int) -> dict[str, Any]:
    return {"type": "plain_text", "text": _cut(text, most), "emoji": True}


def _cut(text: str, most: int) -> str:
    """Cut a text to length, never inside a mention, link or entity."""
    if len(text) <= most:
        return text
    if most <= 0:
        return ""
    kept = text[: most - 1]
    kept = re.sub(r"(<[^<>]*|&[a-z]{0,3})$", "", kept)
    return kept + "…"


def _split(text: str, most: int) -> list[str]:
    """Split a text into pieces of at most so many characters, at the ends of lines wherever there are some."""
    pieces: list[str] = []
    for line in text.split("\n"):
        part = _cut(line, most)
        if pieces and len(pieces[-1]) + 1 + len(part) <= most:
            pieces[-1] += "\n" + part
        else:
            pieces.append(part)
    return [piece for piece in pieces if piece.strip()]


def _buttons(buttons: Sequence[Button]) -> Iterator[dict[str, Any]]:
    """Draw the buttons; the same action twice gets a number, for ids must differ within a message."""
    seen: dict[str, int] = {}
    for button in buttons:
        count = seen[button.action] = seen.get(button.action, 0) + 1
        drawn: dict[str, Any] = {
            "type": "button",
            "action_id": f"kpi:{button.action}" + (f":{count}" if count > 1 else ""),
            "text": _plain_text(button.text, 75),
            "value": button.value,
        }
        if button.style is not Style.PLAIN:
            drawn["style"] = button.style.value
        if button.ask:
            drawn["confirm"] = _confirm(button.text, button.ask)
        yield drawn


def _confirm(verb: str, question: str) -> dict[str, Any]:
    """Ask first. The way out reads "No" in every language we speak."""
    return {
        "title": _plain_text(verb, 100),
        "text": _plain_text(question, 300),
        "confirm": _plain_text(verb, 30),
        "deny": _plain_text("No", 30),
    }


def _chart(chart: Chart) -> Block | None:
    """Draw the newest points as a line chart; None when nothing could be drawn of them."""
    labels = _distinct([_cut(label, CHART_WORD) or "–" for label in chart.labels[-POINTS:]])
    lines = [line for line in chart.lines[:SERIES] if len(line.values) == len(chart.labels)]
    if not labels or not lines:
        return None
    names = _distinct([_cut(line.name, CHART_WORD) or "–" for line in lines])
    return {
        "type": "data_visualization",
        "title": _cut(chart.title, CHART_TITLE) or "–",
        "chart": {
            "type": "line",
            "series": [
                {"name": name, "data": [{"label": label, "value": value} for label, value in pairs]}
                for name, line in zip(names, lines, strict=True)
                for pairs in [zip(labels, line.values[-POINTS:], strict=True)]
            ],
            "axis_config": {"categories": labels}
            | ({"y_label": _cut(chart.value_title, CHART_TITLE)} if chart.value_title else {}),
        },
    }


def _distinct(words: Sequence[str]) -> list[str]:
    """Make words differ, by a number where two are alike."""
    seen: dict[str, int] = {}
    made = []
    for word in words:
        count = seen[word] = seen.get(word, 0) + 1
        tail = f" ({count})" if count > 1 else ""
        made.append(word[: CHART_WORD - len(tail)] + tail)
    return made
