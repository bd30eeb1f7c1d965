"""The page in a real Chromium: what the reader is looking at stays in sight, and what they asked for comes into it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from bot.sandbox import Sandbox, ScriptedEvent, TourStep, serve
from tests.sandbox import bolt_app
from tests.sandbox.fixtures import client_of, served_over_http, small_sandbox
from tests.sandbox.pages import browser, opened

__all__ = ["browser"]
pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

TOUR = (
    TourStep("Ask", "Type it.", lambda s: bool(s.user("ana").ephemeral), channel="revenue", command="/kpi churn"),
    TourStep(
        "It jumps",
        "Look.",
        lambda s: any("red" in post.plain for post in s.channel("revenue").posts),
        channel="revenue",
        event="jump",
    ),
    TourStep("Take it", "Press it.", lambda s: False, channel="revenue", press="Acknowledge"),
)
PHONE: dict[str, Any] = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
INSIDE = """node => {
    const [at, pane] = [node, document.getElementById('scroll')].map(one => one.getBoundingClientRect());
    return at.top >= pane.top - 1 && at.bottom <= pane.bottom + 1 }"""


@pytest.fixture
def stage() -> Iterator[Sandbox]:
    """The small company with a tour, a real Bolt app, and sixty unread messages in #revenue."""
    alarms: list[Callable[[], object]] = []

    def jump() -> object:
        return alarms[0]()

    sandbox = small_sandbox(tour=TOUR, events=[ScriptedEvent("jump", "It jumps now", "", jump)])
    with serve(sandbox):
        app, _ = bolt_app.build(sandbox)
        client = client_of(sandbox)
        alarms.append(lambda: client.chat_postMessage(channel="C0REV", text="Churn is red", blocks=bolt_app.BUTTONS))
        for number in range(60):
            client.chat_postMessage(channel="C0REV", text=f"line {number}")
        with served_over_http(app) as url:
            sandbox.connect(url)
            yield sandbox


@pytest.fixture
def page(browser: Browser, stage: Sandbox) -> Iterator[Page]:
    """The page as Ana, in #revenue, at the line above what is new."""
    with opened(browser, stage.address) as page:
        expect(page.get_by_role("article").filter(has_text=re.compile("line 0$"))).to_be_in_viewport()
        yield page


def stays_inside(page: Page, node: Locator) -> None:
    """It is wholly within the pane of messages, and still is a second later."""
    expect(node).to_be_in_viewport()
    page.wait_for_timeout(1000)
    assert node.evaluate(INSIDE)


def place(page: Page) -> float:
    return float(page.evaluate("document.getElementById('scroll').scrollTop"))


def step(page: Page, words: str) -> None:
    page.get_by_role("region", name="Guided tour").get_by_role("button", name=words, exact=True).click()


def test_each_step_of_the_tour_shows_what_it_did_below_all_that_is_unread(page: Page) -> None:
    step(page, "Type /kpi churn")
    stays_inside(page, page.get_by_role("article").filter(has_text="you said churn"))
    page.locator("#scroll").evaluate("pane => { pane.scrollTop = 0 }")
    step(page, "It jumps now")
    stays_inside(page, page.get_by_role("article").filter(has_text="Churn is red").get_by_role("button").first)
    expect(page.locator("#announcer")).to_contain_text("Step 2 done. Step 3: Take it")
    page.locator("#scroll").evaluate("pane => { pane.scrollTop = 0 }")
    step(page, "Show me Acknowledge")
    stays_inside(page, page.get_by_role("log").get_by_role("button", name="Acknowledge"))
    expect(page.get_by_role("log").get_by_role("button", name="Acknowledge")).to_be_focused()


def test_on_a_phone_the_tour_goes_on_in_a_bar_and_its_results_are_in_sight(browser: Browser, stage: Sandbox) -> None:
    with opened(browser, stage.address, **PHONE) as page:
        bar = page.get_by_role("group", name="The tour's step")
        expect(bar).to_contain_text("Step 1 of 3")
        bar.get_by_role("button", name="Type /kpi churn").click()
        stays_inside(page, page.get_by_role("article").filter(has_text="you said churn"))
        expect(bar).to_contain_text("Step 2 of 3")
        bar.get_by_role("button", name="It jumps now").click()
        expect(bar).to_contain_text("Step 3 of 3")
        page.locator("#scroll").evaluate("pane => { pane.scrollTop = 0 }")
        bar.get_by_role("button", name="Show me Acknowledge").click()
        stays_inside(page, page.get_by_role("log").get_by_role("button", name="Acknowledge"))
        bar.get_by_role("button", name=re.compile("Step 3 of 3 Take it")).click()
        expect(page.get_by_role("region", name="Guided tour")).to_be_in_viewport()
        small = page.locator("button:visible, select:visible, .entry:visible").evaluate_all(
            "all => all.filter(one => one.getBoundingClientRect().height < 39.5).map(one => one.outerHTML.slice(0, 90))"
        )
        assert small == []


def test_a_reaction_leaves_the_reader_where_they_are_and_takes_the_new_line_away(page: Page, stage: Sandbox) -> None:
    page.locator("#scroll").evaluate("pane => { pane.scrollTop = pane.scrollHeight / 2 }")
    before = place(page)
    client = client_of(stage)
    ts = {message.text: message.ts for message in stage.channel("revenue").posts}
    middle = page.locator(f'[data-ts="{ts["line 30"]}"]')
    top = middle.bounding_box()
    client.chat_update(channel="C0REV", ts=ts["line 59"], text="line 59, changed")
    expect(page.get_by_role("log")).to_contain_text("line 59, changed")
    assert place(page) == before
    client.chat_update(channel="C0REV", ts=ts["line 2"], text="line 2\nis\nlonger\nnow")
    expect(page.get_by_role("log")).to_contain_text("longer")
    now = middle.bounding_box()
    assert top and now and abs(now["y"] - top["y"]) <= 1
    expect(page.get_by_role("separator", name="New messages")).to_have_count(1)
    middle.hover()
    middle.get_by_role("button", name="Add reaction").first.click()
    page.get_by_role("dialog", name="Add reaction").get_by_role("button", name="eyes").click()
    expect(middle.get_by_role("button", name="eyes, 1: Ana Ruiz")).to_be_in_viewport()
    expect(page.get_by_role("separator", name="New messages")).to_have_count(0)
    stays_inside(page, middle)


def test_what_arrives_out_of_sight_is_counted_and_what_arrives_at_the_end_is_shown(page: Page, stage: Sandbox) -> None:
    client = client_of(stage)
    before = place(page)
    client.chat_postMessage(channel="C0REV", text="out of sight")
    expect(page.get_by_role("button", name="1 new message")).to_be_visible()
    assert place(page) == before
    pill = page.get_by_role("button", name="1 new message").bounding_box()
    pane = page.locator("#scroll").bounding_box()
    assert pill and pane and pill["y"] >= pane["y"] + pane["height"]
    expect(page.locator("#announcer")).to_contain_text("KPI Bot: out of sight")
    page.get_by_role("button", name="1 new message").click()
    client.chat_postMessage(channel="C0REV", text="in sight")
    stays_inside(page, page.get_by_role("article").filter(has_text="in sight"))


def test_ones_own_message_is_shown_and_nothing_is_new_after_it(page: Page) -> None:
    page.locator("#compose-box").fill("I see")
    page.keyboard.press("Enter")
    stays_inside(page, page.get_by_role("article").filter(has_text="I see"))
    expect(page.get_by_role("separator", name="New messages")).to_have_count(0)


def test_links_that_skip_lead_to_the_messages_and_the_guide_and_leave_the_room(page: Page) -> None:
    for words, target in (("the messages", "#scroll"), ("the guide", "#panel"), ("the message box", "#compose-box")):
        page.get_by_role("link", name=f"Skip to {words}").focus()
        page.keyboard.press("Enter")
        expect(page.locator(target)).to_be_focused()
        assert page.url.endswith("#/C0REV")


def test_a_message_drawn_anew_is_not_read_out_again(page: Page, stage: Sandbox) -> None:
    client = client_of(stage)
    ts = client.chat_postMessage(channel="C0REV", text="once")["ts"]
    expect(page.locator("#announcer")).to_contain_text("once")
    client.chat_update(channel="C0REV", ts=ts, text="once, changed")
    expect(page.get_by_role("log")).to_contain_text("once, changed")
    expect(page.locator("#announcer p")).to_have_text(["KPI Bot: once"])
    expect(page.get_by_role("log")).to_have_attribute("aria-live", "off")
