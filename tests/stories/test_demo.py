"""The demo as a newcomer plays it: one command, a page in a real browser, the story in two minutes."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect, sync_playwright

from bot.cli.demo import staged
from tests.browser import CHROMIUM, FLAGS, need_chromium

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    need_chromium()
    with staged(0) as demo:
        yield demo


@pytest.fixture(scope="module")
def page(address: str) -> Iterator[Page]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        opened = browser.new_page(viewport={"width": 1360, "height": 900})
        opened.set_default_timeout(15_000)
        expect.set_options(timeout=15_000)
        opened.goto(address)
        yield opened
        browser.close()


def act_as(page: Page, name: str) -> None:
    page.get_by_label("Act as").select_option(label=name)


def open_channel(page: Page, name: str) -> None:
    page.get_by_role("navigation").get_by_text(name, exact=True).click()


def test_the_story_can_be_played_by_hand(page: Page) -> None:
    log = page.get_by_role("log")
    open_channel(page, "executive")
    expect(log.get_by_text("KPI digest").first).to_be_visible()
    expect(log.get_by_text("Customer success").first).to_be_visible()

    page.get_by_placeholder("type /kpi").fill("/kpi churn")
    page.keyboard.press("Enter")
    expect(log.get_by_text("Only visible to you").first).to_be_visible()
    expect(log.get_by_text("Churn rate: 3.2%").first).to_be_visible()

    page.get_by_role("button", name="Churn jumps to 4.3 %").last.click()
    open_channel(page, "customer-success")
    expect(log.get_by_text("4.3%").first).to_be_visible()

    page.get_by_role("button", name="+1 hour").click()
    expect(log.get_by_text("it is with you now").first).to_be_visible()

    log.get_by_role("button", name="Acknowledge").last.click()
    expect(log.get_by_text("Acknowledged by").first).to_be_visible()

    page.get_by_role("button", name="Churn comes down to 2.1 %").last.click()
    expect(log.get_by_text("Recovered").first).to_be_visible()

    page.get_by_role("button", name="Tomorrow 08:00").click()
    open_channel(page, "executive")
    expect(log.get_by_text("Back in the green").first).to_be_visible()
