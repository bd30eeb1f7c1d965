"""What people do with messages: write, change, take back, react."""

from __future__ import annotations

from bot.sandbox.errors import SlackError
from bot.sandbox.state.records import Message, Room
from bot.sandbox.state.typed_words import as_rich_text, kept_text
from bot.sandbox.towards_app.acts import Acts
from bot.sandbox.towards_app.message_events import MessageEvents
from bot.slack.limits import POST_TEXT


class Talking(Acts):
    """Acts on messages. SlackError with Slack's code when the person may not."""

    message_events: MessageEvents

    def write(self, user: str, room: Room, text: str, thread_ts: str | None = None) -> Message:
        """Write a message; the bot is told when it is there (and mentioned). `msg_too_long` over 40,000 characters:
        nobody's words are cut as an app's are."""
        self._must_be_in(user, room)
        _must_fit(text)
        workspace = self.workspace
        with self.happenings.gathered(), workspace.lock:
            message = Message(workspace.next_ts(), room.id, user, kept_text(text), as_rich_text(text), thread_ts)
            workspace.add_message(room, message)
        return message

    def edit(self, user: str, message: Message, text: str) -> None:
        """Change one's own message."""
        self._must_be_own(user, message, "cant_update_message")
        _must_fit(text)
        workspace = self.workspace
        with self.happenings.gathered(), workspace.lock:
            message.edited = True
            workspace.change_message(message, text=kept_text(text), blocks=as_rich_text(text))

    def delete(self, user: str, message: Message) -> None:
        """Take one's own message away; an administrator may take any."""
        if not self.workspace.people[user].is_admin:
            self._must_be_own(user, message, "cant_delete_message")
        self.take_away(message)

    def take_away(self, message: Message) -> None:
        """Take a message away, as an administrator would."""
        with self.happenings.gathered(), self.workspace.lock:
            self.workspace.delete_message(message)

    def _must_be_own(self, user: str, message: Message, refusal: str) -> None:
        if message.deleted:
            raise SlackError("message_not_found")
        self._must_be_in(user, self.workspace.rooms[message.channel])
        if message.user != user:
            raise SlackError(refusal)

    def react(self, user: str, message: Message, name: str) -> list[str]:
        """Put a reaction to a message, or take one's own back; gives who reacts so now."""
        workspace = self.workspace
        if message.deleted or message.ephemeral_for:
            raise SlackError("message_not_found")
        self._must_be_in(user, workspace.rooms[message.channel])
        with self.happenings.gathered(), workspace.lock:
            users = message.reactions.setdefault(name, [])
            if user in users:
                users.remove(user)
            else:
                users.append(user)
            if not users:
                del message.reactions[name]
            self.message_events.notice(message)
        workspace.changes.tell(message.channel)
        return users


def _must_fit(text: str) -> None:
    if len(text) > POST_TEXT:
        raise SlackError("msg_too_long")
