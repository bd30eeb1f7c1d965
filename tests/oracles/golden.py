"""Every message of the phrasebook, in both languages, as Slack gets it."""

import re

from bot.core.words import Language
from bot.phrasebook import Phrasebook, shipped_messages
from bot.phrasebook.facts import FACTS
from bot.phrasebook.samples import samples
from bot.slack import blocks
from tests.oracles.sent import MESSAGE, Sent


def golden_messages() -> list[Sent]:
    """Give each sample of each message; its origin reads like `digest_daily.en.quiet-day`."""
    book = Phrasebook(None, shipped_messages())
    return [
        Sent(MESSAGE, blocks.message(book.say(notice, language, **facts)), _origin(notice, language, case))
        for notice in sorted(FACTS)
        for language in Language
        for case, facts in samples(notice)
    ]


def _origin(notice: str, language: Language, case: str) -> str:
    return ".".join([notice, language.value, re.sub(r"\W+", "-", case).strip("-")]).rstrip(".")
