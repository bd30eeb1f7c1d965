"""One person's command or click: who asks, of which house, by which policy and when; and an answer whatever happens."""

import secrets
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

import structlog

from bot.core.entering import UnknownKpi
from bot.core.errors import BadInput
from bot.core.policy import Policy
from bot.core.speech import Speech
from bot.core.words import Language
from bot.flows import ask
from bot.flows.ask import Asker
from bot.flows.house import House
from bot.phrasebook import WordingError
from bot.phrasebook.plain import plain

log = structlog.get_logger()

_LONGEST_QUERY = 80

_Answer = TypeVar("_Answer")


@dataclass(frozen=True)
class Question:
    """house: the parts; policy, now: those in force when it came; who: the asker, perhaps a stranger."""

    house: House
    policy: Policy
    who: Asker
    now: datetime

    def say(self, notice: str, **facts: Any) -> Speech:
        """Put a notice into the asker's language."""
        return self.house.phrasebook.say(notice, self.who.language, **facts)

    def unknown(self, query: str) -> Speech:
        """Say that there is no such KPI, whether it does not exist or may not be seen."""
        return ask.unknown(self.policy, self.house.phrasebook, self.who, query[:_LONGEST_QUERY])


def question(house: House, slack_id: str, *, trusted: bool) -> Question:
    """Begin a question; trusted False makes a stranger of anybody."""
    policy = house.policy()
    return Question(house, policy, ask.asker(policy, slack_id, trusted=trusted), house.clock())


def answered(house: House, asked: Callable[[], Question], answer: Callable[[Question], _Answer]) -> _Answer | Speech:
    """Answer a question; bad input is answered in words, and an accident with a reference to its log line."""
    language: Language | None = None
    try:
        one = asked()
        language = one.who.language
        return _with_bad_input_in_words(one, answer)
    except Exception as error:  # noqa: BLE001 - a person waits for the answer, and the reason is in the log
        return _try_again(house, language, error)


def _with_bad_input_in_words(one: Question, answer: Callable[[Question], _Answer]) -> _Answer | Speech:
    try:
        return answer(one)
    except UnknownKpi as unknown:
        return one.unknown(unknown.query)
    except BadInput as bad:
        return one.say("bad_input", place=bad.place, problem=bad.problem, remedy=bad.remedy)


def _try_again(house: House, language: Language | None, error: Exception) -> Speech:
    """Ask to try again. The log gets the kind of error and where it was, never its words: they may hold values."""
    reference = secrets.token_hex(3)
    where = [f"{frame.filename}:{frame.lineno}" for frame in traceback.extract_tb(error.__traceback__)[-4:]]
    log.error("answer_failed", reference=reference, error=type(error).__name__, where=where)
    try:
        speech = house.phrasebook.say("busy", language or house.policy().company.language)
    except WordingError:
        speech = plain("busy")
    return speech.model_copy(update={"footer": f"`{reference}`"})
