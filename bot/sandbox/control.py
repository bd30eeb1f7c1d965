"""`/_sandbox/…`: what tests in other processes and the page use to act, to look, to move time and to break things."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable, Mapping
from datetime import datetime, time, timedelta
from http import HTTPStatus
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route

from bot.sandbox import fields
from bot.sandbox.breaking import Breaking
from bot.sandbox.driver import User
from bot.sandbox.errors import SlackError
from bot.sandbox.fields import needed, words
from bot.sandbox.replies import Reply
from bot.sandbox.sandbox import Sandbox
from bot.sandbox.sight import SHOWN_MESSAGES, everything, reading_place, seen_by
from bot.sandbox.state.records import Message, Room, View
from bot.sandbox.state.shapes import Json, message_json, view_json
from bot.sandbox.towards_app.clicking import find_element

Act = Callable[[Json], Any]
ACTS_AT_ONCE, WAITS_AT_ONCE = 25, 10
"""Of the forty threads of the server; the rest is for the page. Who comes later waits in line."""
MOST_SECONDS = 1e11
"""The clock moves some three thousand years at once, at most."""
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")


class Control:
    """The control doors of one sandbox. Bodies and answers are JSON; people and channels go by id or name."""

    def __init__(self, sandbox: Sandbox) -> None:
        """Control this sandbox."""
        self._sandbox, self._breaking = sandbox, Breaking(sandbox)
        self._acting, self._waiting = asyncio.Semaphore(ACTS_AT_ONCE), asyncio.Semaphore(WAITS_AT_ONCE)

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
            "clock": self._read_clock,
        }
        return [
            *(Route(f"/{name}", self._endpoint(act), methods=["POST"]) for name, act in acts.items()),
            Route("/events/{id}", self._endpoint(self._event), methods=["POST"]),
            *(Route(f"/{name}", self._endpoint(look), methods=["GET"]) for name, look in looks.items()),
            Route("/calls", self._endpoint(self._breaking.calls, self._waiting), methods=["GET"]),
            Route("/faults", self._endpoint(self._breaking.clear_faults), methods=["DELETE"]),
            Route("/faults/{number}", self._endpoint(self._breaking.clear_faults), methods=["DELETE"]),
            Route("/state", self._state, methods=["GET"]),
            Route("/stream", self._stream, methods=["GET"]),
        ]

    def nowhere(self) -> Route:
        """The path of everything that is none of the doors: its answer tells which there are."""
        return Route("/{path:path}", _nowhere(self.routes()), methods=METHODS)

    def _endpoint(self, act: Act, line: asyncio.Semaphore | None = None) -> Callable[[Request], Any]:
        """A request that runs `act` in a thread and turns its errors into answers that name them."""
        line = line or self._acting

        async def endpoint(request: Request) -> Response:
            try:
                asked = await fields.fields_of(request)
                async with line:
                    return JSONResponse(await run_in_threadpool(act, asked))
            except LookupError as missing:
                return JSONResponse({"error": str(missing.args[0]) if missing.args else "not found"}, 404)
            except SlackError as refused:
                return JSONResponse({"error": refused.code}, 409)
            except TypeError:
                return JSONResponse({"error": "a field has a value of the wrong kind"}, 400)
            except (ValueError, OverflowError) as wrong:
                return JSONResponse({"error": str(wrong)}, 400)

        return endpoint

    # -- acting ----------------------------------------------------------------------------------------------

    def _command(self, body: Json) -> Json:
        user = self._sandbox.user(needed(body, "user"))
        parent = {"channel": body.get("channel"), "ts": body.get("thread_ts")}
        thread = self._standing(parent) if body.get("thread_ts") else None
        text, channel = needed(body, "text"), words(body, "channel")
        return self._reply(user.command(text, channel, thread=thread, timeout=fields.timeout(body)))

    def _shortcut(self, body: Json) -> Json:
        """A global shortcut, or with `channel` and `ts` one from a message's menu."""
        user, message = self._sandbox.user(needed(body, "user")), self._standing(body) if body.get("ts") else None
        return self._reply(user.shortcut(needed(body, "name"), message, timeout=fields.timeout(body)))

    def _click(self, body: Json) -> Json:
        """In a view, in a message, or without `ts` in the newest message of the channel that has such a thing."""
        user = self._sandbox.user(needed(body, "user"))
        action, typed = needed(body, "action"), fields.structure(body, "values")
        origin = self._origin(body) if body.get("view") or body.get("ts") else self._newest_with(user, body)
        if typed is None:
            return self._reply(user.click(origin, action, body.get("choice"), timeout=fields.timeout(body)))
        outcome = self._sandbox.acting.click(user.id, origin, action, body.get("choice"), typed)
        return {"error": outcome.error, "opened": outcome.opened}

    def _submit(self, body: Json) -> Json:
        user = self._sandbox.user(needed(body, "user"))
        view = self._view(body) if body.get("view") else None
        state, values = fields.structure(body, "state"), fields.structure(body, "values")
        if view is not None and state is not None:
            view.values = state
        return self._reply(user.submit(view, values or {}, timeout=fields.timeout(body)))

    def _close(self, body: Json) -> Json:
        user = self._sandbox.user(needed(body, "user"))
        view = self._view(body) if body.get("view") else None
        return self._reply(user.close(view, everything=bool(body.get("everything"))))

    def _suggest(self, body: Json) -> Json:
        user = self._sandbox.user(needed(body, "user"))
        offered = user.offered(self._origin(body), needed(body, "action"), str(body.get("typed", "")))
        groups, faults = list(offered.groups), list(offered.faults)
        return {"options": offered.flat, "option_groups": groups, "error": offered.error, "faults": faults}

    def _home(self, body: Json) -> Json:
        view = self._sandbox.user(needed(body, "user")).home(timeout=fields.timeout(body))
        return {"view": view_json(self._sandbox.workspace, view) if view else None}

    def _message(self, body: Json) -> Json:
        user = self._sandbox.user(needed(body, "user"))
        room = self._room(user, body)
        text = needed(body, "text")
        message = self._sandbox.acting.write(user.id, room, text, words(body, "thread_ts"))
        return {"ts": message.ts, "channel": room.id}

    def _react(self, body: Json) -> Json:
        user = self._sandbox.user(needed(body, "user"))
        users = self._sandbox.acting.react(user.id, self._standing(body), needed(body, "name").strip(":"))
        return {"users": users}

    def _join(self, body: Json) -> Json:
        workspace = self._sandbox.workspace
        user, room = self._sandbox.user(needed(body, "user")), workspace.room(needed(body, "channel"))
        user.join(room.id)
        return {"members": room.members}

    def _leave(self, body: Json) -> Json:
        user, room = self._sandbox.user(needed(body, "user")), self._sandbox.workspace.room(needed(body, "channel"))
        user.leave(room.id)
        return {"members": room.members}

    def _edit(self, body: Json) -> Json:
        message = self._standing(body)
        self._sandbox.user(needed(body, "user")).edit(message, needed(body, "text"))
        return {"ts": message.ts}

    def _delete(self, body: Json) -> Json:
        message = self._standing(body)
        self._sandbox.user(needed(body, "user")).delete(message)
        return {"ts": message.ts}

    def _read(self, body: Json) -> Json:
        """Everything in a channel has been read, or with `thread_ts` in one of its threads."""
        workspace = self._sandbox.workspace
        user, room = workspace.person(needed(body, "user")), workspace.room(needed(body, "channel"))
        ts, place = max(room.messages, default="0"), reading_place(room.id, words(body, "thread_ts"))
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
            seconds = fields.number(body, "advance", "a number of seconds", least=-MOST_SECONDS, most=MOST_SECONDS)
            clock.advance(timedelta(seconds=seconds))
        elif "move_to" in body:
            moment = fields.moment(body, "move_to")
            clock.move_to(moment if moment.tzinfo else moment.replace(tzinfo=self._sandbox.zone))
        elif "tomorrow_at" in body:
            clock.move_to(self._tomorrow(fields.time_of_day(body, "tomorrow_at")))
        elif "next_at" in body:
            clock.move_to(self._next(fields.time_of_day(body, "next_at")))
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
        self._sandbox.connect(fields.request_url(body))
        return {"connected": self._sandbox.inbound.connected}

    # -- looking ---------------------------------------------------------------------------------------------

    async def _state(self, request: Request) -> Response:
        asked = request.query_params
        user, given = asked.get("user"), {"shown": asked.get("shown", SHOWN_MESSAGES)}
        try:
            shown = int(fields.number(given, "shown", "a number of messages, 1 or more", least=1))
        except ValueError as wrong:
            return JSONResponse({"error": str(wrong)}, 400)
        with self._sandbox.workspace.lock:
            if not user:
                return JSONResponse(everything(self._sandbox))
            try:
                person = self._sandbox.workspace.person(user)
            except KeyError as missing:
                return JSONResponse({"error": str(missing.args[0])}, 404)
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

    def _room(self, user: User, body: Json) -> Room:
        """The channel that is named, or the direct conversation with the app."""
        workspace, channel = self._sandbox.workspace, words(body, "channel")
        return workspace.room(channel) if channel else workspace.direct_room(user.id)

    def _newest_with(self, user: User, body: Json) -> Message:
        """The newest message a person sees in a channel in which there is what they want to press."""
        action, room = needed(body, "action"), self._room(user, body)
        for message in reversed(tuple(room.messages.values())):
            with contextlib.suppress(LookupError):
                if message.visible_to(user.id):
                    find_element(message.blocks, action, body.get("choice"))
                    return message
        raise LookupError(f"no message in #{room.name} has {action!r} to press; name the message by its `ts`")

    def _standing(self, where: Json) -> Message:
        room = self._sandbox.workspace.room(needed(where, "channel"))
        ts = needed(where, "ts")
        if ts not in room.messages:
            raise LookupError(f"no message {ts} in #{room.name}")
        return room.messages[ts]

    def _view(self, body: Json) -> View:
        view = self._sandbox.workspace.views.get(needed(body, "view"))
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


def _nowhere(doors: list[Route]) -> Callable[[Request], Any]:
    """The answer at every other path: which doors there are."""
    known = ", ".join(f"{' '.join(sorted((door.methods or set()) - {'HEAD'}))} {door.path}" for door in doors)

    async def endpoint(request: Request) -> Response:
        asked = f"{request.method} /{request.path_params['path']}"
        return JSONResponse({"error": f"there is no {asked} under /_sandbox; there is: {known}"}, HTTPStatus.NOT_FOUND)

    return endpoint
