"""The phrasebook: whose template speaks, what it may do, and how it refuses."""

import time
from pathlib import Path
from typing import Any

import pytest

from bot.core.speech import Chart, Line, Style
from bot.core.words import Language
from bot.phrasebook import ButtonChoice, Phrasebook, WordingError, shipped_messages
from bot.phrasebook.samples import samples

EN, ES = Language.EN, Language.ES


def write(folder: Path, name: str, words: str) -> None:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(words, encoding="utf-8")


def book(folder: Path) -> Phrasebook:
    return Phrasebook(folder, shipped_messages())


def facts(notice: str, case: str = "") -> dict[str, Any]:
    found = dict(samples(notice))
    return found[case] if case else next(iter(found.values()))


def test_the_companys_own_block_speaks_and_the_others_stay_as_shipped(tmp_path: Path) -> None:
    write(tmp_path, "en/alert_gone.j2", "{% block text %}Gone fishing{% endblock %}")
    said = book(tmp_path).say("alert_gone", EN)
    assert said.text == "Gone fishing"
    assert said.body == Phrasebook(None, shipped_messages()).say("alert_gone", EN).body


def test_an_own_empty_block_says_nothing(tmp_path: Path) -> None:
    write(tmp_path, "en/alert_gone.j2", "{% block body %}{% endblock %}")
    assert book(tmp_path).say("alert_gone", EN).body == ""


def test_a_changed_file_speaks_at_once(tmp_path: Path) -> None:
    write(tmp_path, "en/words.j2", "{% block no_data %}nothing yet{% endblock %}")
    own = book(tmp_path)
    assert own.word("no_data", EN) == "nothing yet"
    write(tmp_path, "en/words.j2", "{% block no_data %}still nothing{% endblock %}")
    later = time.time() + 5
    import os

    os.utime(tmp_path / "en/words.j2", (later, later))
    assert own.word("no_data", EN) == "still nothing"


def test_a_language_without_a_template_speaks_english(tmp_path: Path) -> None:
    write(tmp_path, "en/alert_gone.j2", "{% block text %}Only English{% endblock %}")
    assert Phrasebook(None, tmp_path).say("alert_gone", ES).text == "Only English"


def test_a_missing_fact_is_refused_by_name() -> None:
    with pytest.raises(WordingError, match="fact 'remedy' is missing"):
        Phrasebook(None, shipped_messages()).say("bad_input", EN, place="here", problem="wrong")


def test_a_message_nobody_knows_is_refused() -> None:
    with pytest.raises(WordingError, match="no message 'party'"):
        Phrasebook(None, shipped_messages()).say("party", EN)


@pytest.mark.parametrize(
    ("words", "problem"),
    [
        ("{% block text %}{{ query.nothing }}{% endblock %}", "no attribute 'nothing'"),
        ("{% block text %}{{ nowhere }}{% endblock %}", "'nowhere' is undefined"),
        ("{% block text %}{{ query | shout }}{% endblock %}", "No filter named 'shout'"),
        ("{% block text %}\n{% if %}{% endblock %}", "Expected an expression"),
        ("{% block text %}{{ query.__class__ }}{% endblock %}", "unsafe"),
        ("{% block text %}{{ suggestions.append(1) }}{% endblock %}", "unsafe"),
        ("{% block text %}{{ 'x' * 1000000 }}{% endblock %}", "is for two numbers"),
        ("{% block text %}{{ '%1000000d' % 1 }}{% endblock %}", "is for two numbers"),
        ("{% block text %}{% for x in range(9) %}{% endfor %}{% endblock %}", "'range' is undefined"),
        ("{% block text %}{{ none }}{% endblock %}", "prints a fact that is empty"),
        ("{% block text %}   {% endblock %}", "missing or empty"),
        (
            "{% block text %}{% for a in query %}{% for b in query %}{{ query }}{% endfor %}{% endfor %}{% endblock %}",
            "more than 20000 characters",
        ),
    ],
)
def test_a_broken_or_greedy_template_is_refused_with_its_file(tmp_path: Path, words: str, problem: str) -> None:
    write(tmp_path, "en/kpi_unknown.j2", words)
    with pytest.raises(WordingError) as refused:
        book(tmp_path).say("kpi_unknown", EN, query="q" * 100, suggestions=[])
    assert problem in refused.value.problem
    assert refused.value.template.startswith("en/kpi_unknown.j2")


def test_a_mistake_is_named_with_its_line_even_in_an_included_part(tmp_path: Path) -> None:
    write(tmp_path, "en/_late.j2", "\n\n{{ nowhere }}")
    with pytest.raises(WordingError) as refused:
        book(tmp_path).say("alert_withdrawn", EN, **facts("alert_withdrawn"))
    assert refused.value.template == "en/_late.j2:3"


def test_one_broken_template_leaves_the_others_speaking(tmp_path: Path) -> None:
    write(tmp_path, "en/kpi_unknown.j2", "{% block text %}{{ ")
    assert book(tmp_path).say("alert_gone", EN).text


def test_buttons_carry_words_style_and_question() -> None:
    choices = [ButtonChoice("acknowledge", "a1", Style.PRIMARY), ButtonChoice("resolve", "a1", ask=True)]
    first, second = Phrasebook(None, shipped_messages()).say("alert_gone", ES, buttons=choices).buttons
    assert (first.text, first.style, first.ask) == ("Me encargo", Style.PRIMARY, None)
    assert second.ask is not None and second.ask.startswith("¿Cerrar")


def test_a_chart_is_handed_on_as_it_is() -> None:
    chart = Chart(title="Churn", labels=("a", "b"), lines=(Line(name="x", values=(1.0, 2.0)),))
    assert Phrasebook(None, shipped_messages()).say("alert_gone", EN, chart=chart).chart == chart


@pytest.mark.parametrize("language", list(Language))
def test_what_does_not_fit_is_cut_from_the_end_and_counted(language: Language) -> None:
    some = facts("alerts_list", "some")
    said = Phrasebook(None, shipped_messages()).say("alerts_list", language, **some | {"rows": some["rows"] * 30})
    assert len(said.items) == 31
    assert "90" in said.items[-1]
    assert said.items[:4] == Phrasebook(None, shipped_messages()).say("alerts_list", language, **some).items


def test_a_long_list_of_kpis_keeps_its_first_lines_and_counts_the_rest() -> None:
    name, standings = facts("kpi_list")["groups"][0]
    said = Phrasebook(None, shipped_messages()).say("kpi_list", EN, groups=[(name, standings * 150)])
    lines = said.rest.splitlines()
    assert lines[0] == "*Sales*"
    assert lines[-1] == f"… and {301 - (len(lines) - 1)} more"
    assert len(said.rest) < 10_000


def test_a_list_too_long_to_be_counted_is_cut_without_a_number_and_without_delay() -> None:
    name, standings = facts("kpi_list")["groups"][0]
    begun = time.perf_counter()
    said = Phrasebook(None, shipped_messages()).say("kpi_list", EN, groups=[(name, standings * 20_000)])
    assert time.perf_counter() - begun < 5
    assert said.headline == "40,000 KPIs"
    assert said.rest.splitlines()[-1] == "…"
    assert len(said.rest) < 10_000


def test_discreet_notifications_name_neither_figure_nor_kpi() -> None:
    speaking = Phrasebook(None, shipped_messages())
    for notice in (notice for notice in _alert_notices()):
        for language in Language:
            said = speaking.say(notice, language, **dict(samples(notice))["discreet"]).text
            shown = said.replace("50\u00a0min", "")
            assert not any(sign.isdigit() for sign in shown), said
            assert "Churn" not in said and "cancelación" not in said and "pipeline" not in said.lower()


def _alert_notices() -> list[str]:
    from bot.phrasebook.facts import FACTS

    return [notice for notice in FACTS if FACTS[notice] == FACTS["alert_opened"]]


def test_saying_a_summary_takes_little_time() -> None:
    speaking, some = Phrasebook(None, shipped_messages()), facts("kpi_summary")
    speaking.say("kpi_summary", EN, **some)
    begun = time.perf_counter()
    for _ in range(20):
        speaking.say("kpi_summary", EN, **some)
    assert (time.perf_counter() - begun) / 20 < 0.2


def test_after_preparing_the_first_answer_is_as_quick_as_the_next() -> None:
    speaking, some = Phrasebook(None, shipped_messages()), facts("kpi_summary")
    speaking.prepare()
    begun = time.perf_counter()
    speaking.say("kpi_summary", EN, **some)
    first = time.perf_counter() - begun
    unprepared = Phrasebook(None, shipped_messages())
    begun = time.perf_counter()
    unprepared.say("kpi_summary", EN, **some)
    assert first < (time.perf_counter() - begun) / 2


def test_preparing_names_a_template_that_does_not_compile(tmp_path: Path) -> None:
    write(tmp_path, "es/help.j2", "{% block text %}{{ ")
    with pytest.raises(WordingError, match=r"es/help\.j2:1"):
        book(tmp_path).prepare()
