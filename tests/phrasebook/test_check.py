"""``check`` finds what is wrong with templates before they speak, and nothing where nothing is."""

from collections.abc import Iterable
from pathlib import Path

import pytest

from bot.core.alert import Resolution, State
from bot.core.commands import VERBS
from bot.core.conditions import CONDITIONS
from bot.core.digest import Why
from bot.core.kpi import Classification
from bot.core.lifecycle import Notice
from bot.core.periods import Frequency
from bot.core.standing import Label, Status
from bot.core.verdict import Doubt
from bot.core.words import Language
from bot.phrasebook import Phrasebook, shipped_messages
from bot.phrasebook.facts import FACTS
from bot.store.outbox import Delivery
from bot.store.values import Origin

WORDS: dict[str, Iterable[str]] = {
    "status": Status, "score": Label, "state": State, "resolution": Resolution, "kpi": Classification,
    "periods": Frequency, "doubt": Doubt, "digest": Why, "notice": [*Notice, "alert_passed_on"],
    "delivery": Delivery, "origin": Origin, "command": [*VERBS, "mine", "kpi"],
    "button": ["acknowledge", "resolve", "share", "why"], "ask": ["acknowledge", "resolve", "share"],
}  # fmt: skip


def _found(folder: Path) -> list[str]:
    return [str(problem) for problem in Phrasebook(folder, shipped_messages()).check()]


def _write(folder: Path, name: str, words: str) -> None:
    (folder / name).parent.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text(words, encoding="utf-8")


def test_the_shipped_messages_are_fine() -> None:
    assert [str(problem) for problem in Phrasebook(None, shipped_messages()).check()] == []


@pytest.mark.parametrize("language", list(Language))
@pytest.mark.parametrize("kind", WORDS)
def test_everything_that_has_a_name_has_a_word(kind: str, language: Language) -> None:
    book = Phrasebook(None, shipped_messages())
    for name in WORDS[kind]:
        assert book.word(f"{kind}_{name}", language, count=2), name


@pytest.mark.parametrize("language", list(Language))
def test_every_condition_has_a_sentence(language: Language) -> None:
    voice = Phrasebook(None, shipped_messages()).voice(language, plain=True)
    assert set(voice.blocks("findings")) == CONDITIONS


def test_every_notice_of_an_alerts_life_has_a_message() -> None:
    assert {notice.value for notice in Notice} <= set(FACTS)


MISTAKES = [
    ("en/help.j2", "{% block text %}{{ x", "en/help.j2:1: unexpected end of template"),
    ("en/_late.j2", "\n{% if late %}", "en/_late.j2:2: Unexpected end of template"),
    ("es/halp.j2", "hi", "es/halp.j2: no message has this name"),
    ("en/busy.j2", "{% block boddy %}{% endblock %}", "en/busy.j2: block 'boddy' is none of text, headline"),
    ("es/words.j2", "{% block extra %}x{% endblock %}", "en/words.j2: block 'extra' is missing"),
    ("en/alert_gone.j2", "{% block body %}<!channel>{% endblock %}", "en/alert_gone.j2: has a '<' or '>' of its own"),
    (
        "en/shared.j2",
        "{% block body %}{% set it %}{{ kpi.name }} & <b>{% endset %}{{ it | sentence_of }}{% endblock %}",
        "en/shared.j2:1: No filter named 'sentence_of'",
    ),
    (
        "en/set_done.j2",
        "{% block body %}{% set it %}{{ '&' }}{% endset %}{{ it }}{% endblock %}",
        "en/set_done.j2: escapes twice",
    ),
    (
        "en/alerts_list.j2",
        "{% block headline %}" + "x" * 200 + "{% endblock %}",
        "en/alerts_list.j2: the headline has 200",
    ),
    ("en/act_answer.j2", "{% block footer %}\n{{ kpi.nam }}{% endblock %}", "en/act_answer.j2:2: block 'footer'"),
    (
        "en/findings.j2",
        "{% block worsens_for %}{{ finding.vale }}{% endblock %}",
        "en/findings.j2:1: block 'worsens_for'",
    ),
]


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    folder = tmp_path_factory.mktemp("messages")
    for name, words, _ in MISTAKES:
        _write(folder, name, words)
    return _found(folder)


@pytest.mark.parametrize(("name", "words", "problem"), MISTAKES)
def test_a_mistake_is_found_and_placed(found: list[str], name: str, words: str, problem: str) -> None:
    assert [line for line in found if line.startswith(problem)], found


def test_a_language_that_lacks_a_block_is_found(tmp_path: Path) -> None:
    _write(tmp_path, "es/alert_gone.j2", "{% block text %}No existe{% endblock %}")
    problems = [str(problem) for problem in Phrasebook(None, tmp_path).check()]
    assert "en/alert_gone.j2: block 'text' is missing" in problems
    assert "es/alert_gone.j2: block 'text' is missing" not in problems
