"""The page's own files, with headers that let it load nothing from anywhere else."""

from __future__ import annotations

from pathlib import Path

from starlette.responses import FileResponse, Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

FOLDER = Path(__file__).parent / "page"
PAGE_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
        "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-cache",
}


class PageFiles(StaticFiles):
    """Files of the page; a permalink leads to the page itself."""

    def __init__(self) -> None:
        """Serve the folder beside this file."""
        super().__init__(directory=FOLDER, html=True)

    async def get_response(self, path: str, scope: Scope) -> Response:
        """A file, or the page for a permalink, with the headers."""
        if path.startswith("archives/"):
            response: Response = FileResponse(FOLDER / "index.html")
        else:
            response = await super().get_response(path, scope)
        response.headers.update(PAGE_HEADERS)
        return response
