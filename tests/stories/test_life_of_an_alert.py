"""A value goes wrong → the owner's channel → nobody answers → it escalates → somebody answers → it recovers."""

import copy
from datetime import timedelta

from bot.sandbox import Message
from tests.stage import Stage

CHANNEL = "#customer-success"


def buttons(post: Message) -> list[str]:
    return [
        element["text"]["text"] for block in post.blocks if block["type"] == "actions" for element in block["elements"]
    ]


def test_an_alert_is_told_once_escalates_is_acknowledged_and_recovers(everywhere: Stage) -> None:
    stage = everywhere
    assert stage.push("churn_rate", 2.1, "2026-10").json()["alerts"] == 0
    answer = stage.push("churn_rate", 4.3, "2026-11").json()
    assert answer == {"accepted": 1, "unchanged": 0, "corrected": 0, "alerts": 1}

    post = stage.wait_for_post(CHANNEL, "4.3%")
    owner, deputy = stage.policy.people["chidi"], stage.policy.people["quentin"]
    assert "Critical" in post.plain and "Churn rate" in post.plain
    assert buttons(post) == ["Acknowledge", "Resolve", "Why?"]
    assert stage.push("churn_rate", 4.3, "2026-11").json()["unchanged"] == 1

    stage.pass_time(timedelta(minutes=16))
    stage.wait_for_direct(deputy.key)
    stage.settle()
    assert len(stage.posts(CHANNEL)) == 1
    assert "Churn rate" in stage.sandbox.user(deputy.key).direct[0].plain
    assert not stage.sandbox.user(owner.key).direct

    reply = stage.sandbox.user(deputy.key).click(post, "Acknowledge")
    assert reply.ephemeral
    stage.settle()
    acknowledged = stage.posts(CHANNEL)[0]
    assert acknowledged.ts == post.ts
    assert buttons(acknowledged) == ["Resolve", "Why?"]
    assert deputy.name in acknowledged.plain

    late = stage.sandbox.user(owner.key).click(acknowledged, "Why?")
    assert deputy.name in late.plain

    stage.push("churn_rate", 2.0, "2026-11")
    stage.settle()
    closed = stage.posts(CHANNEL)[0]
    assert closed.ts == post.ts
    assert buttons(closed) == ["Why?"]
    assert "Recovered" in closed.plain
    assert len(stage.posts(CHANNEL)) == 1


def test_a_second_acknowledgement_is_told_who_was_first_and_when(stage: Stage) -> None:
    stage.push("churn_rate", 4.3, "2026-11")
    post = stage.wait_for_post(CHANNEL, "4.3%")
    stage.sandbox.user("quentin").click(post, "Acknowledge")
    second = stage.sandbox.user("chidi").click(post, "Acknowledge")
    assert stage.policy.people["quentin"].name in second.plain
    stage.settle()
    assert "Quentin" in stage.posts(CHANNEL)[0].plain


def test_a_button_of_a_closed_alert_answers_with_its_present_state(stage: Stage) -> None:
    stage.push("churn_rate", 4.3, "2026-11")
    old = copy.deepcopy(stage.wait_for_post(CHANNEL, "4.3%"))
    stage.push("churn_rate", 2.0, "2026-11")
    stage.settle()
    reply = stage.sandbox.user("quentin").click(old, "Resolve")
    assert reply.ephemeral
    assert "already resolved" in reply.plain


def test_a_breach_soon_after_recovery_reopens_the_same_message(stage: Stage) -> None:
    stage.push("churn_rate", 4.3, "2026-11")
    stage.wait_for_post(CHANNEL, "4.3%")
    stage.push("churn_rate", 2.0, "2026-11")
    stage.settle()
    stage.push("churn_rate", 4.6, "2026-11")
    stage.settle()
    (post,) = stage.posts(CHANNEL)
    assert "4.6%" in post.plain
    assert buttons(post) == ["Acknowledge", "Resolve", "Why?"]


def test_a_critical_breach_takes_the_place_of_the_warning(stage: Stage) -> None:
    stage.push("churn_rate", 3.2, "2026-11")
    stage.wait_for_post(CHANNEL, "3.2%")
    stage.push("churn_rate", 4.3, "2026-11")
    stage.settle()
    warning, critical = stage.posts(CHANNEL)
    assert buttons(warning) == ["Why?"]
    assert buttons(critical) == ["Acknowledge", "Resolve", "Why?"]


def test_a_critical_value_that_eases_into_the_warning_says_nothing_loud_about_the_warning(stage: Stage) -> None:
    stage.push("churn_rate", 3.2, "2026-11")
    stage.push("churn_rate", 4.3, "2026-11")
    stage.settle()
    stage.push("churn_rate", 3.1, "2026-11")
    stage.settle()
    warning, critical = stage.posts(CHANNEL)
    assert buttons(warning) == ["Acknowledge", "Resolve", "Why?"]
    assert "3.1%" in warning.plain
    assert buttons(critical) == ["Why?"]
    assert len(stage.sandbox.channel(CHANNEL).posts) == 2, "a loud word would stand in the channel as well"


def test_what_was_resolved_by_hand_stays_resolved_until_the_next_period(stage: Stage) -> None:
    stage.push("churn_rate", 2.0, "2026-10")
    stage.push("churn_rate", 4.3, "2026-11")
    post = stage.wait_for_post(CHANNEL, "4.3%")
    stage.sandbox.user("quentin").click(post, "Resolve")
    assert stage.push("churn_rate", 2.1, "2026-10").json() == {
        "accepted": 0,
        "unchanged": 0,
        "corrected": 1,
        "alerts": 0,
    }
    stage.settle()
    assert buttons(stage.posts(CHANNEL)[0]) == ["Why?"]


def test_acknowledging_with_an_action_ends_the_response_window(stage: Stage) -> None:
    stage.push("churn_rate", 4.3, "2026-11")
    stage.wait_for_post(CHANNEL, "4.3%")
    reply = stage.sandbox.user("quentin").command("/kpi ack churn calling the ten largest customers", CHANNEL)
    assert reply.ephemeral
    stage.settle()
    stage.pass_time(timedelta(hours=5))
    stage.settle()
    (post,) = stage.posts(CHANNEL)
    assert "calling the ten largest customers" in post.plain
    assert not stage.sandbox.user("chidi").direct


def test_a_correction_of_a_past_period_resolves_by_restated_data(stage: Stage) -> None:
    stage.push("churn_rate", 4.3, "2026-10")
    stage.wait_for_post(CHANNEL, "4.3%")
    stage.push("churn_rate", 2.2, "2026-10")
    stage.settle()
    assert "corrected" in stage.posts(CHANNEL)[0].plain


def test_a_late_value_of_an_older_period_neither_opens_nor_closes(stage: Stage) -> None:
    stage.push("churn_rate", 2.0, "2026-11")
    assert stage.push("churn_rate", 9.9, "2026-09").json()["alerts"] == 0
    stage.settle()
    assert stage.posts(CHANNEL) == []


def test_an_action_can_be_said_after_pressing_acknowledge(stage: Stage) -> None:
    stage.push("churn_rate", 4.3, "2026-11")
    post = stage.wait_for_post(CHANNEL, "4.3%")
    stage.sandbox.user("quentin").click(post, "Acknowledge")
    said = stage.sandbox.user("quentin").command("/kpi ack churn retention offers go out on Monday", CHANNEL)
    assert "recorded" in said.plain
    stage.settle()
    stage.pass_time(timedelta(hours=2))
    stage.settle()
    (told,) = stage.posts(CHANNEL)
    assert "retention offers go out on Monday" in told.plain
    assert "missed" not in told.plain
