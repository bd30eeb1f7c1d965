"""Slash commands and shortcuts: what arrives, what is shown, and where Slack does not offer them."""

from __future__ import annotations

import threading
import time
from dataclasses import replace

import pytest

from bot.sandbox import Person, serve
from tests.sandbox.fixtures import PEOPLE, small_sandbox
from tests.sandbox.stage import APP, SCOPES, Stage, both, over_http, stage

__all__ = ["both", "stage"]


def test_a_command_arrives_with_its_words_and_its_answer_is_private(both: Stage) -> None:
    reply = both.ana.command("/kpi churn please", channel="#revenue")
    assert (reply.text, reply.ephemeral, reply.error) == ("you said churn please", True, None)
    command = both.got[0]
    assert (command["command"], command["channel_name"], command["user_id"]) == ("/kpi", "revenue", "U0ANA")
    assert both.sandbox.user("bob").ephemeral == []
    assert both.sandbox.channel("#revenue").posts == []


def test_a_response_url_shows_private_and_public_answers(stage: Stage) -> None:
    stage.ana.command("/kpi later", channel="#revenue")
    post = stage.sandbox.channel("revenue").wait_for_post("later, for all")
    assert post.bot_id
    assert [message.text for message in stage.ana.ephemeral] == ["later, privately"]


def test_a_late_answer_is_shown_as_a_time_out_but_what_the_bot_posts_later_still_arrives(both: Stage) -> None:
    both.sandbox.inbound.answer_seconds = 0.2
    reply = both.ana.command("/kpi slow", channel="#revenue")
    assert (reply.error, reply.messages) == ("operation_timeout", ())
    assert both.ana.warnings == ["/kpi failed with the error “operation_timeout”"]
    both.sandbox.channel("revenue").wait_for_post("posted late")
    assert both.ana.ephemeral == []


def test_an_invalid_answer_is_shown_as_such(stage: Stage) -> None:
    reply = stage.ana.command("/kpi broken", channel="#revenue")
    assert reply.error == "invalid_command_response"
    assert "/blocks/0" in reply.faults[0]


def test_without_a_bot_a_command_fails_at_once() -> None:
    sandbox = small_sandbox()
    with serve(sandbox):
        assert sandbox.user("ana").command("/kpi churn").error == "dispatch_failed"


def test_a_command_nobody_registered_is_refused_without_asking_the_bot(stage: Stage) -> None:
    assert stage.ana.command("/nothing", channel="#revenue").error == "invalid_command"
    assert stage.got == []


@pytest.mark.parametrize(
    ("who", "where", "refusal"),
    [
        ("ana", "#old-news", "is_archived"),
        ("bob", "#executives", "not_in_channel"),
        ("gone", "#revenue", "account_inactive"),
        ("zoe", "#revenue", "invalid_command"),
    ],
)
def test_where_slack_offers_no_command_none_reaches_the_bot(who: str, where: str, refusal: str) -> None:
    people = (*PEOPLE, Person("U0ZOE", "zoe", "Zoe of another company", is_stranger=True))
    with over_http(people=people) as stage:
        assert stage.sandbox.user(who).command("/kpi churn", where).error == refusal
        assert stage.sandbox.user(who).warnings
        assert stage.got == []


def test_without_the_commands_scope_there_are_none() -> None:
    with over_http(scopes=SCOPES - {"commands"}) as stage:
        assert stage.ana.command("/kpi churn").error == "invalid_command"
        with pytest.raises(LookupError, match="there is: none"):
            stage.ana.shortcut("Report a problem")


def test_a_command_cannot_be_typed_in_a_thread(stage: Stage) -> None:
    parent = stage.ana.say("how is churn?", "#revenue")
    assert stage.ana.command("/kpi churn", thread=parent).error == "not_supported_in_threads"
    assert stage.ana.warnings == ["/kpi is not supported in threads. Sorry!"]


def test_a_command_that_asked_for_escaping_gets_people_and_channels_as_tokens(stage: Stage) -> None:
    stage.ana.command("/assign churn @bob in #revenue, tell @revenue-team, not bob@example.com nor @nobody")
    text = stage.got[0]["text"]
    assert text == (
        "churn <@U0BOB|bob> in <#C0REV|revenue>, tell <!subteam^S0REV|@revenue-team>, not bob@example.com nor @nobody"
    )
    stage.ana.command("/kpi churn @bob")
    assert stage.got[-1]["text"] == "churn @bob"


def test_a_global_shortcut_opens_a_modal(both: Stage) -> None:
    reply = both.ana.shortcut("Report a problem")
    assert reply.view is not None
    assert reply.view.title == "Acknowledge"
    body = both.got[0]
    assert (body["type"], body["callback_id"], body["user"]["id"]) == ("shortcut", "report", "U0ANA")
    assert "channel" not in body


def test_a_message_shortcut_carries_its_message_and_may_answer(stage: Stage) -> None:
    message = stage.ana.say("churn looks odd", "#revenue")
    reply = stage.ana.shortcut("note", message)
    assert reply.text == "noted: churn looks odd"
    body = next(one for one in stage.got if one["type"] == "message_action")
    assert (body["message_ts"], body["channel"]["id"], body["message"]["user"]) == (message.ts, "C0REV", "U0ANA")


def test_a_shortcut_is_offered_only_where_it_belongs(stage: Stage) -> None:
    message = stage.ana.say("hello", "#revenue")
    with pytest.raises(LookupError, match="'Make a note of it'"):
        stage.ana.shortcut("Report a problem", message)
    with pytest.raises(LookupError, match="'Report a problem'"):
        stage.ana.shortcut("Make a note of it")


def test_many_commands_at_once_are_all_answered_each_with_its_own(stage: Stage) -> None:
    wrong: list[str] = []

    def type_ten(worker: int) -> None:
        for number in range(10):
            reply = stage.ana.command(f"/kpi {worker}-{number}", channel="#revenue", timeout=5)
            if reply.text != f"you said {worker}-{number}":
                wrong.append(reply.text)

    workers = [threading.Thread(target=type_ten, args=(number,)) for number in range(10)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    said = {message.text for message in stage.ana.ephemeral}
    assert said == {f"you said {worker}-{number}" for worker in range(10) for number in range(10)}
    assert wrong == []
    assert len(stage.got) == 100


def test_commands_reuse_their_connections_and_survive_a_bot_that_hangs_up() -> None:
    with over_http(app=replace(APP, subscriptions=frozenset())) as stage:
        stage.ana.command("/kpi one")
        time.sleep(0.01)
        for kept in stage.sandbox.inbound._door._free:  # type: ignore[union-attr]
            kept.sock.shutdown(2)
        assert stage.ana.command("/kpi two").text == "you said two"
        assert len(stage.got) == 2
