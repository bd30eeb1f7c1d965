"""`/_sandbox/…`: what tests in other processes and the page use to act, to look, to move time and to break things."""

from __future__ import annotations

import asyncio
import dataclasses
from collections.abc import AsyncIterator, Callable, Mapping
from datetime import datetime, time, timedelta
from typing import Any
from urllib.parse import urlsplit

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route

from bot.sandbox.driver import Reply
from bot.sandbox.errors import SlackError
from bot.sandbox.sandbox import Sandbox
from bot.sandbox.sight import everything, seen_by
from bot.sandbox.state.records import Message, View
from bot.sandbox.state.shapes import Json, message_json, view_json

Act = Callable[[Json], Any]


class Control:
    """The control doors of one sandbox. Bodies and answers are JSON; people and channels go by id or name."""

    def __init__(self, sandbox: Sandbox) -> None:
        """Control this sandbox."""
        self._sandbox = sandbox

    def routes(self) -> list[Route]:
        """The paths below `/_sandbox`."""
        acts: Mapping[str, Act] = {
            "command": self._command,
            "click": self._click,
            "submit": self._submit,
            "close": self._close,
            "suggest": self._suggest,
            "home": self._home,
            "message": self._message,
            "read": self._read,
            "clock": self._clock,
            "faults": self._faults,
            "mishap": self._mishap,
            "connect": self._connect,
        }
        return [
            *(Route(f"/{name}", self._endpoint(act), methods=["POST"]) for name, act in acts.items()),
            Route("/events/{id}", self._endpoint(self._event), methods=["POST"]),
            Route("/faults", self._clear_faults, methods=["DELETE"]),
            Route("/clock", self._read_clock, methods=["GET"]),
            Route("/calls", self._calls, methods=["GET"]),
            Route("/state", self._state, methods=["GET"]),
            Route("/stream", self._stream, methods=["GET"]),
        ]

    def _endpoint(self, act: Act) -> Callable[[Request], Any]:
        """A POST that runs `act` in a thread and turns its errors into answers that name them."""

        async def endpoint(request: Request) -> Response:
            if not _from_here(request):
                return JSONResponse({"error": "another site may not act here"}, 403)
            try:
                body = {**(await request.json() if await request.body() else {}), **request.path_params}
                return JSONResponse(await run_in_threadpool(act, body))
            except LookupError as missing:
                return JSONResponse({"error": str(missing.args[0]) if missing.args else "not found"}, 404)
            except SlackError as refused:
                return JSONResponse({"error": refused.code}, 409)
            except (TypeError, ValueError) as wrong:
                return JSONResponse({"error": str(wrong)}, 400)

        return endpoint

    # -- acting ----------------------------------------------------------------------------------------------

    def _command(self, body: Json) -> Json:
        user = self._sandbox.user(_needed(body, "user"))
        return self._reply(user.command(_needed(body, "text"), body.get("channel"), timeout=_timeout(body)))

    def _click(self, body: Json) -> Json:
        user = self._sandbox.user(_needed(body, "user"))
        origin, typed = self._origin(body), body.get("values")
        if typed is None:
            return self._reply(user.click(origin, _needed(body, "action"), body.get("choice"), timeout=_timeout(body)))
        action = _needed(body, "action")
        outcome = self._sandbox.acting.click(user.id, origin, action, body.get("choice"), typed)
        return {"error": outcome.error}

    def _submit(self, body: Json) -> Json:
        user = self._sandbox.user(_needed(body, "user"))
        view = self._view(body) if body.get("view") else None
        if view is not None and body.get("state") is not None:
            view.values = body["state"]
        return self._reply(user.submit(view, body.get("values") or {}, timeout=_timeout(body)))

    def _close(self, body: Json) -> Json:
        user = self._sandbox.user(_needed(body, "user"))
        view = self._view(body) if body.get("view") else None
        return self._reply(user.close(view, everything=bool(body.get("everything"))))

    def _suggest(self, body: Json) -> Json:
        user = self._sandbox.user(_needed(body, "user"))
        typed = str(body.get("typed", ""))
        return {"options": user.suggest(self._origin(body), _needed(body, "action"), typed)}

    def _home(self, body: Json) -> Json:
        view = self._sandbox.user(_needed(body, "user")).home(timeout=_timeout(body))
        return {"view": view_json(self._sandbox.workspace, view) if view else None}

    def _message(self, body: Json) -> Json:
        user = self._sandbox.user(_needed(body, "user"))
        workspace = self._sandbox.workspace
        room = workspace.room(body["channel"]) if body.get("channel") else workspace.direct_room(user.id)
        text = _needed(body, "text")
        message = self._sandbox.acting.write(user.id, room, text, body.get("thread_ts"))
        return {"ts": message.ts, "channel": room.id}

    def _read(self, body: Json) -> Json:
        workspace = self._sandbox.workspace
        user, room = workspace.person(_needed(body, "user")), workspace.room(_needed(body, "channel"))
        ts = max(room.messages, default="0")
        if workspace.reads.get((user.id, room.id)) != ts:
            workspace.reads[user.id, room.id] = ts
            workspace.changes.tell()
        return {"ts": ts}

    def _event(self, body: Json) -> Json:
        events = self._sandbox.events
        if body["id"] not in events:
            raise LookupError(f"no event is called {body['id']!r}; there is: {', '.join(events) or 'none'}")
        result = events[body["id"]].run()
        return {"result": result if isinstance(result, str) else None}

    # -- time, faults, mishaps -------------------------------------------------------------------------------

    def _clock(self, body: Json) -> Json:
        clock = self._sandbox.clock
        if "advance" in body:
            clock.advance(timedelta(seconds=float(body["advance"])))
        elif "move_to" in body:
            clock.move_to(datetime.fromisoformat(body["move_to"]))
        elif "tomorrow_at" in body:
            clock.move_to(self._tomorrow(time.fromisoformat(body["tomorrow_at"])))
        elif "next_at" in body:
            clock.move_to(self._next(time.fromisoformat(body["next_at"])))
        else:
            raise ValueError("give advance (seconds), move_to (ISO time with zone), tomorrow_at or next_at (HH:MM)")
        return {"now": clock.now().isoformat()}

    def _next(self, at: time) -> datetime:
        local = self._sandbox.clock.now().astimezone(self._sandbox.zone)
        today = datetime.combine(local.date(), at, self._sandbox.zone)
        return today if today > local else self._tomorrow(at)

    def _tomorrow(self, at: time) -> datetime:
        local = self._sandbox.clock.now().astimezone(self._sandbox.zone)
        return datetime.combine(local.date() + timedelta(days=1), at, self._sandbox.zone)

    async def _read_clock(self, _: Request) -> Response:
        return JSONResponse({"now": self._sandbox.clock.now().isoformat()})

    def _faults(self, body: Json) -> Json:
        fault = self._sandbox.faults.plan(_needed(body, "kind"), **{k: v for k, v in body.items() if k != "kind"})
        return dataclasses.asdict(fault)

    async def _clear_faults(self, request: Request) -> Response:
        if not _from_here(request):
            return JSONResponse({"error": "another site may not act here"}, 403)
        self._sandbox.faults.clear()
        return JSONResponse({})

    def _mishap(self, body: Json) -> Json:
        """`{"archive": channel}`, `{"remove_bot": channel}`, `{"deactivate": person}`, `{"revoke_token": true}`,
        `{"delete": {"channel", "ts"}}`, `{"drop_sockets": true}`, `{"refresh_sockets": true}`."""
        sandbox = self._sandbox
        kinds: Mapping[str, Callable[[Any], object]] = {
            "archive": sandbox.archive,
            "remove_bot": sandbox.remove_bot,
            "deactivate": sandbox.deactivate,
            "revoke_token": lambda _: sandbox.revoke_token(),
            "delete": lambda where: sandbox.delete(self._standing(where)),
            "drop_sockets": lambda _: sandbox.sockets.drop(),
            "refresh_sockets": lambda _: sandbox.sockets.refresh(),
        }
        for name, value in body.items():
            if name not in kinds:
                raise LookupError(f"no mishap is called {name!r}; there is: {', '.join(kinds)}")
            kinds[name](value)
        return {}

    def _connect(self, body: Json) -> Json:
        self._sandbox.connect(body.get("request_url"))
        return {"connected": self._sandbox.inbound.connected}

    # -- looking ---------------------------------------------------------------------------------------------

    async def _calls(self, request: Request) -> Response:
        asked = request.query_params
        calls = self._sandbox.journal.calls(
            method=asked.get("method"),
            direction=asked.get("direction"),
            channel=asked.get("channel"),
            after=int(asked.get("after", "0")),
        )
        return JSONResponse({"calls": [call.as_json() for call in calls]})

    async def _state(self, request: Request) -> Response:
        user = request.query_params.get("user")
        with self._sandbox.workspace.lock:
            if not user:
                return JSONResponse(everything(self._sandbox))
            try:
                person = self._sandbox.workspace.person(user)
            except KeyError as missing:
                return JSONResponse({"error": str(missing.args[0])}, 404)
            return JSONResponse(seen_by(self._sandbox, person.id, request.query_params.get("channel")))

    async def _stream(self, _: Request) -> Response:
        return StreamingResponse(self._versions(), media_type="text/event-stream")

    async def _versions(self) -> AsyncIterator[str]:
        """The version number after every change, at most twenty a second."""
        loop, changed, changes = asyncio.get_running_loop(), asyncio.Event(), self._sandbox.changes
        stop = changes.watch(lambda _: loop.call_soon_threadsafe(changed.set))
        try:
            yield f"data: {changes.version}\n\n"
            while not changes.closed:
                await changed.wait()
                changed.clear()
                yield f"data: {changes.version}\n\n"
                await asyncio.sleep(0.05)
        finally:
            stop()

    # -- finding and showing ---------------------------------------------------------------------------------

    def _standing(self, where: Json) -> Message:
        room = self._sandbox.workspace.room(_needed(where, "channel"))
        ts = _needed(where, "ts")
        if ts not in room.messages:
            raise LookupError(f"no message {ts} in #{room.name}")
        return room.messages[ts]

    def _view(self, body: Json) -> View:
        view = self._sandbox.workspace.views.get(str(body["view"]))
        if view is None:
            raise LookupError(f"no view {body['view']}")
        return view

    def _origin(self, body: Json) -> Message | View:
        return self._view(body) if body.get("view") else self._standing(body)

    def _reply(self, reply: Reply) -> Json:
        workspace = self._sandbox.workspace
        messages = [
            {
                **message_json(workspace, m),
                "plain": m.plain,
                "ephemeral": m.ephemeral_for is not None,
                "channel": m.channel,
            }
            for m in reply.messages
        ]
        return {
            "error": reply.error,
            "errors": reply.errors,
            "text": reply.text,
            "plain": reply.plain,
            "messages": messages,
            "view": view_json(workspace, reply.view) if reply.view else None,
        }


def _needed(body: Json, name: str) -> str:
    value = body.get(name)
    if not isinstance(value, str) or not value:
        raise ValueError(f"`{name}` is missing")
    return value


def _timeout(body: Json) -> float:
    return float(body.get("timeout", 2.0))


def _from_here(request: Request) -> bool:
    """Whether a request comes from our own page or from no page at all."""
    origin = request.headers.get("origin")
    return origin is None or urlsplit(origin).netloc == request.headers.get("host")
