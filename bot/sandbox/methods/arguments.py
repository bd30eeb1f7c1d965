"""The arguments of a Web API call, read by type, and Slack's words when they are missing or of the wrong kind."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from bot.sandbox.errors import SlackError
from bot.sandbox.strict_json import read_json


def invalid(*problems: str, code: str = "invalid_arguments") -> SlackError:
    """Slack's refusal of arguments, each problem under `response_metadata.messages`."""
    return SlackError(code, response_metadata={"messages": [f"[ERROR] {problem}" for problem in problems]})


class Arguments:
    """The arguments of one call, from a form or from JSON."""

    def __init__(self, raw: Mapping[str, Any]) -> None:
        """Take the raw fields; a form carries objects as JSON text."""
        self.raw = raw

    def has(self, name: str) -> bool:
        """Whether the argument was given at all."""
        return self.raw.get(name) is not None

    def require(self, names: Iterable[str]) -> None:
        """Refuse a call without one of these. One that is there but empty is for the method to judge."""
        missing = [f"missing required field: {name}" for name in names if not self.has(name)]
        if missing:
            raise invalid(*missing)

    def text(self, name: str, default: str = "") -> str:
        """A string."""
        value = self.raw.get(name)
        if value is None:
            return default
        if not isinstance(value, str):
            raise invalid(f"must be a string [json-pointer:/{name}]")
        return value

    def words(self, name: str) -> list[str]:
        """A list of words: parted by commas, or as JSON."""
        value = self.raw.get(name)
        if isinstance(value, str) and value.startswith("["):
            value = self.structure(name)
        if isinstance(value, list):
            return [str(word) for word in value]
        return [word.strip() for word in self.text(name).split(",") if word.strip()]

    def flag(self, name: str, *, default: bool = False) -> bool:
        """True or false, also as `1`, `true`."""
        value = str(self.raw.get(name, default)).lower()
        if value not in ("1", "true", "0", "false", "", "none"):
            raise invalid(f"must be a boolean [json-pointer:/{name}]")
        return value in ("1", "true")

    def number(self, name: str, default: int, code: str = "invalid_arguments") -> int:
        """A whole number; `code` is what Slack calls one that is not."""
        value = self.raw.get(name)
        if value in (None, ""):
            return default
        try:
            return int(str(value))
        except ValueError:
            raise invalid(f"must be a number [json-pointer:/{name}]", code=code) from None

    def structure(self, name: str, code: str = "invalid_arguments") -> Any:
        """An object or array, given as such or as JSON text; None when absent."""
        value = self.raw.get(name)
        if not isinstance(value, str):
            return value
        try:
            return read_json(value) if value else None
        except ValueError:
            raise SlackError(code) from None
