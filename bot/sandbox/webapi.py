"""The sandbox's door for the bot: `/api/<method>` and response_urls over HTTP, with faults in the way."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from starlette.requests import Request as HttpRequest
from starlette.responses import JSONResponse, PlainTextResponse, Response

from bot.sandbox.errors import SlackError
from bot.sandbox.faults import PlannedFault
from bot.sandbox.journal import Call
from bot.sandbox.methods import chat, conversations, users, views
from bot.sandbox.methods.rates import RateLimited
from bot.sandbox.methods.registry import Arguments, Request, perform
from bot.sandbox.sandbox import Sandbox
from bot.sandbox.towards_app.responses import use_response_url

REGISTERED = (chat, conversations, users, views)
"""Importing these fills the registry of methods."""

HTML = "<!doctype html><title>Bad gateway</title><h1>The server is temporarily unable to service your request</h1>"
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


async def read_arguments(request: HttpRequest) -> dict[str, Any]:
    """The fields of query and body, form or JSON. ValueError when the body is neither."""
    fields: dict[str, Any] = dict(request.query_params)
    if "json" in request.headers.get("content-type", ""):
        body = await request.body()
        given = json.loads(body or b"{}")
        if not isinstance(given, dict):
            raise ValueError("the body must be a JSON object")
        return {**fields, **given}
    async with request.form() as form:
        return {**fields, **{name: value for name, value in form.items() if isinstance(value, str)}}


def _token(request: HttpRequest, fields: dict[str, Any]) -> str:
    header = request.headers.get("authorization", "")
    field = str(fields.pop("token", "") or "")
    return header.removeprefix("Bearer ").strip() if header else field


class WebApi:
    """Answers the bot's calls. `cut` closes a request's connection without an answer."""

    def __init__(self, sandbox: Sandbox, cut: Cut) -> None:
        """Serve this sandbox."""
        self._sandbox, self._cut = sandbox, cut

    async def call(self, request: HttpRequest) -> Response:
        """One Web API call."""
        name = request.path_params["method"]
        try:
            fields = await read_arguments(request)
        except ValueError:
            return JSONResponse({"ok": False, "error": "invalid_json"})
        token = _token(request, fields)
        return await self._with_faults(request, name, fields, lambda: self._perform(request, name, token, fields))

    async def response_url(self, request: HttpRequest) -> Response:
        """One use of a response_url."""
        try:
            body = json.loads(await request.body() or b"{}")
        except ValueError:
            return JSONResponse({"ok": False, "error": "invalid_payload"}, 400)
        key = request.path_params["key"]
        return await self._with_faults(request, "response_url", body, lambda: self._respond(key, body))

    def _perform(self, request: HttpRequest, name: str, token: str, fields: dict[str, Any]) -> Reaction:
        workspace = self._sandbox.workspace
        socket_url = f"{self._sandbox.address.replace('http', 'ws', 1)}/_socket/?ticket="
        wanted = Request(
            workspace,
            Arguments(fields),
            workspace.tokens.scopes,
            self._sandbox.address or str(request.base_url).rstrip("/"),
            lambda: socket_url + self._sandbox.sockets.ticket(),
        )
        headers = {"X-OAuth-Scopes": ",".join(sorted(workspace.tokens.scopes))}
        try:
            return Reaction(200, perform(name, token, wanted, self._sandbox.rates), headers)
        except RateLimited as limited:
            return Reaction(429, limited.answer, {"Retry-After": str(limited.retry_after)})
        except SlackError as refused:
            return Reaction(200, refused.answer, headers)

    def _respond(self, key: str, body: dict[str, Any]) -> Reaction:
        try:
            use_response_url(self._sandbox.workspace, key, body)
        except SlackError as refused:
            status = 404 if refused.code in ("expired_url", "used_url") else 400
            return Reaction(status, refused.answer, {})
        return Reaction(200, "ok", {})

    async def _with_faults(
        self, request: HttpRequest, name: str, fields: dict[str, Any], run: Callable[[], Reaction]
    ) -> Response:
        journal = self._sandbox.journal
        call = journal.open("received", name, fields, self._sandbox.clock.now())
        fault = self._sandbox.faults.take(name, call.channel)
        if fault is None:
            reaction = run()
            journal.close(call, reaction.status, reaction.body)
            return reaction.response()
        reaction = run() if fault.is_accepted else Reaction(200, None, {})
        if fault.seconds:
            await asyncio.sleep(fault.seconds)
        return self._spoil(request, call, fault, reaction)

    def _spoil(self, request: HttpRequest, call: Call, fault: PlannedFault, reaction: Reaction) -> Response:
        close = self._sandbox.journal.close
        if fault.kind in ("cut_before", "cut_after"):
            close(call, 0, reaction.body, fault.kind)
            self._cut(request)
            return Response(status_code=503)
        spoiled = _spoiled(fault, reaction)
        close(call, spoiled.status_code, reaction.body, fault.kind)
        return spoiled


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
