"""Every message in every language, word for word: a change of wording is a visible diff in ``golden/``.

To accept new words, delete the golden file and run the test twice: the first run writes it and fails.
"""

import re
from pathlib import Path

import pytest

from bot.core.speech import Speech
from bot.core.words import Language
from bot.phrasebook import Phrasebook, shipped_messages
from bot.phrasebook.facts import FACTS
from bot.phrasebook.samples import samples

GOLDEN = Path(__file__).parent / "golden"


@pytest.fixture(scope="module")
def book() -> Phrasebook:
    return Phrasebook(None, shipped_messages())


@pytest.mark.parametrize("language", list(Language))
@pytest.mark.parametrize("notice", sorted(FACTS))
def test_a_message_says_what_its_golden_file_says(book: Phrasebook, notice: str, language: Language) -> None:
    said = "\n\n".join(_written(case, book.say(notice, language, **facts)) for case, facts in samples(notice)) + "\n"
    path = GOLDEN / f"{notice}.{language.value}.txt"
    if not path.exists():
        path.write_text(said, encoding="utf-8")
        pytest.fail(f"{path.name} was missing and has been written: read it, then run again")
    assert said == path.read_text(encoding="utf-8")


def test_no_golden_file_outlives_its_message() -> None:
    expected = {f"{notice}.{language.value}.txt" for notice in FACTS for language in Language}
    assert {path.name for path in GOLDEN.iterdir()} == expected


def _written(case: str, speech: Speech) -> str:
    """Lay a message out for reading: no-break spaces as ``␣``, date tokens by what they show elsewhere."""
    parts = [("text", speech.text), ("headline", speech.headline), ("body", speech.body)]
    parts += [("field", field) for field in speech.fields] + [("item", item) for item in speech.items]
    parts += [("rest", speech.rest), ("footer", speech.footer)]
    lines = [f"{name:>8}  " + said.replace("\n", "\n" + " " * 10) for name, said in parts if said]
    shown = "\n".join([f"--- {case or 'only one'}", *lines]).replace("\u00a0", "␣")
    return re.sub(r"<!date\^(\d+)\^[^|]*\|([^>]*)>", r"<\2>", shown)
