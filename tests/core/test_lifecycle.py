"""The life of an alert: what each event does in each state, what changes nothing, and how its clocks run."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from bot.core.alert import Alert, Resolution, State
from bot.core.lifecycle import TABLE, Act, Event, Notice, Step, due_event, reopens, start_clocks, step
from bot.core.organisation import Priority
from bot.core.verdict import Finding
from tests.core.examples import NOW, OCTOBER, make_alert, small_policy

HOUR = timedelta(hours=1)
MINUTE = timedelta(minutes=1)
LATER = NOW + HOUR
CRITICAL = small_policy().priority("critical")  # acknowledge 30m, respond 4h, remind 1h before, reopen 24h
INSIGHT = small_policy().priority("insight")  # no clocks
WORSE = Finding(condition="reaches", value=5.1, limit=4.0)
WELL = Finding(condition="reaches", value=2.0, limit=4.0)

F, A, R = State.FIRING, State.ACKNOWLEDGED, State.RESOLVED
EXPECTED = {
    (F, Event.BREACHED): (F, Notice.UPDATED),
    (F, Event.RECOVERED): (R, Notice.RECOVERED),
    (F, Event.ACKNOWLEDGED): (A, Notice.ACKNOWLEDGED),
    (F, Event.RESOLVED): (R, Notice.RESOLVED),
    (F, Event.UNACKNOWLEDGED): (F, Notice.ESCALATED),
    (F, Event.WINDOW_ENDING): (F, Notice.REMINDED),
    (F, Event.WINDOW_MISSED): (F, Notice.MISSED),
    (F, Event.WITHDRAWN): (R, Notice.WITHDRAWN),
    (F, Event.OUTGROWN): (R, Notice.OUTGROWN),
    (A, Event.BREACHED): (A, Notice.UPDATED),
    (A, Event.ACTED): (A, Notice.ACTED),
    (A, Event.RECOVERED): (R, Notice.RECOVERED),
    (A, Event.RESOLVED): (R, Notice.RESOLVED),
    (A, Event.WINDOW_ENDING): (A, Notice.REMINDED),
    (A, Event.WINDOW_MISSED): (A, Notice.MISSED),
    (A, Event.WITHDRAWN): (R, Notice.WITHDRAWN),
    (A, Event.OUTGROWN): (R, Notice.OUTGROWN),
    (R, Event.BREACHED): (F, Notice.REOPENED),
    (R, Event.RETURNED): (F, Notice.UPDATED),
}
ACTS = {
    Event.BREACHED: Act(finding=WORSE, period="2026-11"),
    Event.RECOVERED: Act(finding=WELL, period="2026-11"),
    Event.OUTGROWN: Act(finding=WORSE, period="2026-11"),
    Event.RETURNED: Act(finding=WORSE, period="2026-11"),
    Event.ACKNOWLEDGED: Act(by="U0BRUNO01"),
    Event.ACTED: Act(by="U0BRUNO01", text="calling the ten largest customers"),
    Event.RESOLVED: Act(by="U0CARLA01", text="price fixed"),
}


AFTER_TRIAL = {(F, Event.TOLD): (F, Notice.OPENED)}
"""What nothing but the alert of a rule on trial does."""


def opened(priority: Priority = CRITICAL, **changes: Any) -> Alert:
    return make_alert(**start_clocks(priority, NOW), **changes)


def in_state(state: State) -> Alert:
    """Give an alert that came to this state by living."""
    alert = opened()
    if state is A:
        return went(alert, Event.ACKNOWLEDGED, now=NOW + MINUTE).alert
    if state is R:
        return went(alert, Event.RECOVERED, now=NOW + MINUTE).alert
    return alert


def went(
    alert: Alert, event: Event, act: Act | None = None, now: datetime = LATER, priority: Priority = CRITICAL
) -> Step:
    taken = step(alert, event, act or ACTS.get(event, Act()), priority, now)
    assert taken is not None, f"{alert.state}, {event} changed nothing"
    return taken


@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize("event", Event)
def test_each_event_does_in_each_state_what_the_table_says_and_otherwise_nothing(state: State, event: Event) -> None:
    before = in_state(state)
    taken = step(before, event, ACTS.get(event, Act()), CRITICAL, LATER)
    if (state, event) not in EXPECTED:
        assert taken is None
        return
    assert taken is not None
    assert (taken.alert.state, taken.notice) == EXPECTED[state, event]
    assert taken.before == before
    assert taken.alert.version == before.version + 1


def test_the_product_s_table_is_this_one_and_the_opening() -> None:
    assert {pair: row for pair, row in TABLE.items() if pair[0] is not None} == EXPECTED | AFTER_TRIAL
    assert {pair: row for pair, row in TABLE.items() if pair[0] is None} == {(None, Event.BREACHED): (F, Notice.OPENED)}


@pytest.mark.parametrize(
    "event", [Event.ACKNOWLEDGED, Event.ACTED, Event.RESOLVED, Event.UNACKNOWLEDGED, Event.WINDOW_MISSED]
)
def test_nobody_and_no_clock_touches_the_alert_of_a_rule_on_trial(event: Event) -> None:
    assert step(make_alert(dry_run=True), event, ACTS.get(event, Act()), CRITICAL, LATER) is None


def test_what_was_broken_on_trial_begins_its_clocks_when_it_is_told() -> None:
    told = went(make_alert(dry_run=True), Event.TOLD, now=LATER).alert
    assert (told.dry_run, told.opened_at, told.state) == (False, NOW, F)
    assert told.acknowledge_by == start_clocks(CRITICAL, LATER)["acknowledge_by"]
    assert step(told, Event.TOLD, Act(), CRITICAL, LATER) is None, "once"


def test_an_alert_on_trial_that_opens_again_starts_no_clock() -> None:
    ended = went(make_alert(dry_run=True), Event.RECOVERED).alert
    assert went(ended, Event.BREACHED).alert.next_due is None


@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize("event", Event)
def test_no_step_changes_who_and_what_an_alert_is_about(state: State, event: Event) -> None:
    before = in_state(state)
    taken = step(before, event, ACTS.get(event, Act()), CRITICAL, LATER)
    kept = ("id", "kpi", "segment", "rule", "priority", "opened_at", "chain", "channel", "policy_version", "ts")
    if taken is not None:
        assert [getattr(taken.alert, name) for name in kept] == [getattr(before, name) for name in kept]


def test_opening_starts_all_three_clocks() -> None:
    assert start_clocks(CRITICAL, NOW) == {
        "acknowledge_by": NOW + 30 * MINUTE,
        "remind_at": NOW + 3 * HOUR,
        "respond_by": NOW + 4 * HOUR,
    }


def test_a_priority_without_windows_starts_none() -> None:
    assert set(start_clocks(INSIGHT, NOW).values()) == {None}
    assert due_event(opened(INSIGHT), NOW + 9999 * HOUR) is None


def test_without_a_window_there_is_nothing_to_remind_of() -> None:
    odd = CRITICAL.model_copy(update={"respond_within": None})
    assert start_clocks(odd, NOW) == {"acknowledge_by": NOW + 30 * MINUTE, "remind_at": None, "respond_by": None}


def test_acknowledging_stops_the_first_clock_and_leaves_the_window_running() -> None:
    alert = went(opened(), Event.ACKNOWLEDGED, Act(by="U0BRUNO01"), NOW + MINUTE).alert
    assert (alert.acknowledged_by, alert.acknowledged_at, alert.acknowledge_by) == ("U0BRUNO01", NOW + MINUTE, None)
    assert (alert.remind_at, alert.respond_by, alert.action) == (NOW + 3 * HOUR, NOW + 4 * HOUR, None)


def test_acknowledging_with_an_action_keeps_the_promise_of_the_window() -> None:
    alert = went(opened(), Event.ACKNOWLEDGED, Act(by="U0BRUNO01", text="calling the top ten")).alert
    assert alert.action == "calling the top ten"
    assert alert.next_due is None


def test_an_action_is_stated_only_by_those_who_took_the_alert() -> None:
    for state in (F, R):
        assert step(in_state(state), Event.ACTED, ACTS[Event.ACTED], CRITICAL, LATER) is None


def test_second_acknowledgement_changes_nothing() -> None:
    alert = in_state(A)
    assert step(alert, Event.ACKNOWLEDGED, Act(by="U0CARLA01", text="no, mine"), CRITICAL, LATER) is None


def test_resolve_beats_a_late_acknowledge() -> None:
    for end in (Event.RESOLVED, Event.RECOVERED, Event.WITHDRAWN, Event.OUTGROWN):
        over = went(opened(), end).alert
        assert step(over, Event.ACKNOWLEDGED, Act(by="U0BRUNO01"), CRITICAL, LATER + MINUTE) is None


@pytest.mark.parametrize("state", [F, A])
@pytest.mark.parametrize(
    ("event", "act", "resolution", "by"),
    [
        (Event.RECOVERED, Act(finding=WELL, period="2026-11"), Resolution.RECOVERED, None),
        (Event.RECOVERED, Act(finding=WELL, period="2026-11", restated=True), Resolution.RESTATED, None),
        (Event.RESOLVED, Act(by="U0CARLA01"), Resolution.BY_HAND, "U0CARLA01"),
        (Event.WITHDRAWN, Act(), Resolution.WITHDRAWN, None),
        (Event.OUTGROWN, Act(finding=WORSE, period="2026-11"), Resolution.OUTGROWN, None),
    ],
)
def test_an_ended_alert_says_why_and_has_no_clock_left(
    state: State, event: Event, act: Act, resolution: Resolution, by: str | None
) -> None:
    alert = went(in_state(state), event, act).alert
    assert (alert.state, alert.resolution, alert.resolved_at, alert.resolved_by) == (R, resolution, LATER, by)
    assert (alert.acknowledge_by, alert.remind_at, alert.respond_by, alert.next_due) == (None, None, None, None)
    assert due_event(alert, NOW + 9999 * HOUR) is None


def test_recovery_shows_the_value_that_ended_it() -> None:
    alert = went(opened(), Event.RECOVERED, Act(finding=WELL, period="2026-11")).alert
    assert (alert.finding, alert.period) == (WELL, "2026-11")


def test_what_was_done_is_kept_when_resolving_and_not_lost_without_words() -> None:
    promised = went(opened(), Event.ACKNOWLEDGED, Act(by="U0BRUNO01", text="call them")).alert
    assert went(promised, Event.RESOLVED, Act(by="U0BRUNO01")).alert.action == "call them"
    assert went(promised, Event.RESOLVED, Act(by="U0BRUNO01", text="called them")).alert.action == "called them"


@pytest.mark.parametrize("state", [F, A])
def test_the_same_finding_again_says_nothing(state: State) -> None:
    alert = in_state(state)
    assert step(alert, Event.BREACHED, Act(finding=alert.finding, period=OCTOBER), CRITICAL, LATER) is None


@pytest.mark.parametrize("state", [F, A])
def test_another_finding_updates_what_was_seen_and_no_clock(state: State) -> None:
    before = in_state(state)
    alert = went(before, Event.BREACHED).alert
    assert (alert.finding, alert.period) == (WORSE, "2026-11")
    assert alert.next_due == before.next_due
    assert alert.acknowledged_by == before.acknowledged_by


def test_reopening_starts_anew_and_counts() -> None:
    walked = went(opened(), Event.UNACKNOWLEDGED).alert
    taken = went(walked, Event.ACKNOWLEDGED, Act(by="U0BRUNO01", text="call them")).alert
    over = went(taken, Event.RESOLVED, Act(by="U0CARLA01")).alert
    back = went(over, Event.BREACHED, now=NOW + 9 * HOUR).alert
    assert (back.state, back.step, back.reopened, back.in_charge) == (F, 0, 1, "bruno")
    assert (back.acknowledged_at, back.acknowledged_by, back.action) == (None, None, None)
    assert (back.resolved_at, back.resolved_by, back.resolution) == (None, None, None)
    assert back.acknowledge_by == NOW + 9 * HOUR + 30 * MINUTE
    assert back.missed == 1, "a promise that was missed stays missed"
    again = went(went(back, Event.RECOVERED).alert, Event.BREACHED).alert
    assert again.reopened == 2


@pytest.mark.parametrize(
    ("after", "expected"),
    [(timedelta(0), True), (HOUR, True), (24 * HOUR, True), (24 * HOUR + timedelta(microseconds=1), False)],
)
def test_a_breach_within_the_window_reopens(after: timedelta, expected: bool) -> None:
    over = went(opened(), Event.RECOVERED, now=LATER).alert
    assert reopens(over, CRITICAL, LATER + after) is expected


def test_an_alert_that_never_ended_is_not_reopened() -> None:
    assert not reopens(opened(), CRITICAL, LATER)


@pytest.mark.parametrize(
    ("minutes", "event"),
    [
        (0, None),
        (29, None),
        (30, Event.UNACKNOWLEDGED),
        (180, Event.UNACKNOWLEDGED),
        (239, Event.UNACKNOWLEDGED),
        (240, Event.WINDOW_MISSED),
        (9999, Event.WINDOW_MISSED),
    ],
)
def test_the_gravest_clock_that_has_run_out_speaks(minutes: int, event: Event | None) -> None:
    assert due_event(opened(), NOW + minutes * MINUTE) is event


@pytest.mark.parametrize(
    ("minutes", "event"),
    [(179, None), (180, Event.WINDOW_ENDING), (239, Event.WINDOW_ENDING), (240, Event.WINDOW_MISSED)],
)
def test_acknowledged_without_an_action_it_is_reminded_and_then_missed(minutes: int, event: Event | None) -> None:
    assert due_event(in_state(A), NOW + minutes * MINUTE) is event


def test_the_next_due_moment_is_the_first_of_the_clocks() -> None:
    assert opened().next_due == NOW + 30 * MINUTE
    assert in_state(A).next_due == NOW + 3 * HOUR
    assert in_state(R).next_due is None


def test_a_reminder_is_given_once() -> None:
    reminded = went(in_state(A), Event.WINDOW_ENDING, now=NOW + 3 * HOUR).alert
    assert (reminded.remind_at, reminded.respond_by) == (None, NOW + 4 * HOUR)
    assert (reminded.step, reminded.missed) == (0, 0)
    assert due_event(reminded, NOW + 3 * HOUR + MINUTE) is None


def test_whoever_gets_a_missed_alert_has_a_window_of_their_own_and_the_last_has_no_clock() -> None:
    late = went(in_state(A), Event.WINDOW_MISSED, now=NOW + 4 * HOUR).alert
    assert (late.missed, late.step, late.in_charge) == (1, 1, "carla")
    assert (late.remind_at, late.respond_by) == (NOW + 7 * HOUR, NOW + 8 * HOUR)
    assert late.acknowledge_by is None, "whoever said 'mine' is not asked to say it again"
    last = went(late, Event.WINDOW_MISSED, now=NOW + 8 * HOUR).alert
    assert (last.missed, last.in_charge, last.next_due) == (2, "ana", None)


def test_a_warning_that_returns_has_fresh_clocks_and_was_never_reopened() -> None:
    taken = went(in_state(A), Event.ACTED).alert
    back = went(went(taken, Event.OUTGROWN).alert, Event.RETURNED, now=NOW + 9 * HOUR).alert
    assert (back.state, back.step, back.reopened, back.finding) == (F, 0, 0, WORSE)
    assert (back.acknowledged_at, back.acknowledged_by, back.action) == (None, None, None)
    assert (back.resolved_at, back.resolution, back.acknowledge_by) == (None, None, NOW + 9 * HOUR + 30 * MINUTE)


def live(
    alert: Alert,
    until: datetime,
    every: timedelta = MINUTE,
    priority: Priority = CRITICAL,
    since: datetime = NOW,
) -> list[Step]:
    """Let nobody do anything, looking at the clocks every so often."""
    steps, now = [], since
    while now <= until:
        while (event := due_event(alert, now)) is not None:
            taken = went(alert, event, now=now, priority=priority)
            steps.append(taken)
            alert = taken.alert
        now += every
    return steps


def test_an_alert_nobody_answers_walks_its_chain_to_the_end_and_then_rests() -> None:
    steps = live(opened(chain=("bruno", "carla", "ana")), NOW + 48 * HOUR)
    assert [(taken.notice, taken.alert.in_charge) for taken in steps] == [
        (Notice.ESCALATED, "carla"),
        (Notice.ESCALATED, "ana"),
        (Notice.REMINDED, "ana"),
        (Notice.MISSED, "ana"),
    ]
    assert steps[-1].alert.next_due is None
    assert steps[-1].alert.missed == 3


def test_each_in_the_chain_has_the_time_the_one_before_had() -> None:
    first = went(opened(chain=("bruno", "carla", "ana")), Event.UNACKNOWLEDGED, now=NOW + 31 * MINUTE).alert
    assert first.acknowledge_by == NOW + 61 * MINUTE
    assert went(first, Event.UNACKNOWLEDGED, now=NOW + 61 * MINUTE).alert.acknowledge_by is None


FOUR = ("bruno", "dora", "carla", "ana")
SHORT = CRITICAL.model_copy(
    update={"acknowledge_within": 15 * MINUTE, "respond_within": HOUR, "remind_before": 30 * MINUTE}
)


def told(alert: Alert, until: datetime, priority: Priority) -> list[tuple[int, Notice, str]]:
    steps, now = [], NOW
    while now <= until:
        for taken in live(alert, now, priority=priority, since=now):
            steps.append(((now - NOW) // MINUTE, taken.notice, taken.alert.in_charge))
            alert = taken.alert
        now += MINUTE
    return steps


def test_short_windows_nobody_answers_ring_once_at_a_time() -> None:
    assert told(opened(SHORT, chain=FOUR), NOW + 24 * HOUR, SHORT) == [
        (15, Notice.ESCALATED, "dora"),
        (30, Notice.ESCALATED, "carla"),  # names the window to her, so that no reminder follows it
        (45, Notice.ESCALATED, "ana"),
        (60, Notice.MISSED, "ana"),
    ]


def test_acknowledged_and_then_forgotten_it_walks_the_whole_chain_window_by_window() -> None:
    taken = went(opened(SHORT, chain=FOUR), Event.ACKNOWLEDGED, priority=SHORT, now=NOW + MINUTE).alert
    assert told(taken, NOW + 24 * HOUR, SHORT) == [
        (30, Notice.REMINDED, "bruno"),
        (60, Notice.MISSED, "dora"),
        (90, Notice.REMINDED, "dora"),
        (120, Notice.MISSED, "carla"),
        (150, Notice.REMINDED, "carla"),
        (180, Notice.MISSED, "ana"),
    ]


def test_a_reminder_is_not_swallowed_when_nobody_is_told_of_the_window_instead() -> None:
    alone = SHORT.model_copy(update={"acknowledge_within": 30 * MINUTE})
    assert told(opened(alone, chain=("ana",)), NOW + 2 * HOUR, alone) == [
        (30, Notice.ESCALATED, "ana"),
        (30, Notice.REMINDED, "ana"),
        (60, Notice.MISSED, "ana"),
    ]


def test_with_nobody_to_pass_it_to_the_miss_is_told_once() -> None:
    steps = live(opened(chain=("ana",)), NOW + 48 * HOUR)
    assert [taken.notice for taken in steps] == [Notice.ESCALATED, Notice.REMINDED, Notice.MISSED]
    assert {taken.alert.in_charge for taken in steps} == {"ana"}


def test_after_an_outage_an_alert_is_not_told_about_every_hour_it_slept() -> None:
    steps = live(opened(chain=("bruno", "carla", "ana")), NOW + 96 * HOUR, every=24 * HOUR)
    assert [taken.notice for taken in steps] == [Notice.MISSED, Notice.MISSED]
    assert steps[0].alert.remind_at == NOW + 27 * HOUR, "a window that was missed is not reminded of"


@pytest.mark.parametrize("length", [1, 2, 3, 4, 7])
@pytest.mark.parametrize("key", ["critical", "high", "medium", "low", "insight"])
@pytest.mark.parametrize("every", [MINUTE * 5, HOUR * 7, HOUR * 100])
def test_escalation_is_bounded_by_the_chain(length: int, key: str, every: timedelta) -> None:
    priority = small_policy().priority(key)
    alert = opened(priority, chain=tuple(f"person_{place}" for place in range(length)))
    steps = live(alert, NOW + timedelta(days=30), every, priority)
    reminders = [taken.notice for taken in steps].count(Notice.REMINDED)
    assert len(steps) - reminders <= length + 1
    assert reminders <= length
    assert (steps[-1].alert if steps else alert).next_due is None


def test_an_alert_passed_beyond_its_chain_stays_with_the_last() -> None:
    assert make_alert(step=9).in_charge == "ana"


def test_an_action_said_after_acknowledging_ends_the_response_window() -> None:
    taken = went(in_state(A), Event.ACTED).alert
    assert taken.action == "calling the ten largest customers"
    assert (taken.remind_at, taken.respond_by) == (None, None)
    assert taken.acknowledged_by == "U0BRUNO01"


@pytest.mark.parametrize("text", [None, "", "calling the ten largest customers"])
def test_an_action_without_words_or_said_before_changes_nothing(text: str | None) -> None:
    acted = went(in_state(A), Event.ACTED).alert
    assert step(acted, Event.ACTED, Act(by="U0BRUNO01", text=text), CRITICAL, LATER) is None


def test_the_same_number_for_a_newer_period_brings_the_alert_up_to_date() -> None:
    alert = in_state(F)
    newer = Act(finding=alert.finding, period="2026-12")
    assert went(alert, Event.BREACHED, newer).alert.period == "2026-12"


def test_anybody_may_say_what_is_done_first_and_only_whoever_has_it_may_say_another() -> None:
    somebody_else = Act(by="U0CARLA01", text="price fixed")
    acted = went(in_state(A), Event.ACTED, somebody_else).alert
    assert (acted.action, acted.acknowledged_by) == ("price fixed", "U0BRUNO01")
    assert step(acted, Event.ACTED, Act(by="U0CARLA01", text="and tested"), CRITICAL, LATER) is None
    assert went(acted, Event.ACTED).alert.action == "calling the ten largest customers"
