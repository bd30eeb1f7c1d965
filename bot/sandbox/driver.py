"""The test's hands and eyes: what a person types, clicks and sees, and what stands in a channel."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from bot.sandbox.cast import Person
from bot.sandbox.state.records import Message, Room, View
from bot.sandbox.state.shapes import Json
from bot.sandbox.towards_app.acting import Outcome

if TYPE_CHECKING:
    from bot.sandbox.sandbox import Sandbox


@dataclass(frozen=True)
class Reply:
    """What a person sees after an act: messages that appeared or changed for them, oldest change first, and a modal.

    `error` is Slack's word when the app failed (`operation_timeout`, `dispatch_failed`, `http_error`,
    `invalid_command`, `invalid_command_response`); `errors` are those under a modal's inputs, by block id.
    """

    messages: tuple[Message, ...] = ()
    view: View | None = None
    error: str | None = None
    errors: Mapping[str, str] | None = None

    @property
    def message(self) -> Message | None:
        """The first message of the answer."""
        return self.messages[0] if self.messages else None

    @property
    def text(self) -> str:
        """The first message's `text` (notification words when it has blocks)."""
        return self.message.text if self.message else ""

    @property
    def blocks(self) -> list[Json]:
        """The first message's blocks."""
        return self.message.blocks if self.message else []

    @property
    def plain(self) -> str:
        """All words on the screen: every message, and the modal."""
        parts = [message.plain for message in self.messages]
        return "\n".join([*parts, *([self.view.plain] if self.view else [])])

    @property
    def ephemeral(self) -> bool:
        """Whether only this person sees the answer."""
        return self.message is not None and self.message.ephemeral_for is not None


class User:
    """One person at the keyboard."""

    def __init__(self, sandbox: Sandbox, person: Person) -> None:
        """Act as `person` in the sandbox."""
        self._sandbox, self.person, self.id = sandbox, person, person.id

    def command(self, line: str, channel: str | None = None, *, timeout: float = 2.0) -> Reply:
        """Type a slash command in a channel (default: the direct conversation with the app).

        Waits until the answer can be seen, at most `timeout` seconds beyond the acknowledgement.
        """
        return self._reply(self._sandbox.acting.command(self.id, self._room(channel), line), timeout)

    def click(self, where: Message | View | Reply, what: str, choice: Any = None, *, timeout: float = 2.0) -> Reply:
        """Press a button by its words or action id; in a menu choose an option by its words or value."""
        return self._reply(self._sandbox.acting.click(self.id, _clickable(where), what, choice), timeout)

    def submit(
        self, view: View | Reply | None = None, values: Mapping[str, Any] | None = None, *, timeout: float = 2.0
    ) -> Reply:
        """Fill in a modal (default: the one on top) by label, action id or block id, and submit it."""
        found = view.view if isinstance(view, Reply) else view or self.view
        if found is None:
            raise LookupError(f"no modal is open for {self.person.name}")
        outcome = self._sandbox.acting.submit(self.id, found, values or {})
        return self._reply(outcome, 0 if found.id not in self._stack() else timeout)

    def close(self, view: View | None = None, *, everything: bool = False) -> Reply:
        """Close a modal (default: the one on top)."""
        found = view or self.view
        if found is None:
            raise LookupError(f"no modal is open for {self.person.name}")
        return self._reply(self._sandbox.acting.close(self.id, found, everything=everything), 0)

    def suggest(self, where: Message | View | Reply, action_id: str, typed: str) -> list[Json]:
        """The options an external menu offers for what was typed."""
        return self._sandbox.acting.suggest(self.id, _clickable(where), action_id, typed)

    def home(self, *, timeout: float = 2.0) -> View | None:
        """Open the app's Home tab and give what stands there; None when the app never published one."""
        outcome = self._sandbox.acting.open_home(self.id)
        workspace = self._sandbox.workspace

        def published() -> View | None:
            view = workspace.views.get(workspace.homes.get(self.id, ""))
            return view if view is not None and view.stamp > outcome.since else None

        fresh = self._sandbox.changes.until(published, timeout)
        return fresh or workspace.views.get(workspace.homes.get(self.id, ""))

    def mention(self, text: str, channel: str, thread: Message | None = None, *, timeout: float = 2.0) -> Reply:
        """Write a message to the app in a channel and wait for its answer."""
        since = self._sandbox.changes.version
        self.say(f"<@{self._sandbox.workspace.app.user_id}> {text}", channel, thread)
        return self._reply(Outcome(since), timeout)

    def say(self, text: str, channel: str | None = None, thread: Message | None = None) -> Message:
        """Write a message in a channel (default: to the app), or in a thread."""
        parent = thread.thread_ts or thread.ts if thread else None
        return self._sandbox.acting.write(self.id, self._room(channel), text, parent)

    @property
    def view(self) -> View | None:
        """The modal on top, if one is open."""
        stack = self._stack()
        return self._sandbox.workspace.views[stack[-1]] if stack else None

    @property
    def ephemeral(self) -> list[Message]:
        """The messages only this person sees, oldest first."""
        return [m for m in self._messages() if m.ephemeral_for == self.id]

    @property
    def direct(self) -> list[Message]:
        """The direct conversation with the app, ephemeral messages included, oldest first."""
        room = self._sandbox.workspace.direct_room(self.id)
        return [message for message in tuple(room.messages.values()) if message.visible_to(self.id)]

    @property
    def warnings(self) -> list[str]:
        """What Slack told this person when the app did not do its part."""
        return [words for _, user, words in self._sandbox.workspace.warnings if user == self.id]

    def _messages(self) -> list[Message]:
        rooms = tuple(self._sandbox.workspace.rooms.values())
        return [m for room in rooms for m in tuple(room.messages.values()) if m.visible_to(self.id)]

    def _stack(self) -> list[str]:
        return self._sandbox.workspace.modals.get(self.id, [])

    def _room(self, channel: str | None) -> Room:
        workspace = self._sandbox.workspace
        return workspace.room(channel) if channel else workspace.direct_room(self.id)

    def _reply(self, outcome: Outcome, timeout: float) -> Reply:
        def seen() -> Reply | None:
            messages = tuple(self._sandbox.workspace.seen_since(self.id, outcome.since))
            top = self.view
            view = top if top is not None and top.stamp > outcome.since else None
            found = messages or view is not None
            return Reply(messages, view, outcome.error, outcome.errors) if found else None

        waiting = 0.0 if outcome.error or outcome.errors else timeout
        reply = self._sandbox.changes.until(seen, waiting)
        return reply or Reply(error=outcome.error, errors=outcome.errors)


def _clickable(where: Message | View | Reply) -> Message | View:
    if not isinstance(where, Reply):
        return where
    found = where.view or next((message for message in where.messages if message.blocks), where.message)
    if found is None:
        raise LookupError("the reply shows nothing to click on")
    return found


class ChannelSight:
    """One channel as its readers see it."""

    def __init__(self, sandbox: Sandbox, room: Room) -> None:
        """Look at `room`."""
        self._sandbox, self.room, self.id, self.name = sandbox, room, room.id, room.name

    @property
    def posts(self) -> list[Message]:
        """The messages everybody sees, oldest first; replies stand in their `thread`."""
        return self._sandbox.workspace.posts(self.room)

    def wait_for_post(
        self,
        containing: str = "",
        *,
        count: int = 1,
        timeout: float = 5.0,
        where: Callable[[Message], bool] | None = None,
    ) -> Message:
        """Wait for the `count`-th post whose visible words contain something. TimeoutError with what stands there."""

        def found() -> Message | None:
            fitting = [m for m in self.posts if containing in m.plain + "\n" + m.text and (where is None or where(m))]
            return fitting[count - 1] if len(fitting) >= count else None

        message = self._sandbox.changes.until(found, timeout)
        if message is None:
            standing = "\n".join(f"  - {post.plain[:120]!r}" for post in self.posts) or "  nothing"
            raise TimeoutError(
                f"no post {count} with {containing!r} in #{self.name} within {timeout:g} s; there is:\n{standing}"
            )
        return message
