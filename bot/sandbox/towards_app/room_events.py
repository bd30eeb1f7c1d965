"""What follows from changes of channels and their members – told from how each channel looked before."""

from __future__ import annotations

from dataclasses import dataclass

from bot.sandbox.journal import Call
from bot.sandbox.state.records import Room
from bot.sandbox.state.shapes import Json
from bot.sandbox.state.workspace import Workspace
from bot.sandbox.towards_app.happenings import Happenings

PREFIX = {"public": "channel", "private": "group"}
LETTER = {"public": "C", "private": "G"}


@dataclass(frozen=True)
class _Look:
    """How a channel looked when it was last told of."""

    room: Room
    name: str
    is_archived: bool
    members: tuple[str, ...]


class RoomEvents:
    """Watches the workspace's channels and tells the app what became of them."""

    def __init__(self, workspace: Workspace, happenings: Happenings) -> None:
        """Know the channels as they are now."""
        self._workspace, self._happenings = workspace, happenings
        self._looks = self._now()

    def _now(self) -> dict[str, _Look]:
        rooms = tuple(self._workspace.rooms.values())
        return {
            room.id: _Look(room, room.name, room.is_archived, tuple(room.members))
            for room in rooms
            if room.kind in PREFIX
        }

    def notice_call(self, call: Call) -> None:
        """See what one of the app's own calls has done to channels."""
        if call.direction == "received" and call.method.startswith("conversations."):
            self.notice(self._workspace.app.user_id)

    def notice(self, by: str) -> None:
        """See what has changed since the last time; `by` is the person (or the bot) who did it."""
        with self._workspace.lock:
            before, self._looks = self._looks, self._now()
            now = self._looks
        for room_id, look in now.items():
            if room_id not in before:
                self._created(look, by)
            elif look != before[room_id]:
                self._changed(before[room_id], look, by)
        for room_id, look in before.items():
            if room_id not in now:
                self._tell(look, "deleted", {"channel": room_id, "actor_id": by})

    def _tell(self, look: _Look, what: str, fields: Json) -> None:
        event = {"type": f"{PREFIX[look.room.kind]}_{what}", **fields, "event_ts": self._workspace.next_ts()}
        self._happenings.tell(event, look.room)

    def _created(self, look: _Look, by: str) -> None:
        created = int(self._workspace.clock.now().timestamp())
        if look.room.kind == "public":
            shape = {"id": look.room.id, "name": look.name, "created": created, "creator": by}
            self._tell(look, "created", {"channel": {**shape, "context_team_id": self._workspace.team_id}})
        self._met(look.room, (), look.members, by)

    def _changed(self, before: _Look, now: _Look, by: str) -> None:
        if before.is_archived and not now.is_archived:
            self._tell(now, "unarchive", {"channel": now.room.id, "user": by})
        if before.name != now.name:
            renamed = {"id": now.room.id, "name": now.name, "name_normalized": now.name}
            created = int(self._workspace.clock.now().timestamp())
            self._tell(now, "rename", {"channel": {**renamed, "created": created, "is_channel": True}})
        self._met(now.room, before.members, now.members, by)
        self._parted(now, before.members, by)
        if now.is_archived and not before.is_archived:
            self._tell(now, "archive", {"channel": now.room.id, "user": by})

    def _met(self, room: Room, before: tuple[str, ...], now: tuple[str, ...], by: str) -> None:
        for user in now:
            if user not in before:
                inviter = {"inviter": by} if by != user else {}
                self._tell_of_member("member_joined_channel", room, user, inviter)

    def _parted(self, now: _Look, before: tuple[str, ...], by: str) -> None:
        for user in before:
            if user in now.members:
                continue
            if user == self._workspace.app.user_id:
                self._tell(now, "left", {"channel": now.room.id, "actor_id": by})
            else:
                self._tell_of_member("member_left_channel", now.room, user, {})

    def _tell_of_member(self, kind: str, room: Room, user: str, extra: Json) -> None:
        place = {"channel": room.id, "channel_type": LETTER[room.kind], "team": self._workspace.team_id}
        event: Json = {"type": kind, "user": user, **place, **extra, "event_ts": self._workspace.next_ts()}
        self._happenings.tell(event, room)
