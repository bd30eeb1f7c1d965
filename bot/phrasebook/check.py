"""Trying every template out before it speaks: it compiles, has the blocks it should, and can word every sample."""

import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Protocol

from bot.core.conditions import CONDITIONS
from bot.core.speech import Speech
from bot.core.words import Language
from bot.phrasebook.facts import FACTS, SHARED
from bot.phrasebook.parts import PARTS
from bot.phrasebook.samples import samples
from bot.phrasebook.voice import Voice
from bot.phrasebook.wording import WordingError

_OURS = re.compile(r"<(?:@[UW][A-Z0-9]+|#[CGD][A-Z0-9]+|!date\^\d+\^[^<>|]*\|[^<>]*|https://[^\s<>|]+\|[^<>]*)>")


class Book(Protocol):
    """What is checked."""

    def say(self, notice: str, language: Language, **facts: Any) -> Speech:
        """Put a notice into words."""

    def voice(self, language: Language, *, plain: bool) -> Voice:
        """Give the templates of a language in one manner."""


def check(book: Book, roots: Sequence[Path]) -> list[WordingError]:
    """Give everything that is wrong with the templates; roots: the folders they are in, the company's own first."""
    return [*_files(book, roots), *_blocks(book), *_spoken(book)]


def _files(book: Book, roots: Sequence[Path]) -> Iterator[WordingError]:
    """Find files that do not compile, and files and blocks that nothing would ever speak."""
    for language in Language:
        for path in sorted(path for root in roots for path in (root / language.value).glob("*.j2")):
            place, name = f"{language.value}/{path.name}", path.stem
            try:
                blocks = book.voice(language, plain=False).blocks(name)
            except WordingError as error:
                yield error
                continue
            if name not in FACTS and name not in SHARED and not name.startswith("_"):
                yield WordingError(place, "no message has this name; a part to include begins with '_'")
            elif name in FACTS:
                for block in sorted(blocks - set(PARTS)):
                    yield WordingError(place, f"block '{block}' is none of {', '.join(PARTS)}")


def _blocks(book: Book) -> Iterator[WordingError]:
    """Find blocks that one language has and another has not, and conditions without a sentence."""
    for name in (*FACTS, *SHARED):
        try:
            known = {language: book.voice(language, plain=False).blocks(name) for language in Language}
        except WordingError:
            continue
        wanted = frozenset[str]().union(*known.values())
        wanted |= CONDITIONS if name == "findings" else {"text"} if name in FACTS else set()
        for language, blocks in known.items():
            for block in sorted(wanted - blocks):
                yield WordingError(f"{language.value}/{name}.j2", f"block '{block}' is missing")


def _spoken(book: Book) -> Iterator[WordingError]:
    """Word every sample of every message in every language."""
    told: set[str] = set()
    for language in Language:
        for notice in FACTS:
            for case, facts in samples(notice):
                problem = _said_wrong(book, notice, language, facts)
                if problem is not None and str(problem) not in told:
                    told.add(str(problem))
                    yield WordingError(problem.template, f"{problem.problem} (sample: {case or 'only one'})")


def _said_wrong(book: Book, notice: str, language: Language, facts: dict[str, Any]) -> WordingError | None:
    try:
        said = book.say(notice, language, **facts)
    except WordingError as error:
        return error
    marked = "\n".join((said.body, *said.fields, *said.items, said.rest, said.footer))
    place = f"{language.value}/{notice}.j2"
    if "&amp;amp;" in marked or "&amp;lt;" in marked:
        return WordingError(place, "escapes twice: print facts themselves, not what a set block or macro made of them")
    if re.search(r"[<>]", _OURS.sub("", marked).replace("\n>", "\n")):
        return WordingError(place, "has a '<' or '>' of its own: write &lt; and &gt;, and mention with the filters")
    if len(said.headline) > 150:
        return WordingError(place, f"the headline has {len(said.headline)} characters; Slack shows 150")
    return None
