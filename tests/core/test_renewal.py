"""What the step from one policy to the next makes necessary, and nothing more."""

from typing import Any

from bot.core.policy import Policy
from bot.core.renewal import FileChanges, both, calculation_of, difference, file_changes
from tests.core.examples import make_kpi, policy_of, policy_with

BASE: dict[str, dict[str, Any]] = {
    "plain": {"thresholds": {"critical": 50.0}},
    "asking": {
        "rules": ({"id": "a", "priority": "high", "when": {"all_of": [{"above": 4}, {"kpi": "plain", "below": 3}]}},)
    },
    "input": {"frequency": "daily", "rollup": "sum"},
    "made": {"formula": "input * 2"},
}


def company(version: str = "one", **changes: dict[str, Any]) -> Policy:
    kpis = [make_kpi(key, **BASE[key] | changes.get(key, {})) for key in BASE]
    return policy_of(*kpis, version=version)


def test_files_are_compared_by_their_hashes() -> None:
    changes = file_changes({"a": "1", "b": "2", "c": "3"}, {"b": "2", "c": "4", "d": "5"})
    assert changes == FileChanges(added=("d",), changed=("c",), removed=("a",))
    assert changes.all == ("a", "c", "d")


def test_a_policy_that_says_the_same_makes_nothing_necessary() -> None:
    assert difference(company(), company("two")) == ("one", frozenset(), False)


def test_a_changed_kpi_is_judged_again_with_those_that_ask_about_it() -> None:
    step = difference(company(), company(plain={"thresholds": {"critical": 60.0}}))
    assert (step.kpis, step.calculates) == (frozenset({"plain", "asking"}), False)


def test_a_new_kpi_is_judged_and_one_that_has_gone_is_not() -> None:
    one = policy_of(make_kpi("plain"), make_kpi("gone"))
    two = policy_of(make_kpi("plain"), make_kpi("new"))
    assert difference(one, two).kpis == {"new"}


def test_another_priority_for_thresholds_is_another_rule() -> None:
    before = company()
    now = policy_with(before, priorities=before.priorities.model_copy(update={"critical": "high"}))
    assert difference(before, now).kpis == {"plain", "asking"}


def test_what_the_company_says_of_itself_concerns_every_kpi() -> None:
    before = company()
    now = policy_with(before, company=before.company.model_copy(update={"timezone": "Asia/Tokyo"}))
    assert difference(before, now).kpis == set(BASE)


def test_another_formula_rollup_or_frequency_is_another_calculation() -> None:
    before = calculation_of(company())
    assert calculation_of(company(plain={"thresholds": {"critical": 60.0}})) == before
    others = [
        company(made={"formula": "input * 3"}),
        company(input={"frequency": "daily", "rollup": "mean"}),
        company(input={"frequency": "weekly", "rollup": "sum"}),
        company(made={"formula": "input * 2", "frequency": "quarterly"}),
    ]
    assert [calculation_of(other) == before for other in others] == [False] * 4


def test_two_steps_are_looked_at_together() -> None:
    first = difference(company(), company("two", plain={"target": 90.0}))
    second = difference(company("two"), company("three", made={"formula": "input * 3"}))
    assert both(first, second) == ("one", frozenset({"plain", "asking", "made"}), True)
