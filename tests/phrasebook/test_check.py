"""``check`` finds what is wrong with templates before they speak, and nothing where nothing is."""

from collections.abc import Iterable
from pathlib import Path

import pytest

from bot.core.alert import Resolution, State
from bot.core.commands import VERBS
from bot.core.conditions import When
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
    assert set(When.model_fields) == set(voice.blocks("findings"))


def test_every_notice_of_an_alerts_life_has_a_message() -> None:
    assert {notice.value for notice in Notice} <= set(FACTS)


@pytest.mark.parametrize(
    ("name", "words", "problem"),
    [
        ("en/help.j2", "{% block text %}{{ x", "en/help.j2:1: unexpected end of template"),
        ("en/_late.j2", "\n{% if late %}", "en/_late.j2:2: Unexpected end of template"),
        ("es/halp.j2", "hi", "es/halp.j2: no message has this name"),
        ("en/help.j2", "{% block boddy %}{% endblock %}", "en/help.j2: block 'boddy' is none of text, headline"),
        ("es/words.j2", "{% block extra %}x{% endblock %}", "en/words.j2: block 'extra' is missing"),
        ("en/help.j2", "{% block body %}<!channel>{% endblock %}", "en/help.j2: has a '<' or '>' of its own"),
        (
            "en/alert_opened.j2",
            "{% block body %}{% set it %}{{ kpi.name }}{% endset %}{{ it }}{% endblock %}",
            "en/alert_opened.j2: escapes twice",
        ),
        ("en/help.j2", "{% block headline %}" + "x" * 200 + "{% endblock %}", "en/help.j2: the headline has 200"),
        (
            "en/alert_opened.j2",
            "{% block footer %}\n{{ kpi.nam }}{% endblock %}",
            "en/alert_opened.j2:2: block 'footer'",
        ),
        ("en/findings.j2", "{% block stale %}{{ finding.value | value(kpi.unit) }}{% endblock %}", "en/findings.j2:1:"),
    ],
)
def test_a_mistake_is_found_and_placed(tmp_path: Path, name: str, words: str, problem: str) -> None:
    _write(tmp_path, name, words)
    found = _found(tmp_path)
    assert [line for line in found if line.startswith(problem)], found


def test_a_language_that_lacks_a_block_is_found(tmp_path: Path) -> None:
    _write(tmp_path, "en/alert_gone.j2", "{% block rest %}more{% endblock %}")
    assert _found(tmp_path) == []  # Spanish falls back to this English block
    spanish = Phrasebook(None, _only_spanish(tmp_path / "other"))
    assert any("en/alert_gone.j2: block 'text' is missing" in str(problem) for problem in spanish.check())


def _only_spanish(folder: Path) -> Path:
    _write(folder, "es/alert_gone.j2", "{% block text %}No existe{% endblock %}")
    return folder
