"""Whatever happens to an alert in whatever order, some things stay true."""

from datetime import datetime, timedelta

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from bot.core.alert import Alert, State
from bot.core.lifecycle import TABLE, Act, Event, Notice, Step, due_event, start_clocks, step
from bot.core.verdict import Finding
from tests.core.examples import NOW, make_alert, small_policy

CHAIN = ("bruno", "carla", "ana")
CRITICAL = small_policy().priority("critical")
FINDINGS = st.sampled_from([4.1, 4.3, 5.0]).map(lambda value: Finding(condition="reaches", value=value, limit=4.0))
LENGTHS = st.sampled_from([0, 1, 29, 30, 31, 120, 600]).map(lambda minutes: timedelta(minutes=minutes))


class Life(RuleBasedStateMachine):
    """Values arrive, people press buttons (twice, late), the clock is looked at now and then."""

    def __init__(self) -> None:
        super().__init__()
        self.now: datetime = NOW
        self.alert: Alert = make_alert(chain=CHAIN, **start_clocks(CRITICAL, NOW))
        self.told_since_opening: list[Notice] = []

    def happen(self, event: Event, act: Act) -> None:
        before = self.alert
        taken = step(before, event, act, CRITICAL, self.now)
        if taken is None:
            self._check_nothing_was_due(event, act)
            return
        self._check_step(taken, before, event)
        self.alert = taken.alert
        again = before.state is State.RESOLVED
        self.told_since_opening = [] if again else [*self.told_since_opening, taken.notice]

    def _check_nothing_was_due(self, event: Event, act: Act) -> None:
        known = self.alert.finding == act.finding and self.alert.period == act.period
        same = event is Event.BREACHED and self.alert.is_open and known
        same |= event is Event.ACTED and (
            act.text == self.alert.action or (self.alert.action is not None and act.by != self.alert.acknowledged_by)
        )
        assert same or (self.alert.state, event) not in TABLE

    def _check_step(self, taken: Step, before: Alert, event: Event) -> None:
        assert (taken.alert.state, taken.notice) == TABLE[before.state, event]
        assert taken.before == before
        assert taken.alert.version == before.version + 1
        assert taken.alert.missed >= before.missed
        assert taken.alert.step >= before.step or before.state is State.RESOLVED
        assert taken.alert.reopened == before.reopened + (taken.notice is Notice.REOPENED)
        rang = taken.notice in (Notice.ESCALATED, Notice.MISSED)
        assert taken.alert.missed == before.missed + rang

    @rule(finding=FINDINGS)
    def a_bad_value_arrives(self, finding: Finding) -> None:
        self.happen(Event.BREACHED, Act(finding=finding, period="2026-11"))

    @rule(finding=FINDINGS)
    def what_outgrew_it_is_over(self, finding: Finding) -> None:
        self.happen(Event.RETURNED, Act(finding=finding, period="2026-11"))

    @rule(restated=st.booleans())
    def a_good_value_arrives(self, restated: bool) -> None:
        good = Finding(condition="reaches", value=2.0, limit=4.0)
        self.happen(Event.RECOVERED, Act(finding=good, period="2026-11", restated=restated))

    @rule(by=st.sampled_from(["U0BRUNO01", "U0CARLA01"]), text=st.sampled_from([None, "call them"]))
    def somebody_acknowledges(self, by: str, text: str | None) -> None:
        self.happen(Event.ACKNOWLEDGED, Act(by=by, text=text))

    @rule(text=st.sampled_from(["call them", "visit them"]))
    def somebody_says_what_is_done(self, text: str) -> None:
        self.happen(Event.ACTED, Act(by="U0BRUNO01", text=text))

    @rule(text=st.sampled_from([None, "fixed"]))
    def somebody_resolves(self, text: str | None) -> None:
        self.happen(Event.RESOLVED, Act(by="U0ANA0001", text=text))

    @rule(event=st.sampled_from([Event.WITHDRAWN, Event.OUTGROWN]))
    def it_is_taken_back(self, event: Event) -> None:
        self.happen(event, Act())

    @rule(event=st.sampled_from([Event.UNACKNOWLEDGED, Event.WINDOW_ENDING, Event.WINDOW_MISSED]))
    def a_clock_event_comes_when_it_will(self, event: Event) -> None:
        if due_event(self.alert, self.now) is event:
            self.happen(event, Act())

    @rule(length=LENGTHS)
    def time_passes_and_the_clocks_are_looked_at(self, length: timedelta) -> None:
        self.now += length
        for _ in range(5):
            event = due_event(self.alert, self.now)
            if event is None:
                break
            self.happen(event, Act())
        assert due_event(self.alert, self.now) is None, "one moment never keeps an alert busy"

    @invariant()
    def a_resolved_alert_has_no_running_clock(self) -> None:
        clocks = (self.alert.acknowledge_by, self.alert.remind_at, self.alert.respond_by)
        if not self.alert.is_open:
            assert clocks == (None, None, None)
        assert (self.alert.resolved_at is None) is (self.alert.resolution is None) is self.alert.is_open

    @invariant()
    def it_is_with_somebody_of_its_chain(self) -> None:
        assert 0 <= self.alert.step < len(CHAIN)
        assert self.alert.in_charge == CHAIN[self.alert.step]

    @invariant()
    def an_acknowledged_alert_waits_for_no_acknowledgement(self) -> None:
        if self.alert.acknowledged_at is not None:
            assert self.alert.acknowledge_by is None
        if self.alert.state is State.ACKNOWLEDGED:
            assert self.alert.acknowledged_by is not None
        if self.alert.state is State.FIRING:
            assert self.alert.acknowledged_at is None

    @invariant()
    def a_stated_action_stops_every_clock(self) -> None:
        if self.alert.action is not None:
            assert self.alert.next_due is None

    @invariant()
    def it_is_told_about_a_bounded_number_of_times(self) -> None:
        told = self.told_since_opening
        assert told.count(Notice.ESCALATED) + told.count(Notice.MISSED) <= len(CHAIN)
        assert told.count(Notice.REMINDED) < len(CHAIN)


TestLife = Life.TestCase
TestLife.settings = settings(max_examples=60, stateful_step_count=30, deadline=None)
