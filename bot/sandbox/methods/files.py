"""Web API: `files.*` and `canvases.create` – the three-step upload, and what became of it."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from math import ceil
from typing import Any

from bot.sandbox.errors import SlackError
from bot.sandbox.methods.arguments import invalid
from bot.sandbox.methods.chat import thread_of
from bot.sandbox.methods.registry import Answer, Request, method
from bot.sandbox.methods.rooms import is_member, known_room
from bot.sandbox.state.files import SharedFile
from bot.sandbox.state.message_shapes import file_json
from bot.sandbox.state.records import Message, Room

ALT_TEXT, SNIPPET_BYTES, CHANNELS = 1000, 1_000_000, 100


@method("files.getUploadURLExternal", "files:write", tier=4, required=("filename", "length"), takes_json=False)
def get_upload_url(request: Request) -> Answer:
    """Announce a file: its id, and the address its bytes go to."""
    arguments, workspace = request.arguments, request.workspace
    length = arguments.number("length", 0)
    if length < 1 or not arguments.text("filename"):
        raise SlackError("missing_argument")
    if len(arguments.text("alt_txt")) > ALT_TEXT:
        raise SlackError("alt_txt_too_large")
    if arguments.text("snippet_type") and length > SNIPPET_BYTES:
        raise SlackError("snippet_too_large")
    alt_text = arguments.text("alt_txt")
    file = workspace.files.announce(arguments.text("filename"), length, workspace.app.user_id, alt_text)
    return {"upload_url": f"{request.address}/upload/v1/{file.ticket}", "file_id": file.id}


@method("files.completeUploadExternal", "files:write", tier=4, required=("files",))
def complete_upload(request: Request) -> Answer:
    """Finish an upload; with a channel, post the files there. What a file is becomes known a moment later."""
    workspace, rooms = request.workspace, _rooms(request)
    finished = [(_expected(request, one), str(one.get("title") or "")) for one in _asked(request)]
    thread_ts = request.arguments.text("thread_ts")
    threads = [thread_of(room, thread_ts) for room in rooms]
    for file, title in finished:
        workspace.files.complete(file, title)
    files = [file for file, _ in finished]
    for room, thread in zip(rooms, threads, strict=True):
        _post(request, room, files, thread)
    return {"files": [file_json(workspace, file) for file in files]}


def _asked(request: Request) -> list[Mapping[str, Any]]:
    asked = request.arguments.structure("files")
    if not isinstance(asked, list) or not asked or not all(isinstance(one, Mapping) for one in asked):
        raise invalid("must be an array of objects [json-pointer:/files]")
    missing = [
        f"missing required field: id [json-pointer:/files/{n}]" for n, one in enumerate(asked) if not one.get("id")
    ]
    if missing:
        raise invalid(*missing)
    return asked


def _expected(request: Request, asked: Mapping[str, Any]) -> SharedFile:
    file = request.workspace.files.expected(str(asked["id"]))
    if file is None:
        raise SlackError("file_not_found")
    return file


def _rooms(request: Request) -> list[Room]:
    """The rooms the files go to, by id only; the app must be in them, whatever it may post elsewhere."""
    arguments = request.arguments
    if arguments.text("channel_id"):
        return [_sharing_room(request, known_room(request, "channel_id"))]
    channels = arguments.words("channels")
    if len(channels) > CHANNELS:
        raise SlackError("channels_limit_exceeded")
    rooms = [request.workspace.rooms.get(channel) for channel in channels]
    if any(room is None or (room.kind != "public" and not is_member(request, room)) for room in rooms):
        raise SlackError("invalid_channel")
    return [_sharing_room(request, room) for room in rooms if room is not None]


def _sharing_room(request: Request, room: Room) -> Room:
    if not is_member(request, room):
        raise SlackError("not_in_channel")
    if room.is_archived:
        raise SlackError("posting_to_channel_denied")
    return room


def _post(request: Request, room: Room, files: list[SharedFile], thread: str | None) -> None:
    workspace, comment = request.workspace, request.arguments.text("initial_comment")
    app = workspace.app
    message = Message(workspace.next_ts(), room.id, app.user_id, comment, [], thread, app.bot_id, files=list(files))
    for file in files:
        file.shares.setdefault(room.id, []).append(message.ts)
    workspace.add_message(room, message)


def _known(request: Request) -> SharedFile:
    file = request.workspace.files.get(request.arguments.text("file"))
    if file is None:
        raise SlackError("file_not_found")
    if file.deleted:
        raise SlackError("file_deleted")
    return file


@method("files.info", "files:read", tier=4, required=("file",), takes_json=False)
def info(request: Request) -> Answer:
    """One file."""
    shape = file_json(request.workspace, _known(request))
    return {"file": shape, "comments": [], "response_metadata": {"next_cursor": ""}}


@method("files.delete", "files:write", tier=3, required=("file",))
def delete(request: Request) -> Answer:
    """Take a file away, from the messages it stands in too."""
    file, workspace = _known(request), request.workspace
    file.deleted, file.content = True, None
    for room, times in file.shares.items():
        for ts in times:
            workspace.touch(workspace.rooms[room].messages[ts])
    workspace.changes.tell()
    return {}


@method("files.list", "files:read", tier=3, takes_json=False)
def list_files(request: Request) -> Answer:
    """The files, newest first, of a channel or a person when one is named; by pages."""
    arguments, workspace = request.arguments, request.workspace
    user, channel = arguments.text("user"), arguments.text("channel")
    if user and user not in workspace.people and user != workspace.app.user_id:
        raise SlackError("user_not_found")
    found = [f for f in workspace.files.all() if user in ("", f.user) and (not channel or channel in f.shares)]
    count, number = max(1, arguments.number("count", 100)), max(1, arguments.number("page", 1))
    shown = found[(number - 1) * count : number * count]
    paging = {"count": count, "total": len(found), "page": number, "pages": ceil(len(found) / count)}
    return {"files": [file_json(workspace, file) for file in shown], "paging": paging}


@method("canvases.create", "canvases:write", tier=2)
def create_canvas(request: Request) -> Answer:
    """Write a canvas in Markdown, in a channel's tab when one is named."""
    arguments = request.arguments
    content = arguments.structure("document_content")
    if arguments.has("channel_id"):
        known_room(request, "channel_id")
    is_markdown = isinstance(content, Mapping) and content.get("type") == "markdown"
    if content is not None and not (is_markdown and isinstance(content.get("markdown"), str)):
        raise SlackError("canvas_creation_failed", detail="'content' error: must be {type: markdown, markdown: …}")
    canvas_id = "F" + secrets.token_hex(5).upper()
    words = content["markdown"] if content is not None else ""
    given = {"title": arguments.text("title"), "markdown": words, "channel": arguments.text("channel_id") or None}
    request.workspace.canvases[canvas_id] = given
    request.workspace.changes.tell()
    return {"canvas_id": canvas_id}
