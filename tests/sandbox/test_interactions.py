"""Buttons, menus and the options of menus: what arrives of a click, and what cannot be clicked."""

from __future__ import annotations

from typing import Any

import pytest
from slack_sdk.errors import SlackApiError

from tests.sandbox import bolt_app
from tests.sandbox.stage import Stage, both, stage

__all__ = ["both", "stage"]


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


ONE, TWO = bolt_app.option("one"), bolt_app.option("two")


@pytest.mark.parametrize(
    ("menu", "choice", "arrives"),
    [
        ("static-select", "two", {"selected_option": TWO}),
        ("multi-static-select", ["one", "two"], {"selected_options": [ONE, TWO]}),
        ("radio-buttons", "one", {"selected_option": ONE}),
        ("checkboxes", ["two"], {"selected_options": [TWO]}),
        ("overflow", "two", {"selected_option": TWO}),
        ("users-select", "@bob", {"selected_user": "U0BOB"}),
        ("multi-users-select", ["ana", "U0BOB"], {"selected_users": ["U0ANA", "U0BOB"]}),
        ("channels-select", "#revenue", {"selected_channel": "C0REV"}),
        ("conversations-select", "executives", {"selected_conversation": "G0EXE"}),
        ("datepicker", "2026-11-30", {"selected_date": "2026-11-30"}),
        ("timepicker", "08:00", {"selected_time": "08:00"}),
        ("datetimepicker", 1795507200, {"selected_date_time": 1795507200}),
    ],
)
def test_every_kind_of_menu_says_what_was_chosen_in_its_own_field(
    stage: Stage, menu: str, choice: Any, arrives: dict[str, Any]
) -> None:
    menus = stage.ana.command("/kpi every menu", channel="#revenue")
    stage.ana.click(menus, f"menu-{menu}", choice, timeout=0)
    (action,) = stage.got[-1]["actions"]
    assert action["type"].replace("_", "-") == menu
    assert {name: value for name, value in action.items() if name.startswith("selected_")} == arrives
    state = stage.got[-1]["state"]["values"].get(action["block_id"], {}).get(f"menu-{menu}")
    expected = None if menu == "overflow" else {"type": action["type"], **arrives}
    assert state == expected


def test_a_link_button_opens_its_address_and_tells_the_bot(stage: Stage) -> None:
    reply = stage.ana.click(stage.ana.command("/kpi every menu", channel="#revenue"), "Runbook", timeout=0)
    assert reply.opened == "https://wiki.example.com/churn"
    assert stage.got[-1]["actions"][0]["url"] == "https://wiki.example.com/churn"


def test_a_confirmation_that_is_denied_sends_nothing(stage: Stage) -> None:
    menus = stage.ana.command("/kpi every menu", channel="#revenue")
    stage.ana.click(menus, "Delete", confirm=False)
    assert len(stage.got) == 1
    stage.ana.click(menus, "Delete", timeout=0)
    assert stage.got[-1]["actions"][0]["action_id"] == "menu-delete"


def test_a_click_that_is_answered_late_is_shown_as_failed(stage: Stage) -> None:
    menus = stage.ana.command("/kpi every menu", channel="#revenue")
    stage.sandbox.inbound.answer_seconds = 0.2
    assert stage.ana.click(menus, "Slow").error == "operation_timeout"
    assert stage.ana.warnings == ["That did not work: the app did not answer in time."]


def test_what_does_not_exist_cannot_be_clicked_and_the_error_names_what_does(stage: Stage) -> None:
    asked = stage.ana.command("/kpi buttons", channel="#revenue")
    with pytest.raises(LookupError, match="'Acknowledge', 'Open', 'Snooze'"):
        stage.ana.click(asked, "Delete everything")


def test_what_is_gone_cannot_be_clicked_and_the_bot_hears_nothing(stage: Stage) -> None:
    ts = stage.client.chat_postMessage(channel="C0REV", text="Churn", blocks=bolt_app.BUTTONS)["ts"]
    (post,) = stage.sandbox.channel("revenue").posts
    stage.client.chat_update(channel="C0REV", ts=ts, text="Recovered", blocks=[])
    with pytest.raises(LookupError, match="nothing called 'Acknowledge'"):
        stage.ana.click(post, "Acknowledge")
    stage.sandbox.delete(post)
    with pytest.raises(LookupError, match="the message was deleted"):
        stage.ana.click(post, "Acknowledge")
    private = stage.ana.command("/kpi buttons", channel="#revenue")
    with pytest.raises(LookupError, match="only the person it was sent to"):
        stage.sandbox.user("bob").click(private, "Acknowledge")
    assert stage.sandbox.calls("block_actions", direction="sent") == []


def test_a_trigger_is_used_once(stage: Stage) -> None:
    asked = stage.ana.command("/kpi buttons", channel="#revenue")
    reply = stage.ana.click(asked, "Open")
    assert reply.view is not None
    trigger = stage.sandbox.calls("views.open")[-1].arguments["trigger_id"]
    with pytest.raises(SlackApiError, match="exchanged_trigger_id"):
        stage.client.views_open(trigger_id=trigger, view=bolt_app.MODAL)


def test_an_external_menu_asks_only_after_enough_letters(stage: Stage) -> None:
    menus = stage.ana.command("/kpi every menu", channel="#revenue")
    assert stage.ana.suggest(menus, "find-more", "non") == []
    assert stage.sandbox.calls("block_suggestion", direction="sent") == []
    assert stage.ana.offered(menus, "find-more", "none").error is None
    assert stage.got[-1]["value"] == "none"


def test_the_groups_of_an_external_menu_are_kept(stage: Stage) -> None:
    menus = stage.ana.command("/kpi every menu", channel="#revenue")
    offered = stage.ana.offered(menus, "find-more", "groups")
    assert [group["label"]["text"] for group in offered.groups] == ["Churn", "Revenue"]
    assert len(offered.flat) == 2


@pytest.mark.parametrize(("typed", "fault"), [("many", "/options"), ("long", "/options/0/text/text")])
def test_options_slack_would_not_show_are_not_shown_and_the_fault_is_named(
    stage: Stage, typed: str, fault: str
) -> None:
    menus = stage.ana.command("/kpi every menu", channel="#revenue")
    offered = stage.ana.offered(menus, "find-more", typed)
    assert (offered.flat, offered.error) == ([], "invalid_options")
    assert fault in offered.faults[0]
    assert stage.ana.warnings == ["The options of this menu could not be loaded."]
