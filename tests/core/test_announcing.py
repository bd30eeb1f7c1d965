"""What a step says, to whom and how loud."""

import pytest

from bot.core.alert import Alert, State
from bot.core.announcing import PASSED_ON, announce
from bot.core.lifecycle import TABLE, Act, Notice, Step
from bot.core.policy import Policy
from bot.core.speech import Manner, Outgoing
from bot.core.words import Language
from tests.core.examples import NOW, make_alert, policy_with, small_policy

POLICY = small_policy()
CHANNEL = "C0REVENUE1"  # in Spanish
ACT = Act(by="U0BRUNO01", text="calling the top ten")


def said(
    notice: Notice, before: Alert | None = None, alert: Alert | None = None, policy: Policy = POLICY
) -> list[Outgoing]:
    before = before or make_alert()
    after = alert or before.model_copy(update={"version": before.version + 1})
    return announce(Step(before=before, alert=after, notice=notice, act=ACT), policy, NOW)


def shape(messages: list[Outgoing]) -> list[tuple[str, Manner, str, bool]]:
    return [(one.notice, one.manner, one.destination, one.loud) for one in messages]


def test_opening_is_one_new_message_in_the_kpi_s_channel() -> None:
    (message,) = announce(Step(before=None, alert=make_alert(), notice=Notice.OPENED, act=Act()), POLICY, NOW)
    assert (message.notice, message.manner, message.destination) == ("alert_opened", Manner.POST, CHANNEL)
    assert (message.alert, message.kpis, message.rank, message.created_at) == ("a1", ("churn_rate",), 0, NOW)
    assert message.language is Language.ES


def test_a_rule_on_trial_tells_nobody() -> None:
    trial = make_alert(dry_run=True)
    assert announce(Step(before=None, alert=trial, notice=Notice.OPENED, act=Act()), POLICY, NOW) == []
    assert [said(notice, trial) for notice in Notice] == [[] for _ in Notice]


def test_an_update_only_edits_and_rings_nobody() -> None:
    assert shape(said(Notice.UPDATED)) == [("alert_updated", Manner.EDIT, CHANNEL, False)]


@pytest.mark.parametrize(
    "notice", [Notice.ACKNOWLEDGED, Notice.ACTED, Notice.RECOVERED, Notice.RESOLVED, Notice.WITHDRAWN]
)
def test_good_news_is_a_quiet_line_in_the_thread(notice: Notice) -> None:
    assert shape(said(notice)) == [
        (notice.value, Manner.EDIT, CHANNEL, False),
        (notice.value, Manner.REPLY, CHANNEL, False),
    ]


@pytest.mark.parametrize("notice", [Notice.REOPENED, Notice.REMINDED, Notice.ESCALATED, Notice.MISSED])
def test_what_must_ring_is_a_new_message_that_also_shows_in_the_channel(notice: Notice) -> None:
    assert shape(said(notice)) == [
        (notice.value, Manner.EDIT, CHANNEL, False),
        (notice.value, Manner.REPLY, CHANNEL, True),
    ]


def test_every_notice_that_follows_the_opening_keeps_the_one_message_up_to_date() -> None:
    for notice in {row[1] for row in TABLE.values()} - {Notice.OPENED}:
        first, *rest = said(notice)
        assert first.manner is Manner.EDIT, notice
        assert Manner.EDIT not in {one.manner for one in rest}, notice


def test_the_thread_says_who_did_it_and_what_they_said() -> None:
    edit, reply = said(Notice.ACKNOWLEDGED)
    assert reply.facts == {"by": "U0BRUNO01", "note": "calling the top ten"}
    assert edit.facts == {}


@pytest.mark.parametrize("notice", [Notice.ESCALATED, Notice.MISSED])
def test_passing_on_tells_the_next_person_directly_in_their_language(notice: Notice) -> None:
    before = make_alert(chain=("carla", "bruno"))
    *_, passed = said(notice, before, before.model_copy(update={"step": 1, "version": 2}))
    assert (passed.notice, passed.manner, passed.destination) == (PASSED_ON, Manner.POST, "U0BRUNO01")
    assert passed.language is Language.ES
    assert passed.kpis == ("churn_rate",), "so that clearance is checked for the person as well"


def test_a_person_without_a_language_is_told_in_the_company_s() -> None:
    before = make_alert()
    passed = said(Notice.ESCALATED, before, before.model_copy(update={"step": 1, "version": 2}))[-1]
    assert (passed.destination, passed.language) == ("U0CARLA01", Language.EN)


@pytest.mark.parametrize("notice", [Notice.ESCALATED, Notice.MISSED])
def test_at_the_end_of_the_chain_nobody_is_told_directly_again(notice: Notice) -> None:
    last = make_alert(step=2)
    assert PASSED_ON not in [one.notice for one in said(notice, last)]


@pytest.mark.parametrize("notice", [Notice.REMINDED, Notice.UPDATED, Notice.REOPENED])
def test_only_passing_on_passes_on(notice: Notice) -> None:
    before = make_alert(step=1)
    assert PASSED_ON not in [one.notice for one in said(notice, before, before.model_copy(update={"step": 0}))]


def test_an_alert_still_escalates_when_the_next_person_has_left_the_company() -> None:
    left = policy_with(POLICY, people={key: one for key, one in POLICY.people.items() if key != "carla"})
    before = make_alert()
    messages = said(Notice.ESCALATED, before, before.model_copy(update={"step": 1, "version": 2}), left)
    assert shape(messages)[-1] == ("alert_escalated", Manner.REPLY, CHANNEL, True)


def test_deciding_the_same_step_twice_gives_the_same_keys_and_another_step_others() -> None:
    before = make_alert()
    walked = before.model_copy(update={"step": 1, "version": 2})
    once, twice = said(Notice.ESCALATED, before, walked), said(Notice.ESCALATED, before, walked)
    assert [one.key for one in once] == [one.key for one in twice]
    assert len({one.key for one in once}) == len(once)
    later = said(Notice.ESCALATED, walked, walked.model_copy(update={"step": 2, "version": 3}))
    assert not {one.key for one in once} & {one.key for one in later}


@pytest.mark.parametrize(("priority", "rank"), [("critical", 0), ("high", 1), ("low", 3), ("gone", 4)])
def test_urgency_goes_with_every_message(priority: str, rank: int) -> None:
    before = make_alert(priority=priority)
    messages = said(Notice.ESCALATED, before, before.model_copy(update={"step": 1, "version": 2}))
    assert [one.rank for one in messages] == [rank] * 3


def test_a_channel_the_policy_no_longer_has_is_spoken_to_in_the_company_s_language() -> None:
    (message,) = said(Notice.UPDATED, make_alert(channel="C0GONE0001"))
    assert (message.destination, message.language) == ("C0GONE0001", Language.EN)


def test_every_state_s_end_is_told() -> None:
    for (_, _), (state, notice) in TABLE.items():
        if state is State.RESOLVED:
            assert said(notice), notice
