"""What a sandbox is told by its maker: people, channels, the app, events to set off, steps of a tour."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Protocol


@dataclass(frozen=True)
class Person:
    """One member of the workspace. `id` looks like Slack's (`U…`); `tz` is an IANA zone.

    `is_restricted` is a guest, `is_ultra_restricted` a guest of one channel, `is_stranger` a person of another
    workspace in a shared channel. `presence` is active or away; `quiet_hours` are the hours of every day, in the
    person's zone, in which they do not want to be disturbed: `("22:00", "08:00")`.
    """

    id: str
    name: str
    real_name: str = ""
    email: str = ""
    tz: str = "UTC"
    locale: str = "en-US"
    title: str = ""
    is_restricted: bool = False
    is_ultra_restricted: bool = False
    is_stranger: bool = False
    is_admin: bool = False
    deleted: bool = False
    presence: str = "active"
    quiet_hours: tuple[str, str] | None = None

    @property
    def shown_name(self) -> str:
        """The name readers see."""
        return self.real_name or self.name

    @property
    def is_full_member(self) -> bool:
        """Neither a guest nor of another workspace, and still here."""
        return not (self.is_restricted or self.is_ultra_restricted or self.is_stranger or self.deleted)


@dataclass(frozen=True)
class Channel:
    """A channel to start with; `members` are ids or names of people, by default every full member of the company.

    The bot is in it unless `with_bot` is false. `is_shared`: with another workspace.
    """

    id: str
    name: str
    members: tuple[str, ...] = ()
    is_private: bool = False
    topic: str = ""
    purpose: str = ""
    is_archived: bool = False
    is_shared: bool = False
    with_bot: bool = True


@dataclass(frozen=True)
class UserGroup:
    """A user group (`S…`) that can be mentioned: `handle` without the at sign, `users` as ids or names."""

    id: str
    handle: str
    name: str
    users: tuple[str, ...] = ()


@dataclass(frozen=True)
class CommandHint:
    """A line of the suggestions a person sees while typing a slash command."""

    text: str
    description: str = ""


@dataclass(frozen=True)
class Shortcut:
    """A shortcut of the app: offered everywhere, or `on_message` in the menu of every message."""

    callback_id: str
    name: str
    on_message: bool = False


@dataclass(frozen=True)
class BotApp:
    """The app under test, as the workspace knows it. `commands` are the slash commands it has registered, those in
    `escaped` with people and channels as `<@U…|name>`; `shortcuts` its shortcuts; `link_domains` whose links it
    unfolds. `subscriptions` are the events it has asked for by the words of Slack's manifest (`message.channels`;
    plain `message`: what people write, everywhere); `home_tab` and `messages_tab` whether its Home has them."""

    name: str = "KPI Bot"
    handle: str = "kpi-bot"
    app_id: str = "A0SANDBOX"
    bot_id: str = "B0SANDBOX"
    user_id: str = "U0SANDBOX"
    commands: tuple[str, ...] = ("/kpi",)
    hints: tuple[CommandHint, ...] = ()
    subscriptions: frozenset[str] = frozenset({"app_home_opened", "app_mention", "message"})
    about: str = ""
    home_tab: bool = True
    messages_tab: bool = True
    escaped: frozenset[str] = frozenset()
    shortcuts: tuple[Shortcut, ...] = ()
    link_domains: tuple[str, ...] = ()


@dataclass(frozen=True)
class ScriptedEvent:
    """Something a reader can make happen from the page: `run` does it, in a thread of its own."""

    id: str
    label: str
    description: str
    run: Callable[[], object]


class Watched(Protocol):
    """The sandbox as a tour looks at it: what stands in a channel, and what a person sees."""

    def channel(self, key: str) -> Any:
        """A channel by id or name."""

    def user(self, key: str) -> Any:
        """A person by id, name or email."""


@dataclass(frozen=True)
class TourStep:
    """One step of the guided tour; `done` says from the sandbox's state whether the reader has done it.

    The other fields make the step's button: who to act as, where to look, what to do there (at most one of
    `event`, `command`, `advance`, `tomorrow_at`, the next time the company's clock shows this: "08:00", and `press`,
    the words of a button in a message, which is shown to the reader to press).
    """

    title: str
    text: str
    done: Callable[[Watched], bool] | None = None
    person: str = ""
    channel: str = ""
    event: str = ""
    command: str = ""
    advance: timedelta | None = None
    tomorrow_at: str = ""
    press: str = ""


ALL_SCOPES = frozenset(
    {
        "app_mentions:read", "bookmarks:read", "bookmarks:write", "canvases:write", "channels:history",
        "channels:join", "channels:manage", "channels:read", "channels:write.invites", "chat:write",
        "chat:write.customize", "chat:write.public", "commands", "dnd:read", "files:read", "files:write",
        "groups:history", "groups:read", "groups:write", "groups:write.invites", "im:history", "im:read", "im:write",
        "mpim:history", "mpim:read", "mpim:write", "pins:read", "pins:write", "reactions:read", "reactions:write",
        "team:read", "usergroups:read", "users:read", "users:read.email",
    }
)  # fmt: skip


@dataclass(frozen=True)
class Tokens:
    """The two tokens the workspace accepts, and what the bot's may do."""

    bot: str = "xoxb-sandbox"
    app: str = "xapp-sandbox"
    scopes: frozenset[str] = field(default=ALL_SCOPES)
