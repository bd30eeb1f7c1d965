"""A small real Bolt app that uses everything the sandbox can send."""

from __future__ import annotations

import re
import time
from collections.abc import Mapping
from typing import Any

from slack_bolt import App
from slack_sdk import WebClient

from bot.sandbox import Sandbox
from tests.sandbox.fixtures import client_of

Json = dict[str, Any]


def plain(text: str) -> Json:
    return {"type": "plain_text", "text": text}


def button(text: str, action: str) -> Json:
    return {"type": "button", "text": plain(text), "action_id": action, "value": f"value of {action}"}


MODAL: Json = {
    "type": "modal",
    "callback_id": "acknowledge",
    "private_metadata": "alert 7",
    "notify_on_close": True,
    "title": plain("Acknowledge"),
    "submit": plain("Save"),
    "blocks": [
        {
            "type": "input",
            "block_id": "cause",
            "label": plain("Cause"),
            "element": {"type": "plain_text_input", "action_id": "text"},
        },
        {
            "type": "input",
            "block_id": "kpi",
            "optional": True,
            "label": plain("KPI"),
            "element": {"type": "external_select", "action_id": "find", "min_query_length": 1},
        },
    ],
}

BUTTONS: list[Json] = [
    {"type": "section", "text": {"type": "mrkdwn", "text": "*Churn* is red"}},
    {
        "type": "actions",
        "elements": [
            button("Acknowledge", "ack"),
            button("Open", "open"),
            {
                "type": "static_select",
                "action_id": "snooze",
                "placeholder": plain("Snooze"),
                "options": [{"text": plain("One day"), "value": "1d"}],
            },
        ],
    },
]


def option(text: str) -> Json:
    return {"text": plain(text), "value": text}


def menu(kind: str, **fields: Any) -> Json:
    name = kind.replace("_", "-")
    return {"type": kind, "action_id": f"menu-{name}", **fields}


SURE = {"title": plain("Sure?"), "text": plain("Really?"), "confirm": plain("Yes"), "deny": plain("No")}
ONE_TWO = {"options": [option("one"), option("two")]}
MENUS: list[Json] = [
    {
        "type": "actions",
        "block_id": "first",
        "elements": [
            menu("static_select", **ONE_TWO),
            menu("radio_buttons", **ONE_TWO),
            menu("checkboxes", **ONE_TWO),
            menu("overflow", **ONE_TWO),
            menu("users_select", placeholder=plain("Who")),
            menu("channels_select"),
            menu("conversations_select"),
            menu("datepicker"),
            menu("timepicker"),
            menu("datetimepicker"),
        ],
    },
    {
        "type": "section",
        "block_id": "several",
        "text": plain("Several"),
        "accessory": menu("multi_static_select", **ONE_TWO),
    },
    {
        "type": "section",
        "block_id": "people",
        "text": plain("People"),
        "accessory": menu("multi_users_select"),
    },
    {
        "type": "actions",
        "block_id": "second",
        "elements": [
            {**button("Runbook", "menu-link"), "url": "https://wiki.example.com/churn"},
            {**button("Delete", "menu-delete"), "confirm": SURE},
            button("Slow", "menu-slow"),
            menu("external_select") | {"action_id": "find-more", "min_query_length": 4},
        ],
    },
]


def question(label: str, element: Json) -> Json:
    return {"type": "input", "block_id": label.lower(), "optional": True, "label": plain(label), "element": element}


INPUTS: Json = {
    "type": "modal",
    "callback_id": "inputs",
    "title": plain("Inputs"),
    "submit": plain("Save"),
    "blocks": [
        question("Channel", menu("conversations_select", response_url_enabled=True)),
        question("Count", menu("number_input", is_decimal_allowed=False, min_value="1", max_value="9")),
        question("Email", menu("email_text_input")),
        question("Link", menu("url_text_input")),
        question("Owners", menu("multi_users_select", max_selected_items=1)),
        question("Words", menu("plain_text_input", min_length=2, max_length=4)),
        question("Story", menu("rich_text_input")),
    ],
}


def build(sandbox: Sandbox, *, signing_secret: str | None = None) -> tuple[App, list[Json]]:
    """The app, and the list in which it writes down what it got."""
    secret = signing_secret or sandbox.signing_secret
    app = App(client=client_of(sandbox), signing_secret=secret, process_before_response=True)
    got: list[Json] = []
    _commands(app, got)
    _actions(app, got)
    _shortcuts(app, got)
    _menus(app, got)
    _views(app, got)
    _events(app, got)
    return app, got


def _commands(app: App, got: list[Json]) -> None:
    @app.command("/assign")
    def assign(ack: Any, command: Json) -> None:
        got.append(command)
        ack("assigned")

    @app.command("/kpi")
    def kpi(ack: Any, command: Json, respond: Any, client: WebClient) -> None:
        got.append(command)
        text = command["text"]
        if text == "buttons":
            ack(text="Churn", blocks=BUTTONS)
        elif text == "later":
            ack()
            respond("later, privately")
            respond("later, for all", response_type="in_channel")
        elif text == "modal":
            ack()
            client.views_open(trigger_id=command["trigger_id"], view=MODAL)
        elif text == "every menu":
            ack(text="Menus", blocks=MENUS)
        elif text == "inputs":
            ack()
            client.views_open(trigger_id=command["trigger_id"], view=INPUTS)
        elif text == "slow":
            time.sleep(0.6)
            ack("too late")
            client.chat_postMessage(channel=command["channel_id"], text="posted late")
        elif text == "broken":
            ack(blocks=[{"type": "alert", "text": plain("not here")}])
        else:
            ack(f"you said {text}")


def _actions(app: App, got: list[Json]) -> None:
    @app.action("ack")
    def acknowledged(ack: Any, body: Json, respond: Any) -> None:
        got.append(body)
        ack()
        respond(text="Ana has it", replace_original=True)

    @app.action("open")
    def opened(ack: Any, body: Json, client: WebClient) -> None:
        ack()
        client.views_open(trigger_id=body["trigger_id"], view=MODAL)

    @app.action("snooze")
    def snoozed(ack: Any, body: Json) -> None:
        got.append(body)
        ack()

    @app.action(re.compile("^menu-"))
    def chosen(ack: Any, body: Json) -> None:
        got.append(body)
        if body["actions"][0]["action_id"] == "menu-slow":
            time.sleep(0.6)
        ack()


def _shortcuts(app: App, got: list[Json]) -> None:
    @app.shortcut("report")
    def reported(ack: Any, body: Json, client: WebClient) -> None:
        got.append(body)
        ack()
        client.views_open(trigger_id=body["trigger_id"], view=MODAL)

    @app.shortcut("note")
    def noted(ack: Any, body: Json, respond: Any) -> None:
        got.append(body)
        ack()
        respond(f"noted: {body['message']['text']}")


GROUP = {"label": plain("Churn"), "options": [option("one")]}
FOUND: Mapping[str, Json] = {
    "groups": {"option_groups": [GROUP, {**GROUP, "label": plain("Revenue")}]},
    "many": {"options": [option(str(number)) for number in range(101)]},
    "long": {"options": [option("a" * 76)]},
    "none": {"options": []},
}


def _menus(app: App, got: list[Json]) -> None:
    @app.options("find-more")
    def find_more(ack: Any, payload: Json) -> None:
        got.append(payload)
        ack(**FOUND[payload["value"]])

    @app.options("find")
    def find(ack: Any, payload: Json) -> None:
        ack(options=[{"text": plain(f"{payload['value']}rn rate"), "value": "churn_rate"}])


SAVED: Mapping[str, Json] = {
    "no idea": {"response_action": "errors", "errors": {"cause": "Please find out first."}},
    "elsewhere": {"response_action": "errors", "errors": {"nowhere": "This input does not exist."}},
    "more": {"response_action": "push", "view": {**MODAL, "title": plain("Second")}},
    "again": {"response_action": "update", "view": {**MODAL, "title": plain("Changed")}},
    "wrong": {"response_action": "update", "view": {**MODAL, "blocks": [{"type": "unheard of"}]}},
    "all": {"response_action": "clear"},
}
"""What is answered to each cause somebody gives."""


def _views(app: App, got: list[Json]) -> None:
    @app.view("acknowledge")
    def saved(ack: Any, view: Json, body: Json) -> None:
        got.append(body)
        cause = view["state"]["values"]["cause"]["text"]["value"]
        if cause == "slow":
            time.sleep(0.6)
        if cause == "unknown":
            ack({"response_action": "explode"})
        else:
            ack(**SAVED.get(cause, {}))

    @app.view("inputs")
    def filled(ack: Any, body: Json) -> None:
        got.append(body)
        ack()

    @app.view_closed("acknowledge")
    def closed(ack: Any, body: Json) -> None:
        got.append(body)
        ack()


def _events(app: App, got: list[Json]) -> None:
    @app.event("app_home_opened")
    def home(event: Json, client: WebClient) -> None:
        view = {"type": "home", "blocks": [{"type": "header", "text": plain("Good morning")}]}
        client.views_publish(user_id=event["user"], view=view)

    @app.event("app_mention")
    def mentioned(event: Json, say: Any) -> None:
        got.append(event)
        say(text=f"hello <@{event['user']}>", thread_ts=event["ts"])

    @app.event(re.compile("^(?!message$|app_mention$|app_home_opened$)"))
    def happened(event: Json) -> None:
        got.append(event)

    @app.event("message")
    def said(event: Json, context: Json) -> None:
        got.append(event)
        if event.get("text") == "fail":
            raise RuntimeError("this listener fails on purpose")
