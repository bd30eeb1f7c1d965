"""Clearance: every level against every classification, at home and elsewhere; and who may enter values."""

import itertools

import pytest

from bot.core.clearance import (
    NOBODY,
    Reader,
    destination_reader,
    is_restricted,
    may_see,
    may_set,
    reader_of,
    sees,
    visible_kpis,
)
from bot.core.kpi import Classification
from bot.core.organisation import Level, Person, Role
from tests.core.examples import make_kpi, policy_of, policy_with, shipped_policy, small_policy

POLICY = small_policy()
SHIPPED = shipped_policy()

E, F, I, O = Classification  # noqa: E741 - executive, financial, internal, operational
SMALL = {
    (Level.EXECUTIVE, True): {E, F, I, O},
    (Level.EXECUTIVE, False): {E, F, I, O},
    (Level.DEPARTMENT, True): {F, I, O},
    (Level.DEPARTMENT, False): {O},
    (Level.SUPPORT, True): {O},
    (Level.SUPPORT, False): {O},
    (Level.EXTERNAL, True): set(),
    (Level.EXTERNAL, False): set(),
}
DEMO = SMALL | {(Level.DEPARTMENT, False): set()}
MATRIX = list(itertools.product(Level, Classification, [True, False]))


@pytest.mark.parametrize(("level", "classification", "own"), MATRIX)
def test_a_level_sees_what_its_row_says_and_nothing_else(
    level: Level, classification: Classification, own: bool
) -> None:
    reader = Reader(level=level, departments=frozenset({"revenue"} if own else {"operations"}))
    kpi = make_kpi(classification=classification)
    assert may_see(reader, kpi, POLICY) is (classification in SMALL[level, own])
    assert sees(level, reader.departments, kpi, POLICY.levels) is may_see(reader, kpi, POLICY)


@pytest.mark.parametrize(("level", "classification", "own"), MATRIX)
def test_in_the_demo_company_a_department_sees_its_own_only(
    level: Level, classification: Classification, own: bool
) -> None:
    kpi = make_kpi(classification=classification, department="finance", owner="cfo")
    reader = Reader(level=level, departments=frozenset({"finance", "sales"} if own else {"sales"}))
    assert may_see(reader, kpi, SHIPPED) is (classification in DEMO[level, own])


def test_notifications_of_executive_and_financial_kpis_are_restricted() -> None:
    assert {one for one in Classification if is_restricted(make_kpi(classification=one))} == {E, F}


@pytest.mark.parametrize("level", Level)
def test_without_departments_nothing_is_one_s_own(level: Level) -> None:
    for classification in Classification:
        kpi = make_kpi(classification=classification)
        assert may_see(Reader(level=level), kpi, POLICY) is (classification in SMALL[level, False])


def test_whoever_is_not_in_the_policy_sees_nothing() -> None:
    assert reader_of(None) == NOBODY
    assert visible_kpis(NOBODY, POLICY) == visible_kpis(NOBODY, SHIPPED) == ()
    for stranger in ("U0STRANGER", "C0STRANGER", "", "D0DIRECT01"):
        assert destination_reader(stranger, POLICY) == NOBODY


def test_a_person_without_a_stated_clearance_is_external() -> None:
    guest = Person.model_validate({"key": "guest", "name": "Guest", "slack": "U0GUEST01", "departments": ["revenue"]})
    assert visible_kpis(reader_of(guest), POLICY) == ()


@pytest.mark.parametrize(
    ("destination", "keys"),
    [
        ("U0ANA0001", {"churn_rate", "mrr", "uptime"}),
        ("U0BRUNO01", {"churn_rate", "mrr", "uptime"}),
        ("C0EXEC0001", {"churn_rate", "mrr", "uptime"}),
        ("C0REVENUE1", {"churn_rate", "mrr", "uptime"}),
        ("C0OPERATE1", {"uptime"}),
    ],
)
def test_people_and_channels_are_readers_alike(destination: str, keys: set[str]) -> None:
    assert {kpi.key for kpi in visible_kpis(destination_reader(destination, POLICY), POLICY)} == keys


def test_a_new_policy_decides_from_the_moment_it_is_in_force() -> None:
    channels = {key: one.model_copy(update={"clearance": Level.EXTERNAL}) for key, one in POLICY.channels.items()}
    shut = policy_with(POLICY, channels=channels)
    assert visible_kpis(destination_reader("C0EXEC0001", shut), shut) == ()


def test_visible_kpis_keep_the_policy_s_order() -> None:
    everything = visible_kpis(Reader(level=Level.EXECUTIVE), SHIPPED)
    assert everything == tuple(SHIPPED.kpis.values())


@pytest.mark.parametrize(
    ("person", "key", "allowed"),
    [
        ("bruno", "churn_rate", True),
        ("carla", "churn_rate", True),
        ("ana", "churn_rate", False),
        ("ana", "uptime", True),
        ("bruno", "uptime", False),
        ("carla", "uptime", False),
    ],
)
def test_owner_deputy_and_head_may_enter_values_and_nobody_else(person: str, key: str, allowed: bool) -> None:
    assert may_set(POLICY.people[person], POLICY.kpis[key], POLICY) is allowed


def test_a_stranger_enters_nothing() -> None:
    assert not any(may_set(None, kpi, POLICY) for kpi in POLICY.kpis.values())


def test_the_head_of_the_department_may_enter_what_somebody_else_owns() -> None:
    kpi = make_kpi(department="revenue", owner="ceo")
    assert may_set(POLICY.people["bruno"], kpi, POLICY)
    assert not may_set(POLICY.people["carla"], kpi, POLICY), "the head's deputy is not the head"


def test_the_data_analyst_may_enter_what_the_analyst_may_see() -> None:
    analyst = Role.model_validate({"key": "data_analyst", "title": "Data analyst", "held_by": "carla"})
    policy = policy_with(policy_of(make_kpi(owner="ceo")), roles=POLICY.roles | {"data_analyst": analyst})
    seen, unseen = make_kpi(owner="ceo"), make_kpi(owner="ceo", classification="executive")
    assert may_set(POLICY.people["carla"], seen, policy)
    assert not may_set(POLICY.people["carla"], unseen, policy)


def test_nobody_enters_what_they_may_not_see_even_as_owner() -> None:
    secret = make_kpi(classification="executive")
    assert POLICY.holder(secret.owner).key == "bruno"
    assert not may_set(POLICY.people["bruno"], secret, POLICY)


def test_in_the_demo_company_everyone_who_may_enter_a_value_may_see_it() -> None:
    pairs = [(person, kpi) for person in SHIPPED.people.values() for kpi in SHIPPED.kpis.values()]
    entering = [(person, kpi) for person, kpi in pairs if may_set(person, kpi, SHIPPED)]
    assert all(may_see(reader_of(person), kpi, SHIPPED) for person, kpi in entering)
    assert {kpi.key for _, kpi in entering} == set(SHIPPED.kpis), "for each KPI there is somebody"
