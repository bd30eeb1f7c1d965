"""Whose bot this is: the workspace behind our token, and whether a request comes from one of its people."""

import threading
import time
from collections.abc import Mapping
from typing import Any

from slack_sdk import WebClient

from bot.core.errors import KpiBotError
from bot.core.words import Frozen
from bot.slack.errors import TRANSPORT_FAULTS, classify
from bot.slack.messenger import make_client

ASK_AGAIN_AFTER = 10.0
"""Seconds until Slack is asked again after it did not answer; readers hear "try again" meanwhile."""


class WorkspaceUnknown(KpiBotError):
    """Slack has not told us yet whose token we hold, so nobody can be told from a stranger."""


class Home(Frozen):
    """The workspace of our token; enterprise is None outside an Enterprise organisation."""

    team: str
    enterprise: str | None
    bot: str | None
    user: str | None


class Workspace:
    """Asks Slack once who we are, when it is first needed, so that an outage never keeps the bot from starting."""

    def __init__(self, client: WebClient) -> None:
        # A person waits meanwhile, and Slack gives them up after three seconds.
        self._client = make_client(client.token, client.base_url, timeout=2)
        self._lock = threading.Lock()
        self._home: Home | None = None
        self._failed_at: float | None = None

    def home(self) -> Home:
        """Give the workspace of our token. Raises WorkspaceUnknown while Slack does not tell."""
        if self._home is not None:
            return self._home
        with self._lock:
            if self._home is None:
                self._home = self._ask()
            return self._home

    def trusts(self, payload: Mapping[str, Any]) -> bool:
        """Say whether the person behind a command or a click belongs to our workspace (or organisation).

        Somebody of a partner who shares a channel with us does not. Raises WorkspaceUnknown.
        """
        ours = {one for one in (self.home().team, self.home().enterprise) if one}
        user, team = _mapping(payload.get("user")), _mapping(payload.get("team"))
        where = payload.get("team_id") or team.get("id")
        organisation = payload.get("enterprise_id") or team.get("enterprise_id")
        theirs = user.get("team_id") or where
        return theirs in ours or (organisation in ours and theirs == where)

    def _ask(self) -> Home:
        asked = time.monotonic()
        if self._failed_at is not None and asked - self._failed_at < ASK_AGAIN_AFTER:
            raise WorkspaceUnknown("Slack did not say a moment ago whose token this is")
        try:
            answer = self._client.auth_test()
        except TRANSPORT_FAULTS as error:
            self._failed_at = time.monotonic()
            raise WorkspaceUnknown(f"Slack does not say whose token this is: {classify(error).code}") from None
        return Home(
            team=answer.get("team_id", ""),
            enterprise=answer.get("enterprise_id"),
            bot=answer.get("bot_id"),
            user=answer.get("user_id"),
        )


def _mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}
