"""Look-ups of the policy: rules, chains, channels, segments, people."""

import pytest
from pydantic import ValidationError

from bot.core.kpi import Kpi, Rule
from bot.core.organisation import EscalationStep, Role
from bot.core.policy import Dimension, Policy, Report
from bot.core.words import Band
from tests.core.examples import make_kpi, period, policy_of, policy_with, shipped_policy, small_policy

POLICY = small_policy()
WHOLE_WALK = tuple(EscalationStep)
SIZES = Dimension.model_validate({"key": "size", "name": "Size", "members": {"small": "Small", "large": "Large"}})
PLACES = Dimension.model_validate({"key": "place", "name": "Place", "members": {"home": {"en": "Home", "es": "Casa"}}})


def chain(policy: Policy, kpi: Kpi, *steps: EscalationStep) -> tuple[str, ...]:
    priority = policy.priority("critical").model_copy(update={"escalation": steps})
    return policy.chain(kpi, priority)


def test_a_chain_walks_owner_deputy_head_and_ceo_each_once() -> None:
    churn, uptime = POLICY.kpis["churn_rate"], POLICY.kpis["uptime"]
    assert chain(POLICY, churn, *WHOLE_WALK) == ("bruno", "carla", "ana"), "bruno owns it and heads its department"
    assert chain(POLICY, uptime, *WHOLE_WALK) == ("ana",), "ana is owner, head and CEO, and has no deputy"
    assert chain(POLICY, churn, EscalationStep.DEPUTY, EscalationStep.OWNER) == ("carla", "bruno")
    assert chain(POLICY, churn, EscalationStep.OWNER) == ("bruno",)


def test_a_deputy_who_is_also_ceo_is_asked_once() -> None:
    roles = POLICY.roles | {
        "cro": Role.model_validate({"key": "cro", "title": "CRO", "held_by": "bruno", "deputy": "ana"})
    }
    assert chain(policy_with(POLICY, roles=roles), POLICY.kpis["mrr"], *WHOLE_WALK) == ("bruno", "ana")


def test_in_the_demo_company_every_alert_has_somebody_to_go_to() -> None:
    policy = shipped_policy()
    for kpi in policy.kpis.values():
        for rule in policy.rules_of(kpi):
            walk = policy.chain(kpi, policy.priority(rule.priority))
            assert walk
            assert len(set(walk)) == len(walk)
            assert set(walk) <= set(policy.people)
            assert walk[0] == policy.holder(kpi.owner).key


def rules(kpi: Kpi) -> list[tuple[str, str, int]]:
    return [(rule.id, rule.priority, rule.lasting) for rule in policy_of(kpi).rules_of(kpi)]


def test_thresholds_make_rules_critical_first_and_the_kpi_s_own_follow() -> None:
    own = {"id": "own-rule", "when": {"above": 9}, "priority": "low"}
    kpi = make_kpi(thresholds={"warning": 80.0, "critical": 60.0, "for": "2 periods"}, rules=[own])
    assert rules(kpi) == [("sample-critical", "critical", 2), ("sample-warning", "medium", 2), ("own-rule", "low", 1)]


def test_thresholds_may_name_their_own_priorities() -> None:
    kpi = make_kpi(
        thresholds={"warning": 80.0, "warning_priority": "low", "critical": 60.0, "critical_priority": "high"}
    )
    assert rules(kpi) == [("sample-critical", "high", 1), ("sample-warning", "low", 1)]


@pytest.mark.parametrize(
    ("levels", "names"), [({"warning": 80.0}, ["sample-warning"]), ({"critical": 60.0}, ["sample-critical"]), ({}, [])]
)
def test_one_level_makes_one_rule(levels: dict[str, float], names: list[str]) -> None:
    assert [name for name, _, _ in rules(make_kpi(thresholds=levels))] == names


def test_a_kpi_without_thresholds_has_only_its_own_rules() -> None:
    assert rules(make_kpi()) == []


def test_a_threshold_keeps_its_level_and_its_recovery() -> None:
    kpi = make_kpi("churn_like", thresholds={"critical": 60.0, "critical_recovery": 65.0})
    (rule,) = policy_of(kpi).rules_of(kpi)
    assert rule.id == "churn-like-critical"
    assert rule.when.reaches is not None
    assert (rule.when.reaches.limit, rule.when.reaches.recovery) == (60.0, 65.0)


def test_the_threshold_of_a_band_is_leaving_a_band() -> None:
    inner = {"low": 86.0, "high": 94.0}
    kpi = make_kpi(
        direction="within_band",
        target={"low": 85.0, "high": 95.0},
        thresholds={"warning": {"low": 85.0, "high": 95.0}, "warning_recovery": inner},
    )
    (rule,) = policy_of(kpi).rules_of(kpi)
    assert rule.when.outside is not None
    assert (rule.when.outside.low, rule.when.outside.high) == (85.0, 95.0)
    assert rule.when.outside.recovery == Band.model_validate(inner)


def test_a_rule_is_found_by_kpi_and_id_and_nothing_otherwise() -> None:
    found = POLICY.rule("churn_rate", "churn-worsening")
    assert isinstance(found, Rule)
    assert found.id == "churn-worsening"
    assert POLICY.rule("churn_rate", "gone") is POLICY.rule("gone", "churn-worsening") is None


def test_a_priority_that_is_gone_is_the_least_urgent() -> None:
    assert POLICY.priority("high").key == "high"
    assert POLICY.priority("gone").key == "insight"


def test_segments_are_the_total_and_every_member() -> None:
    kpi, plain = make_kpi("cut", segments=["size", "place"]), make_kpi("plain")
    policy = policy_of(kpi, plain, dimensions={"size": SIZES, "place": PLACES})
    assert policy.segments_of(kpi) == ("", "size:small", "size:large", "place:home")
    assert policy.segments_of(plain) == ("",)
    home = policy.segment_name("place:home")
    assert home is not None
    assert (home.en, home.es) == ("Home", "Casa")
    assert [policy.segment_name(name) for name in ("", "place:gone", "gone:home", "place", ":")] == [None] * 5


def test_alerts_go_to_the_kpi_s_own_channel_or_its_department_s() -> None:
    assert POLICY.channel_of(make_kpi()).key == "revenue"
    assert POLICY.channel_of(make_kpi(channel="executive")).key == "executive"


def test_people_and_channels_are_found_by_their_slack_ids() -> None:
    bruno, revenue = POLICY.person_by_slack("U0BRUNO01"), POLICY.channel_by_slack("C0REVENUE1")
    assert bruno is not None
    assert revenue is not None
    assert (bruno.key, revenue.key) == ("bruno", "revenue")
    assert (POLICY.person_by_slack("C0REVENUE1"), POLICY.channel_by_slack("U0BRUNO01")) == (None, None)
    assert POLICY.holder("cro") == bruno
    assert POLICY.zone.key == "Europe/Madrid"


def test_a_plan_s_number_holds_until_the_next_and_from_its_beginning() -> None:
    kpi = make_kpi(target={"2026-07": 200.0, "2026-01": 100.0})
    assert [kpi.target_for(period(label)) for label in ("2025-12", "2026-01", "2026-06", "2026-07", "2027-03")] == [
        None,
        100.0,
        100.0,
        200.0,
        200.0,
    ]
    assert make_kpi(target=7.0).target_for(period("1999-01")) == 7.0


@pytest.mark.parametrize("cron", ["", "0 8 * *", "0 8 * * * *", "daily"])
def test_a_report_s_schedule_has_five_fields(cron: str) -> None:
    with pytest.raises(ValidationError, match="is no five-field cron line; write one such as '0 8 \\* \\* \\*'"):
        Report.model_validate({"key": "daily", "name": "Daily", "cron": cron, "channel": "executive"})


def test_an_unknown_time_zone_is_refused_with_an_example() -> None:
    with pytest.raises(ValidationError, match="unknown time zone 'Europe/Madird'; write one such as Europe/Madrid"):
        type(POLICY.company).model_validate(POLICY.company.model_dump() | {"timezone": "Europe/Madird"})
