"""The sandbox's door for the bot: `/api/<method>` and response_urls over HTTP, with faults in the way."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from starlette.requests import Request as HttpRequest
from starlette.responses import JSONResponse, PlainTextResponse, Response

from bot.sandbox.errors import SlackError
from bot.sandbox.faults import PlannedFault
from bot.sandbox.journal import Call
from bot.sandbox.methods import app, chat, conversations, files, history, marks, users, views
from bot.sandbox.methods.arguments import Arguments
from bot.sandbox.methods.rates import RateLimited
from bot.sandbox.methods.registry import METHODS, Request, perform
from bot.sandbox.reading import Asked, read_call, with_warnings
from bot.sandbox.sandbox import Sandbox
from bot.sandbox.strict_json import read_json
from bot.sandbox.towards_app.responses import use_response_url

REGISTERED = (app, chat, conversations, files, history, marks, users, views)
"""Importing these fills the registry of methods."""

HTML = "<!doctype html><title>Bad gateway</title><h1>The server is temporarily unable to service your request</h1>"
logger = logging.getLogger(__name__)
Cut = Callable[[HttpRequest], None]


@dataclass(frozen=True)
class Reaction:
    """A finished answer: status, body and headers."""

    status: int
    body: Any
    headers: Mapping[str, str]

    def response(self) -> Response:
        """As HTTP."""
        if isinstance(self.body, str):
            return PlainTextResponse(self.body, self.status, dict(self.headers))
        return JSONResponse(self.body, self.status, dict(self.headers))


class WebApi:
    """Answers the bot's calls. `cut` closes a request's connection without an answer."""

    def __init__(self, sandbox: Sandbox, cut: Cut) -> None:
        """Serve this sandbox."""
        self._sandbox, self._cut = sandbox, cut

    async def call(self, request: HttpRequest) -> Response:
        """One Web API call."""
        name = request.path_params["method"]
        found = METHODS.get(name)
        try:
            asked = await read_call(request, takes_json=found is None or found.takes_json)
        except SlackError as refused:
            return JSONResponse(refused.answer)
        return await self._with_faults(request, name, asked.fields, lambda: self._perform(request, name, asked))

    async def response_url(self, request: HttpRequest) -> Response:
        """One use of a response_url."""
        try:
            body = read_json(await request.body() or b"{}")
        except ValueError:
            body = None
        if not isinstance(body, dict):
            return JSONResponse({"ok": False, "error": "invalid_payload"}, 400)
        key = request.path_params["key"]
        return await self._with_faults(request, "response_url", body, lambda: self._respond(key, body))

    def _perform(self, request: HttpRequest, name: str, asked: Asked) -> Reaction:
        workspace, found = self._sandbox.workspace, METHODS.get(name)
        socket_url = f"{self._sandbox.address.replace('http', 'ws', 1)}/_socket/?ticket="
        wanted = Request(
            workspace,
            Arguments(asked.fields),
            workspace.tokens.scopes,
            self._sandbox.address or str(request.base_url).rstrip("/"),
            lambda: socket_url + self._sandbox.sockets.ticket(),
            asked.warnings,
        )
        headers = {"X-OAuth-Scopes": ",".join(sorted(workspace.tokens.scopes))}
        if found is not None and found.scopes:
            headers["X-Accepted-OAuth-Scopes"] = ",".join(found.scopes)
        try:
            answer = perform(name, asked.token, wanted, self._sandbox.rates)
        except RateLimited as limited:
            return Reaction(429, limited.answer, {"Retry-After": str(limited.retry_after)})
        except SlackError as refused:
            answer = refused.answer
        return Reaction(200, with_warnings(answer, wanted.warnings), headers)

    def _respond(self, key: str, body: dict[str, Any]) -> Reaction:
        try:
            use_response_url(self._sandbox.workspace, key, body)
        except SlackError as refused:
            status = 404 if refused.code in ("expired_url", "used_url") else 400
            return Reaction(status, refused.answer, {})
        return Reaction(200, "ok", {})

    async def _with_faults(
        self, request: HttpRequest, name: str, fields: Mapping[str, Any], run: Callable[[], Reaction]
    ) -> Response:
        journal = self._sandbox.journal
        call = journal.open("received", name, fields, self._sandbox.clock.now())
        try:
            fault = self._sandbox.faults.take(name, call.channel)
            if fault is None:
                reaction = _surely(name, run)
                journal.close(call, reaction.status, reaction.body)
                return reaction.response()
            reaction = _surely(name, run) if fault.is_accepted else Reaction(200, None, {})
            if fault.seconds:
                await asyncio.sleep(fault.seconds)
            return self._spoil(request, call, fault, reaction)
        finally:
            if call.status is None:
                journal.close(call, 0, None, "cut_before")

    def _spoil(self, request: HttpRequest, call: Call, fault: PlannedFault, reaction: Reaction) -> Response:
        close = self._sandbox.journal.close
        if fault.kind in ("cut_before", "cut_after"):
            close(call, 0, reaction.body, fault.kind)
            self._cut(request)
            return Response(status_code=503)
        spoiled = _spoiled(fault, reaction)
        close(call, spoiled.status_code, reaction.body, fault.kind)
        return spoiled


def _surely(name: str, run: Callable[[], Reaction]) -> Reaction:
    """What a call comes to. Where the sandbox itself stumbles it says what Slack says when Slack does."""
    try:
        return run()
    except Exception:
        logger.exception("%s stumbled", name)
        return Reaction(200, {"ok": False, "error": "internal_error"}, {})


def _spoiled(fault: PlannedFault, reaction: Reaction) -> Response:
    if fault.kind == "rate_limit":
        headers = {"Retry-After": str(fault.retry_after)}
        return JSONResponse({"ok": False, "error": "ratelimited"}, 429, headers)
    if fault.kind == "error":
        return JSONResponse({"ok": False, "error": fault.error})
    if fault.kind == "cut_json":
        whole = json.dumps(reaction.body)
        return Response(whole[: len(whole) // 2], 200, media_type="application/json")
    if fault.kind in ("html", "server_error"):
        body = HTML if fault.kind == "html" else ""
        return Response(body, fault.status, media_type="text/html")
    return reaction.response()
