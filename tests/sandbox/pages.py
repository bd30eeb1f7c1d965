"""The page in a real Chromium, for tests: the browser, a watched page, and what readers do over and over."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.browser import CHROMIUM, FLAGS, need_chromium


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """One Chromium for a module of tests."""
    need_chromium()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


@contextmanager
def opened(browser: Browser, address: str, place: str = "/?as=ana#/C0REV", **context: Any) -> Iterator[Page]:
    """The page at a place. Nothing may be wrong in its console, and nothing may be asked of another host."""
    room = browser.new_context(**{"viewport": {"width": 1440, "height": 900}, "timezone_id": "Asia/Tokyo", **context})
    page = room.new_page()
    wrong: list[str] = []
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on("console", lambda line: wrong.append(line.text) if line.type == "error" else None)
    page.on("request", lambda asked: wrong.append(asked.url) if not asked.url.startswith(address) else None)
    page.goto(f"{address}{place}")
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    yield page
    room.close()
    assert wrong == []


def act_as(page: Page, name: str) -> None:
    """Become somebody else: the switch, a part of the name, Enter."""
    page.get_by_role("button", name="Act as").click()
    page.get_by_role("combobox", name="Find a person").fill(name)
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name=f"Act as: {name}")).to_be_visible()
