"""`/_sandbox/…`: what tests in other processes and the page use to act, to look, to move time and to break things."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from datetime import datetime, time, timedelta
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route

from bot.sandbox.breaking import Breaking
from bot.sandbox.errors import SlackError
from bot.sandbox.replies import Reply
from bot.sandbox.sandbox import Sandbox
from bot.sandbox.sight import SHOWN_MESSAGES, everything, reading_place, seen_by
from bot.sandbox.state.records import Message, View
from bot.sandbox.state.shapes import Json, message_json, view_json

Act = Callable[[Json], Any]


class Control:
    """The control doors of one sandbox. Bodies and answers are JSON; people and channels go by id or name."""

    def __init__(self, sandbox: Sandbox) -> None:
        """Control this sandbox."""
        self._sandbox, self._breaking = sandbox, Breaking(sandbox)

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
            "react": self._react,
            "join": self._join,
            "read": self._read,
            "clock": self._clock,
            "faults": self._breaking.plan_fault,
            "mishap": self._breaking.mishap,
            "connect": self._connect,
            "shortcut": self._shortcut,
            "edit": self._edit,
            "delete": self._delete,
            "leave": self._leave,
        }
        looks: Mapping[str, Act] = {
            "faults": self._breaking.list_faults,
            "mishap": self._breaking.list_mishaps,
            "calls": self._breaking.calls,
            "clock": self._read_clock,
        }
        return [
            *(Route(f"/{name}", self._endpoint(act), methods=["POST"]) for name, act in acts.items()),
            Route("/events/{id}", self._endpoint(self._event), methods=["POST"]),
            *(Route(f"/{name}", self._endpoint(look), methods=["GET"]) for name, look in looks.items()),
            Route("/faults", self._endpoint(self._breaking.clear_faults), methods=["DELETE"]),
            Route("/faults/{number}", self._endpoint(self._breaking.clear_faults), methods=["DELETE"]),
            Route("/state", self._state, methods=["GET"]),
            Route("/stream", self._stream, methods=["GET"]),
        ]

    def _endpoint(self, act: Act) -> Callable[[Request], Any]:
        """A request that runs `act` in a thread and turns its errors into answers that name them."""

        async def endpoint(request: Request) -> Response:
            try:
                return JSONResponse(await run_in_threadpool(act, await _fields(request)))
            except LookupError as missing:
                return JSONResponse({"error": str(missing.args[0]) if missing.args else "not found"}, 404)
            except SlackError as refused:
                return JSONResponse({"error": refused.code}, 409)
            except TypeError:
                return JSONResponse({"error": "a field has a value of the wrong kind"}, 400)
            except ValueError as wrong:
                return JSONResponse({"error": str(wrong)}, 400)

        return endpoint

    # -- acting ----------------------------------------------------------------------------------------------

    def _command(self, body: Json) -> Json:
        user = self._sandbox.user(_needed(body, "user"))
        parent = {"channel": body.get("channel"), "ts": body.get("thread_ts")}
        thread = self._standing(parent) if body.get("thread_ts") else None
        text, channel = _needed(body, "text"), body.get("channel")
        return self._reply(user.command(text, channel, thread=thread, timeout=_timeout(body)))

    def _shortcut(self, body: Json) -> Json:
        """A global shortcut, or with `channel` and `ts` one from a message's menu."""
        user, message = self._sandbox.user(_needed(body, "user")), self._standing(body) if body.get("ts") else None
        return self._reply(user.shortcut(_needed(body, "name"), message, timeout=_timeout(body)))

    def _click(self, body: Json) -> Json:
        user = self._sandbox.user(_needed(body, "user"))
        origin, typed = self._origin(body), body.get("values")
        if typed is None:
            return self._reply(user.click(origin, _needed(body, "action"), body.get("choice"), timeout=_timeout(body)))
        action = _needed(body, "action")
        outcome = self._sandbox.acting.click(user.id, origin, action, body.get("choice"), typed)
        return {"error": outcome.error, "opened": outcome.opened}

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
        offered = user.offered(self._origin(body), _needed(body, "action"), str(body.get("typed", "")))
        groups, faults = list(offered.groups), list(offered.faults)
        return {"options": offered.flat, "option_groups": groups, "error": offered.error, "faults": faults}

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

    def _react(self, body: Json) -> Json:
        user = self._sandbox.user(_needed(body, "user"))
        users = self._sandbox.acting.react(user.id, self._standing(body), _needed(body, "name").strip(":"))
        return {"users": users}

    def _join(self, body: Json) -> Json:
        workspace = self._sandbox.workspace
        user, room = self._sandbox.user(_needed(body, "user")), workspace.room(_needed(body, "channel"))
        user.join(room.id)
        return {"members": room.members}

    def _leave(self, body: Json) -> Json:
        user, room = self._sandbox.user(_needed(body, "user")), self._sandbox.workspace.room(_needed(body, "channel"))
        user.leave(room.id)
        return {"members": room.members}

    def _edit(self, body: Json) -> Json:
        message = self._standing(body)
        self._sandbox.user(_needed(body, "user")).edit(message, _needed(body, "text"))
        return {"ts": message.ts}

    def _delete(self, body: Json) -> Json:
        message = self._standing(body)
        self._sandbox.user(_needed(body, "user")).delete(message)
        return {"ts": message.ts}

    def _read(self, body: Json) -> Json:
        """Everything in a channel has been read, or with `thread_ts` in one of its threads."""
        workspace = self._sandbox.workspace
        user, room = workspace.person(_needed(body, "user")), workspace.room(_needed(body, "channel"))
        ts, place = max(room.messages, default="0"), reading_place(room.id, body.get("thread_ts"))
        if workspace.reads.get((user.id, place)) != ts:
            workspace.reads[user.id, place] = ts
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
            moment = datetime.fromisoformat(body["move_to"])
            clock.move_to(moment if moment.tzinfo else moment.replace(tzinfo=self._sandbox.zone))
        elif "tomorrow_at" in body:
            clock.move_to(self._tomorrow(time.fromisoformat(body["tomorrow_at"])))
        elif "next_at" in body:
            clock.move_to(self._next(time.fromisoformat(body["next_at"])))
        else:
            known = (
                "advance (seconds), move_to (ISO time, by default in the company's zone), tomorrow_at, next_at (HH:MM)"
            )
            raise ValueError(f"give one of {known}")
        return {"now": clock.now().isoformat()}

    def _next(self, at: time) -> datetime:
        local = self._sandbox.clock.now().astimezone(self._sandbox.zone)
        today = datetime.combine(local.date(), at, self._sandbox.zone)
        return today if today > local else self._tomorrow(at)

    def _tomorrow(self, at: time) -> datetime:
        local = self._sandbox.clock.now().astimezone(self._sandbox.zone)
        return datetime.combine(local.date() + timedelta(days=1), at, self._sandbox.zone)

    def _read_clock(self, _: Json) -> Json:
        return {"now": self._sandbox.clock.now().isoformat()}

    def _connect(self, body: Json) -> Json:
        self._sandbox.connect(body.get("request_url"))
        return {"connected": self._sandbox.inbound.connected}

    # -- looking ---------------------------------------------------------------------------------------------

    async def _state(self, request: Request) -> Response:
        user = request.query_params.get("user")
        with self._sandbox.workspace.lock:
            if not user:
                return JSONResponse(everything(self._sandbox))
            try:
                person = self._sandbox.workspace.person(user)
            except KeyError as missing:
                return JSONResponse({"error": str(missing.args[0])}, 404)
            asked = request.query_params
            shown = int(asked.get("shown", SHOWN_MESSAGES))
            return JSONResponse(seen_by(self._sandbox, person.id, asked.get("channel"), shown))

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
            "opened": reply.opened,
            "faults": list(reply.faults),
        }


async def _fields(request: Request) -> Json:
    """What a request says: its query, its body, its path. ValueError when the body is not a JSON object."""
    try:
        given = await request.json() if await request.body() else {}
    except ValueError:
        raise ValueError("the body must be JSON") from None
    if isinstance(given, dict):
        return {**request.query_params, **given, **request.path_params}
    raise ValueError("the body must be a JSON object")


def _needed(body: Json, name: str) -> str:
    value = body.get(name)
    if not isinstance(value, str) or not value:
        raise ValueError(f"`{name}` is missing")
    return value


def _timeout(body: Json) -> float:
    return float(body.get("timeout", 2.0))
