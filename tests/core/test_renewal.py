"""What the step from one policy to the next makes necessary, and nothing more."""

from typing import Any

from bot.core.policy import Policy
from bot.core.renewal import Difference, FileChanges, both, calculation_of, difference, file_changes
from bot.core.source import Connection, Sources
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
    assert difference(company(), company("two")) == Difference("one", frozenset(), calculates=False)


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
    assert both(first, second) == Difference("one", frozenset({"plain", "asking", "made"}), calculates=True)


def sourced(query: str = "SELECT 1", variable: str = "LAKE_URL", **source: str) -> Policy:
    """A company in which "plain" is read from "lake" by a query and nothing else is."""
    connections = {"lake": Connection(key="lake", sql=variable), "other": Connection(key="other", folder="x")}
    sources = Sources(connections=connections, queries={"a.sql": query})
    given = {"sql": "a.sql", "connection": "lake"} | source
    return policy_with(company(plain={"source": given}), sources=sources)


def test_a_source_that_asks_for_something_else_or_is_reached_in_another_way_is_named() -> None:
    def step(now: Policy) -> tuple[set[str], set[str]]:
        found = both(difference(sourced(), now), difference(now, now))
        return set(found.asked), set(found.reached)

    assert step(sourced()) == (set(), set())
    assert step(sourced(at="0 6 * * *")) == (set(), set())
    assert step(sourced("SELECT 2")) == ({"plain"}, set())
    assert step(sourced(variable="SEA_URL")) == (set(), {"plain"})
    assert difference(company(), sourced()).asked == {"plain"}
