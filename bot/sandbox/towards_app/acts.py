"""What every act of a person needs: the workspace, the way to the app, and what is told of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot.sandbox.errors import SlackError
from bot.sandbox.state.records import ResponseUrl, Room
from bot.sandbox.state.workspace import Workspace
from bot.sandbox.towards_app.happenings import Happenings
from bot.sandbox.towards_app.inbound import Inbound

TROUBLE = "We had some trouble connecting. Try again?"
"""What a modal says when its app did not answer, or answered something Slack does not understand."""


@dataclass(frozen=True)
class Outcome:
    """What an act came to: the change number before it, Slack's error word if it failed, and the modal's errors.

    `hook` is the response_url of a command or shortcut, whose answer comes first; `opened` is the address a link
    button opened in the browser; `faults` say what Slack could not show in the app's answer, and where.
    """

    since: int
    error: str | None = None
    errors: Mapping[str, str] | None = None
    hook: ResponseUrl | None = None
    opened: str | None = None
    faults: tuple[str, ...] = ()


class Acts:
    """The ground all families of acts stand on."""

    def __init__(
        self, workspace: Workspace, inbound: Inbound, happenings: Happenings, address: Mapping[str, str]
    ) -> None:
        """`address["base"]` is where the sandbox is reached, once it is served."""
        self.workspace, self.inbound, self.happenings, self._address = workspace, inbound, happenings, address

    def _response_url(self, hook: ResponseUrl) -> str:
        return f"{self._address['base']}/_response/{hook.id}"

    def _must_be_in(self, user: str, room: Room) -> None:
        """Refuse what only a member of a living channel may do."""
        if user in self.workspace.people and self.workspace.people[user].deleted:
            raise SlackError("account_inactive")
        if user not in room.members:
            raise SlackError("not_in_channel")
        if room.is_archived:
            raise SlackError("is_archived")

    def _interact(self, payload: dict[str, Any], label: str) -> Any:
        return self.inbound.send("interactive", payload, label)
