"""A real Bolt app gets what people do, over signed HTTP and over Socket Mode, and its answers are shown."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web import WebClient
from starlette.requests import Request
from starlette.responses import Response
from websockets.sync.client import connect

from bot.sandbox import Sandbox, User, serve
from tests.sandbox import bolt_app
from tests.sandbox.fixtures import client_of, connected_by_socket, endpoint_over_http, served_over_http, small_sandbox


@dataclass
class Stage:
    sandbox: Sandbox
    ana: User
    got: list[dict[str, Any]]
    client: WebClient


def _stage(sandbox: Sandbox, got: list[dict[str, Any]]) -> Stage:
    return Stage(sandbox, sandbox.user("ana"), got, client_of(sandbox))


@contextmanager
def over_http() -> Iterator[Stage]:
    sandbox = small_sandbox()
    sandbox.inbound.retry_delays = (0.0, 0.0, 0.0)
    with serve(sandbox):
        app, got = bolt_app.build(sandbox)
        with served_over_http(app) as url:
            sandbox.connect(url)
            yield _stage(sandbox, got)


@contextmanager
def over_sockets() -> Iterator[Stage]:
    sandbox = small_sandbox()
    with serve(sandbox):
        app, got = bolt_app.build(sandbox)
        with connected_by_socket(sandbox, app):
            yield _stage(sandbox, got)


@pytest.fixture(params=[over_http, over_sockets], ids=["http", "socket"])
def both(request: pytest.FixtureRequest) -> Iterator[Stage]:
    """The stage on each transport."""
    with request.param() as stage:
        yield stage


@pytest.fixture
def stage() -> Iterator[Stage]:
    """The stage over HTTP, for what does not depend on the transport."""
    with over_http() as stage:
        yield stage


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


def test_a_click_carries_who_where_and_what_and_replaces_the_message(both: Stage) -> None:
    asked = both.ana.command("/kpi buttons", channel="#revenue")
    reply = both.ana.click(asked, "Acknowledge")
    assert reply.plain == "Ana has it"
    assert [message.plain for message in both.ana.ephemeral] == ["Ana has it"]
    body = both.got[-1]
    (action,) = body["actions"]
    assert (action["action_id"], action["value"], action["type"]) == ("ack", "value of ack", "button")
    assert body["container"]["is_ephemeral"] is True
    assert (body["user"]["id"], body["channel"]["id"], body["team"]["id"]) == ("U0ANA", "C0REV", "T0SANDBOX")


def test_a_choice_in_a_menu_arrives_as_option_and_as_state(stage: Stage) -> None:
    stage.client.chat_postMessage(channel="C0REV", text="Churn", blocks=bolt_app.BUTTONS)
    (post,) = stage.sandbox.channel("revenue").posts
    stage.ana.click(post, "One day", timeout=0)
    body = stage.got[-1]
    assert body["actions"][0]["selected_option"]["value"] == "1d"
    (state,) = [block["snooze"] for block in body["state"]["values"].values()]
    assert state["selected_option"]["value"] == "1d"
    assert body["message"]["ts"] == post.ts


def test_what_does_not_exist_cannot_be_clicked_and_the_error_names_what_does(stage: Stage) -> None:
    asked = stage.ana.command("/kpi buttons", channel="#revenue")
    with pytest.raises(LookupError, match="'Acknowledge', 'Open', 'Snooze'"):
        stage.ana.click(asked, "Delete everything")


def test_a_modal_is_filled_in_by_its_labels_and_submitted(both: Stage) -> None:
    opened = both.ana.command("/kpi modal")
    assert opened.view is not None
    assert opened.view.title == "Acknowledge"
    options = both.ana.suggest(opened, "find", "chu")
    assert [option["text"]["text"] for option in options] == ["churn rate"]
    reply = both.ana.submit(values={"Cause": "two accounts left", "KPI": options[0]})
    assert (reply.error, reply.errors, both.ana.view) == (None, None, None)
    view = both.got[-1]["view"]
    assert view["state"]["values"]["cause"]["text"] == {"type": "plain_text_input", "value": "two accounts left"}
    assert view["state"]["values"]["kpi"]["find"]["selected_option"]["value"] == "churn_rate"
    assert view["private_metadata"] == "alert 7"


def test_an_empty_required_input_is_refused_before_it_is_sent(stage: Stage) -> None:
    stage.ana.command("/kpi modal")
    sent = len(stage.sandbox.calls(direction="sent"))
    reply = stage.ana.submit(values={})
    assert reply.errors == {"cause": "Please complete this required field."}
    assert len(stage.sandbox.calls(direction="sent")) == sent


def test_the_bots_errors_stand_under_the_input_and_keep_the_modal_open(both: Stage) -> None:
    both.ana.command("/kpi modal")
    assert both.ana.submit(values={"Cause": "no idea"}).errors == {"cause": "Please find out first."}
    assert both.ana.view is not None
    assert both.ana.view.errors == {"cause": "Please find out first."}


@pytest.mark.parametrize(("cause", "title"), [("more", "Second"), ("again", "Changed"), ("all", None)])
def test_an_answer_may_push_update_or_clear(stage: Stage, cause: str, title: str | None) -> None:
    stage.ana.command("/kpi modal")
    stage.ana.submit(values={"Cause": cause})
    assert (stage.ana.view.title if stage.ana.view else None) == title


def test_closing_a_modal_tells_the_bot(stage: Stage) -> None:
    stage.ana.command("/kpi modal")
    stage.ana.close()
    assert stage.got[-1]["type"] == "view_closed"
    assert stage.ana.view is None


def test_opening_home_gets_the_view_the_bot_publishes(both: Stage) -> None:
    view = both.ana.home()
    assert view is not None
    assert view.plain == "Good morning"


def test_a_mention_is_answered_in_its_thread(both: Stage) -> None:
    reply = both.ana.mention("how is churn?", "#revenue")
    assert "hello @Ana Ruiz" in reply.plain
    (post,) = both.sandbox.channel("revenue").posts
    assert [message.plain for message in post.thread] == ["hello @Ana Ruiz"]


def test_a_late_answer_is_shown_as_a_time_out_and_its_words_never_appear(both: Stage) -> None:
    both.sandbox.inbound.answer_seconds = 0.2
    reply = both.ana.command("/kpi slow", channel="#revenue")
    assert (reply.error, reply.messages) == ("operation_timeout", ())
    assert both.ana.warnings == ["/kpi failed with the error “operation_timeout”"]
    time.sleep(0.6)
    assert both.ana.ephemeral == []


def test_an_invalid_answer_is_shown_as_such(stage: Stage) -> None:
    assert stage.ana.command("/kpi broken", channel="#revenue").error == "invalid_command_response"


def test_a_command_nobody_registered_is_refused_without_asking_the_bot(stage: Stage) -> None:
    assert stage.ana.command("/nothing", channel="#revenue").error == "invalid_command"
    assert stage.got == []


def test_an_action_in_a_modal_keeps_its_trigger_for_a_second_view(stage: Stage) -> None:
    asked = stage.ana.command("/kpi buttons", channel="#revenue")
    reply = stage.ana.click(asked, "Open")
    assert reply.view is not None
    trigger = stage.sandbox.calls("views.open")[-1].arguments["trigger_id"]
    with pytest.raises(SlackApiError, match="exchanged_trigger_id"):
        stage.client.views_open(trigger_id=trigger, view=bolt_app.MODAL)


def test_an_event_that_fails_over_http_is_repeated_three_times_with_its_number() -> None:
    sandbox = small_sandbox()
    sandbox.inbound.retry_delays = (0.0, 0.0, 0.0)
    with serve(sandbox):
        app, _ = bolt_app.build(sandbox)
        with served_over_http(app) as url:
            sandbox.connect(url)
            sandbox.user("ana").say("fail", "#revenue")
            call = sandbox.wait_for_call("event:message", count=4, direction="sent")
            assert call.status == 500
            ids = {one.arguments["event_id"] for one in sandbox.calls("event:message", direction="sent")}
            assert len(ids) == 1


def test_a_request_signed_with_another_secret_reaches_no_listener() -> None:
    sandbox = small_sandbox()
    sandbox.inbound.retry_delays = ()
    with serve(sandbox):
        app, got = bolt_app.build(sandbox, signing_secret="another secret")
        with served_over_http(app) as url:
            sandbox.connect(url)
            sandbox.user("ana").say("hello", "#revenue")
    (call,) = sandbox.calls("event:message", direction="sent")
    assert (call.status, got) == (401, [])


@pytest.mark.parametrize(("headers", "deliveries"), [({}, 3), ({"X-Slack-No-Retry": "1"}, 1)])
def test_a_failing_event_is_repeated_unless_the_bot_says_no(headers: dict[str, str], deliveries: int) -> None:
    numbers: list[str | None] = []

    async def failing(request: Request) -> Response:
        numbers.append(request.headers.get("X-Slack-Retry-Num"))
        return Response(status_code=500, headers=headers)

    sandbox = small_sandbox()
    sandbox.inbound.retry_delays = (0.0, 0.0)
    with serve(sandbox), endpoint_over_http(failing) as url:
        sandbox.connect(url)
        sandbox.user("ana").say("hello", "#revenue")
        sandbox.wait_for_call("event:message", count=deliveries, direction="sent")
        time.sleep(0.05)
    assert numbers == [None, "1", "2"][:deliveries]


def test_without_a_bot_a_command_fails_at_once() -> None:
    sandbox = small_sandbox()
    with serve(sandbox):
        assert sandbox.user("ana").command("/kpi churn").error == "dispatch_failed"


def test_a_trigger_expires_after_three_seconds_of_the_sandboxs_clock() -> None:
    sandbox = small_sandbox()
    with serve(sandbox):
        trigger = sandbox.workspace.new_trigger("U0ANA")
        sandbox.clock.advance(timedelta(seconds=4))
        with pytest.raises(SlackApiError, match="expired_trigger_id"):
            client_of(sandbox).views_open(trigger_id=trigger.id, view=bolt_app.MODAL)


def test_a_refreshed_socket_connects_again() -> None:
    sandbox = small_sandbox()
    with serve(sandbox):
        app, _ = bolt_app.build(sandbox)
        with connected_by_socket(sandbox, app):
            sandbox.sockets.refresh()
            sandbox.wait_for_call("apps.connections.open", count=2, timeout=15)
            sandbox.wait_for(lambda: sandbox.sockets.count == 1, timeout=15)
            assert sandbox.user("ana").command("/kpi again").text == "you said again"


def test_an_eleventh_connection_is_told_there_are_too_many() -> None:
    sandbox = small_sandbox()
    with serve(sandbox) as address:
        url = f"{address.replace('http', 'ws')}/_socket/?ticket="
        open_ones = [connect(url + sandbox.sockets.ticket(), legacy=True) for _ in range(10)]
        sandbox.wait_for(lambda: sandbox.sockets.count == 10)
        with connect(url + sandbox.sockets.ticket()) as eleventh:
            assert "too_many_websockets" in str(eleventh.recv(timeout=5))
        for one in open_ones:
            one.close()


def test_many_commands_at_once_are_all_answered() -> None:
    sandbox = small_sandbox()
    with serve(sandbox):
        app, got = bolt_app.build(sandbox)
        with served_over_http(app) as url:
            sandbox.connect(url)
            ana = sandbox.user("ana")

            def type_ten(worker: int) -> None:
                for number in range(10):
                    ana.command(f"/kpi {worker}-{number}", channel="#revenue", timeout=5)

            workers = [threading.Thread(target=type_ten, args=(number,)) for number in range(10)]
            for worker in workers:
                worker.start()
            for worker in workers:
                worker.join()
            said = {message.text for message in ana.ephemeral}
            assert said == {f"you said {worker}-{number}" for worker in range(10) for number in range(10)}
            assert len(got) == 100
