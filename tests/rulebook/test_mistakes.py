"""Each mistake of ``mistakes.txt`` gives one fault, where it stands, in words that say what to do."""

from pathlib import Path
from typing import NamedTuple

import pytest

from bot.rulebook import read_policy
from tests.rulebook.reading import edit, faults_of
from tests.rulebook.small_company import write_small_company, write_sources


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The rules folder of the small company, some of whose KPIs are fetched."""
    return write_sources(write_small_company(tmp_path / "rules"))


class Mistake(NamedTuple):
    claim: str
    place: str
    old: str
    new: str
    words: str


def mistakes() -> list[Mistake]:
    text = (Path(__file__).parent / "mistakes.txt").read_text(encoding="utf-8")
    return [_mistake(block.splitlines()) for block in text.strip().split("\n\n")[1:]]


def _mistake(lines: list[str]) -> Mistake:
    old, new = ("\n".join(line[2:] for line in lines if line.startswith(sign)) for sign in "-+")
    return Mistake(claim=lines[0], place=lines[1], old=old, new=new, words=lines[-1])


@pytest.mark.parametrize("mistake", mistakes(), ids=lambda mistake: mistake.claim)
def test_mistake_is_told_once_where_it_stands(folder: Path, mistake: Mistake) -> None:
    edit(folder, mistake.place.split(":")[0], mistake.old, mistake.new)
    (fault,) = faults_of(folder)
    assert f"{fault.file}:{fault.line}:{fault.column}" == mistake.place
    assert mistake.words in fault.problem


def test_there_are_at_least_twenty_fivemistakes() -> None:
    assert len({mistake.claim for mistake in mistakes()}) >= 25


def test_all_mistakes_in_all_files_are_told_at_once_in_reading_order(folder: Path) -> None:
    edit(folder, "company.yaml", "Europe/Madrid", "Madrid")
    edit(folder, "kpis/revenue.yaml", "lower_is_better", "lower")
    edit(folder, "kpis/revenue.yaml", "unit: EUR", "unit: EURO")
    edit(folder, "kpis/operations.yaml", "owner: ceo", "owner: boss")
    edit(folder, "reports.yaml", "channel: executive", "chanel: executive")
    told = [(fault.file, fault.line) for fault in faults_of(folder)]
    assert told == [
        ("company.yaml", 2),
        ("kpis/operations.yaml", 9),
        ("kpis/revenue.yaml", 5),
        ("kpis/revenue.yaml", 26),
        ("reports.yaml", 1),
    ]


def test_one_hint_is_given_for_a_time_zone(folder: Path) -> None:
    edit(folder, "company.yaml", "Europe/Madrid", "Europe/Madird")
    assert [fault.problem for fault in faults_of(folder)] == [
        "unknown time zone 'Europe/Madird'; did you mean 'Europe/Madrid'?"
    ]


@pytest.mark.parametrize(
    ("file", "old", "adds_up", "name"),
    [
        ("kpis/revenue.yaml", "  kind: north_star\n", "  accumulates: true\n  completeness_delay: 1 period\n", "mrr"),
        ("kpis/operations.yaml", "  frequency: daily\n", "  rollup: sum\n", "uptime"),
    ],
)
@pytest.mark.parametrize("waits", [False, True])
def test_what_is_calculated_of_numbers_that_add_up_waits_for_its_period(
    folder: Path, file: str, old: str, adds_up: str, name: str, *, waits: bool
) -> None:
    delay = "  completeness_delay: 1 period\n" if waits else ""
    edit(folder, file, old, old + adds_up)
    edit(folder, "kpis/revenue.yaml", "  target: 2.5\n", f"  target: 2.5\n  formula: {name} * 2\n{delay}")
    if waits:
        assert read_policy(folder).kpis["churn_rate"].completeness_delay == 1
    else:
        (fault,) = faults_of(folder)
        assert fault.problem.startswith(f"'{name}' adds up while the monthly period runs, and would be judged before")


def test_decimal_comma_between_braces_is_recognised(folder: Path) -> None:
    edit(folder, "kpis/operations.yaml", "critical: 99.0", "critical: 99,0")
    assert "write that with a decimal point" in faults_of(folder)[0].problem


def test_two_mistakes_inside_one_entry_are_both_told(folder: Path) -> None:
    edit(folder, "kpis/revenue.yaml", "  kind: output\n  category: retention\n", "")
    assert [fault.problem for fault in faults_of(folder)] == ["'kind' is missing", "'category' is missing"]


def test_bad_entry_does_not_make_those_who_refer_to_it_look_mistaken(folder: Path) -> None:
    edit(folder, "people.yaml", "slack: U0BRUNO01", "slack: bruno")
    assert [fault.file for fault in faults_of(folder)] == ["people.yaml"]


def test_unreadable_file_does_not_make_those_who_refer_to_it_look_mistaken(folder: Path) -> None:
    edit(folder, "people.yaml", "people:", "people: [")
    assert {fault.file for fault in faults_of(folder)} == {"people.yaml"}


def test_every_number_beyond_a_scale_is_told(folder: Path) -> None:
    edit(folder, "kpis/revenue.yaml", "unit: EUR", "unit: of_5")
    assert [fault.problem for fault in faults_of(folder)] == [
        "400000 is more than of_5 allows (5)",
        "450000 is more than of_5 allows (5)",
    ]


@pytest.mark.parametrize(
    ("target", "thresholds", "words"),
    [
        ("{low: 99, high: 98}", "{critical: {low: 90, high: 100}}", "low (99) must be below high (98)"),
        (
            "{low: 98, high: 99}",
            "{warning: {low: 97, high: 100}, critical: {low: 98, high: 99}}",
            "'warning' (97 to 100) must lie inside 'critical' (98 to 99)",
        ),
        (
            "{low: 98, high: 99}",
            "{critical: {low: 97, high: 100}, critical_recovery: {low: 96, high: 99}}",
            "'critical_recovery' (96 to 99) must lie inside 'critical' (97 to 100)",
        ),
        ("{low: 98, high: 99}", "{critical: 97}", "'critical' of a within_band KPI is a band"),
        ("{low: 98, high: 99}", "{critical: {low: 97}}", "'high' is missing"),
        (
            "{low: 98, higj: 99}",
            "{critical: {low: 97, high: 100}}",
            "a within_band KPI takes a band such as {low: 85, high: 95}",
        ),
        ("{low: 98, high: 99}", "{lasting_: 1}", "unknown key 'lasting_'"),
        ("{low: 98, high: 99}", "{}", "needs a warning, a critical level, or both"),
    ],
)
def test_bands_must_have_ends_and_lie_inside_each_other(folder: Path, target: str, thresholds: str, words: str) -> None:
    edit(folder, "kpis/operations.yaml", "higher_is_better", "within_band")
    edit(folder, "kpis/operations.yaml", "99.9", target)
    edit(folder, "kpis/operations.yaml", "{critical: 99.0, critical_recovery: 99.5}", thresholds)
    (fault,) = faults_of(folder)
    assert words in fault.problem


@pytest.mark.parametrize(
    ("when", "words"),
    [
        ("{above: {limit: 4, recovery: 4.5}}", "recovery of 'above: 4' must not be above it"),
        ("{below: {limit: 4, recovery: 3.5}}", "recovery of 'below: 4' must not be below it"),
        ("{outside: {low: 1, high: 4, recovery: {low: 0, high: 3}}}", "recovery of 'outside' must lie inside its band"),
        ("{rises: {by: 10 %, over: 0 periods}}", "expected at least 1, got '0 periods'"),
        ("{rises: 10 %}", "expected a move such as {by: 20 %, over: 1 period}"),
        ("{misses_target_by: [1]}", "expected an amount"),
        ("{above: .inf}", "'.inf' is no number that can be compared"),
        ("{above: }", "nothing is written here"),
        ("above", "expected one condition such as {above: 4}"),
    ],
)
def test_conditions_are_checked_inside(folder: Path, when: str, words: str) -> None:
    edit(folder, "kpis/revenue.yaml", "{worsens_for: 2 periods}", when)
    (fault,) = faults_of(folder)
    assert (fault.file, fault.line) == ("kpis/revenue.yaml", 17)
    assert words in fault.problem


def test_band_cannot_be_beaten(folder: Path) -> None:
    edit(folder, "kpis/operations.yaml", "higher_is_better", "within_band")
    edit(folder, "kpis/operations.yaml", "99.9", "{low: 98, high: 100}")
    edit(folder, "kpis/operations.yaml", "thresholds: {critical: 99.0, critical_recovery: 99.5}", "weight: 2")
    rule = "  rules: [{id: a, priority: low, when: {beats_target_by: 2 points}}]\n"
    edit(folder, "kpis/operations.yaml", "  weight: 2\n", rule)
    (fault,) = faults_of(folder)
    assert (fault.line, fault.problem) == (12, "a band cannot be beaten")


def _told(folder: Path) -> list[tuple[str, str]]:
    return [(f"{fault.file}:{fault.line}", fault.problem.split(";")[0]) for fault in faults_of(folder)]


def test_deputy_must_be_cleared_for_what_alerts_walk_to_them(folder: Path) -> None:
    edit(folder, "people.yaml", "[revenue, operations]", "[operations]")
    walk = "alerts walk to the deputy of 'cro', Carla Costa (carla), who is not cleared for"
    assert _told(folder) == [
        ("kpis/revenue.yaml:10", f"{walk} internal KPIs of revenue"),
        ("kpis/revenue.yaml:32", f"{walk} financial KPIs of revenue"),
    ]


def test_department_head_must_be_cleared_for_what_alerts_walk_to_them(folder: Path) -> None:
    edit(folder, "kpis/operations.yaml", "operational", "internal")
    edit(folder, "departments.yaml", "head: ceo", "head: cro")
    (told,) = _told(folder)
    walk = "alerts walk to the head of operations, Bruno Bosch (bruno), who is not cleared for internal KPIs"
    assert told == ("kpis/operations.yaml:8", f"{walk} of operations")


def test_ceo_must_be_cleared_for_what_alerts_walk_to_them(folder: Path) -> None:
    edit(folder, "people.yaml", "clearance: executive", "clearance: department, departments: [operations]")
    (told,) = _told(folder)
    walk = "alerts walk to the CEO, Ana Alba (ana), who is not cleared for internal KPIs of revenue"
    assert told == ("kpis/revenue.yaml:11", walk)


def test_somebody_no_alert_of_the_kpi_walks_to_need_not_be_cleared(folder: Path) -> None:
    edit(folder, "people.yaml", "[revenue, operations]", "[operations]")
    edit(folder, "kpis/revenue.yaml", "priority: high", "priority: insight")
    assert [place for place, _ in _told(folder)] == ["kpis/revenue.yaml:10"]


def test_somebody_an_alert_meets_twice_on_its_way_is_told_once(folder: Path) -> None:
    edit(folder, "kpis/revenue.yaml", "classification: financial", "classification: executive")
    told = _told(folder)
    assert [sum(name in problem for _, problem in told) for name in ("bruno", "carla", "#revenue")] == [1, 1, 1]
    assert len(told) == 3


def test_no_role_ceo_is_told_at_the_roles(folder: Path) -> None:
    edit(folder, "people.yaml", "  ceo: {title: CEO, held_by: ana}", "  cto: {title: CTO, held_by: ana}")
    told = {fault.problem: fault for fault in faults_of(folder)}
    assert told["a role 'ceo' is missing; every escalation ends there"].line == 5
    assert sum("unknown role 'ceo'" in problem for problem in told) == 1
