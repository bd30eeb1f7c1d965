"""The demo as a newcomer plays it: one command, a page in a real browser, the story in two minutes."""

import re
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
        opened.goto(address)
        yield opened
        browser.close()


def press(page: Page, words: str) -> None:
    """Press the button of the tour's step, which says so."""
    page.get_by_role("region", name="Guided tour").get_by_role("button", name=words, exact=True).click()


def at_step(page: Page, title: str) -> None:
    expect(page.get_by_role("region", name="Guided tour").locator("[aria-current=step]")).to_contain_text(title)


def acting_as(page: Page, name: str) -> None:
    expect(page.get_by_role("button", name=f"Act as: {name}")).to_be_visible()


def test_the_tour_can_be_played_step_by_step(page: Page) -> None:
    log = page.get_by_role("log")
    at_step(page, "The morning digest")
    press(page, "Next")
    expect(log.get_by_text("KPI digest").first).to_be_visible()
    acting_as(page, "Ana Castellanos")

    at_step(page, "Ask for a KPI")
    press(page, "Type /kpi churn")
    expect(log.get_by_text("Only visible to you").first).to_be_visible()
    expect(log.get_by_text("Churn rate: 3.2%").first).to_be_in_viewport()

    at_step(page, "Something goes wrong")
    press(page, "Churn jumps to 4.3 %")
    acting_as(page, "Chidi Okafor")
    expect(page.get_by_role("heading", level=1)).to_contain_text("customer-success")
    expect(log.get_by_role("article").last).to_contain_text("Critical")
    expect(log.get_by_role("article").last.get_by_role("button", name="Acknowledge")).to_be_in_viewport()

    at_step(page, "Nobody answers")
    press(page, "Move the clock 20 minutes on")
    acting_as(page, "Quentin Dubois")
    expect(log.get_by_text("it is with you now").or_(log.get_by_text("Passed on to")).first).to_be_visible()
    expect(page.get_by_role("link", name=re.compile("^KPI Bot.*1 unread"))).to_be_visible()

    at_step(page, "Somebody takes it")
    press(page, "Leave")
    expect(page.get_by_role("button", name="Show me Acknowledge")).to_have_count(0)
    press(page, "Resume")
    press(page, "Show me Acknowledge")
    expect(log.get_by_role("button", name="Acknowledge").last).to_be_focused()
    page.keyboard.press("Enter")
    expect(log.get_by_text("Acknowledged by").first).to_be_in_viewport()

    at_step(page, "It recovers")
    press(page, "Churn comes down to 2.1 %")
    expect(log.get_by_text("Recovered").first).to_be_in_viewport()

    at_step(page, "The next morning")
    press(page, "Move the clock to 08:00")
    expect(page.get_by_role("heading", level=1)).to_contain_text("executive")
    expect(log.get_by_text("Back in the green").first).to_be_visible()

    expect(page.get_by_role("region", name="Guided tour")).to_contain_text("What to try next")
    press(page, "Type /kpi")
    suggested = page.get_by_role("listbox", name="Suggestions").get_by_role("option")
    expect(suggested.filter(has_text="/kpi alerts")).to_contain_text("open alerts, most urgent first")
    page.keyboard.press("Escape")
    press(page, "Plan a fault")
    expect(page.get_by_role("tab", name="Faults")).to_have_attribute("aria-selected", "true")
    page.get_by_role("tab", name="Guide").click()
    press(page, "Act as somebody else")
    expect(page.get_by_role("combobox", name="Find a person")).to_be_focused()
