"""Wording: templates of ``messages/`` with numbers, money and dates by locale, into words in named parts."""

from bot.phrasebook.book import ButtonChoice, Phrasebook, shipped_messages
from bot.phrasebook.wording import WordingError

__all__ = ["ButtonChoice", "Phrasebook", "WordingError", "shipped_messages"]
