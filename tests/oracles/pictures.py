"""Every message of the phrasebook and the demo as our page draws it, beside an independent renderer's drawing.

`python -m tests.oracles.pictures FOLDER [WORDS]` writes, for human eyes, a PNG for each message (whose name has the
words: `digest_daily.en`, `demo`), and `index.html` with all of them.
"""

import base64
import html
import json
import re
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, sync_playwright
from slack_sdk import WebClient

from bot.cli.stage import build_sandbox
from bot.core.policy import Policy
from bot.rulebook import read_policy, shipped_rules
from bot.sandbox import Sandbox, SandboxClock, serve
from tests.browser import CHROMIUM, FLAGS
from tests.oracles.golden import golden_messages
from tests.oracles.node import MODULES, answers_of, missing
from tests.oracles.played import played_tour
from tests.oracles.sent import MESSAGE, Sent

NOON = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
APART = timedelta(minutes=7)
"""Messages close together lose their heads."""
CSS = """
body { margin: 0; background: #fff; font: 15px/1.46 Lato, "Liberation Sans", sans-serif; }
.pair { display: grid; grid-template-columns: 820px 640px; gap: 24px; padding: 16px; align-items: start; }
.pair > * { min-width: 0; border: 1px solid #ddd; padding: 8px; }
h2 { font-size: 13px; margin: 0 0 8px; color: #666; } img { max-width: 100%; } .cannot { color: #b00; }
"""


def draw(folder: Path, messages: Sequence[Sent]) -> list[Path]:
    """Draw messages into a folder; gives the pictures. Needs Chromium, Node and the packages beside this file."""
    folder.mkdir(parents=True, exist_ok=True)
    policy = read_policy(shipped_rules())
    theirs = _theirs(policy, messages)
    with _browser() as browser:
        ours = _ours(browser, policy, messages)
        page = browser.new_page(viewport={"width": 1520, "height": 200})
        return [
            _pair(page, folder / f"{_name(number, message)}.png", picture, markup)
            for number, (message, picture, markup) in enumerate(zip(messages, ours, theirs, strict=True), start=1)
        ]


def _name(number: int, message: Sent) -> str:
    return f"{number:03}-" + re.sub(r"[^\w.]+", "-", message.origin).strip("-")


def _theirs(policy: Policy, messages: Sequence[Sent]) -> list[str]:
    people = [{"id": person.slack, "name": person.name} for person in policy.people.values()]
    rooms = [{"id": room.slack, "name": room.name.lstrip("#")} for room in policy.channels.values()]
    known = json.dumps({"users": people, "channels": rooms})
    return answers_of("theirs.mjs", known, lines=[_marked_up(message.blocks) for message in messages])


def _marked_up(value: Any) -> Any:
    """Leave `verbatim` out: theirs takes it for "no markup at all", where Slack only leaves bare links alone."""
    if isinstance(value, list):
        return [_marked_up(inner) for inner in value]
    if isinstance(value, dict):
        return {name: _marked_up(inner) for name, inner in value.items() if name != "verbatim"}
    return value


def _ours(browser: Browser, policy: Policy, messages: Sequence[Sent]) -> list[bytes]:
    clock = SandboxClock(NOON)
    sandbox = build_sandbox(policy, clock=clock, signing_secret="not needed")
    with serve(sandbox):
        reader = next(iter(policy.people.values())).slack
        page = browser.new_page(viewport={"width": 1400, "height": 1000}, timezone_id=policy.company.timezone)
        rooms = [room.slack for room in policy.channels.values()]
        pictures = []
        for number, message in enumerate(messages):
            room = rooms[number * len(rooms) // len(messages)]  # a long list of messages is slow to draw
            ts = _posted(sandbox, clock, room, message)
            if not page.url.endswith(room):
                page.goto(f"{sandbox.address}/?as={reader}#/{room}")
            pictures.append(_seen(page, ts))
        return pictures


def _seen(page: Page, ts: str) -> bytes:
    return page.locator(f'article[data-ts="{ts}"]').first.screenshot()


def _posted(sandbox: Sandbox, clock: SandboxClock, room: str, message: Sent) -> str:
    clock.advance(APART)
    client = WebClient("xoxb-sandbox", base_url=sandbox.api_url, retry_handlers=[])
    return str(client.chat_postMessage(channel=room, **message.payload)["ts"])


def _pair(page: Page, path: Path, picture: bytes, markup: str) -> Path:
    style = CSS + (MODULES / "slack-blocks-to-jsx" / "dist" / "style.css").read_text(encoding="utf-8")
    source = f"data:image/png;base64,{base64.b64encode(picture).decode()}"
    ours = f'<div><h2>our page · {html.escape(path.stem)}</h2><img src="{source}" alt=""></div>'
    theirs = f"<div><h2>slack-blocks-to-jsx</h2>{markup}</div>"
    page.set_content(f'<style>{style}</style><div class="pair">{ours}{theirs}</div>')
    page.locator(".pair").screenshot(path=path)
    return path


@contextmanager
def _browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


def _everything() -> Iterator[Sent]:
    yield from golden_messages()
    with tempfile.TemporaryDirectory() as place:
        played = played_tour(f"sqlite:///{Path(place) / 'demo.db'}")
    yield from (sent for sent in played if sent.surface == MESSAGE)


def main() -> None:
    """Draw what the command line asks for."""
    if len(sys.argv) not in (2, 3) or missing():
        sys.exit(missing() or "usage: python -m tests.oracles.pictures FOLDER [WORDS]")
    folder, words = Path(sys.argv[1]), sys.argv[2] if len(sys.argv) == 3 else ""
    drawn = draw(folder, [message for message in _everything() if words in message.origin])
    shown = "\n".join(f'<p><img src="{path.name}" alt="{html.escape(path.stem)}"></p>' for path in drawn)
    (folder / "index.html").write_text(f"<!doctype html><title>Side by side</title>\n{shown}\n", encoding="utf-8")
    print(f"{len(drawn)} pictures in {folder}: open {folder / 'index.html'}")


if __name__ == "__main__":
    main()
