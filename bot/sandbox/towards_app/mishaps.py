"""What can go wrong in a workspace, by name: channels go, people go, the token goes, connections break."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from bot.sandbox.cast import Person
from bot.sandbox.errors import SlackError
from bot.sandbox.state.records import Message, Room
from bot.sandbox.state.shapes import Json
from bot.sandbox.towards_app.acting import Acting
from bot.sandbox.towards_app.sockets import Sockets

ADMINISTRATOR = "U0ADMIN"
"""Who is named in events when no person of the workspace administers it."""


@dataclass(frozen=True)
class Kind:
    """One mishap: what it is told about (`channel`, `person`, or the fields of an object; nothing for `true`), and
    what it does."""

    takes: tuple[str, ...]
    does: str

    @property
    def as_json(self) -> Json:
        """As `/_sandbox/mishap` lists it."""
        return {"takes": list(self.takes), "does": self.does}


KINDS: Mapping[str, Kind] = {
    "archive": Kind(("channel",), "Archive a channel"),
    "unarchive": Kind(("channel",), "Take a channel out of the archive"),
    "rename": Kind(("channel", "name"), "Give a channel another name"),
    "delete_channel": Kind(("channel",), "Delete a channel with everything in it"),
    "create_channel": Kind(("name",), "Make a new channel"),
    "invite": Kind(("person", "channel"), "Put a person or the bot into a channel"),
    "kick": Kind(("person", "channel"), "Put a person or the bot out of a channel"),
    "remove_bot": Kind(("channel",), "Put the bot out of a channel"),
    "deactivate": Kind(("person",), "A person leaves the company"),
    "reactivate": Kind(("person",), "A person comes back"),
    "hire": Kind(("name", "real_name", "email"), "A new person joins the workspace"),
    "away": Kind(("person",), "A person is away from the keyboard"),
    "active": Kind(("person",), "A person is at the keyboard again"),
    "do_not_disturb": Kind(("person", "minutes"), "A person pauses notifications; 0 minutes end it"),
    "delete": Kind(("channel", "ts"), "Take a message away"),
    "revoke_token": Kind((), "The bot's token is worth nothing any more"),
    "uninstall": Kind((), "The app is taken out of the workspace"),
    "warn_sockets": Kind((), "Connections are told that they end soon"),
    "refresh_sockets": Kind((), "Connections are asked to connect again, and closed"),
    "drop_sockets": Kind((), "Connections break without a word"),
    "disable_sockets": Kind((), "Socket Mode is switched off for the app"),
    "enable_sockets": Kind((), "Socket Mode is switched on again"),
}
"""Every mishap."""

_OPTIONAL = {"real_name", "email"}
MOST_MINUTES = 366 * 24 * 60
NOTHING: Final = True
"""What a mishap is told that concerns nobody in particular."""


class Mishaps:
    """Lets things happen that nobody asked the bot about."""

    def __init__(self, acting: Acting, sockets: Sockets) -> None:
        """Act on this workspace and these connections."""
        self._acting, self._workspace, self._sockets = acting, acting.workspace, sockets
        self._acts: Mapping[str, Callable[..., object]] = {
            **self._of_rooms(),
            **self._of_people(),
            "delete": lambda channel, ts: acting.take_away(self._standing(channel, ts)),
            "revoke_token": self._revoke,
            "uninstall": self._uninstall,
            "warn_sockets": sockets.warn,
            "refresh_sockets": sockets.refresh,
            "drop_sockets": sockets.drop,
            "disable_sockets": sockets.disable,
            "enable_sockets": sockets.enable,
        }

    def _of_rooms(self) -> dict[str, Callable[..., object]]:
        rooms, room = self._acting.rooms, self._workspace.room
        return {
            "archive": lambda channel: rooms.archive(self._administrator, room(channel)),
            "unarchive": lambda channel: rooms.unarchive(self._administrator, room(channel)),
            "rename": lambda channel, name: rooms.rename(self._administrator, room(channel), name),
            "delete_channel": lambda channel: rooms.remove_room(self._administrator, room(channel)),
            "create_channel": lambda name: rooms.create(self._administrator, name),
            "invite": lambda person, channel: rooms.invite(self._administrator, self._member(person), room(channel)),
            "kick": lambda person, channel: rooms.kick(self._administrator, self._member(person), room(channel)),
            "remove_bot": lambda channel: rooms.kick(self._administrator, self._bot, room(channel)),
        }

    def _of_people(self) -> dict[str, Callable[..., object]]:
        people, person_of = self._acting.people, self._workspace.person
        return {
            "deactivate": lambda person: people.deactivate(person_of(person).id),
            "reactivate": lambda person: people.reactivate(person_of(person).id),
            "hire": self._hire,
            "away": lambda person: people.set_presence(person_of(person).id, "away"),
            "active": lambda person: people.set_presence(person_of(person).id, "active"),
            "do_not_disturb": lambda person, minutes: people.do_not_disturb(person_of(person).id, _minutes(minutes)),
        }

    def happen(self, name: str, value: Any = NOTHING, *, silent: bool = False) -> None:
        """Let a mishap happen; `value` is what it takes: one word, or an object of several.

        LookupError for a mishap, person or channel that does not exist, ValueError for a wrong value, SlackError
        when Slack would refuse. `silent`: the bot is not told.
        """
        if name not in KINDS:
            raise LookupError(f"no mishap is called {name!r}; there is: {', '.join(KINDS)}")
        given = _given(name, KINDS[name].takes, value)
        with self._acting.happenings.gathered(silent=silent):
            self._acts[name](**given)
        if name == "uninstall":
            self._cut_off()

    @property
    def _bot(self) -> str:
        return self._workspace.app.user_id

    @property
    def _administrator(self) -> str:
        people = self._workspace.people.values()
        return next((person.id for person in people if person.is_admin and not person.deleted), ADMINISTRATOR)

    def _member(self, key: str) -> str:
        app = self._workspace.app
        return app.user_id if key.lstrip("@") in (app.user_id, app.handle) else self._workspace.person(key).id

    def _standing(self, channel: str, ts: str) -> Message:
        room: Room = self._workspace.room(channel)
        if ts not in room.messages or room.messages[ts].deleted:
            raise LookupError(f"no message {ts} in #{room.name}")
        return room.messages[ts]

    def _hire(self, name: str, real_name: str = "", email: str = "") -> None:
        if not name.isidentifier():
            raise ValueError(f"the `name` of a person is one word of letters and digits, not {name!r}")
        self._acting.people.hire(Person(f"U0NEW{name.upper()}", name, real_name or name.title(), email))

    def _revoke(self) -> None:
        self._workspace.token_revoked = True
        self._tell("tokens_revoked", tokens={"oauth": [], "bot": [self._bot]})
        self._workspace.changes.tell()

    def _uninstall(self) -> None:
        if self._workspace.is_uninstalled:
            raise SlackError("app_not_installed")
        self._workspace.is_uninstalled = True
        self._tell("app_uninstalled")
        self._revoke()

    def _cut_off(self) -> None:
        """Cut what an uninstalled app heard its last words over."""
        workspace = self._workspace
        workspace.app = replace(workspace.app, commands=(), escaped=frozenset(), shortcuts=())
        self._sockets.disable()
        for room in tuple(workspace.rooms.values()):
            room.members = [member for member in room.members if member != self._bot]
        workspace.changes.tell()

    def _tell(self, kind: str, **fields: Any) -> None:
        self._acting.happenings.tell({"type": kind, **fields, "event_ts": self._workspace.next_ts()})


def _given(name: str, takes: tuple[str, ...], value: Any) -> dict[str, Any]:
    """The fields of a mishap, from one word or an object. ValueError says what it takes."""
    if not takes:
        if value is not NOTHING:
            raise ValueError(f"`{name}` takes nothing but true")
        return {}
    if not isinstance(value, Mapping):
        value = {takes[0]: value}
    missing = [field for field in takes if field not in value and field not in _OPTIONAL]
    unknown = [str(field) for field in value if field not in takes]
    wrong = [field for field, one in value.items() if field != "minutes" and not (isinstance(one, str) and one)]
    if missing or unknown or wrong:
        raise ValueError(f"`{name}` takes {', '.join(f'`{field}`' for field in takes)}, each as words")
    return dict(value)


def _minutes(value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= MOST_MINUTES:
        raise ValueError(f"`minutes` must be a number from 0 to {MOST_MINUTES} (a year), not {value!r}")
    return float(value)
