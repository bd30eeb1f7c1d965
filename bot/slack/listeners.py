"""The Bolt app: short listeners that hand commands and clicks on and bring the answers back."""

import re
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

import structlog
from slack_bolt import App
from slack_bolt.authorization import AuthorizeResult
from slack_sdk import WebClient

from bot.core.speech import Speech
from bot.flows.house import House
from bot.slack import approving, buttons, commands, forms
from bot.slack.blocks import message
from bot.slack.inputs import Refused, answer_address
from bot.slack.messenger import quiet_logger
from bot.slack.question import Question, answered, question
from bot.slack.responding import respond
from bot.slack.workspace import Workspace

log = structlog.get_logger()

Ack = Callable[..., object]
Payload = Mapping[str, Any]

_ANSWERING_THREADS = 4

_Answer = TypeVar("_Answer")


def build_app(house: House, client: WebClient, workspace: Workspace, signing_secret: str | None) -> App:
    """Build the app without asking Slack anything. Without a signing secret it is for Socket Mode only."""
    app = App(
        name="kpi-bot",
        client=client,
        signing_secret=signing_secret or "",
        request_verification_enabled=signing_secret is not None,
        authorize=_authorized_by(client),
        process_before_response=True,
        logger=quiet_logger(),
    )
    answers = ThreadPoolExecutor(_ANSWERING_THREADS, "slack-answers")
    desk = _Desk(house, workspace, answers, forms.Forms(client))
    app.command(re.compile("^/"))(desk.on_command)
    app.action(re.compile("^kpi:"))(desk.on_click)
    app.view(forms.CALLBACK)(desk.on_form)
    app.view(approving.CALLBACK)(desk.on_return)
    # Slack repeats an event, and marks a click with a warning, until somebody says that it has arrived.
    app.action(re.compile(""))(_taken)
    app.event(re.compile(""))(_taken)
    app.error(_failed)
    return app


class _Desk:
    """Where requests of people arrive: each is answered within the three seconds Slack waits."""

    def __init__(self, house: House, workspace: Workspace, answers: ThreadPoolExecutor, opening: forms.Forms) -> None:
        self._house, self._workspace, self._answers, self._forms = house, workspace, answers, opening

    def on_command(self, ack: Ack, command: Payload) -> None:
        """Answer ``/kpi …`` in the acknowledgement, for the asker's eyes only; a form that opens is the answer."""
        speech = self._answered(
            command,
            command["user_id"],
            lambda one: self._opened(one, commands.answer(one, str(command.get("text") or "")), command),
        )
        if speech is None:
            ack()
        else:
            ack(response_type="ephemeral", **message(speech))

    def on_click(self, ack: Ack, body: Payload, action: Payload) -> None:
        """Do what a button says, and answer the one who pressed it, leaving the message as it is."""
        press = buttons.Press(
            value=str(action.get("value") or ""),
            channel=_channel(body),
            once=str(action.get("action_ts") or body.get("trigger_id") or ""),
        )
        speech = self._answered(
            body,
            body["user"]["id"],
            lambda one: self._opened(one, buttons.answer(one, str(action["action_id"]), press), body),
        )
        ack()
        # Not before the acknowledgement is on its way: Slack waits three seconds for that, whatever else is slow.
        if speech is not None and body.get("response_url"):
            self._answers.submit(respond, str(body["response_url"]), message(speech))

    def on_form(self, ack: Ack, body: Payload, view: Payload) -> None:
        """Take in the form for a value."""
        self._take_in(ack, view, self._answered(body, body["user"]["id"], lambda one: forms.submitted(one, view)))

    def on_return(self, ack: Ack, body: Payload, view: Payload) -> None:
        """Take in the form that asks why a number is returned."""
        self._take_in(ack, view, self._answered(body, body["user"]["id"], lambda one: approving.submitted(one, view)))

    def _take_in(self, ack: Ack, view: Payload, said: Speech | Refused) -> None:
        """Answer a form: what has to be mended stands under its inputs, an answer where the form was asked for."""
        address = answer_address(view, self._house.clock())
        if isinstance(said, Refused):
            ack(response_action="errors", errors=said.errors)
        elif address is None:
            ack(response_action="update", view=forms.answer_page(said))
        else:
            ack()
            self._answers.submit(respond, address, message(said))

    def _opened(
        self, one: Question, answer: Speech | forms.Wanted | approving.Returning, payload: Payload
    ) -> Speech | None:
        if isinstance(answer, approving.Returning):
            return self._forms.open_return(one, answer, payload)
        return self._forms.open(one, answer, payload) if isinstance(answer, forms.Wanted) else answer

    def _answered(self, payload: Payload, slack_id: str, answer: Callable[[Question], _Answer]) -> _Answer | Speech:
        return answered(
            self._house,
            lambda: question(self._house, slack_id, trusted=self._workspace.trusts(payload)),
            answer,
        )


def _taken(ack: Ack) -> None:
    ack()


def _failed(error: Exception) -> None:
    """Whatever Bolt itself stumbles over; its words may hold a whole payload, so only the kind is kept."""
    log.error("slack_request_failed", error=type(error).__name__)


def _channel(body: Payload) -> str:
    channel = body.get("channel") or body.get("container") or {}
    return str(channel.get("id") or channel.get("channel_id") or "")


def _authorized_by(client: WebClient) -> Callable[..., AuthorizeResult]:
    """One workspace, one token: nothing has to be looked up for a request. Who is trusted is decided in `Workspace`."""

    def authorize() -> AuthorizeResult:
        return AuthorizeResult(enterprise_id=None, team_id=None, bot_token=client.token)

    return authorize
