"""The gallery of blocks in a channel, to be looked at: `python -m tests.sandbox.block_pictures FOLDER` takes pictures.

They are light and dark, wide and as narrow as a phone. What an app may not send (a file, a call) is put into the
channel by the sandbox itself.
"""

from __future__ import annotations

import json
import struct
import sys
import zlib
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, sync_playwright
from slack_sdk import WebClient

from bot.sandbox import Sandbox, serve
from tests.browser import CHROMIUM, FLAGS
from tests.sandbox.block_gallery import ACCESSORIES, HERE, MODAL, PLACED, SENT, TEXTS, Json
from tests.sandbox.fixtures import client_of, small_sandbox


def teal() -> bytes:
    """A small PNG, wholly teal."""
    rows = (b"\0" + b"\x0b\x8f\x7b" * 80) * 50
    chunks = ((b"IHDR", struct.pack(">2I5B", 80, 50, 8, 2, 0, 0, 0)), (b"IDAT", zlib.compress(rows)), (b"IEND", b""))
    drawn = (struct.pack(">I", len(d)) + k + d + struct.pack(">I", zlib.crc32(k + d)) for k, d in chunks)
    return b"\x89PNG\r\n\x1a\n" + b"".join(drawn)


def at_home(client: WebClient, sandbox: Sandbox, blocks: list[Json]) -> list[Json]:
    """The blocks with the address of an uploaded picture for `HERE`."""
    file = client.files_upload_v2(content=teal(), filename="teal.png")["file"]["id"]
    return list(json.loads(json.dumps(blocks).replace(HERE, f"{sandbox.address}/files/{file}/teal.png")))


def post_all(client: WebClient, sandbox: Sandbox, channel: str = "C0REV") -> None:
    """One message for each group of blocks that may be sent, then one for each of the others."""
    for blocks in SENT:
        client.chat_postMessage(channel=channel, text="gallery", blocks=at_home(client, sandbox, blocks))
    for blocks in PLACED:
        put(client, sandbox, at_home(client, sandbox, blocks), channel)


def put(client: WebClient, sandbox: Sandbox, blocks: list[Json], channel: str = "C0REV") -> str:
    """A message with blocks that no app may send, as the page gets them; its `ts`."""
    ts = str(client.chat_postMessage(channel=channel, text="placed")["ts"])
    message = sandbox.workspace.rooms[channel].messages[ts]
    message.blocks = [{"block_id": f"p{index}", **block} for index, block in enumerate(blocks)]
    sandbox.changes.tell()
    return ts


def open_page(browser: Browser, sandbox: Sandbox, **look: Any) -> Page:
    """The channel in a new window, as Ana; `look` are the options of a browser context."""
    page = browser.new_context(**look).new_page()
    page.goto(f"{sandbox.address}/?as=ana#/C0REV")
    page.locator(".message").last.wait_for()
    return page


def publish_home(client: WebClient, sandbox: Sandbox) -> None:
    """Bob's Home with the groups of blocks that may stand there."""
    blocks = at_home(client, sandbox, [*TEXTS, *ACCESSORIES])
    client.views_publish(user_id="U0BOB", view={"type": "home", "blocks": blocks})


def open_modal(client: WebClient, sandbox: Sandbox) -> None:
    """The gallery's modal, on Bob's screen."""
    client.views_open(trigger_id=sandbox.workspace.new_trigger("U0BOB").id, view=MODAL)


def main(folder: Path) -> None:
    """Pictures of every message, of a Home and of a modal, in each look."""
    folder.mkdir(parents=True, exist_ok=True)
    sandbox = small_sandbox()
    with serve(sandbox), sync_playwright() as playwright:
        client = client_of(sandbox)
        post_all(client, sandbox)
        publish_home(client, sandbox)
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        for scheme, width in (("light", 1280), ("dark", 1280), ("light", 390), ("dark", 390)):
            page = open_page(browser, sandbox, viewport={"width": width, "height": 2400}, color_scheme=scheme)
            for index, message in enumerate(page.locator("#messages .message").all()):
                message.screenshot(path=folder / f"{scheme}-{width}-{index:02}.png")
            page.goto(f"{sandbox.address}/?as=bob#/{sandbox.workspace.direct_room('U0BOB').id}")
            page.locator(".home").screenshot(path=folder / f"{scheme}-{width}-home.png")
            open_modal(client, sandbox)
            page.locator("#modal").screenshot(path=folder / f"{scheme}-{width}-modal.png")
            sandbox.user("bob").close()
        browser.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
