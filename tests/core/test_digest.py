"""The daily digest: what comes first, what is left out, what is remembered for the next one."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

import pytest

from bot.core.alert import Alert
from bot.core.clearance import NOBODY, Reader
from bot.core.digest import LEAD, Digest, Snapshot, Why, build_digest, open_longest_first
from bot.core.kpi import Kpi
from bot.core.organisation import Level
from bot.core.policy import Policy
from bot.core.standing import Label, Standing, Status, stand
from tests.core.examples import NOW, history, make_alert, make_kpi, policy_of, small_policy

TODAY, YESTERDAY = date(2026, 11, 22), date(2026, 11, 21)
EVERYONE = Reader(level=Level.EXECUTIVE)
HOUR = timedelta(hours=1)


def many(count: int, **changes: Any) -> list[Kpi]:
    return [make_kpi(f"kpi_{place:02d}", **changes) for place in range(count)]


def standings(policy: Policy, values: Mapping[str, tuple[float, ...]]) -> list[Standing]:
    return [stand(policy, policy.kpis[key], "", history(*seen), NOW) for key, seen in values.items()]


def statuses(**known: Status) -> tuple[date, dict[str, Any]]:
    return YESTERDAY, Snapshot(statuses=known, departments={}).model_dump(mode="json")


def digest(
    policy: Policy,
    values: Mapping[str, tuple[float, ...]],
    alerts: list[Alert] | None = None,
    last: tuple[date, dict[str, Any]] | None = None,
    reader: Reader = EVERYONE,
) -> Digest:
    return build_digest(policy, reader, standings(policy, values), alerts or [], last, TODAY)


def lines(built: Digest) -> list[tuple[str, Why]]:
    return [(item.standing.kpi.key, item.why) for item in (*built.lead, *built.rest)]


def test_newly_red_comes_first_then_newly_green_then_alerts_then_moves() -> None:
    policy = policy_of(*many(5))
    values = {"kpi_00": (100.0, 95.0), "kpi_01": (50.0, 100.0), "kpi_02": (75.0, 75.0), "kpi_03": (75.0, 10.0),
              "kpi_04": (100.0, 100.0)}  # fmt: skip
    last = statuses(
        kpi_00=Status.GREEN, kpi_01=Status.RED, kpi_02=Status.YELLOW, kpi_03=Status.YELLOW, kpi_04=Status.GREEN
    )
    assert lines(digest(policy, values, [make_alert(kpi="kpi_02")], last)) == [
        ("kpi_03", Why.TURNED_RED),
        ("kpi_01", Why.TURNED_GREEN),
        ("kpi_02", Why.ALERT_OPEN),
        ("kpi_00", Why.BIGGEST_MOVE),
    ]


def test_at_most_seven_lead_and_the_rest_is_kept() -> None:
    policy = policy_of(*many(12))
    values = {f"kpi_{place:02d}": (95.0, 20.0 + place) for place in range(12)}
    last = statuses(**dict.fromkeys(values, Status.GREEN))
    built = digest(policy, values, last=last)
    assert (len(built.lead), len(built.rest)) == (LEAD, 5) == (7, 5)
    assert built.kpis == tuple(values)


def test_each_kpi_is_told_once_however_many_reasons_there_are() -> None:
    policy = policy_of(*many(2))
    alerts = [make_alert(id=name, kpi="kpi_00", rule=name) for name in ("one", "two")]
    built = digest(policy, {"kpi_00": (100.0, 10.0), "kpi_01": (100.0, 90.0)}, alerts, statuses(kpi_00=Status.GREEN))
    assert lines(built) == [("kpi_00", Why.TURNED_RED), ("kpi_01", Why.BIGGEST_MOVE)]
    assert built.lead[0].before is Status.GREEN


def test_of_several_alerts_the_most_urgent_is_shown() -> None:
    policy = policy_of(*many(1))
    alerts = [
        make_alert(id="later", kpi="kpi_00", priority="high", respond_by=NOW + 9 * HOUR),
        make_alert(id="urgent", kpi="kpi_00", priority="critical", respond_by=NOW + 4 * HOUR),
        make_alert(id="low", kpi="kpi_00", priority="low", respond_by=NOW + HOUR),
    ]
    (item,) = digest(policy, {"kpi_00": (95.0, 95.0)}, alerts).lead
    assert item.alert is not None
    assert item.alert.id == "urgent"


def test_the_first_digest_knows_no_before() -> None:
    policy = policy_of(*many(3))
    built = digest(policy, {"kpi_00": (10.0,), "kpi_01": (95.0,), "kpi_02": (100.0, 90.0)}, [make_alert(kpi="kpi_00")])
    assert (built.since, built.overall_before) == (None, None)
    assert lines(built) == [("kpi_00", Why.ALERT_OPEN), ("kpi_02", Why.BIGGEST_MOVE)]
    assert [one.before for one in built.departments] == [None]


TURNS = [
    (Status.GREEN, 10.0, Why.TURNED_RED),
    (Status.BLUE, 10.0, Why.TURNED_RED),
    (Status.YELLOW, 10.0, Why.TURNED_RED),
    (Status.RED, 10.0, Why.STILL_RED),
    (Status.RED, 95.0, Why.TURNED_GREEN),
    (Status.YELLOW, 95.0, Why.TURNED_GREEN),
    (Status.RED, 150.0, Why.TURNED_GREEN),
    (Status.GREEN, 150.0, None),
    (Status.BLUE, 95.0, None),
    (Status.RED, 75.0, None),
    (Status.GREEN, 75.0, None),
]


@pytest.mark.parametrize(("before", "value", "why"), TURNS)
def test_a_turn_is_told_and_staying_is_not(before: Status, value: float, why: Why | None) -> None:
    policy = policy_of(*many(1))
    built = digest(policy, {"kpi_00": (value, value)}, last=statuses(kpi_00=before))
    assert [reason for _, reason in lines(built)] == ([why] if why else [])


def test_what_one_digest_remembers_makes_the_next_one_s_before() -> None:
    policy = policy_of(*many(2))
    monday = digest(policy, {"kpi_00": (95.0, 95.0), "kpi_01": (60.0, 60.0)})
    remembered = (YESTERDAY, monday.snapshot.model_dump(mode="json"))
    tuesday = digest(policy, {"kpi_00": (10.0, 10.0), "kpi_01": (60.0, 60.0)}, last=remembered)
    assert tuesday.since == YESTERDAY
    assert lines(tuesday) == [("kpi_00", Why.TURNED_RED), ("kpi_01", Why.STILL_RED)]
    assert monday.overall is not None
    assert tuesday.overall is not None
    assert tuesday.overall_before == monday.overall.value == pytest.approx(77.5)
    assert tuesday.overall.value == pytest.approx(35.0)
    assert [one.before for one in tuesday.departments] == [pytest.approx(77.5)]


def test_only_the_three_biggest_moves_for_the_worse_are_told() -> None:
    policy = policy_of(*many(6))
    values = {"kpi_00": (1000.0, 960.0), "kpi_01": (100.0, 95.0), "kpi_02": (200.0, 150.0), "kpi_03": (100.0, 92.0),
              "kpi_04": (100.0, 300.0), "kpi_05": (0.0, -50.0)}  # fmt: skip
    assert lines(digest(policy, values)) == [
        ("kpi_05", Why.STILL_RED),
        ("kpi_02", Why.BIGGEST_MOVE),
        ("kpi_03", Why.BIGGEST_MOVE),
        ("kpi_01", Why.BIGGEST_MOVE),
    ]


def test_counts_cover_every_kpi_the_reader_may_see() -> None:
    policy = policy_of(*many(5))
    built = digest(policy, {"kpi_00": (10.0,), "kpi_01": (75.0,), "kpi_02": (95.0,), "kpi_03": (150.0,), "kpi_04": ()})
    assert built.counts == {Status.RED: 1, Status.YELLOW: 1, Status.GREEN: 1, Status.BLUE: 1, Status.GREY: 1}


def test_departments_come_best_first_and_weigh_in_the_whole() -> None:
    weak = make_kpi("weak")
    strong = make_kpi("strong", department="operations", owner="ceo", classification="operational")
    policy = policy_of(weak, strong)
    built = digest(policy, {"weak": (60.0,), "strong": (95.0,)})
    assert [(one.department.key, one.score.label) for one in built.departments] == [
        ("operations", Label.EXCELLENT),
        ("revenue", Label.AT_RISK),
    ]
    assert built.overall is not None
    weights = [policy.departments[key].weight for key in ("revenue", "operations")]
    assert weights == [2.0, 1.0]
    assert built.overall.value == pytest.approx((60 * 2 + 95) / 3)


def test_without_any_data_there_is_no_score() -> None:
    built = digest(policy_of(*many(1)), {"kpi_00": ()})
    assert (built.overall, built.departments, built.lead) == (None, (), ())
    assert built.snapshot.overall is None


SECRET = make_kpi("secret", classification="executive")
OWN = make_kpi("own")
OTHERS = make_kpi("others", department="operations", owner="ceo", classification="financial")
HEADS = Reader(level=Level.DEPARTMENT, departments=frozenset({"revenue"}))


def test_a_reader_s_digest_holds_nothing_they_may_not_see() -> None:
    policy = policy_of(SECRET, OWN, OTHERS)
    values = dict.fromkeys(policy.kpis, (95.0, 10.0))
    alerts = [make_alert(id=key, kpi=key) for key in policy.kpis]
    last = statuses(**dict.fromkeys(policy.kpis, Status.GREEN))
    built = digest(policy, values, alerts, last, HEADS)
    assert built.kpis == ("own",)
    assert built.counts[Status.RED] == 1
    assert [one.department.key for one in built.departments] == ["revenue"]
    assert set(built.snapshot.statuses) == {"own"}
    assert built.departments[0].score.of == 1


def test_a_hidden_kpi_does_not_even_move_the_score() -> None:
    policy = policy_of(SECRET, OWN)
    low, high = (digest(policy, {"secret": (bad,), "own": (80.0,)}, reader=HEADS) for bad in (1.0, 99.0))
    assert low.overall == high.overall
    assert low.departments == high.departments


def test_an_outsider_s_digest_is_empty() -> None:
    built = digest(policy_of(OWN), {"own": (10.0,)}, [make_alert(kpi="own")], reader=NOBODY)
    assert (built.lead, built.rest, built.departments, built.overall) == ((), (), (), None)
    assert sum(built.counts.values()) == 0


def test_segments_are_not_told_as_if_they_were_the_whole() -> None:
    policy = policy_of(OWN)
    part = stand(policy, OWN, "size:small", history(100.0, 10.0), NOW)
    built = build_digest(policy, EVERYONE, [part], [], statuses(own=Status.GREEN), TODAY)
    assert (lines(built), sum(built.counts.values())) == ([], 0)


def test_an_alert_of_a_kpi_the_policy_no_longer_has_is_left_out() -> None:
    assert lines(digest(policy_of(OWN), {"own": (95.0,)}, [make_alert(kpi="gone")])) == []


def test_alerts_are_ordered_by_urgency_then_time_left_then_age() -> None:
    alerts = [
        make_alert(id="insight", priority="insight", opened_at=NOW - 99 * HOUR),
        make_alert(id="low", priority="low", respond_by=NOW + HOUR),
        make_alert(id="critical-promised", priority="critical", opened_at=NOW - 5 * HOUR),
        make_alert(id="critical-late", priority="critical", respond_by=NOW + 3 * HOUR, opened_at=NOW - HOUR),
        make_alert(id="critical-soon", priority="critical", respond_by=NOW + HOUR),
        make_alert(id="critical-late-older", priority="critical", respond_by=NOW + 3 * HOUR, opened_at=NOW - 2 * HOUR),
        make_alert(id="critical-promised-older", priority="critical", opened_at=NOW - 9 * HOUR),
    ]
    assert [alert.id for alert in open_longest_first(small_policy(), alerts)] == [
        "critical-soon",
        "critical-late-older",
        "critical-late",
        "critical-promised-older",
        "critical-promised",
        "low",
        "insight",
    ]


def test_open_alerts_appear_in_that_order() -> None:
    policy = policy_of(*many(3))
    alerts = [
        make_alert(id="a", kpi="kpi_00", priority="low"),
        make_alert(id="b", kpi="kpi_01", priority="critical"),
        make_alert(id="c", kpi="kpi_02", priority="high"),
    ]
    built = digest(policy, dict.fromkeys(policy.kpis, (95.0, 95.0)), alerts)
    assert built.kpis == ("kpi_01", "kpi_02", "kpi_00")


def test_the_same_facts_give_the_same_digest() -> None:
    policy = policy_of(*many(4))
    values = {f"kpi_{place:02d}": (95.0, 20.0 * place) for place in range(4)}
    assert digest(policy, values, [make_alert(kpi="kpi_01")]) == digest(policy, values, [make_alert(kpi="kpi_01")])
