"""What a person typed after the slash command."""

import pytest

from bot.core.commands import VERBS, Command, parse


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
