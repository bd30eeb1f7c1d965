"""What the workspace tells about its people: the time zone they live in, and whether they still have an account."""

import threading
import time
from zoneinfo import ZoneInfo, available_timezones

from slack_sdk import WebClient

from bot.core.errors import DeliveryError
from bot.slack.messenger import asked, make_client

FRESH_FOR = 3600.0
"""Seconds until somebody's profile is looked at again: people travel, but not every minute."""


class Profiles:
    """Looks people up and keeps what it was told for an hour; needs ``users:read``, and knows nobody without it."""

    def __init__(self, client: WebClient) -> None:
        # A person may wait meanwhile, and Slack gives them up after three seconds.
        self._client = make_client(client.token, client.base_url, timeout=2)
        self._lock = threading.Lock()
        self._known: dict[str, tuple[float, ZoneInfo | None]] = {}

    def zone(self, slack_id: str) -> ZoneInfo | None:
        """Give somebody's time zone; None when the workspace does not tell it."""
        with self._lock:
            looked_at, zone = self._known.get(slack_id, (None, None))
            if looked_at is None or time.monotonic() - looked_at > FRESH_FOR:
                zone = self._asked(slack_id)
                self._known[slack_id] = (time.monotonic(), zone)
            return zone

    def present(self, slack_id: str) -> bool:
        """Say whether somebody still has an account, by what the workspace says now; True when it does not tell."""
        try:
            user = asked(self._client.users_info, user=slack_id).get("user")
        except DeliveryError as error:
            return error.code != "user_not_found"
        return not (isinstance(user, dict) and user.get("deleted") is True)

    def _asked(self, slack_id: str) -> ZoneInfo | None:
        try:
            user = asked(self._client.users_info, user=slack_id).get("user")
        except DeliveryError:
            return None
        name = user.get("tz") if isinstance(user, dict) else None
        return ZoneInfo(name) if isinstance(name, str) and name in available_timezones() else None
