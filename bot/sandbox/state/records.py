"""What a workspace keeps: rooms, messages, views, and the short-lived ids handed out with requests."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from bot.sandbox.state.files import SharedFile
from bot.sandbox.state.visible import plain_blocks


@dataclass(eq=False)
class Message:
    """One message as readers see it now. `thread` are its replies, `ephemeral_for` the only person who sees it.

    `edited` is what Slack shows as "(edited)"; `changes` counts every edit; `stamp` is the change that made
    its present state.
    """

    ts: str
    channel: str
    user: str
    text: str = ""
    blocks: list[dict[str, Any]] = field(default_factory=list)
    thread_ts: str | None = None
    bot_id: str | None = None
    ephemeral_for: str | None = None
    metadata: dict[str, Any] | None = None
    username: str | None = None
    icon_emoji: str | None = None
    icon_url: str | None = None
    edited: bool = False
    deleted: bool = False
    broadcast: bool = False
    changes: int = 0
    stamp: int = 0
    thread: list[Message] = field(default_factory=list)
    reactions: dict[str, list[str]] = field(default_factory=dict)
    plain: str = ""
    attachments: list[dict[str, Any]] = field(default_factory=list)
    files: list[SharedFile] = field(default_factory=list)

    @property
    def is_reply(self) -> bool:
        """Whether it stands in another message's thread."""
        return self.thread_ts is not None and self.thread_ts != self.ts

    def visible_to(self, user: str) -> bool:
        """Whether this person can see it (room membership aside)."""
        return not self.deleted and self.ephemeral_for in (None, user)


@dataclass(eq=False)
class Room:
    """A channel or a direct message with the app (`kind`: public, private, im, or mpim for several people).

    `pins` are who pinned which message (by its time) when; `bookmarks` are as `bookmarks.list` gives them, by id.
    """

    id: str
    name: str
    kind: str
    members: list[str]
    topic: str = ""
    purpose: str = ""
    is_archived: bool = False
    is_shared: bool = False
    person: str | None = None
    messages: dict[str, Message] = field(default_factory=dict)
    pins: dict[str, tuple[str, int]] = field(default_factory=dict)
    bookmarks: dict[str, dict[str, Any]] = field(default_factory=dict)


@dataclass(eq=False)
class View:
    """A modal or a Home tab. `errors` are those shown under its inputs, by block id."""

    id: str
    user: str
    payload: dict[str, Any]
    hash: str
    root_id: str
    previous_id: str | None = None
    errors: dict[str, str] = field(default_factory=dict)
    values: dict[str, dict[str, Any]] = field(default_factory=dict)
    stamp: int = 0

    @property
    def blocks(self) -> list[dict[str, Any]]:
        """Its blocks."""
        blocks: list[dict[str, Any]] = self.payload.get("blocks", [])
        return blocks

    @property
    def title(self) -> str:
        """The words of its title."""
        return str(self.payload.get("title", {}).get("text", ""))

    @property
    def plain(self) -> str:
        """All its visible words."""
        return "\n".join(part for part in (self.title, plain_blocks(self.blocks)) if part)


@dataclass(frozen=True)
class Warned:
    """What Slack told one person; `channel` where it stands among the messages, None where it only passes by."""

    number: int
    user: str
    words: str
    channel: str | None
    ts: str


@dataclass(eq=False)
class Trigger:
    """A trigger id: one use, three seconds."""

    id: str
    user: str
    born: float
    born_at: datetime
    view: str | None = None
    used: bool = False


@dataclass(eq=False)
class ResponseUrl:
    """A response_url: five uses, thirty minutes; `message` is what `replace_original` replaces."""

    id: str
    user: str
    channel: str
    born_at: datetime
    message: Message | None = None
    thread_ts: str | None = None
    uses: int = 0
