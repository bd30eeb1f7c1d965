"""Files: announced, received, completed, and ready a moment later, as Slack's are."""

from __future__ import annotations

import mimetypes
import secrets
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from bot.sandbox.clock import SandboxClock

READY_AFTER = 1.0
"""Seconds from the completion of an upload until Slack knows what it is."""
IMAGE_TYPES = frozenset({"image/png", "image/jpeg", "image/gif", "image/webp"})
"""What may stand in an image block, and what a browser may show in place."""
_SIGNATURES = (
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF8", "image/gif"),
)


class UploadRefused(Exception):
    """Bytes came to an upload address that does not take them; `status` is the HTTP status."""

    def __init__(self, status: int, problem: str) -> None:
        """Say what is wrong."""
        super().__init__(problem)
        self.status = status


@dataclass(eq=False)
class SharedFile:
    """One file. `content` is there once it was uploaded, `completed_at` once the upload was completed.

    `shares` are the times of the messages it stands in, by room.
    """

    id: str
    name: str
    length: int
    user: str
    created: int
    ticket: str
    alt_text: str = ""
    title: str = ""
    content: bytes | None = None
    completed_at: datetime | None = None
    completed: float = 0.0
    deleted: bool = False
    shares: dict[str, list[str]] = field(default_factory=dict)

    @property
    def mimetype(self) -> str:
        """What it is, by its first bytes for images, else by its name."""
        content = self.content or b""
        for signature, kind in _SIGNATURES:
            if content.startswith(signature):
                return kind
        if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
            return "image/webp"
        guessed = mimetypes.guess_type(self.name)[0] or "application/octet-stream"
        return "application/octet-stream" if guessed in IMAGE_TYPES else guessed

    @property
    def filetype(self) -> str:
        """Slack's short word for its type: the name's ending."""
        ending = self.name.rpartition(".")[2].lower() if "." in self.name else ""
        return {"jpeg": "jpg", "txt": "text", "": "binary"}.get(ending, ending)


class Files:
    """All files of the workspace. `ready_after` are the seconds a completed file takes to be known for what it is."""

    def __init__(self, clock: SandboxClock) -> None:
        """There is none yet."""
        self._clock = clock
        self.ready_after = READY_AFTER
        self._files: dict[str, SharedFile] = {}

    def all(self) -> list[SharedFile]:
        """Every completed file that was not deleted, newest first."""
        return [file for file in reversed(self._files.values()) if file.completed_at and not file.deleted]

    def announce(self, name: str, length: int, user: str, alt_text: str = "") -> SharedFile:
        """Expect a file of so many bytes; its ticket is the end of the address it goes to."""
        created = int(self._clock.now().timestamp())
        file_id, ticket = "F" + secrets.token_hex(5).upper(), secrets.token_urlsafe(24)
        self._files[file_id] = file = SharedFile(file_id, name, length, user, created, ticket, alt_text, name)
        return file

    def receive(self, ticket: str, content: bytes) -> SharedFile:
        """Take a file's bytes, once. UploadRefused for an unknown or used address, or another length than announced."""
        given = ticket.encode("utf-8", "replace")
        files = tuple(self._files.values())
        file = next((file for file in files if secrets.compare_digest(file.ticket.encode(), given)), None)
        if file is None:
            raise UploadRefused(404, "no upload is expected here")
        if file.content is not None:
            raise UploadRefused(410, "this address was used already")
        if len(content) != file.length:
            raise UploadRefused(400, f"expected {file.length} bytes, got {len(content)}")
        file.content = content
        return file

    def complete(self, file: SharedFile, title: str) -> None:
        """Finish an upload; the file is ready a moment later."""
        file.title = title or file.title
        file.completed_at, file.completed = self._clock.now(), time.monotonic()

    def get(self, file_id: str) -> SharedFile | None:
        """A file whose upload was completed, deleted or not."""
        file = self._files.get(file_id)
        return file if file is not None and file.completed_at is not None else None

    def expected(self, file_id: str) -> SharedFile | None:
        """A file whose bytes are here and whose upload is still to be completed."""
        file = self._files.get(file_id)
        return file if file is not None and file.content is not None and file.completed_at is None else None

    def is_ready(self, file: SharedFile) -> bool:
        """Whether it is known for what it is: after a second, in real time or by the sandbox's clock."""
        if file.completed_at is None or file.deleted:
            return False
        moved = (self._clock.now() - file.completed_at).total_seconds()
        return max(moved, time.monotonic() - file.completed) >= self.ready_after

    def image(self, reference: Mapping[str, Any]) -> SharedFile | None:
        """The image a `slack_file` names by id or by address, once it is ready; None when it may not be shown."""
        key, address = str(reference.get("id") or ""), str(reference.get("url") or "")
        named = key or next((part for part in address.split("/") if part in self._files), "")
        file = self._files.get(named)
        shown = file is not None and self.is_ready(file) and file.mimetype in IMAGE_TYPES
        return file if shown else None
