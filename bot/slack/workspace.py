"""Whose bot this is: the workspace behind our token, and whether a request comes from one of its people."""

import threading
import time
from collections.abc import Mapping
from typing import Any

import structlog
from slack_sdk import WebClient

from bot.core.errors import DeliveryError, KpiBotError
from bot.core.words import Frozen
from bot.slack.messenger import asked, make_client, text_of

log = structlog.get_logger()

ASK_AGAIN_AFTER = 10.0
"""Seconds until Slack is asked again after it did not answer; readers hear "try again" meanwhile."""


class WorkspaceUnknown(KpiBotError):
    """Slack has not told us yet whose token we hold, so nobody can be told from a stranger."""


class Home(Frozen):
    """The workspace of our token; enterprise is None outside an Enterprise organisation."""

    team: str
    enterprise: str | None


class Workspace:
    """Keeps who we are once Slack has told, and asks when it is needed, so that an outage never stops the bot."""

    def __init__(self, client: WebClient) -> None:
        # A person waits meanwhile, and Slack gives them up after three seconds.
        self._client = make_client(client.token, client.base_url, timeout=2)
        self._lock = threading.Lock()
        self._home: Home | None = None
        self._failed_at: float | None = None
        self._stranger_told = False

    def ask(self) -> Home:
        """Ask Slack now whose token this is, and keep the answer. Raises DeliveryError with what went wrong."""
        with self._lock:
            self._home = self._asked()
            return self._home

    def home(self) -> Home:
        """Give the workspace of our token. Raises WorkspaceUnknown while Slack does not tell."""
        if self._home is not None:
            return self._home
        with self._lock:
            if self._home is None:
                self._home = self._asked_when_needed()
            return self._home

    def trusts(self, payload: Mapping[str, Any]) -> bool:
        """Say whether the person behind a command or a click belongs to our workspace (or organisation).

        Somebody of a partner who shares a channel with us does not. What names no workspace at all is ours, for only
        Slack can have sent it to us, unless it names another organisation. Raises WorkspaceUnknown.
        """
        home = self.home()
        trusted = _belongs(payload, home)
        if not trusted:
            self._tell_of_a_stranger(home)
        return trusted

    def _asked_when_needed(self) -> Home:
        if self._failed_at is not None and time.monotonic() - self._failed_at < ASK_AGAIN_AFTER:
            raise WorkspaceUnknown("Slack did not say a moment ago whose token this is")
        try:
            return self._asked()
        except DeliveryError as error:
            raise WorkspaceUnknown(f"Slack does not say whose token this is: {error.code}") from None

    def _asked(self) -> Home:
        try:
            answer = asked(self._client.auth_test)
            return Home(team=text_of(answer, "team_id"), enterprise=_text(answer.get("enterprise_id")))
        except DeliveryError:
            self._failed_at = time.monotonic()
            raise

    def _tell_of_a_stranger(self, home: Home) -> None:
        """Say once that people of another workspace ask: a partner's, or the token is of the wrong workspace."""
        with self._lock:
            told, self._stranger_told = self._stranger_told, True
        if not told:
            log.warning("another_workspace", ours=home.team)


def _belongs(payload: Mapping[str, Any], home: Home) -> bool:
    team = payload.get("team") or {}
    if not isinstance(team, Mapping):
        return False
    where = payload.get("team_id") or team.get("id")
    theirs = _mapping(payload.get("user")).get("team_id") or where
    organisation = _organisation(payload, team)
    if not theirs:
        return organisation in (None, home.enterprise)
    ours = [one for one in (home.team, home.enterprise) if one]
    return theirs in ours or (organisation in ours and theirs == where)


def _organisation(payload: Mapping[str, Any], team: Mapping[str, Any]) -> object:
    """Give the organisation a payload names, in any of the places Slack writes it; None when it names none."""
    enterprise = _mapping(payload.get("enterprise"))
    return payload.get("enterprise_id") or team.get("enterprise_id") or enterprise.get("id") or None


def _mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _text(value: object) -> str | None:
    return value if isinstance(value, str) and value else None
