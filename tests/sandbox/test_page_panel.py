"""The page in a real Chromium: faults planned and counted, mishaps, calls in both directions, a sandbox gone."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect
from slack_sdk.errors import SlackApiError

from bot.sandbox import Sandbox, serve
from tests.sandbox import bolt_app
from tests.sandbox.fixtures import client_of, served_over_http, small_sandbox
from tests.sandbox.pages import browser, opened

__all__ = ["browser"]
pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]


@pytest.fixture
def stage() -> Iterator[Sandbox]:
    """The small company with a real Bolt app."""
    sandbox = small_sandbox()
    with serve(sandbox):
        app, _ = bolt_app.build(sandbox)
        with served_over_http(app) as url:
            sandbox.connect(url)
            yield sandbox


@pytest.fixture
def page(browser: Browser, stage: Sandbox) -> Iterator[Page]:
    """The page as Ana, in #revenue."""
    with opened(browser, stage.address) as page:
        yield page


def refused(stage: Sandbox) -> SlackApiError:
    with pytest.raises(SlackApiError) as caught:
        client_of(stage).chat_postMessage(channel="C0REV", text="hello")
    return caught.value


def test_a_fault_is_planned_in_a_sentence_counted_and_cleared(page: Page, stage: Sandbox) -> None:
    page.get_by_role("tab", name="Faults").click()
    page.get_by_role("button", name="Slack answers 429 to the next 3 posts").click()
    armed = page.get_by_role("region", name="Armed faults")
    expect(armed).to_contain_text("struck 0 of 3")
    expect(page.locator(".toast")).to_have_count(0)
    assert refused(stage).response.status_code == 429
    expect(armed).to_contain_text("struck 1 of 3")
    page.get_by_text("A fault of your own").click()
    page.get_by_label("What happens").select_option("error")
    page.get_by_label("To which calls").select_option("chat.postMessage")
    page.get_by_label("In which channel").select_option("#executives")
    page.get_by_role("textbox", name="Error code").fill("restricted_action")
    page.get_by_role("button", name="Arm", exact=True).click()
    expect(armed.get_by_role("listitem")).to_have_count(2)
    expect(armed).to_contain_text("For chat.postMessage to #executives, Slack refuses it")
    armed.get_by_role("button", name=re.compile("^Clear: For chat.postMessage, ")).click()
    expect(armed.get_by_role("listitem")).to_have_count(1)
    armed.get_by_role("button", name="Clear all").click()
    expect(armed).to_contain_text("every call is answered as Slack would")
    client_of(stage).chat_postMessage(channel="C0REV", text="well again")


def test_mishaps_happen_at_once(page: Page, stage: Sandbox) -> None:
    ts = client_of(stage).chat_postMessage(channel="C0REV", text="soon gone")["ts"]
    page.get_by_role("tab", name="Faults").click()
    mishaps = page.get_by_role("region", name="Mishaps")
    mishaps.get_by_role("button", name="Delete").click()
    expect(page.get_by_role("log")).not_to_contain_text("soon gone")
    assert stage.workspace.rooms["C0REV"].messages[ts].deleted
    mishaps.get_by_label("Person to deactivate").select_option("Bob Stone")
    mishaps.get_by_role("button", name="Deactivate").click()
    stage.wait_for(lambda: stage.workspace.people["U0BOB"].deleted)
    mishaps.get_by_label("Person to reactivate").select_option("Bob Stone")
    mishaps.get_by_role("button", name="Reactivate").click()
    stage.wait_for(lambda: not stage.workspace.people["U0BOB"].deleted)
    mishaps.get_by_role("button", name="Put KPI Bot out of #revenue").click()
    mishaps.get_by_role("button", name="Invite KPI Bot back to #revenue").click()
    expect(mishaps.get_by_role("button", name="Put KPI Bot out of #revenue")).to_be_visible()
    assert "U0SANDBOX" in stage.workspace.rooms["C0REV"].members
    mishaps.get_by_role("button", name="Revoke the app's token").click()
    question = page.get_by_role("dialog", name="Revoke the token?")
    question.get_by_role("button", name="Cancel").click()
    assert not stage.workspace.token_revoked
    mishaps.get_by_role("button", name="Revoke the app's token").click()
    question.get_by_role("button", name="Revoke").click()
    stage.wait_for(lambda: stage.workspace.token_revoked)
    assert refused(stage).response["error"] in ("token_revoked", "account_inactive", "invalid_auth")
    mishaps.get_by_role("button", name="Archive #revenue").click()
    expect(page.get_by_role("main")).to_contain_text("#revenue is archived")
    expect(mishaps).to_contain_text("There is no way back")
    mishaps.get_by_role("button", name="Unarchive #revenue").click()
    expect(page.get_by_role("combobox", name="Message #revenue")).to_be_visible()


def test_calls_of_both_directions_are_listed_with_what_was_said(page: Page, stage: Sandbox) -> None:
    page.get_by_role("tab", name="Calls").click()
    expect(page.get_by_role("region", name="Calls")).to_contain_text("No call")
    stage.user("ana").command("/kpi churn", "C0REV")
    client_of(stage).chat_postMessage(channel="C0REV", text="hello")
    refused_call = page.get_by_role("group").filter(has_text="chat.postMessage")
    expect(refused_call.first).to_contain_text("200")
    command = page.get_by_role("group").filter(has_text="command").last
    expect(command.get_by_role("img", name="to the app")).to_be_visible()
    command.locator("summary").click()
    expect(command).to_contain_text('"text": "churn"')
    expect(command).to_contain_text("you said churn")
    page.get_by_label("Which way").select_option("From the app")
    expect(page.locator(".way.sent")).to_have_count(0)
    expect(page.locator(".way.received").first).to_be_visible()


def test_the_page_says_when_the_sandbox_is_gone_and_goes_on_when_it_is_back(browser: Browser) -> None:
    first, second = small_sandbox(), small_sandbox()
    context = browser.new_context()
    page = context.new_page()
    with serve(first) as address:
        page.goto(f"{address}/?as=ana#/C0REV")
        client_of(first).chat_postMessage(channel="C0REV", text="of the first")
        expect(page.get_by_role("log")).to_contain_text("of the first")
    gone = page.get_by_role("status").filter(has_text="does not answer")
    expect(gone).to_be_visible()
    expect(page.get_by_role("log")).to_contain_text("of the first")
    assert float(page.locator("#compose").evaluate("node => getComputedStyle(node).opacity")) < 1
    with serve(second, port=int(address.rpartition(":")[2])):
        expect(gone).to_be_hidden(timeout=15_000)
        client_of(second).chat_postMessage(channel="C0REV", text="of the second")
        expect(page.get_by_role("log")).to_contain_text("of the second")
        expect(page.get_by_role("log")).not_to_contain_text("of the first")
    context.close()
