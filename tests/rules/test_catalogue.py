"""The shipped rules carry what the source documents name; on the sample exactly the documents' alerts are open."""

from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest

from bot.core.clearance import may_see, reader_of
from bot.core.conditions import When
from bot.core.evaluate import evaluate
from bot.core.history import History, Point
from bot.core.kpi import Kind
from bot.core.organisation import Level
from bot.core.periods import parse_label, period_at
from bot.core.policy import Policy
from bot.core.standing import Standing, overall_score, score, stand
from bot.core.verdict import Breached
from bot.core.words import Band
from bot.rulebook.examples import failing_examples
from tests.rules.documents import DOCUMENTS, PARTS, Metric
from tests.rules.sampled import NOW, RULES, around, histories, newest, shipped

OPEN_ON_THE_SAMPLE = {
    # Document 2's list of alerts, by its priorities.
    "churn-rate-warning": "high",
    "api-response-time-warning": "high",
    "team-satisfaction-warning": "high",
    "support-tickets-warning": "medium",
    "feature-adoption-warning": "medium",
    "brand-awareness-warning": "low",
    "partnership-revenue-warning": "low",
    # Document 1: enterprise pipeline 15 % below target, ROI 25 % above it.
    "enterprise-pipeline-short": "high",
    "roi-beats-target": "insight",
    # Document 3: 80 % of the MRR target, pipeline 20 % below target, 10 % more tickets.
    "reengagement-mrr-short": "high",
    "reengagement-pipeline-short": "high",
    "reengagement-tickets-rising": "medium",
}


@pytest.fixture(scope="module")
def policy() -> Policy:
    return shipped()


def open_alerts(policy: Policy, now: datetime = NOW) -> Iterator[tuple[str, str]]:
    for kpi in policy.kpis.values():
        for segment in policy.segments_of(kpi):
            history = histories(now)[kpi.key, segment]
            for rule in policy.rules_of(kpi):
                verdict = evaluate(kpi, rule, history, firing=False, around=around(now))
                if isinstance(verdict, Breached):
                    yield rule.id, rule.priority


def test_every_example_beside_a_rule_holds(policy: Policy) -> None:
    assert failing_examples(RULES, NOW) == []
    examples = [example for kpi in policy.kpis.values() for rule in kpi.rules for example in rule.examples]
    assert len(examples) >= 50


@pytest.mark.parametrize("document", DOCUMENTS)
def test_every_metric_of_the_document_has_a_kpi(policy: Policy, document: int) -> None:
    missing = [metric for metric in DOCUMENTS[document] if metric.kpi not in policy.kpis]
    assert missing == []


@pytest.mark.parametrize("document", DOCUMENTS)
def test_the_sample_ends_where_the_document_stands(policy: Policy, document: int) -> None:
    given = [metric for metric in DOCUMENTS[document] if metric.current is not None]
    stands = [metric._replace(current=as_printed(policy, metric)) for metric in given]
    assert stands == given


def as_printed(policy: Policy, metric: Metric) -> float:
    """Give where a KPI stands; for a calculated one the document's figure when that is what it rounds to."""
    value, printed = newest(metric.kpi), metric.current or 0.0
    rounds = policy.kpis[metric.kpi].formula is not None and abs(value - printed) <= 0.005 * abs(printed)
    return printed if rounds else value


@pytest.mark.parametrize("document", DOCUMENTS)
def test_the_target_is_the_documents_own(policy: Policy, document: int) -> None:
    given = [metric for metric in DOCUMENTS[document] if metric.target is not None]
    missed = [metric for metric in given if policy.kpis[metric.kpi].target != metric.target]
    assert missed == []


def test_the_revenue_forecast_is_a_dated_plan(policy: Policy) -> None:
    kpi = policy.kpis["reengagement_quarterly_revenue"]
    aimed = [kpi.target_for(parse_label(f"2027-Q{quarter}", kpi.frequency)) for quarter in (1, 2, 3, 4)]
    assert aimed == [750_000, 1_200_000, 1_800_000, 2_400_000]


def test_every_kpi_comes_from_a_document(policy: Policy) -> None:
    named = {metric.kpi for metrics in DOCUMENTS.values() for metric in metrics}
    assert set(policy.kpis) == named


def test_every_part_the_re_engagement_document_lists_has_its_own_series(policy: Policy) -> None:
    parts = {series: current for _, series, current in PARTS}
    sampled = {name: anchor.current for name, anchor in policy.samples.items() if "/" in name}
    assert sampled == parts


def test_every_series_that_is_not_calculated_has_a_sample(policy: Policy) -> None:
    series = {
        f"{kpi.key}/{segment}" if segment else kpi.key
        for kpi in policy.kpis.values()
        for segment in policy.segments_of(kpi)
        if kpi.formula is None
    }
    assert set(policy.samples) == series


def test_on_the_sample_exactly_the_alerts_the_documents_name_are_open(policy: Policy) -> None:
    opened = list(open_alerts(policy))
    assert dict(opened) == OPEN_ON_THE_SAMPLE
    assert len(opened) == len(OPEN_ON_THE_SAMPLE)


@pytest.mark.parametrize("days", [1, 9, 40, 128, 365])
def test_the_same_alerts_are_open_whenever_the_demo_is_started(policy: Policy, days: int) -> None:
    assert dict(open_alerts(policy, NOW + timedelta(days=days))) == OPEN_ON_THE_SAMPLE


def test_churn_was_never_critical_in_the_sample() -> None:
    history = histories(NOW)["churn_rate", ""]
    assert max(point.value for point in history.points) < 4.0
    assert history.points[-1].value == 3.2


def test_the_overall_score_of_the_sample_is_the_85_of_the_monitoring_framework(policy: Policy) -> None:
    departments: dict[str, list[Standing]] = {key: [] for key in policy.departments}
    for kpi in policy.kpis.values():
        departments[kpi.department].append(stand(policy, kpi, "", histories(NOW)[kpi.key, ""], NOW))
    labels = policy.company.scores
    scores = [
        (one, policy.departments[key].weight) for key, parts in departments.items() if (one := score(parts, labels))
    ]
    overall = overall_score(scores, labels)
    assert overall is not None
    assert round(overall.value) == 85
    assert len(scores) == len(policy.departments)


@pytest.mark.parametrize(
    ("kpi", "when"),
    [
        ("employee_turnover", {"above": {"limit": 10, "recovery": 9.5}}),
        ("customer_satisfaction", {"below": {"limit": 4.5, "recovery": 4.6}}),
        ("cac", {"rises": {"by": "20 %", "over": "12 periods"}}),
        # Two of document 1's signals at once.
        ("customer_satisfaction", {"all_of": [{"below": 4.5}, {"kpi": "churn_rate", "above": 4}]}),
        # Document 4's layout: CAC increased 15 %, the new user target is reached.
        ("cac", {"rises": {"by": "15 %", "over": "1 period"}}),
        ("active_users", {"beats_target_by": "0 %"}),
        # Document 0: 100,000 emails and 2,400 meetings a month, less than 200 dollars.
        ("emails_sent", {"off_pace": {"by": "10 %", "recovery": "5 %"}}),
        ("email_meetings_booked", {"off_pace": {"by": "10 %", "days": "working", "recovery": "5 %"}}),
        ("email_infrastructure_cost", {"forecast_misses_target": {"within": "3 periods", "surely": True}}),
    ],
)
def test_early_warning_signals_are_rules(policy: Policy, kpi: str, when: dict[str, object]) -> None:
    assert When.model_validate(when) in [rule.when for rule in policy.kpis[kpi].rules]


@pytest.mark.parametrize(
    ("kpi", "warning", "critical"),
    [
        ("churn_rate", 2.5, 4.0),
        ("revenue_growth", None, 15),
        ("mrr", 10_000, 5_000),
        ("dau", 500, 200),
        ("session_duration", 300, 180),
        ("ltv_cac_ratio", None, 3),
        ("gross_margin", None, 70),
        ("net_revenue_retention", None, 100),
        ("runway", 18, None),
        ("nps", 50, None),
        ("dau_mau", 25, None),
        ("virality_factor", 1, None),
        ("unit_economics", 1.5, None),
        ("marketing_efficiency", 1, None),
        ("api_response_time", 150, 200),
        ("email_roi", None, 150),
        ("email_uptime", None, 99.5),
        ("email_deliverability", None, 85),
        ("meetings_uplift", None, 25),
        ("email_infrastructure_cost", 200, None),
        ("email_monthly_savings", 2_000, None),
    ],
)
def test_the_levels_the_documents_give_are_thresholds(
    policy: Policy, kpi: str, warning: float | None, critical: float | None
) -> None:
    thresholds = policy.kpis[kpi].thresholds
    assert thresholds is not None
    assert (thresholds.warning, thresholds.critical) == (warning, critical)


def test_what_kpis_are_made_of_does_not_count_twice(policy: Policy) -> None:
    made_of = {name for kpi in policy.calculated if kpi.formula for name in kpi.formula.names}
    weightless = {key for key, kpi in policy.kpis.items() if kpi.weight == 0}
    assert weightless < made_of
    assert [key for key in weightless if policy.rules_of(policy.kpis[key])] == []


def test_cost_efficiency_is_watched_as_a_band(policy: Policy) -> None:
    cost = policy.kpis["email_cost_per_thousand"]
    assert cost.target == Band(low=0.10, high=2.00)
    assert cost.thresholds is not None
    assert cost.thresholds.critical == cost.target


def test_there_is_one_north_star(policy: Policy) -> None:
    assert [key for key, kpi in policy.kpis.items() if kpi.kind is Kind.NORTH_STAR] == ["arr"]


def test_everyone_an_alert_walks_to_may_see_it(policy: Policy) -> None:
    blind = {
        (kpi.key, person)
        for kpi in policy.kpis.values()
        for priority in policy.priorities.priorities
        for person in policy.chain(kpi, priority)
        if not may_see(reader_of(policy.people[person]), kpi, policy)
    }
    assert blind == set()


def test_each_level_sees_what_the_access_control_says(policy: Policy) -> None:
    seen = Counter(
        (level, kpi.classification)
        for level, person in {Level.SUPPORT: "maeve", Level.EXTERNAL: "wanda", Level.DEPARTMENT: "quentin"}.items()
        for kpi in policy.kpis.values()
        if may_see(reader_of(policy.people[person]), kpi, policy)
    )
    assert {level for level, _ in seen} == {Level.SUPPORT, Level.DEPARTMENT}
    assert {classification for level, classification in seen if level is Level.SUPPORT} == {"operational"}
    assert not any(classification == "executive" for _, classification in seen)


def test_every_c_level_role_has_a_deputy(policy: Policy) -> None:
    chiefs = ("ceo", "cfo", "cro", "cmo", "cto", "chro", "coo")
    assert [role for role in chiefs if policy.roles[role].deputy is None] == []


def test_what_falls_back_reaches_a_channel_that_may_see_everything(policy: Policy) -> None:
    assert policy.channels[policy.company.fallback_channel].clearance is Level.EXECUTIVE


def test_every_measure_of_the_initiatives_is_there(policy: Policy) -> None:
    measures = {
        initiative.key: [(milestone.current, milestone.target) for milestone in initiative.milestones]
        for initiative in policy.plans.initiatives
    }
    assert measures == {
        "series_a": [(2_000_000, 8_000_000), (15, 25), (40, 100), (20, 100)],
        "uk_expansion": [(100, 100), (0, 5), (2, 10), (0, 25)],
        "product_features": [(1, 3), (60, 100), (40, 100), (20, 100)],
    }


def test_every_risk_is_there_as_the_documents_rate_it(policy: Policy) -> None:
    rated = {risk.key: (risk.level, risk.course, risk.probability, risk.impact) for risk in policy.plans.risks}
    assert rated == {
        "customer_concentration": ("medium", "stable", None, None),
        "technology_dependency": ("low", "stable", None, None),
        "regulatory_changes": ("medium", "rising", None, None),
        "competitive_pressure": ("medium", "rising", None, None),
        "economic_downturn": ("low", "stable", 40, "high"),
        "big_tech_competition": (None, None, 80, "high"),
        "talent_shortage": (None, None, 90, "high"),
        "customer_churn": (None, None, 60, "medium"),
    }


def test_every_mitigation_is_as_far_as_the_document_says(policy: Policy) -> None:
    progress = {mitigation.key: mitigation.progress for mitigation in policy.plans.mitigations}
    assert progress == {
        "differentiation_strategy": 70,
        "talent_retention": 85,
        "diversification": 60,
        "retention_program": 40,
    }


def test_every_action_item_is_there_by_horizon(policy: Policy) -> None:
    # Documents 1 and 2 list four immediate, four short-term and four long-term actions each;
    # document 3 lists ten required ones (short-term) and fifteen recommendations.
    horizons = Counter(action.horizon for action in policy.plans.actions)
    assert horizons == {"immediate": 8, "short_term": 8 + 10, "long_term": 8, "recommended": 15}


def of_cac(change: float) -> tuple[float, ...]:
    """Give a year in which the cost of a customer changes by so many percent."""
    return (*[2_000.0] * 12, 2_000 * (1 + change / 100))


@pytest.mark.parametrize(
    ("kpi", "rule", "values", "told"),
    [
        # Document 1's early warning signals, at their level and just beyond it; where a level or a move that is reached
        # counts as crossed (document 4), the rules say so.
        ("churn_rate", "churn-rate-critical", (3.9,), False),
        ("churn_rate", "churn-rate-critical", (4.1,), True),
        ("cac", "cac-rising", of_cac(-25), False),
        ("cac", "cac-rising", of_cac(19.9), False),
        ("cac", "cac-rising", of_cac(20.1), True),
        ("revenue_growth", "revenue-growth-critical", (15.1,), False),
        ("revenue_growth", "revenue-growth-critical", (14.9,), True),
        ("customer_satisfaction", "customer-satisfaction-low", (4.5,), False),
        ("customer_satisfaction", "customer-satisfaction-low", (4.4,), True),
        ("employee_turnover", "turnover-high", (10,), False),
        ("employee_turnover", "turnover-high", (10.1,), True),
    ],
)
def test_an_early_warning_signal_is_given_beyond_its_level(
    policy: Policy, kpi: str, rule: str, values: tuple[float, ...], told: bool
) -> None:
    asked, watched = policy.rule(kpi, rule), policy.kpis[kpi]
    assert asked is not None
    last = period_at(NOW, watched.frequency, policy.zone).previous
    points = (Point(last.shift(place - len(values) + 1).first, value) for place, value in enumerate(values))
    verdict = evaluate(watched, asked, History(watched.frequency, tuple(points)), firing=False, around=around(NOW))
    assert isinstance(verdict, Breached) is told
