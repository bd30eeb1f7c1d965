"""What a person typed after the slash command."""

import pytest

from bot.core.commands import SPANISH, VERBS, Command, parse
from tests.core.examples import shipped_policy


@pytest.mark.parametrize(
    ("text", "verb", "words"),
    [
        ("", "mine", ""),
        ("   \t ", "mine", ""),
        ("help", "help", ""),
        ("HELP", "help", ""),
        ("list", "list", ""),
        ("report daily", "report", "daily"),
        ("  set   churn   3.2 %  ", "set", "churn 3.2 %"),
        ("Ack churn", "ack", "churn"),
        ("churn", "kpi", "churn"),
        ("Tasa de cancelación", "kpi", "Tasa de cancelación"),
        ("listing price", "kpi", "listing price"),
        ("alertness", "kpi", "alertness"),
        ("destroy everything", "kpi", "destroy everything"),
    ],
)
def test_a_verb_is_known_by_its_first_word_and_all_else_is_a_kpi_s_name(text: str, verb: str, words: str) -> None:
    assert parse(text) == Command(verb=verb, words=words)


@pytest.mark.parametrize("verb", VERBS)
def test_every_verb_is_read_in_any_case_with_its_words(verb: str) -> None:
    assert parse(f"{verb.upper()} Net  Promoter Score") == Command(verb=verb, words="Net Promoter Score")


@pytest.mark.parametrize(("word", "verb"), SPANISH.items())
def test_every_verb_can_be_said_in_spanish(word: str, verb: str) -> None:
    assert verb in VERBS
    assert parse(f"  {word.upper()}   tasa de  cancelación") == Command(verb=verb, words="tasa de cancelación")
    assert parse(word) == Command(verb=verb)


def test_every_verb_has_a_spanish_word() -> None:
    assert set(SPANISH.values()) == set(VERBS)


def test_no_name_of_the_catalogue_is_taken_for_a_verb() -> None:
    names = [text for kpi in shipped_policy().kpis.values() for text in (kpi.name.en, kpi.name.es, *kpi.aliases)]
    assert [name for name in names if parse(name).verb != "kpi"] == []
