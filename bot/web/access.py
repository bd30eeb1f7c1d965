"""Who may call the API: a bearer token in force, with the scope the call needs."""

from collections.abc import Callable
from datetime import timedelta
from typing import Annotated

from fastapi import Security
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from bot.flows.house import House
from bot.store import tokens
from bot.store.tokens import Token
from bot.web.refusals import Refusal, refusal
from bot.web.tokens import digest

_USE_KEPT_EVERY = timedelta(minutes=1)
_BEARER = HTTPBearer(auto_error=False, description="A token made with `kpi-bot token create`.")

Given = Annotated[HTTPAuthorizationCredentials | None, Security(_BEARER)]


class Access:
    """The doorkeeper of one app."""

    def __init__(self, house: House, secret_key: str) -> None:
        self._house, self._secret_key = house, secret_key

    def needing(self, scope: str) -> Callable[[Given], Token]:
        """Give the dependency that lets tokens with this scope in.

        It raises Refusal: 401, the same whether the token is missing, unknown or revoked; 403 without the scope.
        """

        def allowed(given: Given) -> Token:
            token = self._token(given.credentials) if given else None
            if token is None:
                raise _unknown()
            if scope not in token.scopes:
                raise _lacking(scope)
            return token

        return allowed

    def _token(self, given: str) -> Token | None:
        known_as, now = digest(self._secret_key, given), self._house.clock()
        with self._house.database.reading() as tx:
            token = tokens.find(tx, known_as)
        if token is None or token.revoked_at is not None:
            return None
        # Looked at here first: a transaction that writes would have every caller wait for the one writer.
        if token.last_used_at is None or now - token.last_used_at >= _USE_KEPT_EVERY:
            with self._house.database.transaction() as tx:
                tokens.used(tx, known_as, now)
        return token


def _unknown() -> Refusal:
    remedy = "Send 'Authorization: Bearer …' with a token made by `kpi-bot token create`"
    return refusal(401, "authorization", "a valid token is needed", remedy, {"WWW-Authenticate": "Bearer"})


def _lacking(scope: str) -> Refusal:
    remedy = f"Make one with `kpi-bot token create NAME --scope {scope}`"
    challenge = f'Bearer error="insufficient_scope", scope="{scope}"'
    return refusal(403, "authorization", f"the token lacks the scope {scope}", remedy, {"WWW-Authenticate": challenge})
