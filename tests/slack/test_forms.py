"""The form for a value that lives in somebody's head: opened, refused, mended and sent off, in a real modal."""

import json
from datetime import timedelta
from pathlib import Path

import pytest

from bot.core.checkin import example
from bot.core.typed import read_typed
from bot.core.words import Language
from bot.phrasebook import Phrasebook, shipped_messages
from bot.rulebook import read_policy, shipped_rules
from bot.sandbox import View
from bot.slack.limits import check_view
from bot.store import audit, values
from bot.store.values import Origin
from tests.slack.company import Company


def plain(text: str) -> str:
    return text.replace("\u00a0", " ").replace("\u202f", " ")


def opened(served: Company, who: str, typed: str = "set churn", channel: str = "lobby") -> View:
    reply = served.sandbox.user(who).command(f"/kpi {typed}", channel)
    assert reply.error is None
    return served.sandbox.user(who).wait_for_modal()


def stored(served: Company, kpi: str = "churn_rate") -> dict[str, float]:
    with served.database.reading() as tx:
        return {one.first.isoformat()[:7]: one.value for one in values.records(tx, kpi, "")}


def period_options(view: View) -> list[str]:
    element = next(block["element"] for block in view.blocks if block.get("block_id") == "period")
    return [option["text"]["text"] for option in element["options"]]


def test_set_without_a_value_opens_a_form_whose_value_is_recorded_like_a_typed_one(served: Company) -> None:
    bruno = served.sandbox.user("bruno")
    opened(served, "bruno")
    assert bruno.submit(values={"value": "4,3 %"}).errors in (None, {})
    said = plain(bruno.wait_for_message("Anotado").plain)
    assert "4,3 %" in said
    assert "octubre de 2026" in said
    assert stored(served) == {"2026-10": 4.3}
    with served.database.reading() as tx:
        [record] = values.records(tx, "churn_rate", "")
    assert (record.origin, record.author) == (Origin.SLACK, bruno.id)
    assert served.nudges == 1


def test_the_form_offers_the_newest_complete_period_first_and_marks_what_has_a_value(served: Company) -> None:
    served.record("churn_rate", 2.0, "2026-09")
    offered = period_options(opened(served, "carla"))
    assert offered[:3] == ["October 2026", "September 2026 · has a value", "August 2026"]
    assert offered[-1] == "November 2026"
    assert len(offered) == 13


def test_another_period_and_a_note_are_taken_as_given(served: Company) -> None:
    opened(served, "carla")
    served.sandbox.user("carla").submit(values={"value": "2.1", "period": "2026-08", "note": "From the *board* pack"})
    assert "From the ∗board∗ pack" in served.sandbox.user("carla").wait_for_message("Recorded").plain
    assert stored(served) == {"2026-08": 2.1}
    with served.database.reading() as tx:
        assert audit.verify(tx) is None


@pytest.mark.parametrize(
    ("who", "typed", "says"),
    [
        ("carla", "about three", "“about three” cannot be read. Write a number such as 3.2%."),
        ("bruno", "unos tres", "«unos tres» no se puede leer. Escriba un número como 3,2 %."),
        ("bruno", "3 EUR", "no se puede leer"),
        ("bruno", "9" * 20, "Debe ser un número de tamaño normal."),
    ],
)
def test_what_cannot_be_taken_is_said_under_the_input_in_the_readers_language(
    served: Company, who: str, typed: str, says: str
) -> None:
    view = opened(served, who)
    reply = served.sandbox.user(who).submit(view, {"value": typed})
    assert says in plain((reply.errors or {})["value"])
    assert served.sandbox.user(who).view is not None, "the form stays open to be mended"
    assert stored(served) == {}
    served.sandbox.user(who).submit(values={"value": "3"})
    assert stored(served) == {"2026-10": 3.0}


def test_a_value_outside_the_plausible_range_names_the_range(served: Company, tmp_path: Path) -> None:
    reworded(served, tmp_path, "kpis/operations.yaml", "target: 99.9", "target: 99.9\n  plausible: {low: 0, high: 100}")
    opened(served, "ana", "set uptime")
    reply = served.sandbox.user("ana").submit(values={"value": "101"})
    assert plain((reply.errors or {})["value"]) == "It must lie between 0% and 100%."


@pytest.mark.parametrize(("who", "kpi"), [("ana", "churn"), ("guest", "churn"), ("carla", "zzz")])
def test_no_form_opens_for_who_may_not_enter_or_for_what_is_not_there(served: Company, who: str, kpi: str) -> None:
    reply = served.sandbox.user(who).command(f"/kpi set {kpi}", "lobby")
    assert reply.ephemeral
    assert served.sandbox.user(who).view is None


def test_clearance_is_asked_again_when_the_form_is_sent_off(served: Company, tmp_path: Path) -> None:
    opened(served, "carla")
    reworded(served, tmp_path, "people.yaml", ", deputy: carla", "")
    reworded(served, tmp_path, "people.yaml", "departments: [revenue, operations]", "departments: [operations]")
    served.sandbox.user("carla").submit(values={"value": "3"})
    served.sandbox.user("carla").wait_for_message("No KPI is called")
    assert stored(served) == {}


def test_a_calculated_kpi_is_refused_with_words(served: Company, tmp_path: Path) -> None:
    reworded(served, tmp_path, "kpis/revenue.yaml", "unit: percent", "unit: percent\n  formula: mrr / 100000")
    reply = served.sandbox.user("carla").command("/kpi set churn", "lobby")
    assert "is calculated" in reply.plain
    assert served.sandbox.user("carla").view is None


def test_a_form_slack_will_not_open_is_answered_with_how_to_write_it(served: Company) -> None:
    served.sandbox.faults.plan("error", method="views.open", error="expired_trigger_id")
    reply = served.sandbox.user("carla").command("/kpi set churn", "lobby")
    assert "/kpi set churn_rate 3.2 2026-10" in reply.plain


def test_an_answer_that_comes_too_late_for_its_command_stands_in_the_form(served: Company) -> None:
    opened(served, "carla")
    served.sandbox.clock.advance(timedelta(minutes=40))
    served.sandbox.user("carla").submit(values={"value": "3"})
    view = served.sandbox.user("carla").view
    assert view is not None
    assert "Recorded" in json.dumps(view.blocks)
    assert stored(served) == {"2026-10": 3.0}


def test_what_the_form_remembers_holds_no_figure_and_slack_takes_every_form(served: Company) -> None:
    served.record("churn_rate", 4.37, "2026-10")
    view = opened(served, "carla")
    assert "4.37" not in json.dumps(view.payload)
    sent = served.sandbox.calls("views.open")[-1].arguments["view"]
    assert check_view(json.loads(sent) if isinstance(sent, str) else sent) == []


@pytest.mark.parametrize("language", list(Language))
def test_the_example_a_form_gives_can_be_typed_back(language: Language) -> None:
    book = Phrasebook(None, shipped_messages())
    for kpi in read_policy(shipped_rules()).kpis.values():
        wanted = example(kpi.unit)
        shown = book.word("form_hint", language, kpi=kpi, example=wanted)
        typed = shown.removeprefix("Such as ").removeprefix("Por ejemplo, ")
        assert read_typed(typed, kpi, language, "form") == wanted


def reworded(served: Company, folder: Path, file: str, old: str, new: str) -> None:
    """Change the rules under the running bot."""
    path = folder / "rules" / file
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")
    served.policy = read_policy(folder / "rules")
