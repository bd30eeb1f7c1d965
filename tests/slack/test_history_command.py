"""``/kpi history``, and a span behind the name of a KPI: real requests, real words, real database."""

import pytest

from bot.sandbox import Reply
from tests.slack.company import Company


def ask(served: Company, who: str, typed: str) -> str:
    reply: Reply = served.sandbox.user(who).command(f"/kpi {typed}", "lobby")
    assert reply.error is None
    assert reply.ephemeral
    return reply.plain.replace("\u00a0", " ")


def fill(company: Company) -> None:
    for period, value in (("2026-08", 2.0), ("2026-09", 2.4), ("2026-10", 2.9)):
        company.record("churn_rate", value, period)
    company.record("churn_rate", 3.2, "2026-10")


@pytest.mark.parametrize("typed", ["history churn", "historial tasa de cancelación", "HISTORY churn last 6 months"])
def test_every_number_comes_with_who_and_what_it_was_before(served: Company, typed: str) -> None:
    fill(served)
    said = ask(served, "ana", typed)
    for part in ("October 2026: 3.2%", "target missed (≤ 2.5%)", "pushed by test", "Before: 2.9%", "August 2026: 2%"):
        assert part in said


@pytest.mark.parametrize("span", ["2026-09", "September", "septiembre de 2026", "del 3 al 4", "soon"])
def test_a_span_narrows_it_and_what_is_none_is_answered_with_examples(served: Company, span: str) -> None:
    fill(served)
    said = ask(served, "bruno", f"history churn {span}")
    if span in ("del 3 al 4", "soon"):
        assert f"«{span}» no nombra ningún intervalo de fechas" in said
        assert "últimos 30 días" in said
    else:
        assert "Septiembre de 2026: 2,4 %" in said
        assert "ctubre de 2026" not in said


def test_a_span_behind_a_kpi_is_what_its_chart_shows(served: Company) -> None:
    fill(served)
    for typed, drawn in (("churn", ["Aug 26", "Sept 26", "Oct 26"]), ("churn last 2 months", ["Sept 26", "Oct 26"])):
        reply = served.sandbox.user("ana").command(f"/kpi {typed}", "lobby")
        (chart,) = [block for block in reply.blocks if block["type"] == "data_visualization"]
        assert chart["chart"]["axis_config"]["categories"] in (drawn, [label.replace("Sept", "Sep") for label in drawn])
        assert "Churn rate: 3.2%" in reply.plain


def test_who_may_not_see_a_kpi_learns_nothing_of_its_history(served: Company) -> None:
    fill(served)
    unseen, unknown = ask(served, "guest", "history churn 2026"), ask(served, "guest", "history nothing 2026")
    assert unseen.replace("churn", "nothing") == unknown
    assert "No KPI is called" in unseen


def test_without_a_kpi_it_says_how_to_ask(served: Company) -> None:
    assert "/kpi history churn last 6 months" in ask(served, "ana", "history")
