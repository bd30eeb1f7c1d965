"""What people do in the workspace, and what it sets off towards the bot."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot.sandbox.errors import SlackError
from bot.sandbox.methods.views import checked_view, push_on_stack, replace_view
from bot.sandbox.state.inputs import VALUE_FIELD, element_state, fill, local_errors, walk
from bot.sandbox.state.records import Message, ResponseUrl, Room, View
from bot.sandbox.state.shapes import Json, view_json
from bot.sandbox.state.workspace import Workspace
from bot.sandbox.towards_app import payloads
from bot.sandbox.towards_app.inbound import BotAnswer, Inbound
from bot.sandbox.towards_app.responses import show_answer


@dataclass(frozen=True)
class Outcome:
    """What an act came to: the change number before it, Slack's error word if it failed, and the modal's errors."""

    since: int
    error: str | None = None
    errors: Mapping[str, str] | None = None


class Acting:
    """The acts of people. Each waits for the bot's answer, at most three seconds, and shows it."""

    def __init__(self, workspace: Workspace, inbound: Inbound, address: Mapping[str, str]) -> None:
        """`address["base"]` is where the sandbox is reached, once it is served."""
        self.workspace, self.inbound, self._address = workspace, inbound, address

    def _response_url(self, hook: ResponseUrl) -> str:
        return f"{self._address['base']}/_response/{hook.id}"

    # -- typing ----------------------------------------------------------------------------------------------

    def command(self, user: str, room: Room, line: str) -> Outcome:
        """Type a slash command in a room."""
        workspace, since = self.workspace, self.workspace.changes.version
        command, _, text = line.strip().partition(" ")
        if command not in workspace.app.commands:
            workspace.warn(user, f"{command} is not a valid command.")
            return Outcome(since, "invalid_command")
        hook = workspace.new_response_url(user, room.id)
        trigger = workspace.new_trigger(user)
        payload = payloads.command_payload(
            workspace,
            user,
            room,
            command,
            text.strip(),
            trigger=trigger.id,
            response_url=self._response_url(hook),
        )
        answer = self.inbound.send("slash_commands", payload, "command")
        error = answer.error or self._show(hook, answer.body)
        if error:
            workspace.warn(user, f"{command} failed with the error “{error}”")
        return Outcome(since, error)

    def _show(self, hook: ResponseUrl, body: Any) -> str | None:
        """Show an acknowledgement's words; gives the error word when Slack could not."""
        if not body:
            return None
        try:
            with self.workspace.lock:
                show_answer(self.workspace, hook, body if isinstance(body, Mapping) else {"text": str(body)})
        except SlackError:
            return "invalid_command_response"
        return None

    def write(self, user: str, room: Room, text: str, thread_ts: str | None = None) -> Message:
        """Write a message; the bot is told when it is there (and mentioned)."""
        workspace = self.workspace
        if user not in room.members:
            raise SlackError("not_in_channel")
        with workspace.lock:
            message = Message(workspace.next_ts(), room.id, user, text, thread_ts=thread_ts)
            workspace.add_message(room, message)
        if workspace.app.user_id in room.members:
            self._tell_of_message(room, message)
        return message

    def _tell_of_message(self, room: Room, message: Message) -> None:
        kind = {"public": "channel", "private": "group", "im": "im"}[room.kind]
        event: Json = {
            "user": message.user,
            "text": message.text,
            "ts": message.ts,
            "channel": room.id,
            "event_ts": message.ts,
            **({"thread_ts": message.thread_ts} if message.thread_ts else {}),
        }
        if f"<@{self.workspace.app.user_id}>" in message.text and room.kind != "im":
            self._event({"type": "app_mention", **event})
        self._event({"type": "message", "channel_type": kind, **event})

    def _event(self, event: Json) -> BotAnswer | None:
        if event["type"] not in self.workspace.app.subscriptions:
            return None
        return self.inbound.send_event(payloads.event_payload(self.workspace, event))

    def open_home(self, user: str, tab: str = "home") -> Outcome:
        """Open the app's Home (or messages) tab."""
        workspace, since = self.workspace, self.workspace.changes.version
        event: Json = {
            "type": "app_home_opened",
            "user": user,
            "channel": workspace.direct_room(user).id,
            "tab": tab,
            "event_ts": workspace.next_ts(),
        }
        view = workspace.views.get(workspace.homes.get(user, ""))
        if view is not None and tab == "home":
            event["view"] = view_json(workspace, view)
        answer = self._event(event)
        return Outcome(since, answer.error if answer else None)

    # -- clicking --------------------------------------------------------------------------------------------

    def click(
        self, user: str, origin: Message | View, what: str, choice: Any = None, typed: Mapping[str, Json] | None = None
    ) -> Outcome:
        """Press a button, or choose in a menu: `what` is its words, its action id, or an option's words.

        `typed` is the state of other inputs beside it. LookupError when there is nothing of that name.
        """
        workspace, since = self.workspace, self.workspace.changes.version
        block, element, choice = find_element(origin.blocks, what, choice)
        is_menu = element["type"] in VALUE_FIELD
        chosen = {k: v for k, v in element_state(element, choice).items() if k != "type"} if is_menu else {}
        state = dict(typed or (origin.values if isinstance(origin, View) else {}))
        if is_menu and element["type"] != "overflow":
            state = fill(origin.blocks, state, {element["action_id"]: choice})
            if isinstance(origin, View):
                origin.values = state
        hook = None if isinstance(origin, View) else workspace.new_response_url(user, origin.channel, origin)
        payload = payloads.action_payload(
            workspace,
            user,
            origin,
            block,
            element,
            state=state,
            chosen=chosen,
            trigger=workspace.new_trigger(user, origin.id if isinstance(origin, View) else None).id,
            response_url=self._response_url(hook) if hook else None,
        )
        answer = self.inbound.send("interactive", payload, "block_actions")
        if answer.error:
            workspace.warn(user, "That did not work: the app did not answer in time.")
        return Outcome(since, answer.error)

    def suggest(self, user: str, origin: Message | View, action_id: str, typed: str) -> list[Json]:
        """Ask the bot for the options of an external menu; groups come flattened."""
        block, element, _ = find_element(origin.blocks, action_id, None)
        payload = payloads.suggestion_payload(self.workspace, user, origin, block, element, typed)
        answer = self.inbound.send("interactive", payload, "block_suggestion")
        body = answer.body if isinstance(answer.body, Mapping) else {}
        grouped = [option for group in body.get("option_groups") or () for option in group.get("options", ())]
        return [*(body.get("options") or ()), *grouped][:100]

    # -- modals ----------------------------------------------------------------------------------------------

    def submit(self, user: str, view: View, given: Mapping[str, Any]) -> Outcome:
        """Fill in a modal's inputs (by visible label, action id or block id) and press its submit button."""
        workspace, since = self.workspace, self.workspace.changes.version
        view.values = fill(view.blocks, view.values, given)
        errors = local_errors(view.blocks, view.values)
        if errors:
            return self._view_errors(since, view, errors, None)
        trigger = workspace.new_trigger(user, view.id)
        payload = payloads.submission_payload(workspace, user, view, trigger.id)
        answer = self.inbound.send("interactive", payload, "view_submission")
        if answer.error:
            workspace.warn(user, "We had some trouble connecting. Try again?")
            return Outcome(since, answer.error)
        return self._follow(since, user, view, answer.body if isinstance(answer.body, Mapping) else {})

    def _view_errors(self, since: int, view: View, errors: Mapping[str, str], error: str | None) -> Outcome:
        view.errors = dict(errors)
        view.stamp = self.workspace.changes.tell()
        return Outcome(since, error, errors)

    def _follow(self, since: int, user: str, view: View, body: Mapping[str, Any]) -> Outcome:
        """Do what the answer to a submission says: errors, update, push, clear, or close."""
        workspace, action = self.workspace, body.get("response_action")
        stack = workspace.modals.get(user, [])
        if action == "errors":
            errors = {str(block): str(words) for block, words in dict(body.get("errors") or {}).items()}
            inputs = {block["block_id"] for block in view.blocks if block.get("type") == "input"}
            return self._view_errors(since, view, errors, None if errors.keys() <= inputs else "invalid_errors")
        try:
            with workspace.lock:
                if action == "update":
                    replace_view(workspace, view, checked_view(body.get("view"), "modal"))
                elif action == "push":
                    push_on_stack(workspace, user, checked_view(body.get("view"), "modal"), view)
                else:
                    stack[:] = [] if action == "clear" else stack[:-1]
        except SlackError as refused:
            workspace.warn(user, "We had some trouble connecting. Try again?")
            return Outcome(since, refused.code)
        workspace.changes.tell()
        return Outcome(since)

    def close(self, user: str, view: View, *, everything: bool = False) -> Outcome:
        """Close a modal (or all of the stack); the bot is told when it asked to be."""
        workspace, since = self.workspace, self.workspace.changes.version
        stack = workspace.modals.get(user, [])
        everything = everything or bool(view.payload.get("clear_on_close"))
        stack[:] = [] if everything else [view_id for view_id in stack if view_id != view.id]
        workspace.changes.tell()
        if not view.payload.get("notify_on_close"):
            return Outcome(since)
        payload = payloads.closed_payload(workspace, user, view, cleared=everything)
        return Outcome(since, self.inbound.send("interactive", payload, "view_closed").error)


def find_element(blocks: list[Json], what: str, choice: Any) -> tuple[Json, Json, Any]:
    """The element called `what` (visible words, action id, or an option's words) and the choice made in it.

    LookupError naming what can be pressed.
    """
    candidates = list(walk(blocks))
    for block, element in candidates:
        label = (element.get("text") or element.get("placeholder") or block.get("label") or {}).get("text")
        if what in (element.get("action_id"), label):
            return block, element, choice
    for block, element in candidates:
        for option in element.get("options", ()):
            if what in (option.get("text", {}).get("text"), option.get("value")):
                return block, element, option
    words = [(e.get("text") or e.get("placeholder") or {}).get("text") or e.get("action_id") for _, e in candidates]
    raise LookupError(f"nothing called {what!r} can be pressed here; there is: {', '.join(map(repr, words))}")
