"""What follows from messages: written, changed, deleted, reacted to – told from how each looked before."""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass, field

from bot.sandbox.state.records import Message, Room
from bot.sandbox.state.shapes import Json, message_json
from bot.sandbox.state.workspace import Workspace
from bot.sandbox.towards_app.happenings import MESSAGE_WORDS, Happenings

CHANNEL_TYPES = {"public": "channel", "private": "group", "im": "im", "mpim": "mpim"}
KINDS = (
    *("message", *MESSAGE_WORDS.values()),
    *("app_mention", "reaction_added", "reaction_removed", "link_shared", "message_metadata_posted"),
)
_LINK = re.compile(r"https?://(?:[^\s/@>|]*@)?([^\s/:>|]+)[^\s>|]*")


@dataclass
class _Look:
    """How a message looked when it was last told of."""

    shown: Json
    version: tuple[int, bool] = (0, False)
    reactions: dict[str, tuple[str, ...]] = field(default_factory=dict)


class MessageEvents:
    """Watches the workspace's messages and tells the app what became of them."""

    def __init__(self, workspace: Workspace, happenings: Happenings) -> None:
        """Know of no message yet."""
        self._workspace, self._happenings = workspace, happenings
        self._looks: dict[tuple[str, str], _Look] = {}

    def notice(self, message: Message) -> None:
        """See a message that is new or has changed; `workspace.lock` is held."""
        if message.ephemeral_for is not None or not self._happenings.wants(*KINDS):
            return
        room, key = self._workspace.rooms[message.channel], (message.channel, message.ts)
        before = self._looks.get(key)
        now = _Look(
            message_json(self._workspace, message),
            (message.changes, message.deleted),
            {name: tuple(users) for name, users in message.reactions.items()},
        )
        self._looks[key] = now
        if before is None:
            self._written(room, message, now)
            return
        if before.version != now.version:
            self._changed(room, message, before, now)
        self._reacted(room, message, before, now)

    # -- written and changed ---------------------------------------------------------------------------------

    def _written(self, room: Room, message: Message, now: _Look) -> None:
        bot = self._workspace.app.user_id
        event = {**now.shown, "channel": room.id, "event_ts": message.ts}
        if message.broadcast and message.is_reply:
            event["subtype"] = "thread_broadcast"
        if message.bot_id is None and f"<@{bot}>" in message.text and room.kind != "im":
            self._happenings.tell({**event, "type": "app_mention"}, room)
        if message.is_reply:
            parent = room.messages.get(message.thread_ts or "")
            event |= {"parent_user_id": parent.user} if parent else {}
        own = message.bot_id is not None
        self._happenings.tell({**event, "channel_type": CHANNEL_TYPES[room.kind]}, room, own=own)
        self._tell_of_links(room, message)
        self._tell_of_metadata(room, message)

    def _changed(self, room: Room, message: Message, before: _Look, now: _Look) -> None:
        moment = self._workspace.next_ts()
        event: Json = {
            "type": "message",
            "channel": room.id,
            "hidden": True,
            "previous_message": before.shown,
            "ts": moment,
            "event_ts": moment,
            "channel_type": CHANNEL_TYPES[room.kind],
        }
        if message.deleted:
            event |= {"subtype": "message_deleted", "deleted_ts": message.ts}
        else:
            event |= {"subtype": "message_changed", "message": now.shown}
        self._happenings.tell(event, room, own=message.bot_id is not None)

    def _tell_of_links(self, room: Room, message: Message) -> None:
        domains = self._workspace.app.link_domains
        found = [match for match in _LINK.finditer(message.text) if _is_of(match[1].lower(), domains)]
        if message.bot_id is not None or not domains or not found:
            return
        links = [{"domain": match[1].lower(), "url": match[0]} for match in found]
        event: Json = {
            "type": "link_shared",
            "channel": room.id,
            "is_bot_user_member": True,
            "user": message.user,
            "message_ts": message.ts,
            "unfurl_id": f"{room.id}.{message.ts}.{secrets.token_hex(16)}",
            "source": "conversations_history",
            "links": links,
            "event_ts": message.ts,
        }
        self._happenings.tell(event | ({"thread_ts": message.thread_ts} if message.thread_ts else {}), room)

    def _tell_of_metadata(self, room: Room, message: Message) -> None:
        if not message.metadata:
            return
        app = self._workspace.app
        event: Json = {
            "type": "message_metadata_posted",
            "app_id": app.app_id,
            "bot_id": message.bot_id,
            "user_id": message.user,
            "team_id": self._workspace.team_id,
            "channel_id": room.id,
            "metadata": message.metadata,
            "message_ts": message.ts,
            "event_ts": message.ts,
        }
        self._happenings.tell(event, room)

    # -- reactions -------------------------------------------------------------------------------------------

    def _reacted(self, room: Room, message: Message, before: _Look, now: _Look) -> None:
        for name in {**before.reactions, **now.reactions}:
            was, is_now = before.reactions.get(name, ()), now.reactions.get(name, ())
            for user in is_now:
                if user not in was:
                    self._tell_of_reaction("reaction_added", room, message, name, user)
            for user in was:
                if user not in is_now:
                    self._tell_of_reaction("reaction_removed", room, message, name, user)

    def _tell_of_reaction(self, kind: str, room: Room, message: Message, name: str, user: str) -> None:
        event: Json = {
            "type": kind,
            "user": user,
            "reaction": name,
            "item": {"type": "message", "channel": room.id, "ts": message.ts},
            "item_user": message.user,
            "event_ts": self._workspace.next_ts(),
        }
        self._happenings.tell(event, room)


def _is_of(host: str, domains: tuple[str, ...]) -> bool:
    """Whether a host is one of the domains, or below one."""
    return any(host == domain or host.endswith(f".{domain}") for domain in domains)
