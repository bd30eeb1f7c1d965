"""The sandbox: a workspace, the app's two doors, a clock, a journal and faults, told everything by its maker."""

from __future__ import annotations

import secrets
from collections import Counter
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
from bot.sandbox.towards_app.mishaps import NOTHING, Mishaps
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
        self.sockets = Sockets(self.workspace.app.app_id, self._socket_told)
        self.inbound = Inbound(self.sockets, self.journal, self.clock, signing_secret, self.faults)
        self._address = {"base": ""}
        self.acting = Acting(self.workspace, self.inbound, self.journal, self._address)
        self.mishaps = Mishaps(self.acting, self.sockets)
        self.clock.listen(lambda _: self.changes.tell())

    @property
    def address(self) -> str:
        """Where the sandbox is reached, without a slash at the end; empty until it is served."""
        return self._address["base"]

    @address.setter
    def address(self, base: str) -> None:
        self._address["base"] = self.workspace.address = base

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
        """Wait until the `count`-th call of a method was answered and give it; `which` as for `Journal.calls`.

        TimeoutError says what was called instead.
        """
        calls = self.journal.wait(count, timeout, method=method, **which)
        if len(calls) < count:
            others = Counter(call.method for call in self.journal.calls(direction=which.get("direction")))
            seen = ", ".join(f"{name} × {times}" for name, times in others.items()) or "nothing"
            raise TimeoutError(f"no call {count} of {method} within {timeout:g} s; there was: {seen}")
        return calls[count - 1]

    def wait_for_event(self, kind: str, *, count: int = 1, timeout: float = 5.0, **which: Any) -> Call:
        """Wait until the app was told of an event (`channel_archive`, `message` …) and answered, or failed to.

        Give its call: `call.arguments["event"]` is the event. Repetitions count as further calls.
        """
        return self.wait_for_call(f"event:{kind}", count=count, timeout=timeout, **{"direction": "sent", **which})

    def calls(self, method: str | None = None, **which: Any) -> list[Call]:
        """The calls the bot made (or, with `direction="sent"`, got); see `Journal.calls`."""
        return self.journal.calls(method=method, **{"direction": "received", **which})

    def told(self, kind: str = "*", **which: Any) -> list[dict[str, Any]]:
        """The events the app was sent, without their envelopes and without repetitions, oldest first."""
        sent = self.journal.calls(method=f"event:{kind}", direction="sent", **which)
        return [dict(call.arguments["event"]) for call in sent if call.retry == 0 and call.fault != "doubled"]

    def _socket_told(self, label: str, line: dict[str, Any]) -> None:
        call = self.journal.open("sent", label, line, self.clock.now(), transport="socket")
        self.journal.close(call, 200, None)

    # -- mishaps ---------------------------------------------------------------------------------------------

    def mishap(self, name: str, value: Any = NOTHING, *, silent: bool = False) -> None:
        """Let something happen by its name (see `mishaps.KINDS`), as `/_sandbox/mishap` does.

        `silent`: the bot is not told, as when Slack loses an event.
        """
        self.mishaps.happen(name, value, silent=silent)

    def revoke_token(self, *, silent: bool = False) -> None:
        """Make the bot token invalid; `tokens_revoked` is the last the bot hears."""
        self.mishap("revoke_token", silent=silent)

    def uninstall(self, *, silent: bool = False) -> None:
        """Take the app out of the workspace: its token, its commands and its connections are gone."""
        self.mishap("uninstall", silent=silent)

    def archive(self, channel: str, *, silent: bool = False) -> None:
        """Archive a channel."""
        self.mishap("archive", channel, silent=silent)

    def unarchive(self, channel: str, *, silent: bool = False) -> None:
        """Take a channel out of the archive."""
        self.mishap("unarchive", channel, silent=silent)

    def rename(self, channel: str, name: str, *, silent: bool = False) -> None:
        """Give a channel another name."""
        self.mishap("rename", {"channel": channel, "name": name}, silent=silent)

    def delete_channel(self, channel: str, *, silent: bool = False) -> None:
        """Delete a channel with everything in it."""
        self.mishap("delete_channel", channel, silent=silent)

    def invite(self, person: str, channel: str, *, silent: bool = False) -> None:
        """Put a person into a channel, or the bot by its handle or id."""
        self.mishap("invite", {"person": person, "channel": channel}, silent=silent)

    def kick(self, person: str, channel: str, *, silent: bool = False) -> None:
        """Put a person out of a channel, or the bot by its handle or id."""
        self.mishap("kick", {"person": person, "channel": channel}, silent=silent)

    def remove_bot(self, channel: str, *, silent: bool = False) -> None:
        """Put the bot out of a channel."""
        self.mishap("remove_bot", channel, silent=silent)

    def deactivate(self, person: str, *, silent: bool = False) -> None:
        """Make a person leave the company."""
        self.mishap("deactivate", person, silent=silent)

    def hire(self, person: Person, *, silent: bool = False) -> None:
        """Let a new person join the workspace."""
        with self.acting.happenings.gathered(silent=silent):
            self.acting.people.hire(person)

    def delete(self, message: Message, *, silent: bool = False) -> None:
        """Take a message away, as an administrator would."""
        with self.acting.happenings.gathered(silent=silent):
            self.acting.take_away(message)

    def close(self) -> None:
        """Stop everything that still runs in the background."""
        self.acting.happenings.close()
        self.inbound.close()
