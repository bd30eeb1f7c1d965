"""Modals and the Home tab: filled in, submitted, closed, and what the app's answer does to them."""

from __future__ import annotations

import json
import urllib.request
from datetime import timedelta
from typing import Any

import pytest
from slack_sdk.errors import SlackApiError

from bot.sandbox import serve
from tests.sandbox import bolt_app
from tests.sandbox.fixtures import client_of, small_sandbox
from tests.sandbox.stage import Stage, both, stage

__all__ = ["both", "stage"]


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
    assert (view["private_metadata"], both.got[-1]["response_urls"]) == ("alert 7", [])


def test_an_empty_required_input_is_refused_before_it_is_sent(stage: Stage) -> None:
    stage.ana.command("/kpi modal")
    sent = len(stage.sandbox.calls(direction="sent"))
    reply = stage.ana.submit(values={})
    assert reply.errors == {"cause": "Please complete this required field."}
    assert len(stage.sandbox.calls(direction="sent")) == sent


@pytest.mark.parametrize(
    ("label", "value", "words"),
    [
        ("Count", "many", "Please enter a number."),
        ("Count", "1.5", "Please enter a whole number."),
        ("Count", "0", "Please enter 1 or more."),
        ("Count", "10", "Please enter 9 or less."),
        ("Email", "ana at home", "Please enter a valid email address."),
        ("Link", "churn", "Please enter a valid URL."),
        ("Words", "a", "Please use at least 2 characters."),
        ("Words", "abcde", "Please use 4 characters or fewer."),
        ("Owners", ["ana", "bob"], "Please choose 1 or fewer."),
    ],
)
def test_the_client_refuses_what_an_input_does_not_take(stage: Stage, label: str, value: Any, words: str) -> None:
    stage.ana.command("/kpi inputs")
    assert stage.ana.submit(values={label: value}).errors == {label.lower(): words}
    assert stage.sandbox.calls("view_submission", direction="sent") == []


def test_an_input_that_asked_for_it_brings_a_response_url_of_the_chosen_channel(stage: Stage) -> None:
    stage.ana.command("/kpi inputs")
    given = {"Channel": "#revenue", "Count": "7", "Owners": ["bob"], "Story": "It was the price."}
    assert stage.ana.submit(values=given).errors is None
    body = stage.got[-1]
    (hook,) = body["response_urls"]
    assert (hook["block_id"], hook["channel_id"]) == ("channel", "C0REV")
    words = json.dumps({"text": "for the channel", "response_type": "in_channel"}).encode()
    urllib.request.urlopen(urllib.request.Request(hook["response_url"], words)).close()
    assert stage.sandbox.channel("revenue").posts[0].text == "for the channel"
    values = body["view"]["state"]["values"]
    assert values["owners"]["menu-multi-users-select"]["selected_users"] == ["U0BOB"]
    assert values["story"]["menu-rich-text-input"]["rich_text_value"]["type"] == "rich_text"
    assert values["email"]["menu-email-text-input"]["value"] is None


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


@pytest.mark.parametrize(
    ("cause", "error"),
    [
        ("elsewhere", "invalid_errors"),
        ("wrong", "invalid_arguments"),
        ("unknown", "invalid_view_response"),
        ("slow", "operation_timeout"),
    ],
)
def test_an_answer_slack_does_not_understand_leaves_the_modal_open_in_trouble(
    stage: Stage, cause: str, error: str
) -> None:
    stage.ana.command("/kpi modal")
    stage.sandbox.inbound.answer_seconds = 0.3
    assert stage.ana.submit(values={"Cause": cause}).error == error
    assert stage.ana.warnings == ["We had some trouble connecting. Try again?"]
    assert stage.ana.wait_for_modal("Acknowledge").errors == {}


def test_closing_a_modal_tells_the_bot(stage: Stage) -> None:
    view = stage.ana.command("/kpi modal").view
    stage.ana.close()
    assert stage.got[-1]["type"] == "view_closed"
    assert stage.ana.view is None
    with pytest.raises(LookupError, match="not open any more"):
        stage.ana.submit(view, {"Cause": "too late"})


def test_opening_home_gets_the_view_the_bot_publishes(both: Stage) -> None:
    view = both.ana.home()
    assert view is not None
    assert view.plain == "Good morning"


def test_waiting_for_a_modal_says_what_is_open_instead(stage: Stage) -> None:
    stage.ana.command("/kpi modal")
    with pytest.raises(TimeoutError, match="open is: 'Acknowledge'"):
        stage.ana.wait_for_modal("Snooze", timeout=0.01)


def test_a_trigger_expires_after_three_seconds_of_the_sandboxs_clock() -> None:
    sandbox = small_sandbox()
    with serve(sandbox):
        trigger = sandbox.workspace.new_trigger("U0ANA")
        sandbox.clock.advance(timedelta(seconds=4))
        with pytest.raises(SlackApiError, match="expired_trigger_id"):
            client_of(sandbox).views_open(trigger_id=trigger.id, view=bolt_app.MODAL)
