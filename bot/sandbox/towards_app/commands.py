"""Slash commands and shortcuts: what a person types or picks, and whether Slack offers it there at all."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from bot.sandbox.cast import Shortcut
from bot.sandbox.errors import SlackError
from bot.sandbox.state.records import Message, ResponseUrl, Room
from bot.sandbox.state.workspace import Workspace
from bot.sandbox.towards_app import payloads
from bot.sandbox.towards_app.acts import Acts, Outcome
from bot.sandbox.towards_app.responses import show_answer

_NAMED = re.compile(r"(?<![\w<])([@#])([\w.-]*\w)")
_URL = re.compile(r"(?<![<|])\bhttps?://[^\s<>|]+")

NO_COMMAND = "Words that begin with / are taken for a command; put a space before them to send them as a message."


def escaped(workspace: Workspace, text: str) -> str:
    """The words of a command whose app asked for escaping: people, channels, user groups and links as tokens."""

    def token(match: re.Match[str]) -> str:
        sign, name = match[1], match[2].lower()
        if sign == "#":
            room = workspace.find_room(name)
            shown = "" if room is None or room.kind == "private" else room.name
            return f"<#{room.id}|{shown}>" if room is not None and room.kind != "im" else match[0]
        for person in workspace.people.values():
            if person.name.lower() == name:
                return f"<@{person.id}|{person.name}>"
        for group in workspace.groups.values():
            if group.handle.lower() == name:
                return f"<!subteam^{group.id}|@{group.handle}>"
        return match[0]

    return _NAMED.sub(token, _URL.sub(lambda match: f"<{match[0]}>", text))


class Commands(Acts):
    """Typing a command, picking a shortcut. Each waits for the bot's answer, at most three seconds, and shows it."""

    def command(self, user: str, room: Room, line: str, thread_ts: str | None = None) -> Outcome:
        """Type a slash command in a room. What Slack refuses is told to the person and never reaches the bot."""
        workspace, since = self.workspace, self.workspace.changes.version
        command, _, text = line.strip().partition(" ")
        refusal = self._refusal(user, room, command, thread_ts)
        if refusal is not None:
            workspace.warn(user, refusal[1], room.id)
            return Outcome(since, refusal[0])
        hook, trigger = workspace.new_response_url(user, room.id), workspace.new_trigger(user)
        text = escaped(workspace, text.strip()) if command in workspace.app.escaped else text.strip()
        response_url = self._response_url(hook)
        payload = payloads.command_payload(
            workspace, user, room, command, text, trigger=trigger.id, response_url=response_url
        )
        answer = self.inbound.send("slash_commands", payload, "command")
        refused = None if answer.error else self._show(hook, answer.body)
        error = "invalid_command_response" if refused else answer.error
        if error:
            workspace.warn(user, f"{command} failed with the error “{error}”", room.id)
        return Outcome(since, error, hook=hook, faults=refused.lines if refused else ())

    def _refusal(self, user: str, room: Room, command: str, thread_ts: str | None) -> tuple[str, str] | None:
        """Slack's word and its sentence when a command cannot be typed here; None when it can."""
        workspace, person = self.workspace, self.workspace.people[user]
        if person.deleted:
            return "account_inactive", "This account has been deactivated."
        offered = "commands" in workspace.tokens.scopes and not person.is_stranger
        if command not in workspace.app.commands or not offered:
            return "invalid_command", f"{command} is not a valid command. {NO_COMMAND}"
        if thread_ts is not None:
            return "not_supported_in_threads", f"{command} is not supported in threads. Sorry!"
        if room.is_archived:
            return "is_archived", f"#{room.name} is archived: nothing can be written there."
        if user not in room.members and room.kind != "public":
            return "not_in_channel", f"{command} can only be typed where one is a member."
        return None

    def _show(self, hook: ResponseUrl, body: Any) -> SlackError | None:
        """Show an acknowledgement's words; gives what was wrong with them when Slack could not."""
        if not body:
            return None
        try:
            show_answer(self.workspace, hook, body if isinstance(body, Mapping) else {"text": str(body)})
        except SlackError as refused:
            return refused
        return None

    def shortcut(self, user: str, name: str, message: Message | None = None) -> Outcome:
        """Pick a shortcut by its name or callback id: from a message's menu, or a global one.

        LookupError naming those there are; SlackError when the message is gone or the person cannot see it.
        """
        workspace, since = self.workspace, self.workspace.changes.version
        found, trigger = self._shortcut_named(name, on_message=message is not None), workspace.new_trigger(user)
        hook = None
        if message is None:
            payload = payloads.shortcut_payload(workspace, user, found.callback_id, trigger.id)
        else:
            room = workspace.rooms[message.channel]
            if message.deleted or message.ephemeral_for is not None:
                raise SlackError("message_not_found")
            self._must_be_in(user, room)
            hook = workspace.new_response_url(user, room.id)
            payload = payloads.message_shortcut_payload(
                workspace, user, message, found.callback_id, trigger=trigger.id, response_url=self._response_url(hook)
            )
        answer = self.inbound.send("interactive", payload, payload["type"])
        if answer.error:
            workspace.warn(user, f"{found.name} failed with the error “{answer.error}”")
        return Outcome(since, answer.error, hook=hook)

    def _shortcut_named(self, name: str, *, on_message: bool) -> Shortcut:
        offered = [one for one in self.workspace.app.shortcuts if one.on_message == on_message]
        if "commands" not in self.workspace.tokens.scopes:
            offered = []
        for one in offered:
            if name in (one.name, one.callback_id):
                return one
        where = "on messages" if on_message else "everywhere"
        known = ", ".join(repr(one.name) for one in offered) or "none"
        raise LookupError(f"no shortcut {name!r} is offered {where}; there is: {known}")
