"""Who must approve a number, who may, and who needs nobody."""

from datetime import UTC, datetime
from typing import Any

import pytest

from bot.core.approval import Answer, Approval, Way, approvers, asked_of, may_answer, waits_for
from bot.core.checkin import CheckIn
from bot.core.policy import Policy
from tests.core.examples import make_kpi, policy_of, small_policy

PEOPLE, ROLES = small_policy().people, small_policy().roles
ANA, BRUNO, CARLA = PEOPLE["ana"], PEOPLE["bruno"], PEOPLE["carla"]


def company(approval: str | None = "ceo", **changes: Any) -> Policy:
    """The small company, where Carla is the CEO's deputy and one KPI's numbers need approval."""
    check_in = CheckIn(approval=approval)
    roles = {**ROLES, "ceo": ROLES["ceo"].model_copy(update={"deputy": "carla"})}
    return policy_of(make_kpi(check_in=check_in, **changes), roles=roles)


def asked(policy: Policy, person: Any, *gone: Any) -> str | None:
    absent = {one.slack for one in gone}
    found = asked_of(policy, policy.kpis["sample"], person, lambda slack: slack not in absent)
    return found.person.key if found else None


def a_number(**changes: Any) -> Approval:
    plain = Approval(
        id="a1", kpi="sample", segment="", period="2026-10", value=3.0, by=BRUNO.slack, way=Way.FORM, note=None,
        approver="ana", asked_at=datetime(2026, 11, 24, 9, 0, tzinfo=UTC),
    )  # fmt: skip
    return plain.model_copy(update=changes)


def test_the_holder_of_the_role_is_asked() -> None:
    assert asked(company(), BRUNO) == "ana"
    assert asked(company(), CARLA) == "ana", "a deputy stands in only for one who is not there"


def test_a_person_may_be_named_instead_of_a_role() -> None:
    assert asked(company("ana"), BRUNO) == "ana"
    assert [one.role for one in approvers(company("ana"), company("ana").kpis["sample"])] == [None]


def test_who_has_no_account_any_more_is_stood_in_for_by_the_deputy() -> None:
    assert asked(company(), BRUNO, ANA) == "carla"
    assert asked(company(), CARLA, ANA) is None, "who stands in needs nobody's approval"
    assert asked(company(), BRUNO, ANA, CARLA) == "ana", "what nobody is left for is not let through"


def test_the_approver_needs_no_approval() -> None:
    assert asked(company(), ANA) is None


def test_a_kpi_that_names_nobody_needs_no_approval() -> None:
    assert asked(company(None), BRUNO) is None
    assert asked(policy_of(make_kpi()), BRUNO) is None


def test_a_deputy_who_may_not_see_the_kpi_is_never_asked() -> None:
    policy = company(department="operations", classification="executive", owner="ceo")
    assert asked(policy, BRUNO, ANA) == "ana"


@pytest.mark.parametrize(("person", "may"), [(ANA, True), (CARLA, True), (BRUNO, False), (None, False)])
def test_the_approver_and_the_deputy_may_answer_and_nobody_else(person: Any, may: bool) -> None:
    assert may_answer(company(), a_number(), person) is may


def test_nobody_answers_for_a_number_of_their_own() -> None:
    assert not may_answer(company(), a_number(by=CARLA.slack), CARLA)
    assert not may_answer(company(), a_number(by=ANA.slack), ANA)


def test_who_was_asked_may_still_answer_when_no_approval_is_needed_any_more() -> None:
    assert may_answer(company(None), a_number(), ANA)
    assert not may_answer(company(None), a_number(), CARLA)
    assert not may_answer(company("carla"), a_number(), ANA), "the policy in force names somebody else"


def test_whom_a_number_waits_for_is_told_with_the_role() -> None:
    told = waits_for(company(), a_number())
    assert told is not None
    assert (told.person, told.role, told.deputy) == (ANA, company().roles["ceo"], False)
    stands_in = waits_for(company(), a_number(approver="carla"))
    assert stands_in is not None
    assert stands_in.deputy
    assert waits_for(company(), a_number(approver="nobody")) is None


def test_only_what_nobody_has_answered_waits() -> None:
    assert [state for state in Answer if a_number(state=state).waits] == [Answer.WAITING]
