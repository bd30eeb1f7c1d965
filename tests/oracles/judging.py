"""All judges over everything that was sent, and one list of what they refuse."""

from collections.abc import Iterable, Mapping, Sequence

from tests.oracles import by_limits, by_types
from tests.oracles.sent import Sent

MAY_BE_UNKNOWN: Mapping[str, str] = {
    "call": "an old block that slackblocks has no class for",
    "attachments": "the bot sends none; only the sandbox's own tests do",
    "section.expand": "a newer field than slackblocks 3.0",
    "header.level": "a newer field than slackblocks 3.0",
    "table.raw_number": "cells of numbers are newer than slackblocks 3.0",
    "table.rich_text": "slackblocks holds only one part in a table's cell",
    "date": "a leaf of rich_text that slackblocks has no class for",
    "broadcast": "a leaf of rich_text that slackblocks has no class for",
    "color": "a leaf of rich_text that slackblocks has no class for",
    "text.underline": "a style of rich_text that slackblocks has no word for",
}
"""Kinds and fields that slackblocks may leave unjudged, each with the reason."""


def refused_by_limits(everything: Iterable[Sent]) -> list[str]:
    """Give what slackblocks refuses, and what it does not know and should."""
    found = []
    for sent in everything:
        opinion = by_limits.opinion_of(sent.surface, sent.payload)
        problems = [*opinion.refused, *(f"not judged: {kind}" for kind in opinion.unknown - MAY_BE_UNKNOWN.keys())]
        found += [f"{sent.origin} ({sent.surface}): {problem}" for problem in problems]
    return found


def refused(everything: Sequence[Sent]) -> list[str]:
    """Give what either judge refuses, one line each."""
    by_each = {"slackblocks": refused_by_limits(everything), "@slack/types": by_types.refusals(everything)}
    return [f"{judge} | {line}" for judge, lines in by_each.items() for line in lines]
