"""The page for everybody: axe finds nothing serious, the keyboard reaches everything, and nothing scrolls sideways."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from bot.sandbox import BotApp, CommandHint, Sandbox, ScriptedEvent, TourStep, serve
from tests.sandbox import bolt_app
from tests.sandbox.fixtures import client_of, served_over_http, small_sandbox
from tests.sandbox.pages import browser, opened

__all__ = ["browser"]
pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

AXE = Path(__file__).parents[1] / "oracles" / "node_modules" / "axe-core" / "axe.min.js"
REMEDY = "the page is judged by axe-core, which is not there: npm ci --prefix tests/oracles"
RUN = """async () => (await axe.run(document, {resultTypes: ['violations']})).violations
    .filter(found => ['serious', 'critical'].includes(found.impact))
    .flatMap(found => found.nodes.map(node => `${found.id}: ${node.target} ${node.failureSummary}`))"""
TOUR = (
    TourStep("A value arrives", "Look at `#revenue`.", lambda s: False, event="churn"),
    TourStep("Go on", "Later.", channel="#revenue"),
)


@pytest.fixture(scope="module")
def stage() -> Iterator[Sandbox]:
    """The small company with a real Bolt app, an alert with a thread, and a guide."""
    hints = (CommandHint("/kpi", "your KPIs"), CommandHint("/kpi churn", "Churn rate"))
    events = [ScriptedEvent("churn", "Churn jumps", "to 4.3 %", lambda: None)]
    sandbox = small_sandbox(app=BotApp(hints=hints), events=events, tour=TOUR, zone="Europe/Madrid")
    with serve(sandbox):
        app, _ = bolt_app.build(sandbox)
        with served_over_http(app) as url:
            sandbox.connect(url)
            _fill(sandbox)
            yield sandbox


def _fill(sandbox: Sandbox) -> None:
    client = client_of(sandbox)
    ts = client.chat_postMessage(channel="C0REV", text="Churn is red <@U0ANA>", blocks=bolt_app.BUTTONS)["ts"]
    client.chat_postMessage(channel="C0REV", text="it got worse", thread_ts=ts)
    client.reactions_add(channel="C0REV", timestamp=ts, name="eyes")
    client.pins_add(channel="C0REV", timestamp=ts)
    client.bookmarks_add(channel_id="C0REV", title="Runbook", type="link", link="https://example.com/runbook")
    client.chat_postEphemeral(channel="C0REV", user="U0ANA", text="for you `alone`, see <https://example.com|this>")
    client.chat_postMessage(channel="G0EXE", text="news")


@pytest.fixture
def page(browser: Browser, stage: Sandbox) -> Iterator[Page]:
    """The page as Ana, in #revenue."""
    with opened(browser, stage.address) as page:
        yield page


def need_axe() -> None:
    if AXE.exists():
        return
    if os.environ.get("CI") == "true":
        pytest.fail(REMEDY)
    pytest.skip(REMEDY)


def judged(page: Page, state: str) -> list[str]:
    """What axe finds that is serious, each with the state of the page it was found in."""
    page.evaluate("document.getAnimations().forEach(one => one.finish())")
    return [f"{state} – {found}" for found in page.evaluate(RUN)]


def walked(page: Page, look: str) -> list[str]:
    """Everything a reader opens, judged one after the other."""
    page.add_script_tag(path=AXE)
    found = judged(page, f"{look}: channel with an alert, guide")
    page.get_by_role("button", name=re.compile("^1 reply.*open thread")).click()
    expect(page.get_by_role("complementary", name="Thread")).to_be_visible()
    found += judged(page, f"{look}: thread")
    page.keyboard.press("Escape")
    for tab in ("Faults", "Calls"):
        page.get_by_role("tab", name=tab).click()
        if tab == "Faults":
            page.get_by_role("button", name="The next answer takes 5 seconds").click()
            expect(page.get_by_role("region", name="Armed faults").get_by_role("listitem").first).to_be_visible()
            page.get_by_text("A fault of your own").click()
        else:
            page.locator(".call summary").first.click()
        found += judged(page, f"{look}: {tab}")
        page.request.delete(f"{page.url.split('/?')[0]}/_sandbox/faults")
    page.get_by_role("tab", name="Guide").click()
    for name in ("Act as", "Move the clock to a time", "1 pinned", "3 members"):
        page.get_by_role("button", name=name).click()
        expect(page.locator("#popover")).to_be_visible()
        found += judged(page, f"{look}: {name}")
        page.keyboard.press("Escape")
    page.locator("#compose-box").fill("/kpi")
    found += judged(page, f"{look}: suggestions")
    page.locator("#compose-box").fill("")
    page.get_by_role("log").get_by_role("button", name="Open", exact=True).click()
    page.get_by_role("dialog").get_by_role("button", name="Save").click()
    expect(page.get_by_role("dialog").get_by_role("alert")).to_be_visible()
    found += judged(page, f"{look}: modal with errors")
    page.get_by_role("dialog").get_by_role("button", name="Close").click()
    page.get_by_role("link", name="KPI Bot").click()
    expect(page.get_by_role("heading", name="Good morning")).to_be_visible()
    return found + judged(page, f"{look}: Home")


@pytest.mark.parametrize("look", ["light", "dark"])
def test_axe_finds_nothing_serious_in_any_state_of_the_page(browser: Browser, stage: Sandbox, look: str) -> None:
    need_axe()
    with opened(browser, stage.address, bypass_csp=True, color_scheme=look) as page:
        found = walked(page, look)
    assert not found, "\n".join(found)


def test_axe_finds_nothing_serious_on_a_phone_and_nothing_scrolls_sideways(browser: Browser, stage: Sandbox) -> None:
    need_axe()
    phone: dict[str, Any] = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
    with opened(browser, stage.address, bypass_csp=True, **phone) as page:
        page.add_script_tag(path=AXE)
        found = judged(page, "phone: channel")
        page.get_by_role("button", name="Show channels").click()
        expect(page.get_by_role("navigation")).to_be_focused()
        found += judged(page, "phone: channels")
        page.keyboard.press("Escape")
        expect(page.get_by_role("button", name="Show channels")).to_be_focused()
        page.get_by_role("button", name="Show or hide the guide").click()
        found += judged(page, "phone: guide")
        page.get_by_role("tab", name="Faults").click()
        page.get_by_text("A fault of your own").click()
        found += judged(page, "phone: faults")
        page.keyboard.press("Escape")
        assert not found, "\n".join(found)
        wide = "all => all.filter(one => one.scrollWidth > one.clientWidth + 1).map(one => one.id || one.className)"
        assert page.locator("html, body, .top, #main, #scroll, #side-body, .room-head").evaluate_all(wide) == []


def test_at_twice_the_size_everything_is_still_there(browser: Browser, stage: Sandbox) -> None:
    with opened(browser, stage.address, viewport={"width": 720, "height": 450}, device_scale_factor=2) as page:
        page.locator("#compose-box").fill("a message")
        page.keyboard.press("Enter")
        expect(page.get_by_role("article").last).to_be_in_viewport()
        page.get_by_role("button", name="Show channels").click()
        page.get_by_role("link", name="KPI Bot").click()
        expect(page.get_by_role("heading", name="Good morning")).to_be_visible()
        assert page.evaluate("document.documentElement.scrollWidth") <= 720


def test_the_focus_goes_where_things_open_and_comes_back_where_it_was(page: Page) -> None:
    opener = page.get_by_role("log").get_by_role("button", name="Open", exact=True)
    opener.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog").get_by_label("Cause")).to_be_focused()
    page.keyboard.press("Escape")
    expect(opener).to_be_focused()
    thread = page.get_by_role("button", name=re.compile("^1 reply.*open thread"))
    thread.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("combobox", name="Reply in the thread")).to_be_focused()
    page.keyboard.press("Escape")
    expect(thread).to_be_focused()
    for name in ("Act as", "Move the clock to a time", "1 pinned"):
        button = page.get_by_role("button", name=name)
        button.focus()
        page.keyboard.press("Enter")
        expect(button).not_to_be_focused()
        page.keyboard.press("Escape")
        expect(button).to_be_focused()
    for part in (page.get_by_role("complementary", name="Guide, faults and calls"), page.get_by_role("navigation")):
        page.keyboard.press("F6")
        expect(part).to_be_focused()


def test_a_button_that_is_gone_gives_its_place_to_no_other(page: Page, stage: Sandbox) -> None:
    message = page.get_by_role("article", name="KPI Bot").filter(has_text="Churn")
    message.get_by_role("button", name="Acknowledge").focus()
    ts = next(iter(stage.channel("revenue").posts)).ts
    blocks = json.loads(json.dumps(bolt_app.BUTTONS).replace("Acknowledge", "Taken"))
    client_of(stage).chat_update(channel="C0REV", ts=ts, text="Churn", blocks=blocks)
    expect(message.get_by_role("button", name="Taken")).to_be_visible()
    expect(message).to_be_focused()
    client_of(stage).chat_update(channel="C0REV", ts=ts, text="Churn", blocks=bolt_app.BUTTONS)
