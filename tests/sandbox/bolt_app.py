"""A small real Bolt app that uses everything the sandbox can send."""

from __future__ import annotations

import time
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


def build(sandbox: Sandbox, *, signing_secret: str | None = None) -> tuple[App, list[Json]]:
    """The app, and the list in which it writes down what it got."""
    secret = signing_secret or sandbox.signing_secret
    app = App(client=client_of(sandbox), signing_secret=secret, process_before_response=True)
    got: list[Json] = []
    _commands(app, got)
    _actions(app, got)
    _views(app, got)
    _events(app, got)
    return app, got


def _commands(app: App, got: list[Json]) -> None:
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
        elif text == "slow":
            time.sleep(0.6)
            ack("too late")
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

    @app.options("find")
    def find(ack: Any, payload: Json) -> None:
        ack(options=[{"text": plain(f"{payload['value']}rn rate"), "value": "churn_rate"}])


def _views(app: App, got: list[Json]) -> None:
    @app.view("acknowledge")
    def saved(ack: Any, view: Json, body: Json) -> None:
        got.append(body)
        cause = view["state"]["values"]["cause"]["text"]["value"]
        if cause == "no idea":
            ack(response_action="errors", errors={"cause": "Please find out first."})
        elif cause == "more":
            ack(response_action="push", view={**MODAL, "title": plain("Second")})
        elif cause == "again":
            ack(response_action="update", view={**MODAL, "title": plain("Changed")})
        elif cause == "all":
            ack(response_action="clear")
        else:
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

    @app.event("message")
    def said(event: Json, context: Json) -> None:
        got.append(event)
        if event["text"] == "fail":
            raise RuntimeError("this listener fails on purpose")
