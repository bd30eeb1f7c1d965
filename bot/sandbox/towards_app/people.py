"""What becomes of people: they come, leave, go away from the keyboard, do not want to be disturbed."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta

from bot.sandbox.cast import Person
from bot.sandbox.errors import SlackError
from bot.sandbox.state.shapes import Json, person_json
from bot.sandbox.towards_app.acts import Acts


class PeopleActs(Acts):
    """Changes of people, as administrators and they themselves make them."""

    @contextmanager
    def _changing(self, user: str) -> Iterator[None]:
        """Tell the app that a person has changed, if the block changed them."""
        before = self.workspace.people.get(user)
        with self.happenings.gathered():
            with self.workspace.lock:
                yield
            after = self.workspace.people[user]
            if after != before:
                self._tell_of_person("user_change" if before else "team_join", after)
        self.workspace.changes.tell()

    def _tell_of_person(self, kind: str, person: Person) -> None:
        moment = self.workspace.next_ts()
        shown = person_json(self.workspace, person, email="users:read.email" in self.workspace.tokens.scopes)
        cached: Json = {} if kind == "team_join" else {"cache_ts": int(float(moment))}
        self.happenings.tell({"type": kind, "user": shown, **cached, "event_ts": moment})

    def deactivate(self, user: str) -> None:
        """Make a person leave the company."""
        with self._changing(user):
            self.workspace.deactivate(user)

    def reactivate(self, user: str) -> None:
        """Bring a person back who had left."""
        with self._changing(user):
            self.workspace.people[user] = replace(self.workspace.people[user], deleted=False)

    def hire(self, person: Person) -> None:
        """Let a person join the workspace. SlackError when the id or the name is somebody else's."""
        names = {known.name for known in self.workspace.people.values()}
        if person.id in self.workspace.people or person.name in names:
            raise SlackError("already_in_team")
        with self._changing(person.id):
            self.workspace.people[person.id] = person

    def set_presence(self, user: str, presence: str) -> None:
        """Make a person `active` or `away`; Slack tells no app of it, but `users.getPresence` shows it."""
        self.workspace.set_presence(user, presence)

    def do_not_disturb(self, user: str, minutes: float) -> None:
        """Pause a person's notifications for so many minutes of the sandbox's clock; 0 ends the pause."""
        begins = self.workspace.clock.now()
        ends = begins + timedelta(minutes=minutes)
        self.workspace.set_dnd(user, ends if minutes > 0 else None)
        status: Json = {"dnd_enabled": minutes > 0, "next_dnd_start_ts": 1, "next_dnd_end_ts": 1}
        if minutes > 0:
            status |= {"next_dnd_start_ts": int(begins.timestamp()), "next_dnd_end_ts": int(ends.timestamp())}
        moment = self.workspace.next_ts()
        with self.happenings.gathered():
            self.happenings.tell({"type": "dnd_updated_user", "user": user, "dnd_status": status, "event_ts": moment})
