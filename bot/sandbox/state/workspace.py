"""The state of the workspace: people, rooms, messages, views, and the short-lived ids given out with requests."""

from __future__ import annotations

import secrets
import threading
import time
from collections import deque
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

from bot.sandbox.cast import BotApp, Channel, Person, Tokens, UserGroup
from bot.sandbox.changes import Changes
from bot.sandbox.clock import SandboxClock
from bot.sandbox.state.records import Message, ResponseUrl, Room, Trigger, View
from bot.sandbox.state.visible import plain_blocks, plain_mrkdwn

TRIGGER_SECONDS = 3.0
RESPONSE_URL_USES = 5
RESPONSE_URL_LIFE = timedelta(minutes=30)
LATEST_CHANGES = 2_000
"""How far back one can ask what changed for a person."""


class Workspace:
    """Everything the sandbox remembers. Hold `lock` while changing it; `tell` afterwards."""

    def __init__(
        self,
        people: Iterable[Person],
        channels: Iterable[Channel],
        user_groups: Iterable[UserGroup],
        *,
        app: BotApp,
        clock: SandboxClock,
        changes: Changes,
        tokens: Tokens,
        name: str,
    ) -> None:
        """Fill the workspace with its cast."""
        self.lock = threading.RLock()
        self.app, self.clock, self.changes, self.tokens, self.name = app, clock, changes, tokens, name
        self.team_id, self.domain = "T0SANDBOX", "sandbox"
        self.token_revoked = False
        self.people = {person.id: person for person in people}
        self.groups = {group.id: replace(group, users=self._ids(group.users)) for group in user_groups}
        self.rooms: dict[str, Room] = {}
        self.views: dict[str, View] = {}
        self.modals: dict[str, list[str]] = {}
        self.homes: dict[str, str] = {}
        self.triggers: dict[str, Trigger] = {}
        self.response_urls: dict[str, ResponseUrl] = {}
        self.reads: dict[tuple[str, str], str] = {}
        self.warnings: list[tuple[int, str, str]] = []
        self._last_ts = 0
        self._touched: deque[Message] = deque(maxlen=LATEST_CHANGES)
        for channel in channels:
            self._add_channel(channel)

    def _ids(self, names: Iterable[str]) -> tuple[str, ...]:
        return tuple(self.person(name).id for name in names)

    def _add_channel(self, channel: Channel) -> None:
        members = list(self._ids(channel.members)) or [p.id for p in self.people.values() if not p.deleted]
        if channel.with_bot:
            members.append(self.app.user_id)
        self.rooms[channel.id] = Room(
            channel.id,
            channel.name.lstrip("#"),
            "private" if channel.is_private else "public",
            members,
            channel.topic,
            channel.purpose,
            channel.is_archived,
            channel.is_shared,
        )

    # -- finding ---------------------------------------------------------------------------------------------

    def person(self, key: str) -> Person:
        """The person with this id, name (with or without @) or email. KeyError with the known names."""
        wanted = key.lstrip("@").lower()
        for person in self.people.values():
            if wanted in (person.id.lower(), person.name.lower(), person.email.lower() or None):
                return person
        raise KeyError(f"nobody is called {key!r}; known: {', '.join(p.name for p in self.people.values())}")

    def room(self, key: str) -> Room:
        """The room with this id or name (with or without #). KeyError with the known names."""
        found = self.find_room(key)
        if found is None:
            known = ", ".join(f"#{room.name}" for room in self.rooms.values() if room.kind != "im")
            raise KeyError(f"no channel is called {key!r}; known: {known}")
        return found

    def find_room(self, key: str) -> Room | None:
        """The room with this id or name, or None."""
        name = key.lstrip("#").lower()
        named = (room for room in self.rooms.values() if room.kind != "im" and room.name.lower() == name)
        return self.rooms.get(key) or next(named, None)

    def direct_room(self, user: str) -> Room:
        """The direct conversation of this person with the app, opened when there is none yet."""
        room_id = "D" + user[1:]
        if room_id not in self.rooms:
            members = [user, self.app.user_id]
            self.rooms[room_id] = Room(room_id, user, "im", members, person=user)
        return self.rooms[room_id]

    def name_of(self, key: str) -> str | None:
        """What stands on the screen for a person, channel or user group id."""
        if key == self.app.user_id:
            return self.app.name
        if key in self.people:
            return self.people[key].shown_name
        if key in self.groups:
            return self.groups[key].handle
        return self.rooms[key].name if key in self.rooms else None

    # -- messages --------------------------------------------------------------------------------------------

    def next_ts(self) -> str:
        """A new message time from the sandbox's clock: unique and increasing."""
        micros = int(self.clock.now().timestamp() * 1_000_000)
        self._last_ts = max(self._last_ts + 1, micros)
        return f"{self._last_ts // 1_000_000}.{self._last_ts % 1_000_000:06d}"

    def add_message(self, room: Room, message: Message) -> Message:
        """Put a message into its room (and thread)."""
        message.blocks = [with_ids(block) for block in message.blocks]
        room.messages[message.ts] = message
        parent = room.messages.get(message.thread_ts or "")
        if parent is not None and parent is not message:
            parent.thread.append(message)
        self.touch(message)
        return message

    def change_message(self, message: Message, *, text: str, blocks: Sequence[dict[str, Any]]) -> None:
        """Replace what a message says."""
        message.text, message.blocks = text, [with_ids(block) for block in blocks]
        message.changes += 1
        self.touch(message)

    def delete_message(self, message: Message) -> None:
        """Take a message away; a parent with replies leaves its thread behind."""
        message.deleted = True
        parent = self.rooms[message.channel].messages.get(message.thread_ts or "")
        if parent is not None and message in parent.thread:
            parent.thread.remove(message)
        self.touch(message)

    def touch(self, message: Message) -> None:
        """Bring a message's plain words up to date and tell those who wait."""
        shown = plain_blocks(message.blocks, self.name_of)
        message.plain = shown or plain_mrkdwn(message.text, self.name_of)
        message.stamp = self.changes.version + 1
        self._touched.append(message)
        self.changes.tell()

    def posts(self, room: Room) -> list[Message]:
        """The top-level messages everybody in the room sees, oldest first."""
        return [
            message
            for message in tuple(room.messages.values())
            if not message.deleted and message.ephemeral_for is None and (not message.is_reply or message.broadcast)
        ]

    def seen_since(self, user: str, stamp: int) -> list[Message]:
        """Messages that appeared or changed for this person after a change number, oldest first."""
        fresh: dict[str, Message] = {}
        for message in reversed(tuple(self._touched)):
            if message.stamp <= stamp:
                break
            if message.visible_to(user) and message.user != user:
                fresh[message.ts] = message
        return sorted(fresh.values(), key=lambda message: (message.stamp, message.ts))

    # -- short-lived ids -------------------------------------------------------------------------------------

    def new_trigger(self, user: str, view: str | None = None) -> Trigger:
        """Give out a trigger id for something this person just did (in a modal: `view`)."""
        trigger = Trigger(
            f"{secrets.randbelow(10**13)}.{secrets.randbelow(10**12)}.{secrets.token_hex(16)}",
            user,
            time.monotonic(),
            self.clock.now(),
            view,
        )
        self.triggers[trigger.id] = trigger
        return trigger

    def trigger_expired(self, trigger: Trigger) -> bool:
        """Whether three seconds have passed, in real time or by the sandbox's clock."""
        moved = (self.clock.now() - trigger.born_at).total_seconds()
        return max(moved, time.monotonic() - trigger.born) > TRIGGER_SECONDS

    def new_response_url(self, user: str, channel: str, message: Message | None = None) -> ResponseUrl:
        """Give out a response_url for something this person did in a channel."""
        thread = message.thread_ts if message is not None and message.is_reply else None
        found = ResponseUrl(secrets.token_hex(16), user, channel, self.clock.now(), message, thread)
        self.response_urls[found.id] = found
        return found

    # -- people ----------------------------------------------------------------------------------------------

    def deactivate(self, user: str) -> None:
        """Make a person leave the company."""
        self.people[user] = replace(self.people[user], deleted=True)
        self.changes.tell()

    def warn(self, user: str, words: str) -> None:
        """Show a person what Slack shows when the app did not do its part."""
        self.warnings.append((self.changes.version + 1, user, words))
        self.changes.tell()


def with_ids(block: dict[str, Any]) -> dict[str, Any]:
    """The block with a block_id, and action ids on its elements, where the sender gave none."""
    filled = {**block, "block_id": block.get("block_id") or secrets.token_urlsafe(4)}
    for name in ("elements", "actions"):
        if isinstance(filled.get(name), list) and filled.get("type") in ("actions", "card"):
            filled[name] = [_with_action_id(element) for element in filled[name]]
    for name in ("accessory", "element"):
        if isinstance(filled.get(name), dict):
            filled[name] = _with_action_id(filled[name])
    if isinstance(filled.get("child_blocks"), list):
        filled["child_blocks"] = [with_ids(child) for child in filled["child_blocks"]]
    return filled


def _with_action_id(element: dict[str, Any]) -> dict[str, Any]:
    return element if element.get("type") == "image" else {"action_id": secrets.token_urlsafe(4), **element}
