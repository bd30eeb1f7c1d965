"""What people do in the workspace, and what it sets off towards the bot."""

from __future__ import annotations

from collections.abc import Mapping

from bot.sandbox.journal import Journal
from bot.sandbox.state.shapes import Json, view_json
from bot.sandbox.state.workspace import Workspace
from bot.sandbox.towards_app.acts import Outcome
from bot.sandbox.towards_app.clicking import Clicking
from bot.sandbox.towards_app.commands import Commands
from bot.sandbox.towards_app.happenings import Happenings
from bot.sandbox.towards_app.inbound import Inbound
from bot.sandbox.towards_app.message_events import MessageEvents
from bot.sandbox.towards_app.modals import Modals
from bot.sandbox.towards_app.people import PeopleActs
from bot.sandbox.towards_app.room_events import RoomEvents
from bot.sandbox.towards_app.rooms import RoomActs
from bot.sandbox.towards_app.talking import Talking


class Acting(Commands, Clicking, Modals, Talking):
    """The acts of people. Each waits for the bot's answer, at most three seconds, and shows it.

    `rooms` are the acts on channels, `people` those on people.
    """

    def __init__(self, workspace: Workspace, inbound: Inbound, journal: Journal, address: Mapping[str, str]) -> None:
        """`address["base"]` is where the sandbox is reached, once it is served."""
        happenings = Happenings(workspace, inbound)
        super().__init__(workspace, inbound, happenings, address)
        self.rooms = RoomActs(workspace, inbound, happenings, address)
        self.people = PeopleActs(workspace, inbound, happenings, address)
        self.message_events = MessageEvents(workspace, happenings)
        self.rooms.room_events = RoomEvents(workspace, happenings)
        workspace.listen(self.message_events.notice)
        journal.listen(self.rooms.room_events.notice_call)

    def open_home(self, user: str, tab: str = "home") -> Outcome:
        """Open the app's Home (or messages) tab."""
        workspace, since = self.workspace, self.workspace.changes.version
        event: Json = {
            "type": "app_home_opened",
            "user": user,
            "channel": workspace.direct_room(user).id,
            "tab": tab,
            "event_ts": workspace.next_ts(),
        }
        view = workspace.views.get(workspace.homes.get(user, ""))
        if view is not None and tab == "home":
            event["view"] = view_json(workspace, view)
        with self.happenings.gathered() as answers:
            self.happenings.tell(event)
        return Outcome(since, answers[0].error if answers else None)
