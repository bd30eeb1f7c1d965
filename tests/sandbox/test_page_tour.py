"""The page in a real Chromium: where the tour leads, where the app opens, and where the newest message stands."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Browser, Page, expect

from bot.sandbox import BotApp, Sandbox, TourStep, serve
from tests.sandbox.fixtures import client_of, small_sandbox
from tests.sandbox.pages import browser, opened

__all__ = ["browser"]
pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

TOUR = (
    TourStep("Read the board's news", "A long one.", person="ana", channel="executives"),
    TourStep("Look at revenue", "Here.", person="bob", channel="revenue"),
    TourStep("Wait", "An hour.", person="bob", channel="revenue", advance=timedelta(hours=1)),
    TourStep("The next morning", "It is 08:00.", person="ana", channel="executives", tomorrow_at="08:00"),
)


@pytest.fixture
def stage() -> Iterator[Sandbox]:
    """The small company with a tour and nobody behind the app."""
    sandbox = small_sandbox(tour=TOUR)
    with serve(sandbox):
        yield sandbox


@pytest.fixture
def page(browser: Browser, stage: Sandbox) -> Iterator[Page]:
    """The page as Bob, in #revenue; nothing may be wrong with its scripts."""
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    page = context.new_page()
    wrong: list[str] = []
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.goto(f"{stage.address}/?as=bob#/C0REV")
    expect(page.get_by_role("heading", name="revenue", exact=True).first).to_be_visible()
    yield page
    context.close()
    assert wrong == []


def test_a_step_names_a_channel_the_reader_cannot_see_and_leads_to_the_top_of_its_news(
    page: Page, stage: Sandbox
) -> None:
    lines = ["First line", *(f"line {number}" for number in range(40))]
    blocks = [{"type": "section", "text": {"type": "mrkdwn", "text": line}} for line in lines]
    client_of(stage).chat_postMessage(channel="G0EXE", text="news", blocks=blocks)
    page.get_by_role("button", name="Go to #executives").click()
    expect(page.get_by_role("heading", name="executives").first).to_be_visible()
    expect(page.get_by_role("button", name="Act as: Ana Ruiz")).to_be_visible()
    expect(page.locator(".message").last).to_contain_text("First line")
    expect(page.get_by_text("First line", exact=True)).to_be_in_viewport()
    page.wait_for_timeout(200)
    place = "document.querySelector('.message:last-child').getBoundingClientRect().top"
    assert 0 <= page.evaluate(f"{place} - document.getElementById('scroll').getBoundingClientRect().top") < 40


def test_progress_is_kept_in_another_tab_until_the_sandbox_starts_anew(page: Page, stage: Sandbox) -> None:
    page.get_by_role("button", name="Go to #executives").click()
    other = page.context.new_page()
    other.goto(f"{stage.address}/?as=bob#/C0REV")
    tour = other.get_by_role("region", name="Guided tour")
    expect(tour.locator("[aria-current=step]")).to_contain_text("Look at revenue")
    page.get_by_role("button", name="Go to #revenue").click()
    expect(tour.locator("[aria-current=step]")).to_contain_text("Wait")
    stage.start = "another"
    other.reload()
    expect(tour.locator("[aria-current=step]")).to_contain_text("Read the board's news")


def test_the_last_step_moves_the_clock_to_the_morning_and_goes_to_its_channel(page: Page, stage: Sandbox) -> None:
    tour = page.get_by_role("region", name="Guided tour")
    for _ in range(2):
        tour.get_by_role("button", name="Skip").click()
    tour.get_by_role("button", name="Move the clock 1 hour on").click()
    expect(tour).to_contain_text("in #executives as Ana Ruiz")
    assert stage.clock.now() == datetime(2026, 11, 24, 10, 0, tzinfo=UTC)
    tour.get_by_role("button", name="Move the clock to 08:00").click()
    expect(tour).to_contain_text("That was the tour")
    expect(page.get_by_role("heading", name="executives").first).to_be_visible()
    assert stage.clock.now() == datetime(2026, 11, 25, 8, 0, tzinfo=UTC)


def test_the_app_opens_at_its_unread_messages_and_else_at_home(page: Page, stage: Sandbox) -> None:
    app = page.get_by_role("link", name="KPI Bot")
    app.click()
    expect(page.get_by_role("tab", name="Home", exact=True)).to_have_attribute("aria-selected", "true")
    client_of(stage).chat_postMessage(channel="U0BOB", text="You are the deputy.")
    expect(page.get_by_role("tab", name=re.compile("Messages.*1"))).to_be_visible()
    app.click()
    expect(page.get_by_role("tab", name="Messages")).to_have_attribute("aria-selected", "true")
    expect(page.get_by_role("log")).to_contain_text("You are the deputy.")
    page.get_by_role("link", name="revenue").click()
    app.click()
    expect(page.get_by_role("tab", name="Home", exact=True)).to_have_attribute("aria-selected", "true")
    page.get_by_role("tab", name="About").click()
    page.get_by_role("tab", name="Home").click()
    expect(page.get_by_role("heading", name="Nothing here yet")).to_be_visible()
    expect(page.get_by_role("main")).to_contain_text("It is not connected to the sandbox")


def test_a_step_that_leads_where_one_is_already_is_done_by_looking(page: Page, stage: Sandbox) -> None:
    tour = page.get_by_role("region", name="Guided tour")
    tour.get_by_role("button", name="Skip").click()
    tour.get_by_role("button", name="Next", exact=True).click()
    expect(tour.locator("[aria-current=step]")).to_contain_text("Wait")


@pytest.mark.parametrize(
    ("app", "tabs", "words"),
    [
        (BotApp(home_tab=False), ["Messages", "About"], "This is your conversation with KPI Bot"),
        (BotApp(messages_tab=False), ["Home", "About"], "has not published a Home tab for you"),
        (BotApp(subscriptions=frozenset()), ["Home", "Messages", "About"], "does not subscribe to app_home_opened"),
    ],
)
def test_the_app_has_the_tabs_of_its_manifest(browser: Browser, app: BotApp, tabs: list[str], words: str) -> None:
    sandbox = small_sandbox(app=app)
    with serve(sandbox), opened(browser, sandbox.address) as page:
        page.get_by_role("link", name="KPI Bot").click()
        expect(page.get_by_role("tab").filter(has_not_text=re.compile("Faults|Calls"))).to_have_text(tabs)
        expect(page.get_by_role("main")).to_contain_text(words)


def test_a_broadcast_reply_names_its_parent_and_opens_its_thread(page: Page, stage: Sandbox) -> None:
    client = client_of(stage)
    parent = client.chat_postMessage(channel="C0REV", text="Churn is *4.3 %*\nmore")["ts"]
    client.chat_postMessage(channel="C0REV", text="It is worse", thread_ts=parent, reply_broadcast=True)
    reply = page.get_by_role("log").locator(".message").last
    expect(reply).to_contain_text("replied to a thread: Churn is 4.3 %")
    reply.get_by_role("button", name="Churn is 4.3 %").click()
    thread = page.get_by_role("complementary", name="Thread")
    expect(thread).to_contain_text("also sent to the channel")


def test_bars_in_a_text_are_drawn_apart_from_the_words(page: Page, stage: Sandbox) -> None:
    client_of(stage).chat_postMessage(channel="C0REV", text="Churn ▁▂▃▅▇ and `▁▂▃▅▇`")
    expect(page.locator(".message .sparkline")).to_have_text(["▁▂▃▅▇", "▁▂▃▅▇"])
