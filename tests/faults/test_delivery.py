"""Slack misbehaves while a message is on its way; it is told exactly once all the same."""

from datetime import timedelta

import pytest

from bot.sandbox import Message
from tests.stage import Stage

CHANNEL, CHANNEL_ID = "#customer-success", "C0CUST93BN"
OPERATORS = "#kpi-operations"


def breach(stage: Stage) -> None:
    assert stage.push("churn_rate", 4.3, "2026-11").json()["alerts"] == 1


def told_once(stage: Stage) -> Message:
    """Wait until everything is settled, moving the clock over every wait; give the one post."""
    for _ in range(40):
        stage.pass_time(timedelta(seconds=20))
        stage.settle_for_now()
        if stage.posts(CHANNEL) and stage.nothing_left():
            break
    (post,) = stage.posts(CHANNEL)
    return post


@pytest.mark.parametrize("kind", ["server_error", "cut_before", "html", "rate_limit"])
def test_a_call_that_failed_is_made_again_until_it_is_told_once(stage: Stage, kind: str) -> None:
    stage.sandbox.faults.plan(kind, method="chat.postMessage", times=3)
    breach(stage)
    assert "4.3%" in told_once(stage).plain


@pytest.mark.parametrize("kind", ["cut_after", "cut_json"])
def test_a_message_slack_took_without_saying_so_is_adopted_and_not_repeated(on_both: Stage, kind: str) -> None:
    on_both.sandbox.faults.plan(kind, method="chat.postMessage", times=1)
    breach(on_both)
    post = told_once(on_both)
    assert len(on_both.sandbox.calls("chat.postMessage")) == 1
    on_both.push("churn_rate", 2.0, "2026-11")
    on_both.settle()
    assert "Recovered" in on_both.posts(CHANNEL)[0].plain
    assert on_both.posts(CHANNEL)[0].ts == post.ts


def test_without_history_an_unclear_message_is_repeated_once_and_says_so(stage: Stage) -> None:
    stage.sandbox.faults.plan("error", method="conversations.history", times=None, error="missing_scope")
    stage.sandbox.faults.plan("cut_after", method="chat.postMessage", times=1)
    breach(stage)
    for _ in range(5):
        stage.pass_time(timedelta(seconds=20))
        stage.settle_for_now()
    first, second = stage.posts(CHANNEL)
    assert "May be a repeat" in second.plain
    assert "May be a repeat" not in first.plain


def test_a_rate_limit_is_obeyed_and_other_channels_go_on(stage: Stage) -> None:
    stage.sandbox.faults.plan("rate_limit", method="chat.postMessage", channel=CHANNEL_ID, times=1, retry_after=30)
    breach(stage)
    stage.sandbox.wait_for_call("chat.postMessage", channel=CHANNEL_ID)
    stage.push("api_response_time", 400, "2026-11-24")
    stage.wait_for_post("#engineering", "400")
    assert stage.posts(CHANNEL) == []
    stage.pass_time(timedelta(seconds=31))
    stage.wait_for_post(CHANNEL, "4.3%")


def test_an_archived_channel_falls_back_and_the_operators_are_told_once(stage: Stage) -> None:
    stage.sandbox.archive(CHANNEL)
    breach(stage)
    fallback = stage.policy.channels[stage.policy.company.fallback_channel].name
    stage.wait_for_post(fallback, "4.3%")
    stage.wait_for_post(OPERATORS, "is_archived")
    stage.push("churn_rate", 2.0, "2026-11")
    stage.settle()
    assert len(stage.posts(fallback)) == 1
    assert "Recovered" in stage.posts(fallback)[0].plain
    assert len(stage.posts(OPERATORS)) == 1


def test_a_refused_token_stops_everything_and_loses_nothing(stage: Stage) -> None:
    stage.sandbox.workspace.token_revoked = True
    breach(stage)
    stage.sandbox.wait_for_call("chat.postMessage")
    stage.wait_until_stopped()
    assert stage.ready().status_code == 503
    calls = len(stage.sandbox.calls("chat.postMessage"))
    stage.settle_for_now()
    assert len(stage.sandbox.calls("chat.postMessage")) == calls
    stage.sandbox.workspace.token_revoked = False
    stage.pass_time(timedelta(minutes=2))
    stage.wait_for_post(CHANNEL, "4.3%")
    stage.settle()
    assert stage.ready().status_code == 200


def test_refused_blocks_go_out_again_as_plain_words_and_the_operators_are_told(stage: Stage) -> None:
    stage.sandbox.faults.plan("error", method="chat.postMessage", channel=CHANNEL_ID, times=1, error="invalid_blocks")
    breach(stage)
    post = stage.wait_for_post(CHANNEL, "4.3")
    assert "Churn rate" in post.plain
    stage.wait_for_post(OPERATORS, "invalid_blocks")


def test_a_deleted_message_is_posted_anew_and_then_kept_up_to_date(stage: Stage) -> None:
    breach(stage)
    stage.sandbox.delete(stage.wait_for_post(CHANNEL, "4.3%"))
    stage.sandbox.user("quentin").command("/kpi ack churn", CHANNEL)
    stage.settle()
    (post,) = [one for one in stage.posts(CHANNEL) if not one.deleted]
    assert "Quentin" in post.plain
    stage.push("churn_rate", 2.0, "2026-11")
    stage.settle()
    (post,) = [one for one in stage.posts(CHANNEL) if not one.deleted]
    assert "Recovered" in post.plain


def test_an_unknown_code_is_never_the_end_of_a_message(stage: Stage) -> None:
    stage.sandbox.faults.plan("error", method="chat.postMessage", times=4, error="something_slack_invented")
    breach(stage)
    assert "4.3" in told_once(stage).plain


def test_a_slow_channel_does_not_delay_another(stage: Stage) -> None:
    stage.sandbox.faults.plan("slow", method="chat.postMessage", channel=CHANNEL_ID, times=1, seconds=3)
    breach(stage)
    stage.sandbox.wait_for(lambda: stage.posts(CHANNEL))
    stage.push("api_response_time", 400, "2026-11-24")
    stage.wait_for_post("#engineering", "400", timeout=2)
