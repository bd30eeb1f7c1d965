"""The sandbox: a workspace, the app's two doors, a clock, a journal and faults, told everything by its maker."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterable, Sequence
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from bot.sandbox.cast import ALL_SCOPES, BotApp, Channel, Person, ScriptedEvent, Tokens, TourStep, UserGroup
from bot.sandbox.changes import Changes
from bot.sandbox.clock import SandboxClock
from bot.sandbox.driver import ChannelSight, User
from bot.sandbox.faults import Faults
from bot.sandbox.journal import Call, Journal
from bot.sandbox.methods.rates import RateLimits
from bot.sandbox.state.records import Message
from bot.sandbox.state.workspace import Workspace
from bot.sandbox.towards_app.acting import Acting
from bot.sandbox.towards_app.inbound import Inbound
from bot.sandbox.towards_app.sockets import Sockets

T = TypeVar("T")


class Sandbox:
    """A strict stand-in for one Slack workspace with one app in it.

    `rate_limits`: refuse with 429 as Slack does. `scopes`: what the bot token may do. `zone`: the company's
    time zone, for the page's clock. `subscriptions` and slash commands stand in `app`. Its `start` tells this
    sandbox from one that ran before it.
    """

    def __init__(
        self,
        people: Iterable[Person],
        channels: Iterable[Channel],
        user_groups: Iterable[UserGroup] = (),
        *,
        events: Sequence[ScriptedEvent] = (),
        tour: Sequence[TourStep] = (),
        clock: SandboxClock | None = None,
        zone: str = "UTC",
        app: BotApp | None = None,
        signing_secret: str = "sandbox-signing-secret",  # noqa: S107 - a stand-in's secret guards nothing
        scopes: Iterable[str] | None = None,
        rate_limits: bool = False,
        company: str = "Sandbox",
    ) -> None:
        """Build the workspace; `serve(sandbox)` opens its doors."""
        self.clock = clock or SandboxClock()
        self.zone = ZoneInfo(zone)
        self.events = {event.id: event for event in events}
        self.tour = tuple(tour)
        self.start = secrets.token_hex(8)
        self.signing_secret = signing_secret
        self.changes = Changes()
        self.journal = Journal(self.changes)
        self.faults = Faults()
        self.rates = RateLimits(on=rate_limits)
        self.workspace = Workspace(
            people,
            channels,
            user_groups,
            app=app or BotApp(),
            clock=self.clock,
            changes=self.changes,
            tokens=Tokens(scopes=frozenset(ALL_SCOPES if scopes is None else scopes)),
            name=company,
        )
        self.sockets = Sockets(self.workspace.app.app_id)
        self.inbound = Inbound(self.sockets, self.journal, self.clock, signing_secret)
        self._address = {"base": ""}
        self.acting = Acting(self.workspace, self.inbound, self._address)
        self.clock.listen(lambda _: self.changes.tell())

    @property
    def address(self) -> str:
        """Where the sandbox is reached, without a slash at the end; empty until it is served."""
        return self._address["base"]

    @address.setter
    def address(self, base: str) -> None:
        self._address["base"] = base

    @property
    def api_url(self) -> str:
        """What the bot takes as `SLACK_API_URL`."""
        return f"{self.address}/api/"

    def connect(self, request_url: str | None) -> None:
        """Send everything to this address by signed HTTP; None for Socket Mode."""
        self.inbound.request_url = request_url

    # -- people and channels ---------------------------------------------------------------------------------

    def user(self, key: str) -> User:
        """A person by id, name or email, to act as."""
        return User(self, self.workspace.person(key))

    def channel(self, key: str) -> ChannelSight:
        """A channel by id or name, to look at."""
        return ChannelSight(self, self.workspace.room(key))

    # -- waiting and looking back ----------------------------------------------------------------------------

    def wait_for(self, predicate: Callable[[], T], timeout: float = 5.0) -> T:
        """Wait until `predicate()` is truthy and give it. TimeoutError otherwise."""
        value = self.changes.until(predicate, timeout)
        if not value:
            raise TimeoutError(f"it did not come to that within {timeout:g} s")
        return value

    def wait_for_call(self, method: str, *, count: int = 1, timeout: float = 5.0, **which: Any) -> Call:
        """Wait until the `count`-th call of a method was answered and give it."""

        def answered() -> Call | None:
            calls = [call for call in self.journal.calls(method=method, **which) if call.status is not None]
            return calls[count - 1] if len(calls) >= count else None

        call = self.changes.until(answered, timeout)
        if call is None:
            raise TimeoutError(f"no call {count} of {method} within {timeout:g} s")
        return call

    def calls(self, method: str | None = None, **which: Any) -> list[Call]:
        """The calls the bot made (or, with `direction="sent"`, got); see `Journal.calls`."""
        return self.journal.calls(method=method, **{"direction": "received", **which})

    # -- mishaps ---------------------------------------------------------------------------------------------

    def revoke_token(self) -> None:
        """Make the bot token invalid, as when the app is uninstalled."""
        self.workspace.token_revoked = True
        self.changes.tell()

    def archive(self, channel: str) -> None:
        """Archive a channel."""
        self.workspace.room(channel).is_archived = True
        self.changes.tell()

    def remove_bot(self, channel: str) -> None:
        """Put the bot out of a channel."""
        room = self.workspace.room(channel)
        room.members = [member for member in room.members if member != self.workspace.app.user_id]
        self.changes.tell()

    def deactivate(self, person: str) -> None:
        """Make a person leave the company."""
        self.workspace.deactivate(self.workspace.person(person).id)

    def delete(self, message: Message) -> None:
        """Take a message away, as an administrator would."""
        with self.workspace.lock:
            self.workspace.delete_message(message)

    def close(self) -> None:
        """Stop everything that still runs in the background."""
        self.inbound.close()
