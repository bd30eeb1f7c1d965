"""A small company for whoever tries an app of their own, and the file in which they may bring their own company."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Self

from pydantic import BaseModel, ConfigDict, model_validator

from bot.sandbox.cast import Channel, Person, UserGroup
from bot.sandbox.given_files import take

PEOPLE = (
    Person("U0ANA", "ana", "Ana Ruiz", "ana@example.com", "Europe/Madrid", "es-ES", "Operations", is_admin=True),
    Person("U0BOB", "bob", "Bob Stone", "bob@example.com", "America/New_York", "en-US", "Sales"),
    Person("U0MEI", "mei", "Mei Tanaka", "mei@example.com", "Asia/Tokyo", "ja-JP", "Engineering"),
    Person("U0CAT", "cat", "Cat Guest", "cat@example.com", "Europe/London", "en-GB", is_restricted=True),
    Person("U0GON", "gone", "Gone Person", "gone@example.com", deleted=True),
)
CHANNELS = (
    Channel("C0GEN", "general", ("ana", "bob", "mei", "cat"), topic="For everybody"),
    Channel("C0RAN", "random", ("ana", "bob", "mei"), topic="The app is not in here", with_bot=False),
    Channel("G0LEA", "leads", ("ana", "bob"), is_private=True, topic="Private"),
    Channel("C0OLD", "old-project", ("ana",), is_archived=True),
)
USER_GROUPS = (UserGroup("S0ONC", "on-call", "On call", ("bob", "mei")),)

_NO_YAML = "Write the company as JSON; docs/sandbox.md shows one"


@dataclass(frozen=True)
class Company:
    """Who is in a workspace: what `Sandbox` is told of people, channels and user groups."""

    name: str
    people: tuple[Person, ...]
    channels: tuple[Channel, ...]
    user_groups: tuple[UserGroup, ...]


SMALL_COMPANY = Company("Small Company", PEOPLE, CHANNELS, USER_GROUPS)


class _CompanyFile(BaseModel):
    """The file's shape: the fields are those of `Person`, `Channel` and `UserGroup`."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    name: str = "My Company"
    people: tuple[Person, ...]
    channels: tuple[Channel, ...]
    user_groups: tuple[UserGroup, ...] = ()

    @model_validator(mode="after")
    def _members_are_people(self) -> Self:
        known = {word.lower() for one in self.people for word in (one.id, one.name, one.email) if word}
        named = [(f"channels: #{one.name.lstrip('#')}", one.members) for one in self.channels]
        named += [(f"user_groups: @{one.handle}", one.users) for one in self.user_groups]
        for where, members in named:
            missing = [member for member in members if member.lstrip("@").lower() not in known]
            if missing:
                raise ValueError(f"{where}: nobody is called {', '.join(missing)}; name people of this file")
        ids = [one.id for one in self.people] + [one.id for one in self.channels] + [one.id for one in self.user_groups]
        twice = sorted({one for one in ids if ids.count(one) > 1})
        if twice:
            raise ValueError(f"the same id is given twice: {', '.join(twice)}")
        return self


def read_company(file: Path) -> Company:
    """Read a company from a JSON file. CannotTake naming every mistake by its place."""
    given, _ = take(file, _CompanyFile, name=file.name, as_yaml=_NO_YAML)
    return Company(given.name, given.people, given.channels, given.user_groups)
