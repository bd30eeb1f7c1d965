"""The short-lived ids handed out with requests: triggers and response_urls."""

from __future__ import annotations

import secrets
import time
from datetime import timedelta

from bot.sandbox.clock import SandboxClock
from bot.sandbox.state.records import Message, ResponseUrl, Trigger

TRIGGER_SECONDS = 3.0
RESPONSE_URL_USES = 5
RESPONSE_URL_LIFE = timedelta(minutes=30)
KEPT_TRIGGERS = 1_000
"""So many triggers are remembered although they are used or too old, to be refused with Slack's own word."""
KEPT_RESPONSE_URLS = 10_000
"""Where the clock stands still no response_url grows old; the oldest beyond these are forgotten."""


class HandedOut:
    """What a workspace has handed out, and until when it is good."""

    def __init__(self, clock: SandboxClock) -> None:
        """Nothing was handed out yet."""
        self.clock = clock
        self.triggers: dict[str, Trigger] = {}
        self.response_urls: dict[str, ResponseUrl] = {}

    def new_trigger(self, user: str, view: str | None = None) -> Trigger:
        """Give out a trigger id for something this person just did (in a modal: `view`)."""
        trigger = Trigger(
            f"{secrets.randbelow(10**13)}.{secrets.randbelow(10**12)}.{secrets.token_hex(16)}",
            user,
            time.monotonic(),
            self.clock.now(),
            view,
        )
        self.triggers[trigger.id] = trigger
        self._forget_triggers()
        return trigger

    def _forget_triggers(self) -> None:
        for trigger in tuple(self.triggers.values())[:-KEPT_TRIGGERS]:
            if not (trigger.used or self.trigger_expired(trigger)):
                return
            self.triggers.pop(trigger.id, None)

    def trigger_expired(self, trigger: Trigger) -> bool:
        """Whether three seconds have passed, in real time or by the sandbox's clock."""
        moved = (self.clock.now() - trigger.born_at).total_seconds()
        return max(moved, time.monotonic() - trigger.born) > TRIGGER_SECONDS

    def new_response_url(self, user: str, channel: str, message: Message | None = None) -> ResponseUrl:
        """Give out a response_url for something this person did in a channel."""
        thread = message.thread_ts if message is not None and message.is_reply else None
        found = ResponseUrl(secrets.token_hex(16), user, channel, self.clock.now(), message, thread)
        self.response_urls[found.id] = found
        self._forget_response_urls()
        return found

    def response_url_expired(self, found: ResponseUrl) -> bool:
        """Whether its thirty minutes have passed."""
        return self.clock.now() - found.born_at > RESPONSE_URL_LIFE

    def _forget_response_urls(self) -> None:
        for found in tuple(self.response_urls.values()):
            if len(self.response_urls) <= KEPT_RESPONSE_URLS and not self.response_url_expired(found):
                return
            self.response_urls.pop(found.id, None)
