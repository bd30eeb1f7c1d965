"""The door for the bytes of files: where an announced file is sent to, and where readers fetch it from."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from bot.sandbox.sandbox import Sandbox
from bot.sandbox.state.files import IMAGE_TYPES, UploadRefused

_HEADERS = {"X-Content-Type-Options": "nosniff", "Content-Security-Policy": "default-src 'none'; sandbox"}


class FileDoor:
    """Takes uploads at `/upload/v1/<ticket>`, gives files at `/files/<id>[/<name>]`; only images are shown in place."""

    def __init__(self, sandbox: Sandbox) -> None:
        """Keep the files of this sandbox."""
        self._workspace, self._journal = sandbox.workspace, sandbox.journal

    def routes(self) -> list[Route]:
        """The paths."""
        return [
            Route("/upload/v1/{ticket}", self.upload, methods=["POST", "PUT"]),
            Route("/files/{file}", self.download),
            Route("/files/{file}/{name:path}", self.download),
        ]

    async def upload(self, request: Request) -> Response:
        """Take the bytes of an announced file, as the body or as the one part of a form."""
        content = await _content(request)
        call = self._journal.open("received", "upload", {"bytes": len(content)}, self._workspace.clock.now())
        status, answer = 200, f"OK - {len(content)}"
        try:
            with self._workspace.lock:
                self._workspace.files.receive(request.path_params["ticket"], content)
        except UploadRefused as refused:
            status, answer = refused.status, f"ERROR - {refused}"
        self._journal.close(call, status, answer)
        return PlainTextResponse(answer, status)

    async def download(self, request: Request) -> Response:
        """Give a file's bytes."""
        file = self._workspace.files.get(request.path_params["file"])
        if file is None or file.content is None:
            return PlainTextResponse("no such file", 404, _HEADERS)
        shown = file.mimetype in IMAGE_TYPES and "download" not in request.query_params
        kind = file.mimetype if file.mimetype in IMAGE_TYPES else "application/octet-stream"
        place = "inline" if shown else "attachment"
        return Response(file.content, media_type=kind, headers={**_HEADERS, "Content-Disposition": place})


async def _content(request: Request) -> bytes:
    if not request.headers.get("content-type", "").startswith("multipart/form-data"):
        return await request.body()
    async with request.form() as form:
        for part in form.values():
            return part.encode() if isinstance(part, str) else await part.read()
    return b""
