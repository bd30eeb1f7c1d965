"""The state of the workspace: people, rooms, messages, views, files."""

from __future__ import annotations

import secrets
import threading
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from bot.sandbox.cast import BotApp, Channel, Person, Tokens, UserGroup
from bot.sandbox.changes import EVERYONE, Changes
from bot.sandbox.clock import SandboxClock
from bot.sandbox.state.block_ids import with_ids
from bot.sandbox.state.do_not_disturb import Window, next_window
from bot.sandbox.state.files import Files
from bot.sandbox.state.handed_out import HandedOut
from bot.sandbox.state.records import Message, Room, View, Warned
from bot.sandbox.state.visible import plain_attachments, plain_blocks, plain_mrkdwn

LATEST_CHANGES = 2_000
"""How far back one can ask what changed for a person."""
KEPT_WARNINGS = 1_000
KEPT_VIEWS = 500
"""So many views that nobody has open any more are remembered."""


class Workspace(HandedOut):
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
        self.app, self.changes, self.tokens, self.name = app, changes, tokens, name
        super().__init__(clock)
        self.team_id, self.domain, self.address = "T0SANDBOX", "sandbox", ""
        self.token_revoked = self.is_uninstalled = False
        self.people = {person.id: person for person in people}
        self.groups = {group.id: replace(group, users=self._ids(group.users)) for group in user_groups}
        self.rooms: dict[str, Room] = {}
        self.views: dict[str, View] = {}
        self.modals: dict[str, list[str]] = {}
        self.homes: dict[str, str] = {}
        self.reads: dict[tuple[str, str], str] = {}
        self.files = Files(clock)
        self.canvases: dict[str, dict[str, Any]] = {}
        self._pauses: dict[str, Window] = {}
        self.warnings: list[Warned] = []
        self._last_ts, self._ts_lock = 0, threading.Lock()
        self._listeners: list[Callable[[Message], object]] = []
        self._touched: deque[Message] = deque(maxlen=LATEST_CHANGES)
        for channel in channels:
            self._add_channel(channel)

    def _ids(self, names: Iterable[str]) -> tuple[str, ...]:
        return tuple(self.person(name).id for name in names)

    def _add_channel(self, channel: Channel) -> None:
        members = list(self._ids(channel.members)) or [p.id for p in self.people.values() if p.is_full_member]
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
        for member in members:
            self._check_single_channel_guest(member)

    def _check_single_channel_guest(self, member: str) -> None:
        channels = self.channels_of(member)
        if member in self.people and self.people[member].is_ultra_restricted and len(channels) > 1:
            names = " and ".join(f"#{room.name}" for room in channels)
            raise ValueError(f"{self.people[member].name} is a guest of one channel and cannot be in {names}")

    # -- finding ---------------------------------------------------------------------------------------------

    def person(self, key: str) -> Person:
        """The person with this id, name (with or without @) or email. KeyError with the known names."""
        wanted = key.lstrip("@").lower()
        for person in tuple(self.people.values()):
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
        rooms = tuple(self.rooms.values())
        named = (room for room in rooms if room.kind != "im" and room.name.lower() == name)
        return self.rooms.get(key) or next(named, None)

    def direct_room(self, user: str) -> Room:
        """The direct conversation of this person with the app, opened when there is none yet."""
        room_id = "D" + user[1:]
        with self.lock:
            if room_id not in self.rooms:
                members = [user, self.app.user_id]
                self.rooms[room_id] = Room(room_id, user, "im", members, person=user)
            return self.rooms[room_id]

    def group_room(self, users: Sequence[str]) -> Room:
        """The direct conversation of several people with the app, opened when there is none yet."""
        members = [*users, self.app.user_id]
        with self.lock:
            for room in self.rooms.values():
                if room.kind == "mpim" and set(room.members) == set(members):
                    return room
            room_id = "G" + secrets.token_hex(5).upper()
            handles = "--".join([*(self.people[user].name for user in users), self.app.handle])
            self.rooms[room_id] = Room(room_id, f"mpdm-{handles}-1", "mpim", members)
            return self.rooms[room_id]

    def key_of_room(self, key: str) -> str:
        """The id of the room a post to this word goes to: a room's id or name, or a person's id; else the word."""
        if key in self.people:
            return "D" + key[1:]
        found = self.find_room(key)
        return found.id if found else key

    def channels_of(self, user: str) -> list[Room]:
        """The channels, not the direct messages, somebody is in."""
        rooms = tuple(self.rooms.values())
        return [room for room in rooms if room.kind in ("public", "private") and user in room.members]

    def sees(self, user: str, room: Room) -> bool:
        """Whether a person may know of a room: its members do, and of a public channel every full member."""
        return user in room.members or (room.kind == "public" and self.people[user].is_full_member)

    def is_unseen(self, person: Person) -> bool:
        """Whether this person of another workspace shares no channel with the app."""
        return person.is_stranger and not any(
            room.is_shared and self.app.user_id in room.members for room in self.channels_of(person.id)
        )

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
        with self._ts_lock:
            self._last_ts = moment = max(self._last_ts + 1, micros)
        return f"{moment // 1_000_000}.{moment % 1_000_000:06d}"

    def add_message(self, room: Room, message: Message) -> Message:
        """Put a message into its room (and thread)."""
        message.blocks = [with_ids(block) for block in message.blocks]
        self._make_plain(message)
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
        self.rooms[message.channel].pins.pop(message.ts, None)
        parent = self.rooms[message.channel].messages.get(message.thread_ts or "")
        if parent is not None and message in parent.thread:
            parent.thread.remove(message)
        self.touch(message)

    def touch(self, message: Message) -> None:
        """Bring a message's plain words up to date and tell those who wait."""
        self._make_plain(message)
        message.stamp = self.changes.version + 1
        self._touched.append(message)
        for listener in self._listeners:
            listener(message)
        self.changes.tell(message.channel, message.ephemeral_for or EVERYONE)

    def _make_plain(self, message: Message) -> None:
        shown = plain_blocks(message.blocks, self.name_of) or plain_mrkdwn(message.text, self.name_of)
        parts = (shown, plain_attachments(message.attachments, self.name_of), *(file.title for file in message.files))
        message.plain = "\n".join(part for part in parts if part)

    def listen(self, listener: Callable[[Message], object]) -> None:
        """Call `listener` with every message that is new or has changed, while `lock` is held."""
        self._listeners.append(listener)

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

    @property
    def token_refusal(self) -> str | None:
        """Slack's word for a bot token that was good once; None while it is."""
        if self.is_uninstalled:
            return "account_inactive"
        return "token_revoked" if self.token_revoked else None

    # -- views -----------------------------------------------------------------------------------------------

    def keep_view(self, view: View) -> None:
        """Remember a new view, and forget the oldest of those nobody has open any more."""
        self.views[view.id] = view
        if len(self.views) <= KEPT_VIEWS:
            return
        closed = [one.id for one in tuple(self.views.values()) if one is not view and not self.is_open(one)]
        for view_id in closed[: len(self.views) - KEPT_VIEWS]:
            del self.views[view_id]

    def is_open(self, view: View) -> bool:
        """Whether its person still has this modal on the screen, or as their Home tab."""
        return view.id in self.modals.get(view.user, ()) or self.homes.get(view.user) == view.id

    # -- people ----------------------------------------------------------------------------------------------

    def deactivate(self, user: str) -> None:
        """Make a person leave the company; their user groups lose them."""
        self.people[user] = replace(self.people[user], deleted=True)
        for group in self.groups.values():
            left = tuple(member for member in group.users if member != user)
            self.groups[group.id] = replace(group, users=left)
        self.changes.tell()

    def set_presence(self, user: str, presence: str) -> None:
        """Make a person `active` or `away`."""
        if presence not in ("active", "away"):
            raise ValueError(f"presence is active or away, not {presence!r}")
        self.people[user] = replace(self.people[user], presence=presence)
        self.changes.tell()

    def set_dnd(self, user: str, until: datetime | None) -> None:
        """Pause a person's notifications from now until a moment (aware); None ends the pause."""
        if until is None:
            self._pauses.pop(user, None)
        else:
            self._pauses[user] = (self.clock.now(), until.astimezone(UTC))
        self.changes.tell()

    def quiet_time(self, user: str) -> Window | None:
        """The span, running or next, in which a person does not want to be disturbed; None without one."""
        return next_window(self.people[user], self._pauses.get(user), self.clock.now())

    def is_quiet(self, user: str) -> bool:
        """Whether a person does not want to be disturbed now."""
        window = self.quiet_time(user)
        return window is not None and window[0] <= self.clock.now()

    def warn(self, user: str, words: str, channel: str | None = None) -> None:
        """Show a person what Slack shows when the app did not do its part; in a channel where Slackbot says it."""
        self.warnings.append(Warned(self.changes.version + 1, user, words, channel, self.next_ts()))
        del self.warnings[:-KEPT_WARNINGS]
        self.changes.tell(user)
