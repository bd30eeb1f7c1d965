"""Speaks into Slack: posts, edits, and looks a message up again by the token it carries."""

import logging
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

from slack_sdk import WebClient
from slack_sdk.web import SlackResponse

from bot.core.errors import DeliveryClass, DeliveryError
from bot.core.speech import Speech
from bot.flows.deliver import Posted
from bot.slack.blocks import message
from bot.slack.errors import TRANSPORT_FAULTS, UNREADABLE, classify

EVENT_TYPE = "kpi_bot"
PAGES, PAGE = 5, 200


def make_client(token: str | None, base_url: str, timeout: int = 10) -> WebClient:
    """Make a client that repeats nothing by itself and writes nothing into the log; timeout in seconds.

    The SDK would post a message again whose connection broke, and would log the words of answers it cannot read.
    """
    address = base_url if base_url.endswith("/") else f"{base_url}/"
    return WebClient(token, base_url=address, timeout=timeout, retry_handlers=[], logger=quiet_logger())


def quiet_logger() -> logging.Logger:
    """Give the logger of everything that belongs to Slack's libraries: they log whole messages and whole answers."""
    quiet = logging.getLogger("bot.slack.libraries")
    quiet.setLevel(logging.CRITICAL + 1)
    return quiet


class SlackMessenger:
    """The ``Messenger`` of delivery; every method raises DeliveryError with the class of what went wrong."""

    def __init__(self, client: WebClient) -> None:
        self._client = client

    def post(self, destination: str, speech: Speech, *, token: str, thread: str | None, loud: bool) -> Posted:
        """Post a message that carries the opaque token; in a thread, and shown in the channel too when loud."""
        answer = asked(
            self._client.chat_postMessage,
            channel=destination,
            **message(speech),
            metadata={"event_type": EVENT_TYPE, "event_payload": {"id": token}},
            unfurl_links=False,
            unfurl_media=False,
            thread_ts=thread,
            reply_broadcast=True if thread and loud else None,
        )
        return Posted(channel=text_of(answer, "channel"), ts=text_of(answer, "ts"))

    def edit(self, channel: str, ts: str, speech: Speech) -> None:
        """Replace a message of ours; channel: where it stands, of a direct message its ``D…`` id."""
        asked(self._client.chat_update, channel=channel, ts=ts, **message(speech))

    def find(self, destination: str, token: str, *, since: datetime, thread: str | None) -> Posted | None:
        """Look a message up by its token among what was said since; None when it is surely not there."""
        channel = self._conversation(destination)
        for said in self._said(channel, since, thread):
            if _carries(said, token):
                return Posted(channel=channel, ts=str(said["ts"]))
        return None

    def _conversation(self, destination: str) -> str:
        """Give the conversation behind a member id; any other destination is one."""
        if not destination.startswith(("U", "W")):
            return destination
        answer = asked(self._client.conversations_open, users=destination)
        opened = answer.get("channel")
        return text_of(opened if isinstance(opened, dict) else {}, "id")

    def _said(self, channel: str, since: datetime, thread: str | None) -> Iterator[dict[str, Any]]:
        read = self._client.conversations_replies if thread else self._client.conversations_history
        place: dict[str, Any] = {"channel": channel} | ({"ts": thread} if thread else {})
        bounds = {"oldest": f"{since.timestamp():.6f}", "limit": PAGE, "include_all_metadata": True}
        cursor = None
        for _ in range(PAGES):
            answer = asked(read, **place, **bounds, cursor=cursor)
            yield from (said for said in answer.get("messages") or () if isinstance(said, dict))
            cursor = (answer.get("response_metadata") or {}).get("next_cursor")
            if not cursor:
                return
        # Not having seen it is not the same as its not being there.
        raise DeliveryError(DeliveryClass.UNKNOWN, "too_much_history")


def asked(call: Callable[..., SlackResponse], **arguments: Any) -> dict[str, Any]:
    """Make one call of the client's and give its answer; arguments that are None are left out. Raises DeliveryError."""
    try:
        answer = call(**{name: value for name, value in arguments.items() if value is not None})
    except TRANSPORT_FAULTS as error:
        raise classify(error) from error
    if not isinstance(answer.data, dict):
        raise DeliveryError(DeliveryClass.AMBIGUOUS, UNREADABLE)
    return answer.data


def text_of(answer: dict[str, Any], name: str) -> str:
    """Give a word that an answer must hold. Raises DeliveryError when it does not."""
    value = answer.get(name)
    if not isinstance(value, str) or not value:
        raise DeliveryError(DeliveryClass.AMBIGUOUS, UNREADABLE)
    return value


def _carries(said: dict[str, Any], token: str) -> bool:
    metadata = said.get("metadata") or {}
    payload = metadata.get("event_payload") or {}
    return metadata.get("event_type") == EVENT_TYPE and payload.get("id") == token
