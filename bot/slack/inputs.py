"""The pieces forms are made of: inputs with their labels, what a form remembers, and what was written into it."""

import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from bot.slack.question import Question

TITLE = LABEL = 24
_ANSWERABLE = timedelta(minutes=29)
"""Slack lets a command or a click be answered for 30 minutes."""


class Refused(NamedTuple):
    """Why a form was not taken: by the block that has to be mended."""

    errors: dict[str, str]


def remember(one: Question, response_url: str, **names: str) -> str:
    """Give what a form carries along: names of things, and where and until when its sender can be answered."""
    return json.dumps({**names, "url": response_url, "at": one.now.isoformat()})


def remembered(view: Mapping[str, Any], *names: str) -> dict[str, str]:
    """Give back what a form carried along, "" for what it did not."""
    kept = json.loads(str(view.get("private_metadata") or "{}"))
    return {name: str(kept.get(name) or "") for name in names}


def answer_address(view: Mapping[str, Any], now: datetime) -> str | None:
    """Give where the one who sent the form off can be answered; None once Slack no longer lets it."""
    kept = remembered(view, "url", "at")
    fresh = kept["at"] and now - datetime.fromisoformat(kept["at"]) < _ANSWERABLE
    return kept["url"] if kept["url"] and fresh else None


def selected(view: Mapping[str, Any], block: str) -> str:
    """Give what was chosen in a menu."""
    chosen = view["state"]["values"][block][block]["selected_option"] or {}
    return str(chosen.get("value") or "")


def written(view: Mapping[str, Any], block: str) -> str:
    """Give what was typed into an input."""
    return str(view["state"]["values"][block][block].get("value") or "").strip()


def word(one: Question, key: str, **facts: Any) -> str:
    """Give a short word in the asker's language."""
    return one.house.phrasebook.word(key, one.who.language, **facts)


def block(name: str, label: str, element: Mapping[str, Any]) -> dict[str, Any]:
    """Draw an input; block and element are called alike."""
    drawn = {**element, "action_id": name}
    return {"type": "input", "block_id": name, "label": plain(label, 200), "element": drawn}


def typed(longest: int) -> dict[str, Any]:
    """Draw a line to type into."""
    return {"type": "plain_text_input", "max_length": longest}


def plain(text: str, longest: int) -> dict[str, Any]:
    """Draw plain text, cut to length."""
    return {"type": "plain_text", "text": text if len(text) <= longest else f"{text[: longest - 1]}…"}
