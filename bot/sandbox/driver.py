"""The test's hands and eyes: what a person types, clicks and sees, and what stands in a channel."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from bot.sandbox.cast import Person
from bot.sandbox.changes import EVERYONE
from bot.sandbox.replies import Reply, clickable
from bot.sandbox.state.records import Message, Room, View
from bot.sandbox.state.shapes import Json
from bot.sandbox.towards_app.acts import Outcome
from bot.sandbox.towards_app.clicking import Offered, find_element
from bot.sandbox.towards_app.rooms import RoomActs

if TYPE_CHECKING:
    from bot.sandbox.sandbox import Sandbox


class User:
    """One person at the keyboard.

    What Slack does not let them do raises SlackError with Slack's code (`not_in_channel`, `is_archived` …); what
    does not stand on their screen raises LookupError naming what does.
    """

    def __init__(self, sandbox: Sandbox, person: Person) -> None:
        """Act as `person` in the sandbox."""
        self._sandbox, self._person, self.id = sandbox, person, person.id

    @property
    def person(self) -> Person:
        """The person as they are now."""
        return self._sandbox.workspace.people.get(self.id, self._person)

    # -- typing and clicking ---------------------------------------------------------------------------------

    def command(
        self, line: str, channel: str | None = None, *, thread: Message | None = None, timeout: float = 2.0
    ) -> Reply:
        """Type a slash command in a channel (default: the direct conversation with the app).

        Waits until the answer can be seen, at most `timeout` seconds beyond the acknowledgement. In a `thread`
        Slack refuses every command.
        """
        parent = thread.thread_ts or thread.ts if thread else None
        room = self._sandbox.workspace.rooms[thread.channel] if thread else self._room(channel)
        return self._reply(self._sandbox.acting.command(self.id, room, line, parent), timeout)

    def shortcut(self, name: str, message: Message | None = None, *, timeout: float = 2.0) -> Reply:
        """Pick a shortcut by its name or callback id: a global one, or one from a message's menu."""
        return self._reply(self._sandbox.acting.shortcut(self.id, name, message), timeout)

    def click(
        self,
        where: Message | View | Reply,
        what: str,
        choice: Any = None,
        *,
        confirm: bool = True,
        timeout: float = 2.0,
    ) -> Reply:
        """Press a button by its words or action id; in a menu choose an option by its words or value.

        Where the element asks for confirmation, `confirm` is the person's answer.
        """
        origin = clickable(where)
        if not confirm and "confirm" in find_element(origin.blocks, what, choice)[1]:
            return Reply()
        return self._reply(self._sandbox.acting.click(self.id, origin, what, choice), timeout)

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
        """The options an external menu offers for what was typed, those of groups included; see `offered`."""
        return self.offered(where, action_id, typed).flat

    def offered(self, where: Message | View | Reply, action_id: str, typed: str) -> Offered:
        """What an external menu shows for what was typed: options or groups of them, or why there are none."""
        return self._sandbox.acting.suggest(self.id, clickable(where), action_id, typed)

    def home(self, *, timeout: float = 2.0) -> View | None:
        """Open the app's Home tab and give what stands there; None when the app never published one."""
        outcome = self._sandbox.acting.open_home(self.id)
        workspace = self._sandbox.workspace

        def published() -> View | None:
            view = workspace.views.get(workspace.homes.get(self.id, ""))
            return view if view is not None and view.stamp > outcome.since else None

        fresh = self._sandbox.changes.until(published, timeout, self.id)
        return fresh or workspace.views.get(workspace.homes.get(self.id, ""))

    # -- messages --------------------------------------------------------------------------------------------

    def mention(self, text: str, channel: str, thread: Message | None = None, *, timeout: float = 2.0) -> Reply:
        """Write a message to the app in a channel and wait for its answer."""
        since = self._sandbox.changes.version
        self.say(f"<@{self._sandbox.workspace.app.user_id}> {text}", channel, thread)
        return self._reply(Outcome(since), timeout)

    def say(self, text: str, channel: str | None = None, thread: Message | None = None) -> Message:
        """Write a message in a channel (default: to the app), or in a thread."""
        parent = thread.thread_ts or thread.ts if thread else None
        return self._sandbox.acting.write(self.id, self._room(channel), text, parent)

    def edit(self, message: Message, text: str) -> None:
        """Change one's own message."""
        self._sandbox.acting.edit(self.id, message, text)

    def delete(self, message: Message) -> None:
        """Take one's own message away; an administrator may take any."""
        self._sandbox.acting.delete(self.id, message)

    def react(self, message: Message, name: str) -> list[str]:
        """Put a reaction (`eyes`) to a message, or take one's own back; gives the ids of those who react so now."""
        return self._sandbox.acting.react(self.id, message, name.strip(":"))

    # -- channels --------------------------------------------------------------------------------------------

    def create(self, channel: str, *, is_private: bool = False) -> ChannelSight:
        """Make a channel."""
        return ChannelSight(self._sandbox, self._rooms.create(self.id, channel, is_private=is_private))

    def join(self, channel: str) -> None:
        """Join a public channel."""
        self._rooms.join(self.id, self._room(channel))

    def leave(self, channel: str) -> None:
        """Leave a channel."""
        self._rooms.leave(self.id, self._room(channel))

    def invite(self, whom: str, channel: str) -> None:
        """Put somebody, or the bot by its handle, into a channel."""
        self._rooms.invite(self.id, self._somebody(whom), self._room(channel))

    def kick(self, whom: str, channel: str) -> None:
        """Put somebody, or the bot by its handle, out of a channel."""
        self._rooms.kick(self.id, self._somebody(whom), self._room(channel))

    # -- presence --------------------------------------------------------------------------------------------

    def away(self) -> None:
        """Go away from the keyboard."""
        self._sandbox.acting.people.set_presence(self.id, "away")

    def active(self) -> None:
        """Come back to the keyboard."""
        self._sandbox.acting.people.set_presence(self.id, "active")

    def do_not_disturb(self, minutes: float) -> None:
        """Pause notifications for so many minutes of the sandbox's clock; 0 ends the pause."""
        self._sandbox.acting.people.do_not_disturb(self.id, minutes)

    # -- seeing ----------------------------------------------------------------------------------------------

    @property
    def view(self) -> View | None:
        """The modal on top, if one is open."""
        stack = self._stack()
        return self._sandbox.workspace.views[stack[-1]] if stack else None

    def wait_for_modal(self, title: str = "", *, timeout: float = 5.0) -> View:
        """Wait until a modal (of this title) is on top. TimeoutError says what is there instead."""

        def found() -> View | None:
            view = self.view
            return view if view is not None and title in ("", view.title) else None

        view = self._sandbox.changes.until(found, timeout, self.id)
        if view is None:
            shown = repr(self.view.title) if self.view else "none"
            raise TimeoutError(f"no modal {title!r} for {self.person.name} within {timeout:g} s; open is: {shown}")
        return view

    def wait_for_message(self, containing: str = "", *, timeout: float = 5.0) -> Message:
        """Wait for a private or direct message to this person. TimeoutError says what they see instead."""

        def seen() -> list[Message]:
            return sorted({*self.ephemeral, *self.direct}, key=lambda message: message.ts)

        def found() -> Message | None:
            return next((m for m in seen() if m.user != self.id and containing in f"{m.plain}\n{m.text}"), None)

        message = self._sandbox.changes.until(found, timeout, self.id, EVERYONE)
        if message is None:
            standing = "\n".join(f"  - {one.plain[:120]!r}" for one in seen()) or "  nothing"
            raise TimeoutError(f"no {containing!r} for {self.person.name} within {timeout:g} s; there is:\n{standing}")
        return message

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
        return [one.words for one in self._sandbox.workspace.warnings if one.user == self.id]

    def _messages(self) -> list[Message]:
        rooms = tuple(self._sandbox.workspace.rooms.values())
        return [m for room in rooms for m in tuple(room.messages.values()) if m.visible_to(self.id)]

    def _stack(self) -> list[str]:
        return self._sandbox.workspace.modals.get(self.id, [])

    def _room(self, channel: str | None) -> Room:
        workspace = self._sandbox.workspace
        return workspace.room(channel) if channel else workspace.direct_room(self.id)

    @property
    def _rooms(self) -> RoomActs:
        return self._sandbox.acting.rooms

    def _somebody(self, key: str) -> str:
        app = self._sandbox.workspace.app
        return app.user_id if key.lstrip("@") in (app.user_id, app.handle) else self._sandbox.workspace.person(key).id

    def _reply(self, outcome: Outcome, timeout: float) -> Reply:
        def seen() -> Reply | None:
            messages = self._own_answer_first(outcome)
            top = self.view
            view = top if top is not None and top.stamp > outcome.since else None
            found = messages or view is not None
            return (
                Reply(messages, view, outcome.error, outcome.errors, outcome.opened, outcome.faults) if found else None
            )

        waiting = 0.0 if outcome.error or outcome.errors else timeout
        reply = self._sandbox.changes.until(seen, waiting, self.id, EVERYONE)
        return reply or Reply(error=outcome.error, errors=outcome.errors, opened=outcome.opened, faults=outcome.faults)

    def _own_answer_first(self, outcome: Outcome) -> tuple[Message, ...]:
        """What appeared since the act; with several acts at once, the answer to this one stands first."""
        rooms, since = self._sandbox.workspace.rooms, self._sandbox.workspace.seen_since(self.id, outcome.since)
        messages = [message for message in since if _is_open_to(rooms.get(message.channel), self.id)]
        own = outcome.hook.message if outcome.hook is not None else None
        return tuple(sorted(messages, key=lambda message: message is not own))


def _is_open_to(room: Room | None, user: str) -> bool:
    return room is not None and (room.kind == "public" or user in room.members)


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

        message = self._sandbox.changes.until(found, timeout, self.id)
        if message is None:
            standing = "\n".join(f"  - {post.plain[:120]!r}" for post in self.posts) or "  nothing"
            raise TimeoutError(
                f"no post {count} with {containing!r} in #{self.name} within {timeout:g} s; there is:\n{standing}"
            )
        return message
