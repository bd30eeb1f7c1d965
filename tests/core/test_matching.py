"""Finding a KPI by what a person typed, in the demo company's whole catalogue."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core.clearance import Reader, visible_kpis
from bot.core.matching import Match, find_kpi
from bot.core.organisation import Level
from tests.core.examples import make_kpi, shipped_policy

POLICY = shipped_policy()
KPIS = tuple(POLICY.kpis.values())


def found(query: str) -> str | None:
    kpi = find_kpi(query, KPIS).kpi
    return kpi.key if kpi else None


@pytest.mark.parametrize("department", POLICY.departments)
def test_every_kpi_answers_to_its_key_its_names_and_its_aliases(department: str) -> None:
    near = [kpi for kpi in KPIS if kpi.department == department]
    for kpi in near[:: max(len(near) // 10, 1)]:
        for name in (kpi.key, kpi.key.replace("_", " "), kpi.name.en, kpi.name.es, kpi.name.es.upper(), *kpi.aliases):
            assert find_kpi(name, near).kpi == kpi, name


def test_no_two_kpis_of_the_catalogue_answer_to_the_same_name() -> None:
    answers = [(kpi.key, found(kpi.name.es)) for kpi in KPIS[::15]]
    assert [key for key, _ in answers] == [key for _, key in answers]


@pytest.mark.parametrize(
    ("query", "key"),
    [
        ("churn", "churn_rate"),
        ("  CHURN  ", "churn_rate"),
        ("Churn-Rate", "churn_rate"),
        ("tasa de cancelación", "churn_rate"),
        ("tasa de cancelacion", "churn_rate"),
        ("TASA DE CANCELACIÓN", "churn_rate"),
        ("retención de clientes", "customer_retention"),
        ("retencion de clientes", "customer_retention"),
        ("indice nps", "nps"),
        ("ciclo de venta", "sales_cycle"),
        ("ltv:cac", "ltv_cac_ratio"),
        ("LTV/CAC", "ltv_cac_ratio"),
        ("mrr", "mrr"),
        ("nps", "nps"),
    ],
)
def test_case_accents_and_signs_do_not_matter(query: str, key: str) -> None:
    assert found(query) == key


@pytest.mark.parametrize(
    ("query", "key"),
    [
        ("roi", "roi_performance"),
        ("uptime", "platform_uptime"),
        ("retention rate", "employee_retention"),
        ("customer satisfaction", "customer_satisfaction"),
        ("win rate", "win_rate"),
    ],
)
def test_an_exact_name_wins_over_everything_that_only_contains_it(query: str, key: str) -> None:
    assert found(query) == key


@pytest.mark.parametrize(
    ("query", "key"),
    [("brand aw", "brand_awareness"), ("burn r", "burn_rate"), ("notoriedad", "brand_awareness"), ("stick", "dau_mau")],
)
def test_a_beginning_only_one_has_is_enough(query: str, key: str) -> None:
    assert found(query) == key


@pytest.mark.parametrize(
    ("query", "key"),
    [
        ("churn rte", "churn_rate"),
        ("brand awarness", "brand_awareness"),
        ("plataform uptime", "platform_uptime"),
        ("gross margn", "gross_margin"),
        ("satisfacion del equipo", "team_satisfaction"),
    ],
)
def test_a_slip_of_the_finger_is_forgiven(query: str, key: str) -> None:
    assert found(query) == key


def test_a_beginning_that_several_have_is_asked_back() -> None:
    match = find_kpi("customer", KPIS)
    assert match.kpi is None
    assert 1 < len(match.nearest) <= 3
    assert all("customer" in kpi.name.en.casefold() for kpi in match.nearest)


def test_a_prefix_beats_a_likeness() -> None:
    begins, resembles = make_kpi("margins_of_all_sorts"), make_kpi("margin_s")
    assert find_kpi("margins", [begins, resembles]).kpi == begins


def test_the_one_found_is_not_suggested_beside_itself() -> None:
    part, whole = make_kpi("abcdefgh"), make_kpi("abcdefgz_qrstuvwz")
    assert find_kpi("abcdefgh qrstuvwx", [part, whole]) == Match(kpi=whole, nearest=(part,))


def test_two_equally_near_ones_are_asked_back() -> None:
    match = find_kpi("sales in norht", [make_kpi("sales_in_north"), make_kpi("sales_in_norte")])
    assert match.kpi is None
    assert {kpi.key for kpi in match.nearest} == {"sales_in_north", "sales_in_norte"}


@pytest.mark.parametrize("query", ["zzzzqqqq", "xyzzy plugh", "🙂", "%%%", "", "   ", "___", "<script>"])
def test_what_resembles_nothing_finds_nothing(query: str) -> None:
    assert find_kpi(query, KPIS).kpi is None


@pytest.mark.parametrize("query", ["", "   ", "___", "?!"])
def test_nothing_typed_suggests_nothing(query: str) -> None:
    assert find_kpi(query, KPIS) == Match(kpi=None)


@pytest.mark.parametrize("query", ["frobnicate", "dashboard", "hello", "finance"])
def test_what_is_like_no_word_of_a_name_suggests_nothing(query: str) -> None:
    assert find_kpi(query, KPIS) == Match(kpi=None)


@pytest.mark.parametrize(
    ("query", "near", "far"),
    [("chrun", "churn_rate", "runway"), ("margen", "gross_margin", "churn_rate"), ("marjin", "gross_margin", "mrr")],
)
def test_suggested_is_only_what_shares_a_word_or_nearly(query: str, near: str, far: str) -> None:
    keys = [kpi.key for kpi in find_kpi(query, KPIS).nearest]
    assert near in keys
    assert far not in keys


def test_cancelacion_is_churn() -> None:
    assert found("cancelación") == found("cancelacion") == "churn_rate"


def test_a_short_word_inside_a_long_one_is_not_taken_for_it() -> None:
    assert found("art") is None


def test_with_nothing_given_nothing_is_found() -> None:
    assert find_kpi("churn", []) == Match(kpi=None)


OPERATIONAL = visible_kpis(Reader(level=Level.SUPPORT), POLICY)


@pytest.mark.parametrize(
    "query", ["churn", "churn_rate", "mrr", "arr", "tasa de cancelación", "market share", "recurring revenue"]
)
def test_what_was_not_given_is_neither_found_nor_suggested(query: str) -> None:
    named = found(query)
    assert named is not None
    match = find_kpi(query, OPERATIONAL)
    back = [*match.nearest, *([match.kpi] if match.kpi else [])]
    assert named not in {kpi.key for kpi in back}
    assert {kpi.key for kpi in back} <= {kpi.key for kpi in OPERATIONAL}


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=25), st.sets(st.sampled_from(range(len(KPIS))), max_size=6))
def test_whatever_is_typed_only_the_given_can_come_back(query: str, places: set[int]) -> None:
    given_kpis = [KPIS[place] for place in sorted(places)]
    match = find_kpi(query, given_kpis)
    back = [*match.nearest, *([match.kpi] if match.kpi else [])]
    assert {kpi.key for kpi in back} <= {kpi.key for kpi in given_kpis}
    assert len(match.nearest) <= 3
    assert match.kpi not in match.nearest
