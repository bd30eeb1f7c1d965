"""Which events the app is told of what happens: only those it asked for, may know of, and stands near enough to see."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from queue import SimpleQueue

from bot.sandbox.state.records import Room
from bot.sandbox.state.shapes import Json
from bot.sandbox.state.workspace import Workspace
from bot.sandbox.towards_app import payloads
from bot.sandbox.towards_app.inbound import BotAnswer, Inbound

MESSAGE_WORDS = {"public": "message.channels", "private": "message.groups", "im": "message.im", "mpim": "message.mpim"}
"""The word for messages of each kind of room in an app's manifest; plain `message` stands for all of them."""

_OF_KIND = {"public": "channels", "private": "groups", "im": "im", "mpim": "mpim"}

SCOPES: Mapping[str, str] = {
    "app_mention": "app_mentions:read",
    "channel_archive": "channels:read",
    "channel_created": "channels:read",
    "channel_deleted": "channels:read",
    "channel_left": "channels:read",
    "channel_rename": "channels:read",
    "channel_unarchive": "channels:read",
    "dnd_updated_user": "dnd:read",
    "group_archive": "groups:read",
    "group_deleted": "groups:read",
    "group_left": "groups:read",
    "group_rename": "groups:read",
    "group_unarchive": "groups:read",
    "link_shared": "links:read",
    "message_metadata_posted": "metadata.message:read",
    "reaction_added": "reactions:read",
    "reaction_removed": "reactions:read",
    "team_join": "users:read",
    "user_change": "users:read",
}
"""The scope each event needs; those of messages and of members depend on the room, the others need none."""

OTHERS = frozenset(
    {"app_home_opened", "app_uninstalled", "member_joined_channel", "member_left_channel", "tokens_revoked"}
)
"""Events with no scope of their own."""

SENT = frozenset({*SCOPES, *MESSAGE_WORDS.values(), *OTHERS})
"""Every event an app may be told of here, by its word in a manifest."""

FROM_INSIDE = frozenset(
    {
        "app_mention", "group_archive", "group_deleted", "group_rename", "group_unarchive", "link_shared",
        "member_joined_channel", "member_left_channel", "message", "message_metadata_posted", "reaction_added",
        "reaction_removed",
    }
)  # fmt: skip
"""Events of a room that only its members are told of."""

LAST_WORDS = frozenset({"tokens_revoked", "app_uninstalled"})
"""What the app is told although its token is worth nothing any more."""


class Happenings:
    """Tells the app what happens.

    What a person does is told within `gathered`: in the same thread, once the act is complete. What follows from
    the app's own calls is told in the background, so that its call is answered first.
    """

    def __init__(self, workspace: Workspace, inbound: Inbound) -> None:
        """Tell by this way."""
        self._workspace, self._inbound = workspace, inbound
        self._gathering = threading.local()
        self._queue: SimpleQueue[Json | None] = SimpleQueue()
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None

    def wants(self, *kinds: str) -> bool:
        """Whether the app has subscribed to any of these."""
        return not self._workspace.app.subscriptions.isdisjoint(kinds)

    def tell(self, event: Json, room: Room | None = None, *, own: bool = False) -> None:
        """Tell the app of an event, in the room if it has one, when the app gets it at all.

        `own`: it is about what the app itself wrote, which is told only to those who asked with the manifest's words.
        """
        if not self._is_told(event, room, own=own):
            return
        envelope = payloads.event_payload(self._workspace, event, is_shared=room is not None and room.is_shared)
        gathered: list[Json] | None = getattr(self._gathering, "events", None)
        if gathered is None:
            self._tell_later(envelope)
        else:
            gathered.append(envelope)

    def _is_told(self, event: Json, room: Room | None, *, own: bool) -> bool:
        kind, app = str(event["type"]), self._workspace.app
        if not self.wants(*_words(kind, room, own=own)):
            return False
        if self._workspace.token_revoked and kind not in LAST_WORDS:
            return False
        if room is not None and kind in FROM_INSIDE and app.user_id not in room.members:
            return False
        needed = _scope(kind, room)
        return needed is None or needed in self._workspace.tokens.scopes

    @contextmanager
    def gathered(self, *, silent: bool = False) -> Iterator[list[BotAnswer]]:
        """Hold back what happens inside, then tell it in order; `silent` never tells it, as when Slack loses events.

        The list is filled with the app's answers when the block has ended. Within another such block it is told
        at the end of the outer one.
        """
        outer: list[Json] | None = getattr(self._gathering, "events", None)
        mine: list[Json] = []
        answers: list[BotAnswer] = []
        self._gathering.events = mine
        try:
            yield answers
        finally:
            self._gathering.events = outer
        if silent:
            return
        if outer is not None:
            outer.extend(mine)
            return
        answers.extend(self._inbound.send_event(envelope) for envelope in mine)

    def _tell_later(self, envelope: Json) -> None:
        self._queue.put(envelope)
        with self._lock:
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="sandbox-events", daemon=True)
                self._thread.start()

    def _run(self) -> None:
        while (envelope := self._queue.get()) is not None:
            self._inbound.send_event(envelope)

    def close(self) -> None:
        """Tell nothing any more."""
        self._queue.put(None)


def _words(kind: str, room: Room | None, *, own: bool) -> tuple[str, ...]:
    """The words any of which an app may have subscribed to for this event."""
    if kind != "message" or room is None:
        return (kind,)
    return (MESSAGE_WORDS[room.kind],) if own else (MESSAGE_WORDS[room.kind], "message")


def _scope(kind: str, room: Room | None) -> str | None:
    if kind == "message" and room is not None:
        return f"{_OF_KIND[room.kind]}:history"
    if kind in ("member_joined_channel", "member_left_channel") and room is not None:
        return f"{_OF_KIND[room.kind]}:read"
    return SCOPES.get(kind)
