"""Whose words a filter speaks, as templates hand it over: language, manner, and the short words of ``words.j2``."""

import re
from collections.abc import Mapping
from typing import Any, NoReturn, Protocol, cast
from zoneinfo import ZoneInfo

from jinja2.runtime import Context

from bot.core.policy import Policy
from bot.core.words import Language
from bot.phrasebook.markup import Markup


class Speaker(Protocol):
    """One language in one manner, with its templates."""

    plain: bool

    @property
    def language(self) -> Language:
        """The language spoken."""

    def show(self, data: object) -> str:
        """Give what is printed for a piece of data."""

    def say(self, name: str, block: str, facts: Mapping[str, Any]) -> str:
        """Render one block of a template."""

    def has(self, name: str, block: str) -> bool:
        """Say whether a template has a block."""

    def refuse(self, name: str, problem: str) -> NoReturn:
        """Raise the error of a template."""


def speaker_of(context: Context) -> Speaker:
    """Give the voice a template is spoken in."""
    return cast(Speaker, context["_voice"])


def zone_of(context: Context) -> ZoneInfo:
    """Give the zone of the clock shown where Slack shows none: the fact ``zone``, else the company's."""
    zone = context.get("zone")
    return zone if isinstance(zone, ZoneInfo) else cast(Policy, context["policy"]).zone


def block_of(context: Context, template: str, block: str, facts: Mapping[str, Any]) -> Markup:
    """Render a block of one of our own templates on top of the facts at hand. Raises WordingError without it."""
    voice = speaker_of(context)
    if not voice.has(template, block):
        voice.refuse(template, f"there is no block '{block}'")
    said = voice.say(template, block, {**context.get_all(), **facts})
    return Markup(re.sub(r"[ \n]+", " ", said).strip())


def word_of(context: Context, key: str, **facts: Any) -> Markup:
    """Give a short word of ``words.j2``."""
    return block_of(context, "words", key, facts)
