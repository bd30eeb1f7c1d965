"""The phrasebook: a notice and its facts in, words in named parts out."""

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

from bot.core.periods import Frequency, Period
from bot.core.speech import Button, Chart, Speech, Style
from bot.core.words import Language
from bot.phrasebook import numbers, times
from bot.phrasebook.check import check
from bot.phrasebook.facts import FACTS, SHARED, complete
from bot.phrasebook.parts import CUTTABLE_PARTS, MARKED_PARTS, PLAIN_PARTS, speech_of
from bot.phrasebook.templates import Templates
from bot.phrasebook.voice import Voice
from bot.phrasebook.wording import WordingError


class ButtonChoice(NamedTuple):
    """A button a message shall have; ask: the reader is asked once more before it acts."""

    action: str
    value: str
    style: Style = Style.PLAIN
    ask: bool = False


class Phrasebook:
    """Templates of ``folder`` (the company's own, may be None) over the shipped ones.

    Looked up block by block: own language, shipped language, own English, shipped English. A changed file speaks at
    once.
    """

    def __init__(self, folder: Path | None, shipped: Path) -> None:
        self._roots = roots = [root for root in (folder, shipped) if root is not None]
        templates = {language: Templates(_folders(roots, language), language) for language in Language}
        self._voices = {
            (language, plain): Voice(templates[language], plain=plain)
            for language in Language
            for plain in (True, False)
        }

    def say(
        self,
        notice: str,
        language: Language,
        *,
        buttons: Sequence[ButtonChoice] = (),
        chart: Chart | None = None,
        **facts: Any,
    ) -> Speech:
        """Put a notice into words. Raises WordingError when its template is broken or a fact is missing."""
        known, problems = complete(notice, facts)
        if problems:
            raise WordingError(f"{language.value}/{notice}.j2", "; ".join(problems))
        said = self._parts(notice, language, known)
        if not said["text"].strip():
            raise WordingError(f"{language.value}/{notice}.j2", "block 'text' is missing or empty")
        drawn = [self.button(one.action, one.value, language, style=one.style, ask=one.ask) for one in buttons]
        return speech_of(said, drawn, chart, lambda count: self.word("and_more", language, count=count))

    def word(self, key: str, language: Language, **facts: Any) -> str:
        """Give a short plain word of ``words.j2``. Raises WordingError when there is none of that name."""
        voice = self.voice(language, plain=True)
        if not voice.has("words", key):
            voice.refuse("words", f"there is no block '{key}'")
        return voice.say("words", key, facts).strip()

    def button(
        self, action: str, value: str, language: Language, *, style: Style = Style.PLAIN, ask: bool = False
    ) -> Button:
        """Make a button with the words ``button_<action>`` and, where it asks, ``ask_<action>``."""
        return Button(
            action=action,
            value=value,
            text=self.word(f"button_{action}", language),
            style=style,
            ask=self.word(f"ask_{action}", language) if ask else None,
        )

    def prepare(self) -> None:
        """Compile every template and load every language, so that the first answer is as quick as the next.

        Takes about half a second. Raises WordingError when a template does not compile.
        """
        for (language, _), voice in self._voices.items():
            for name in (*FACTS, *SHARED):
                voice.blocks(name)
            times.short_period(Period(frequency=Frequency.MONTHLY, first=date(2026, 1, 1)), language)
            numbers.short(1e6, "EUR", language)

    def check(self) -> list[WordingError]:
        """Try every template out in every language; give what is wrong, nothing when all is well."""
        return check(self, self._roots)

    def voice(self, language: Language, *, plain: bool) -> Voice:
        """Give the templates of a language in one manner."""
        return self._voices[language, plain]

    def _parts(self, notice: str, language: Language, facts: Mapping[str, Any]) -> dict[str, str]:
        plain, marked = self.voice(language, plain=True), self.voice(language, plain=False)
        said = {part: plain.say(notice, part, facts) for part in PLAIN_PARTS}
        return said | {part: marked.say(notice, part, facts, cuttable=part in CUTTABLE_PARTS) for part in MARKED_PARTS}


def _folders(roots: Sequence[Path], language: Language) -> list[Path]:
    return [root / spoken.value for spoken in dict.fromkeys((language, Language.EN)) for root in roots]


def shipped_messages() -> Path:
    """Give the folder of the templates that come with kpi-bot: inside the package, or of the checkout."""
    here = Path(__file__).resolve().parents[1]
    packaged = here / "_data" / "messages"
    return packaged if packaged.is_dir() else here.parent / "messages"
