"""``/kpi replay``: what the rules of a KPI would have said, for the asker's eyes only and only if they may see it."""

import pytest

from tests.slack.company import Company
from tests.slack.test_commands import ask, words


def red_summer(company: Company) -> None:
    for month, value in enumerate((2.0, 2.0, 4.5, 4.6, 2.0, 2.1, 3.0), start=4):
        company.record("churn_rate", value, f"2026-{month:02}")


def test_each_rule_says_how_often_it_would_have_rung_and_whom(served: Company) -> None:
    red_summer(served)
    said = words(ask(served, "ana", "replay churn"))
    for part in ("Tried on history: Churn rate", "churn-rate-critical", "1 alert, ", "at worst 4.6%",
                 "Bruno Bosch, Carla Costa and Ana Alba", "churn-worsening"):  # fmt: skip
        assert part in said


@pytest.mark.parametrize("typed", ["replay churn", "ensayar tasa de cancelación"])
def test_it_answers_in_the_language_of_the_asker(served: Company, typed: str) -> None:
    red_summer(served)
    said = words(ask(served, "bruno", typed))
    assert "Ensayo con el historial: Tasa de cancelación" in said
    assert "peor valor 4,6 %" in said


def test_a_kpi_without_values_cannot_be_tried(served: Company) -> None:
    assert "no values to try its rules on" in ask(served, "ana", "replay churn").plain


def test_whoever_may_not_see_a_kpi_hears_that_there_is_none(served: Company) -> None:
    red_summer(served)
    hidden = words(ask(served, "guest", "replay churn"))
    assert hidden.replace("churn", "x") == words(ask(served, "guest", "replay zzzz")).replace("zzzz", "x")


def test_without_a_name_it_says_what_to_write(served: Company) -> None:
    assert "Write /kpi replay and the name of a KPI" in ask(served, "ana", "replay").plain
