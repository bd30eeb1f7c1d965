"""The page in a real Chromium: reading, typing, clicking, acting as somebody else, and harmless words."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from bot.sandbox import BotApp, CommandHint, Sandbox, ScriptedEvent, TourStep, serve
from tests.sandbox import bolt_app
from tests.sandbox.fixtures import client_of, served_over_http, small_sandbox
from tests.sandbox.pages import act_as, browser, opened

__all__ = ["browser"]
pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]


@pytest.fixture
def stage() -> Iterator[Sandbox]:
    """The small company with a real Bolt app, an event and a tour."""
    posted: list[Callable[[], object]] = []

    def churn() -> object:
        return posted[0]()

    sandbox = small_sandbox(
        app=BotApp(hints=(CommandHint("/kpi churn", "Summary of churn"), CommandHint("/kpi buttons", "Buttons"))),
        zone="Europe/Madrid",
        events=[ScriptedEvent("churn", "Churn jumps", "to 4.3 %", churn)],
        tour=[
            TourStep(
                "A value arrives", "Look at `#revenue`.", lambda s: bool(s.channel("revenue").posts), event="churn"
            ),
            TourStep("Time passes", "Four hours.", channel="#revenue", advance=timedelta(hours=4)),
        ],
    )
    with serve(sandbox):
        app, _ = bolt_app.build(sandbox)
        client = client_of(sandbox)
        posted.append(lambda: client.chat_postMessage(channel="C0REV", text="Churn is 4.3 %", blocks=bolt_app.BUTTONS))
        with served_over_http(app) as url:
            sandbox.connect(url)
            yield sandbox


@pytest.fixture
def page(browser: Browser, stage: Sandbox) -> Iterator[Page]:
    """The page as Ana, in #revenue."""
    with opened(browser, stage.address) as page:
        yield page


def test_a_post_appears_without_reloading_and_its_button_works(page: Page, stage: Sandbox) -> None:
    page.get_by_role("button", name="Churn jumps").last.click()
    expect(page.get_by_role("log")).to_contain_text("Churn is red")
    page.get_by_role("log").get_by_role("button", name="Open", exact=True).click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("Acknowledge")
    dialog.get_by_role("button", name="Save").click()
    expect(dialog.get_by_role("alert")).to_have_text("Please complete this required field.")
    dialog.get_by_label("Cause").fill("no idea")
    dialog.get_by_role("button", name="Save").click()
    expect(dialog.get_by_role("alert")).to_have_text("Please find out first.")
    dialog.get_by_label("Cause").fill("two accounts left")
    dialog.get_by_role("button", name="Save").click()
    expect(dialog).to_be_hidden()
    assert stage.user("ana").view is None


def test_a_command_is_typed_with_suggestions_and_answered_privately(page: Page, stage: Sandbox) -> None:
    box = page.locator("#compose-box")
    box.click()
    page.keyboard.type("/kpi c")
    expect(page.get_by_role("option")).to_contain_text(["/kpi churn"])
    page.keyboard.press("Tab")
    expect(box).to_have_value("/kpi churn")
    page.keyboard.press("Enter")
    answer = page.locator(".ephemeral")
    expect(answer).to_contain_text("you said churn")
    expect(answer).to_contain_text("Only visible to you")
    act_as(page, "Bob Stone")
    expect(page.get_by_role("log")).not_to_contain_text("you said churn")


def test_words_that_look_like_html_are_words(page: Page, stage: Sandbox) -> None:
    nasty = "<script>window.hit=1</script> <img src=x onerror=window.hit=1> <javascript:alert(1)|click>"
    client = client_of(stage)
    client.chat_postMessage(channel="C0REV", text=nasty)
    block = {"type": "section", "text": {"type": "mrkdwn", "text": nasty}}
    client.chat_postMessage(channel="C0REV", text="a", blocks=[block, {"type": "markdown", "text": nasty}])
    log = page.get_by_role("log")
    expect(log.locator(".message")).to_have_count(2)
    expect(log).to_contain_text("<script>window.hit=1</script> <img src=x onerror=window.hit=1>")
    assert page.evaluate("window.hit") is None
    assert page.locator("#messages script, #messages img, #messages a[href^='javascript']").count() == 0


def dated(stage: Sandbox, pattern: str, days: int = 0) -> str:
    at = int((stage.clock.now() + timedelta(days=days)).timestamp())
    return f"<!date^{at}^{pattern}|fallback>"


def test_dates_are_drawn_in_the_readers_zone_and_language(page: Page, stage: Sandbox) -> None:
    client = client_of(stage)
    client.chat_postMessage(channel="C0REV", text=f"due {dated(stage, '{date_short_pretty} a las {time}')}")
    client.chat_postMessage(channel="C0REV", text=f"due {dated(stage, '{date_pretty}', days=1)}")
    client.chat_postMessage(channel="C0REV", text=f"due {dated(stage, '{date}', days=60)}")
    log = page.get_by_role("log")
    for words in ("due hoy a las 10:00", "due mañana", "due 23 de enero de 2027"):
        expect(log).to_contain_text(words)
    act_as(page, "Bob Stone")
    for words in ("due today a las 04:00", "due tomorrow", "due 23 January 2027"):
        expect(log).to_contain_text(words)


def test_a_date_has_a_capital_only_where_it_begins_the_text(page: Page, stage: Sandbox) -> None:
    client = client_of(stage)
    client.chat_postMessage(
        channel="C0REV", text=f"*{dated(stage, '{date_pretty}')}*, or {dated(stage, '{date_pretty}')}"
    )
    act_as(page, "Bob Stone")
    expect(page.get_by_role("log")).to_contain_text("Today, or today")


def test_threads_unread_marks_and_the_clock(page: Page, stage: Sandbox) -> None:
    client = client_of(stage)
    ts = client.chat_postMessage(channel="C0REV", text="parent")["ts"]
    client.chat_postMessage(channel="C0REV", text="a reply", thread_ts=ts)
    page.get_by_role("button", name=re.compile("^1 reply.*open thread")).click()
    thread = page.get_by_role("complementary", name="Thread")
    expect(thread).to_contain_text("a reply")
    thread.locator("textarea").fill("mine too")
    thread.locator("textarea").press("Enter")
    expect(thread).to_contain_text("mine too")
    client.chat_postMessage(channel="G0EXE", text="news")
    expect(page.get_by_role("link", name=re.compile("executives.*1"))).to_be_visible()
    page.get_by_role("button", name="Move the clock to a time").click()
    page.get_by_role("button", name="4 hours on", exact=True).click()
    expect(page.get_by_role("timer")).to_have_attribute("aria-label", re.compile("14:00"))
    page.get_by_role("button", name="Tomorrow 08:00").click()
    expect(page.get_by_role("timer")).to_have_attribute("aria-label", re.compile("25 Nov 2026, 08:00"))
    page.get_by_role("button", name="Move the clock to a time").click()
    page.get_by_label("To a time in Madrid").fill("2026-12-01T09:30")
    page.get_by_role("dialog", name="Move the clock").get_by_role("button", name="Move the clock", exact=True).click()
    act_as(page, "Bob Stone")
    expect(page.get_by_role("timer")).to_have_accessible_name(
        re.compile("1 Dec 2026, 03:30, New York.*1 Dec 2026, 09:30, Madrid")
    )


def test_home_shows_what_the_app_publishes(page: Page) -> None:
    page.get_by_role("link", name="KPI Bot").click()
    expect(page.get_by_role("heading", name="Good morning")).to_be_visible()


def test_the_tour_goes_on_when_its_step_is_done(page: Page, stage: Sandbox) -> None:
    tour = page.get_by_role("region", name="Guided tour")
    expect(tour.locator("[aria-current=step]")).to_contain_text("A value arrives")
    tour.get_by_role("button", name="Churn jumps").click()
    expect(tour.locator("[aria-current=step]")).to_contain_text("Time passes")
    before = stage.clock.now()
    tour.get_by_role("button", name="Move the clock 4 hours on").click()
    expect(tour).to_contain_text("That was the tour")
    assert stage.clock.now() - before == timedelta(hours=4)


def every_block() -> list[dict[str, Any]]:
    points = [{"label": label, "value": value} for label, value in (("Jan", 2.1), ("Feb", -4.3), ("Mar", 3))]
    axis = {"categories": ["Jan", "Feb", "Mar"], "x_label": "month", "y_label": "percent"}
    words = {"type": "mrkdwn", "text": "*bold* _it_ ~no~ `code` :red_circle: <https://example.com|link> <!channel>"}
    return [
        {"type": "header", "text": {"type": "plain_text", "text": "Header"}},
        {"type": "section", "text": words, "fields": [words, words]},
        {"type": "image", "image_url": "https://example.com/a.png", "alt_text": "a picture elsewhere"},
        {
            "type": "data_visualization",
            "title": "Bars",
            "chart": {"type": "bar", "series": [{"name": "s", "data": points}], "axis_config": axis},
        },
        {"type": "data_visualization", "title": "Pie", "chart": {"type": "pie", "segments": points[:1]}},
        {
            "type": "data_table",
            "caption": "Numbers",
            "page_size": 1,
            "rows": [
                [{"type": "raw_text", "text": "KPI"}],
                [{"type": "raw_number", "value": 2, "text": "2"}],
                [{"type": "raw_number", "value": 1, "text": "1"}],
            ],
        },
        {"type": "card", "title": words, "body": words},
        {
            "type": "container",
            "title": {"type": "plain_text", "text": "Box"},
            "is_collapsible": True,
            "child_blocks": [{"type": "divider"}],
        },
        {"type": "markdown", "text": "# Big\n\n- **one**\n\n| a | b |\n|---|---|\n| 1 | 2 |"},
        {
            "type": "rich_text",
            "elements": [
                {
                    "type": "rich_text_list",
                    "style": "ordered",
                    "elements": [{"type": "rich_text_section", "elements": [{"type": "user", "user_id": "U0BOB"}]}],
                }
            ],
        },
        {"type": "context", "elements": [words]},
    ]


def test_every_block_is_drawn_and_none_asks_another_host(page: Page, stage: Sandbox) -> None:
    client_of(stage).chat_postMessage(channel="C0REV", text="all", blocks=every_block())
    message = page.locator(".message").last
    expect(message.locator("figure.chart")).to_have_count(2)
    expect(message.locator(".chart-bar")).to_have_count(3)
    expect(message.locator("table")).to_have_count(2)
    expect(message.locator("strong").first).to_have_text("bold")
    expect(message.locator(".light-red").first).to_be_visible()
    expect(message).to_contain_text("@Bob Stone")
    assert message.locator(".unknown").count() == 0
    message.get_by_role("button", name="Next page").click()
    expect(message).to_contain_text("2–2 of 2")


def test_the_page_fits_a_phone(browser: Browser, stage: Sandbox) -> None:
    client_of(stage).chat_postMessage(channel="C0REV", text="all", blocks=every_block())
    context = browser.new_context(viewport={"width": 390, "height": 844})
    page = context.new_page()
    page.goto(f"{stage.address}/?as=ana#/C0REV")
    expect(page.locator(".message").last).to_be_visible()
    page.get_by_role("button", name=re.compile("^Clock: .*24 Nov 2026, .*Move it")).click()
    page.get_by_role("button", name="1 hour on", exact=True).click()
    expect(page.get_by_role("button", name=re.compile("^Clock: .*24 Nov 2026, 11:00, Madrid"))).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert page.evaluate("document.getElementById('scroll').scrollWidth") <= 390
    page.get_by_role("button", name="Show channels").click()
    page.get_by_role("link", name="executives").click()
    expect(page.get_by_role("heading", name="executives").first).to_be_visible()
    context.close()
