"""What people do with channels: make, rename, archive and delete them, join and leave, put others in and out."""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterator
from contextlib import contextmanager

from bot.sandbox.errors import SlackError
from bot.sandbox.state.records import Room
from bot.sandbox.towards_app.acts import Acts
from bot.sandbox.towards_app.room_events import RoomEvents

_NAME = re.compile(r"[\w-]{1,80}")


class RoomActs(Acts):
    """Acts on channels; `by` is who does it. SlackError with Slack's code when it cannot be done."""

    room_events: RoomEvents

    @contextmanager
    def _changing(self, by: str) -> Iterator[None]:
        """Tell the app, and everybody who looks, what the block changed."""
        with self.happenings.gathered():
            with self.workspace.lock:
                yield
            self.room_events.notice(by)
        self.workspace.changes.tell()

    def create(self, by: str, name: str, *, is_private: bool = False) -> Room:
        """Make a channel with its maker in it."""
        wanted = self._free_name(name)
        room = Room("C" + secrets.token_hex(5).upper(), wanted, "private" if is_private else "public", [by])
        with self._changing(by):
            self.workspace.rooms[room.id] = room
        return room

    def rename(self, by: str, room: Room, name: str) -> None:
        """Give a channel another name."""
        self._must_be_channel(room)
        wanted = self._free_name(name)
        with self._changing(by):
            room.name = wanted

    def _free_name(self, name: str) -> str:
        wanted = name.lstrip("#").lower()
        if not _NAME.fullmatch(wanted):
            raise SlackError("invalid_name")
        if self.workspace.find_room(wanted) is not None:
            raise SlackError("name_taken")
        return wanted

    def archive(self, by: str, room: Room) -> None:
        """Archive a channel."""
        self._must_be_channel(room)
        if room.is_archived:
            raise SlackError("already_archived")
        with self._changing(by):
            room.is_archived = True

    def unarchive(self, by: str, room: Room) -> None:
        """Take a channel out of the archive."""
        if not room.is_archived:
            raise SlackError("not_archived")
        with self._changing(by):
            room.is_archived = False

    def remove_room(self, by: str, room: Room) -> None:
        """Delete a channel with everything in it."""
        self._must_be_channel(room)
        with self._changing(by):
            del self.workspace.rooms[room.id]

    def join(self, user: str, room: Room) -> None:
        """Join a public channel. SlackError when it is archived, or no person may join it alone."""
        if room.is_archived:
            raise SlackError("is_archived")
        if room.kind != "public":
            raise SlackError("method_not_supported_for_channel_type")
        if self._is_guest(user):
            raise SlackError("user_is_restricted")
        if user not in room.members:
            self._put_in(user, user, room)

    def _is_guest(self, user: str) -> bool:
        person = self.workspace.people.get(user)
        return person is not None and (person.is_restricted or person.is_ultra_restricted or person.is_stranger)

    def invite(self, by: str, user: str, room: Room) -> None:
        """Put a person (or the bot) into a channel."""
        self._must_be_channel(room)
        if room.is_archived:
            raise SlackError("is_archived")
        if user in room.members:
            raise SlackError("already_in_channel")
        self._put_in(by, user, room)

    def _put_in(self, by: str, user: str, room: Room) -> None:
        with self._changing(by):
            room.members.append(user)
            self.workspace.reads[user, room.id] = max(room.messages, default="0")

    def leave(self, user: str, room: Room) -> None:
        """Leave a channel."""
        self.kick(user, user, room)

    def kick(self, by: str, user: str, room: Room) -> None:
        """Put a person (or the bot) out of a channel."""
        self._must_be_channel(room)
        if user not in room.members:
            raise SlackError("not_in_channel")
        with self._changing(by):
            room.members = [member for member in room.members if member != user]

    def _must_be_channel(self, room: Room) -> None:
        if room.kind not in ("public", "private"):
            raise SlackError("method_not_supported_for_channel_type")
