"""What a person sees after an act."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from bot.sandbox.state.records import Message, View
from bot.sandbox.state.shapes import Json


@dataclass(frozen=True)
class Reply:
    """What a person sees after an act: messages that appeared or changed for them, oldest change first, and a modal.

    `error` is Slack's word when the app failed (`operation_timeout`, `dispatch_failed`, `http_error`,
    `invalid_command`, `invalid_command_response`); `errors` are those under a modal's inputs, by block id;
    `opened` is the address a link button opened; `faults` say what Slack could not show of the app's answer.
    """

    messages: tuple[Message, ...] = ()
    view: View | None = None
    error: str | None = None
    errors: Mapping[str, str] | None = None
    opened: str | None = None
    faults: tuple[str, ...] = ()

    @property
    def message(self) -> Message | None:
        """The first message of the answer."""
        return self.messages[0] if self.messages else None

    @property
    def text(self) -> str:
        """The first message's `text` (notification words when it has blocks)."""
        return self.message.text if self.message else ""

    @property
    def blocks(self) -> list[Json]:
        """The first message's blocks."""
        return self.message.blocks if self.message else []

    @property
    def plain(self) -> str:
        """All words on the screen: every message, and the modal."""
        parts = [message.plain for message in self.messages]
        return "\n".join([*parts, *([self.view.plain] if self.view else [])])

    @property
    def ephemeral(self) -> bool:
        """Whether only this person sees the answer."""
        return self.message is not None and self.message.ephemeral_for is not None


def clickable(where: Message | View | Reply) -> Message | View:
    """The message or view in which something can be pressed. LookupError when a reply shows nothing."""
    if not isinstance(where, Reply):
        return where
    found = where.view or next((message for message in where.messages if message.blocks), where.message)
    if found is None:
        raise LookupError("the reply shows nothing to click on")
    return found
