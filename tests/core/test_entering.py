"""Reading what a person typed: which KPI, which number in its own unit, which period, which segment."""

from datetime import UTC, datetime

import pytest

from bot.core.entering import NotAllowed, UnknownKpi, leading_kpi, newest_period, read_set, segment_named, to_record
from bot.core.errors import BadInput
from bot.core.intake import Entry
from bot.core.periods import Frequency, Period, parse_label
from bot.core.policy import Policy
from bot.core.words import Language
from bot.rulebook import read_policy, shipped_rules
from tests.rulebook.small_company import write_small_company

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)


@pytest.fixture(scope="module")
def policy(tmp_path_factory: pytest.TempPathFactory) -> Policy:
    folder = write_small_company(tmp_path_factory.mktemp("rules"))
    (folder / "segments.yaml").write_text(
        "size: {name: {en: Size, es: Tamaño}, "
        "members: {small: Small, enterprise: {en: Enterprise, es: Gran empresa}}}\n",
        encoding="utf-8",
    )
    revenue = folder / "kpis" / "revenue.yaml"
    text = revenue.read_text(encoding="utf-8")
    revenue.write_text(text.replace("  weight: 2\n", "  weight: 2\n  segments: [size]\n"), encoding="utf-8")
    return read_policy(folder)


def entered(
    policy: Policy, words: str, who: str = "carla", language: Language = Language.EN, newest: Period | None = None
) -> Entry:
    typed = read_set(policy, policy.people[who], words, language)
    return to_record(policy, typed, newest, language, NOW)


@pytest.mark.parametrize(
    ("words", "kpi", "period", "segment", "value"),
    [
        ("churn 3.2", "churn_rate", "2026-10", "", 3.2),
        ("churn rate 3.2 %", "churn_rate", "2026-10", "", 3.2),
        ("churn_rate 3.2 2026-09", "churn_rate", "2026-09", "", 3.2),
        ("Tasa de cancelacion 3.2", "churn_rate", "2026-10", "", 3.2),
        ("chrun rate 3.2", "churn_rate", "2026-10", "", 3.2),
        ("churn 3.2 2026-10 enterprise", "churn_rate", "2026-10", "size:enterprise", 3.2),
        ("churn 3.2 size:small 2026-10", "churn_rate", "2026-10", "size:small", 3.2),
        ("churn 3.2 % Gran empresa", "churn_rate", "2026-10", "size:enterprise", 3.2),
        ("churn -0.5", "churn_rate", "2026-10", "", -0.5),
        ("mrr €1.2M", "mrr", "2026-10", "", 1_200_000.0),
        ("monthly recurring revenue 1.2 M EUR 2026-10", "mrr", "2026-10", "", 1_200_000.0),
        ("mrr 2026 2026-09", "mrr", "2026-09", "", 2026.0),
        ("churn 3.2 2026-10-05T08:00:00Z", "churn_rate", "2026-10", "", 3.2),
    ],
)
def test_a_typed_line_is_read(policy: Policy, words: str, kpi: str, period: str, segment: str, value: float) -> None:
    entry = entered(policy, words)
    assert (entry.kpi, entry.period.label, entry.segment, entry.value) == (kpi, period, segment, value)


def test_a_comma_is_read_as_the_language_has_it(policy: Policy) -> None:
    assert entered(policy, "churn 3,2", language=Language.ES).value == 3.2
    assert entered(policy, "mrr 1.234", language=Language.ES).value == 1234
    assert entered(policy, "mrr 1,234").value == 1234


@pytest.mark.parametrize(("kpi", "label"), [("uptime", "2026-11-24"), ("churn_rate", "2026-10")])
def test_the_newest_period_runs_for_daily_kpis_and_is_complete_for_monthly_ones(
    policy: Policy, kpi: str, label: str
) -> None:
    assert newest_period(policy, policy.kpis[kpi], None, NOW) == label


@pytest.mark.parametrize(
    ("newest", "meant"), [("2026-11", "2026-11"), ("2026-10", "2026-10"), ("2026-09", "2026-10"), (None, "2026-10")]
)
def test_a_running_period_that_has_a_value_is_the_one_that_is_meant(
    policy: Policy, newest: str | None, meant: str
) -> None:
    known = parse_label(newest, Frequency.MONTHLY) if newest else None
    assert entered(policy, "churn 3.2", newest=known).period.label == meant
    assert entered(policy, "churn 3.2 2026-08", newest=known).period.label == "2026-08"


def test_the_running_day_is_that_of_the_company(policy: Policy) -> None:
    late = datetime(2026, 11, 24, 23, 30, tzinfo=UTC)
    assert newest_period(policy, policy.kpis["uptime"], None, late) == "2026-11-25"


@pytest.mark.parametrize("words", ["mrr 3", "qqq 3", "qqq", "12", "", "   "])
def test_what_names_no_kpi_is_unknown(policy: Policy, words: str) -> None:
    stranger = policy.people["ana"].model_copy(update={"clearance": "external", "departments": ()})
    with pytest.raises(UnknownKpi):
        read_set(policy, stranger, words, Language.EN)
    with pytest.raises(UnknownKpi):
        read_set(policy, None, words, Language.EN)


def test_the_unknown_name_is_what_stands_before_the_number(policy: Policy) -> None:
    with pytest.raises(UnknownKpi) as caught:
        entered(policy, "gross margin 48 % 2026-10")
    assert caught.value.query == "gross margin"


@pytest.mark.parametrize(("who", "may"), [("bruno", True), ("carla", True), ("ana", False)])
def test_only_those_who_answer_for_a_kpi_enter_its_values(policy: Policy, who: str, may: bool) -> None:
    if may:
        assert entered(policy, "churn 3.2", who).value == 3.2
    else:
        with pytest.raises(NotAllowed, match="Ask Bruno Bosch"):
            entered(policy, "churn 3.2", who)


@pytest.mark.parametrize(
    ("words", "says"),
    [
        ("churn", "a number is needed for Churn rate"),
        ("churn about 3", "'about 3' is no number"),
        ("churn NaN", "is no number"),
        ("churn inf", "is no number"),
        ("churn 3.2 EUR", "not in EUR"),
        ("churn 3.2 2026-W10", "weekly period"),
        ("churn 3.2 2026-13", "not in the calendar"),
        ("churn 3.2 2026-12", "lies in the future"),
        ("churn 3.2 1989-12", "too far in the past"),
        ("churn 3.2 size:huge", "has no segment 'size:huge'"),
        ("mrr 3 size:small", "has no segments; leave the segment out"),
        ("churn 3.2 2026-10-05T08:00:00", "needs its zone"),
        ("churn 3.2 tomorrow", "'tomorrow' is no period or segment"),
        ("mrr 3.2 yesterday", "'yesterday' is no period. Write one such as 2026-11"),
        ("mrr 3.2 M october", "'october' is no period"),
        ("churn " + "9" * 400, "finite number"),
    ],
)
def test_what_cannot_be_taken_says_why(policy: Policy, words: str, says: str) -> None:
    with pytest.raises(BadInput, match="(?s).*" + says.replace("(", r"\(")) as caught:
        entered(policy, words)
    assert caught.value.place.startswith("/kpi set")


def test_a_missing_number_is_told_before_who_may_enter_one(policy: Policy) -> None:
    with pytest.raises(BadInput, match="a number is needed for Churn rate"):
        entered(policy, "churn", "ana")


def test_refusals_call_the_kpi_as_the_asker_does(policy: Policy) -> None:
    for words in ("churn", "churn 3 EUR", "churn 3 size:huge"):
        with pytest.raises(BadInput) as refused:
            entered(policy, words, language=Language.ES)
        assert "Tasa de cancelación" in refused.value.problem
        assert "churn_rate" not in refused.value.problem
    with pytest.raises(NotAllowed, match="values of Tasa de cancelación"):
        entered(policy, "churn 3,2", "ana", Language.ES)


@pytest.mark.parametrize(
    ("words", "kpi", "rest"),
    [
        ("churn", "churn_rate", ""),
        ("churn rate", "churn_rate", ""),
        ("churn calling the customers", "churn_rate", "calling the customers"),
        ("churn rate went up 2 points", "churn_rate", "went up 2 points"),
        ("recurring revenue by size", "mrr", "by size"),
        ("uptime enterprise", "uptime", "enterprise"),
    ],
)
def test_the_kpi_ends_where_its_name_ends(policy: Policy, words: str, kpi: str, rest: str) -> None:
    found = leading_kpi(words, policy.kpis.values())
    assert found is not None
    assert (found[0].key, found[1]) == (kpi, rest)


def test_segments_are_known_by_key_member_and_name(policy: Policy) -> None:
    churn = policy.kpis["churn_rate"]
    named = ["size:enterprise", "enterprise", "Enterprise", "gran empresa", "", "huge"]
    assert [segment_named(policy, churn, words) for words in named] == [
        *["size:enterprise"] * 4,
        "",
        None,
    ]


def test_kpis_of_the_demo_company_are_found_by_their_names_with_a_number_behind() -> None:
    policy = read_policy(shipped_rules())
    kpis = tuple(policy.kpis.values())
    lost = []
    for kpi in kpis[::8]:
        for name in (kpi.key, kpi.name.en):
            found = leading_kpi(f"{name} 3.2 2026-10", kpis)
            if found is None or (found[0].key, found[1]) != (kpi.key, "3.2 2026-10"):
                lost.append((name, found and (found[0].key, found[1])))
    assert lost == []
