"""The page in a real Chromium: a channel as its readers know it: what is new, reactions, threads, links, pins."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from playwright.sync_api import Browser, Page, expect

from bot.sandbox import BotApp, Channel, CommandHint, Sandbox, serve
from tests.sandbox.fixtures import CHANNELS, client_of, small_sandbox
from tests.sandbox.pages import act_as, browser, opened

__all__ = ["browser"]
pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

HINTS = (
    CommandHint("/kpi", "your KPIs"),
    CommandHint("/kpi ack", "take an alert on"),
    CommandHint("/kpi churn", "Churn rate"),
    CommandHint("/kpi ack churn", "Churn rate"),
)
PARTNERS = Channel("C0PAR", "partners", ("ana",), is_shared=True)


@pytest.fixture
def stage() -> Iterator[Sandbox]:
    """The small company, with nobody behind the app."""
    sandbox = small_sandbox(channels=(*CHANNELS, PARTNERS), app=BotApp(hints=HINTS), zone="Europe/Madrid")
    with serve(sandbox):
        yield sandbox


@pytest.fixture
def page(browser: Browser, stage: Sandbox) -> Iterator[Page]:
    """The page as Ana, in #revenue."""
    with opened(browser, stage.address, permissions=["clipboard-read", "clipboard-write"]) as page:
        yield page


def messages(page: Page) -> list[str]:
    """What stands in the conversation: message texts, day lines, the line above what is new."""
    shown: list[str] = page.locator("#messages > :not(.intro)").evaluate_all(
        "all => all.map(one => one.getAttribute('role') === 'separator' ? `-- ${one.innerText}` : "
        "one.querySelector('.content').innerText)"
    )
    return shown


def test_days_and_what_is_new_are_told_apart_and_one_writer_stands_together(page: Page, stage: Sandbox) -> None:
    client = client_of(stage)
    client.chat_postMessage(channel="C0REV", text="yesterday")
    expect(page.get_by_role("log")).to_contain_text("yesterday")
    page.get_by_role("navigation").get_by_role("link", name="executives").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("executives")
    stage.clock.advance(timedelta(days=1))
    client.chat_postMessage(channel="C0REV", text="first <@U0ANA>")
    client.chat_postMessage(channel="C0REV", text="second")
    revenue = page.get_by_role("link", name=re.compile("^revenue.*you are named.*2 unread"))
    expect(revenue).to_be_visible()
    revenue.click()
    expect(page.get_by_role("separator", name="New messages")).to_be_visible()
    assert messages(page) == ["-- Yesterday", "yesterday", "-- Today", "-- New", "first @Ana Ruiz", "second"]
    expect(page.locator(".message .name")).to_have_count(2)
    expect(page.get_by_role("navigation").get_by_role("link", name="revenue", exact=True)).to_be_visible()
    page.get_by_role("navigation").get_by_role("link", name="executives").click()
    page.get_by_role("navigation").get_by_role("link", name="revenue").click()
    expect(page.get_by_role("log")).to_contain_text("second")
    expect(page.get_by_role("separator", name="New messages")).to_have_count(0)


def test_a_person_reacts_and_takes_it_back_by_keyboard_alone(page: Page, stage: Sandbox) -> None:
    ts = client_of(stage).chat_postMessage(channel="C0REV", text="Churn is red")["ts"]
    message = page.get_by_role("article", name="KPI Bot")
    expect(message).to_be_visible()
    message.get_by_role("button", name="Add reaction").focus()
    page.keyboard.press("Enter")
    picker = page.get_by_role("dialog", name="Add reaction")
    expect(picker.get_by_role("textbox", name="Find an emoji")).to_be_focused()
    page.keyboard.type("hourglass f")
    expect(picker.get_by_role("button")).to_have_count(1)
    page.keyboard.press("Control+A")
    page.keyboard.press("Delete")
    page.keyboard.press("ArrowDown")
    expect(picker.get_by_role("button", name="white check mark")).to_be_focused()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    mine = message.get_by_role("button", name="eyes, 1: Ana Ruiz")
    expect(mine).to_have_attribute("aria-pressed", "true")
    assert stage.workspace.rooms["C0REV"].messages[ts].reactions == {"eyes": ["U0ANA"]}
    act_as(page, "Bob Stone")
    message.get_by_role("button", name="eyes, 1: Ana Ruiz").click()
    message.get_by_role("button", name="eyes, 2: Ana Ruiz, Bob Stone").click()
    expect(message.get_by_role("button", name="eyes, 1: Ana Ruiz")).to_have_attribute("aria-pressed", "false")


def test_a_link_to_a_message_opens_it_and_a_reply_in_its_thread(page: Page, stage: Sandbox) -> None:
    client = client_of(stage)
    first = client.chat_postMessage(channel="C0REV", text="the one that is looked for")["ts"]
    reply = client.chat_postMessage(channel="C0REV", text="the reply", thread_ts=first)["ts"]
    for number in range(60):
        client.chat_postMessage(channel="C0REV", text=f"line {number}")
    expect(page.get_by_role("log")).to_contain_text("line 59")
    message = page.get_by_role("article").filter(has_text="looked for")
    expect(message).not_to_be_in_viewport()
    link = client.chat_getPermalink(channel="C0REV", message_ts=first)["permalink"]
    client.chat_postMessage(channel="C0REV", text=f"see <{link}|there>")
    page.get_by_role("link", name="there").evaluate("link => link.removeAttribute('target')")
    page.get_by_role("link", name="there").click()
    expect(message).to_be_in_viewport()
    expect(message).to_be_focused()
    page.get_by_role("button", name="Jump to latest").click()
    expect(message).not_to_be_in_viewport()
    page.goto(f"{stage.address}/archives/C0REV/p{reply.replace('.', '')}?thread_ts={first}&cid=C0REV")
    thread = page.get_by_role("complementary", name="Thread")
    expect(thread.get_by_role("article").filter(has_text="the reply")).to_be_focused()
    thread.get_by_role("article").filter(has_text="the reply").get_by_role("button", name="Copy link").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("status").filter(has_text="copied")).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()") == page.url.split("/#")[0] + (
        f"/archives/C0REV/p{reply.replace('.', '')}?thread_ts={first}&cid=C0REV"
    )


def test_a_followed_thread_is_unread_until_it_is_opened_and_stays_when_its_parent_goes(
    page: Page, stage: Sandbox
) -> None:
    client = client_of(stage)
    parent = client.chat_postMessage(channel="C0REV", text="Churn is red")["ts"]
    stage.user("ana").say("looking into it", "C0REV", stage.workspace.rooms["C0REV"].messages[parent])
    client.chat_postMessage(channel="C0REV", text="it got worse", thread_ts=parent)
    page.get_by_role("link", name=re.compile("^Threads.*1 unread")).click()
    page.get_by_role("button", name=re.compile("^2 replies.*1 new.*open thread")).click()
    thread = page.get_by_role("complementary", name="Thread")
    expect(thread.get_by_role("separator", name="New messages")).to_be_visible()
    expect(thread.get_by_role("combobox", name="Reply in the thread")).to_be_focused()
    expect(page.get_by_role("link", name="Threads", exact=True)).to_be_visible()
    stage.delete(stage.workspace.rooms["C0REV"].messages[parent])
    expect(page.get_by_role("log").first).to_contain_text("This message was deleted.")
    expect(thread).to_contain_text("it got worse")
    page.keyboard.press("Escape")
    expect(thread).to_be_hidden()


def test_pins_bookmarks_members_and_marks_of_a_channel_are_shown(page: Page, stage: Sandbox) -> None:
    client = client_of(stage)
    ts = client.chat_postMessage(channel="C0REV", text="How we count churn")["ts"]
    client.pins_add(channel="C0REV", timestamp=ts)
    client.bookmarks_add(channel_id="C0REV", title="Runbook", type="link", link="https://example.com/runbook")
    expect(page.get_by_role("link", name="Runbook")).to_have_attribute("href", "https://example.com/runbook")
    page.get_by_role("button", name="1 pinned").click()
    page.get_by_role("dialog", name="Pinned messages").get_by_role("button", name="How we count churn").click()
    expect(page.get_by_role("article", name="KPI Bot")).to_be_focused()
    stage.workspace.people["U0BOB"] = replace(stage.workspace.people["U0BOB"], presence="away")
    stage.changes.tell()
    members = page.get_by_role("button", name="3 members")
    members.click()
    bob = page.get_by_role("dialog", name="Members").get_by_role("listitem").filter(has_text="Bob Stone")
    expect(bob.get_by_role("img", name="away")).to_be_visible()
    page.keyboard.press("Escape")
    expect(members).to_be_focused()
    for name in ("executives.*private", "old-news.*archived", "partners.*shared with another company"):
        expect(page.get_by_role("link", name=re.compile(name))).to_be_visible()


def test_nobody_writes_where_they_may_not_and_a_public_channel_can_be_joined(page: Page, stage: Sandbox) -> None:
    page.get_by_role("link", name="old-news").click()
    expect(page.get_by_role("main")).to_contain_text("#old-news is archived")
    expect(page.get_by_role("textbox")).to_have_count(0)
    page.get_by_role("link", name="operations").click()
    page.get_by_role("button", name="Join channel").click()
    expect(page.get_by_role("combobox", name="Message #operations")).to_be_focused()
    assert "U0ANA" in stage.workspace.rooms["C0OPS"].members
    act_as(page, "Cat Guest")
    expect(page.get_by_role("heading", level=1)).to_have_text("KPI Bot")
    expect(page.get_by_role("navigation").get_by_role("link", name="operations")).to_have_count(0)


def test_commands_people_and_channels_are_completed_and_commands_come_back(page: Page, stage: Sandbox) -> None:
    box = page.get_by_role("combobox", name="Message #revenue")
    suggested = page.get_by_role("listbox", name="Suggestions").get_by_role("option")
    box.fill("/")
    expect(suggested).to_have_text(["/kpiyour KPIs", "/kpi acktake an alert on", "/kpi churnChurn rate"])
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(box).to_have_value("/kpi ack ")
    expect(suggested).to_have_text(["/kpi ack churnChurn rate"])
    page.keyboard.press("Escape")
    expect(suggested).to_have_count(0)
    box.fill("/nonsense now")
    page.keyboard.press("Enter")
    said = page.get_by_role("article", name="Slackbot")
    expect(said).to_contain_text("Only visible to you")
    expect(said).to_contain_text("/nonsense is not a valid command.")
    expect(box).to_have_value("/nonsense now")
    box.fill("")
    page.keyboard.press("ArrowUp")
    expect(box).to_have_value("/nonsense now")
    page.keyboard.press("ArrowDown")
    expect(box).to_have_value("")
    box.fill("/kpi chrun")
    expect(suggested).to_have_text(["/kpi churnDid you mean this? Churn rate"])
    box.fill("")
    box.press_sequentially("ask @bo")
    page.keyboard.press("Enter")
    page.keyboard.type("in #exe")
    page.keyboard.press("Tab")
    expect(box).to_have_value("ask @Bob Stone in #executives ")
    page.keyboard.press("Enter")
    expect(page.get_by_role("log")).to_contain_text("ask @Bob Stone in #executives")
    assert next(iter(stage.channel("revenue").posts)).text == "ask <@U0BOB> in <#G0EXE>"
    box.fill("a draft")
    page.get_by_role("navigation").get_by_role("link", name="executives").click()
    expect(page.get_by_role("combobox", name="Message #executives")).to_have_value("")
    page.get_by_role("navigation").get_by_role("link", name=re.compile("^revenue")).click()
    expect(box).to_have_value("a draft")


def test_a_command_nobody_answers_is_told_by_slackbot_where_it_was_typed(page: Page, stage: Sandbox) -> None:
    page.locator("#compose-box").fill("/kpi churn")
    page.keyboard.press("Enter")
    said = page.get_by_role("article", name="Slackbot")
    expect(said).to_contain_text("/kpi failed with the error “dispatch_failed”")
    expect(said).to_contain_text("The app could not be reached.")
    expect(page.locator("#compose-box")).to_have_value("/kpi churn")
    page.get_by_role("navigation").get_by_role("link", name="executives").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("executives")
    expect(said).to_have_count(0)
    act_as(page, "Bob Stone")
    page.get_by_role("navigation").get_by_role("link", name="revenue").click()
    expect(page.get_by_role("combobox", name="Message #revenue")).to_be_visible()
    expect(said).to_have_count(0)


def test_a_long_list_of_suggestions_says_that_there_are_more(browser: Browser) -> None:
    sandbox = small_sandbox(app=BotApp(hints=tuple(CommandHint(f"/kpi name{n}", "a KPI") for n in range(14))))
    with serve(sandbox), opened(browser, sandbox.address) as page:
        page.locator("#compose-box").fill("/kpi ")
        suggested = page.get_by_role("listbox", name="Suggestions").get_by_role("option")
        expect(suggested).to_have_count(11)
        expect(suggested.last).to_have_text("Keep typing … 4 more")


def test_a_long_plain_message_folds_and_unfolds(page: Page, stage: Sandbox) -> None:
    words = "\n".join(f"line {number}" for number in range(60))
    client_of(stage).chat_postMessage(channel="C0REV", text=words)
    message = page.get_by_role("article", name="KPI Bot")
    more = message.get_by_role("button", name="See more")
    expect(more).to_be_visible()
    folded = message.bounding_box()
    more.click()
    unfolded = message.bounding_box()
    assert folded and unfolded and folded["height"] < 400 < unfolded["height"]


def test_a_link_to_a_room_of_others_says_so_and_tells_nothing(page: Page, stage: Sandbox) -> None:
    page.goto(f"{stage.address}/?as=ana#/G0SEC")
    expect(page.get_by_role("status").filter(has_text="was not found, or is not for you")).to_be_visible()
    expect(page.get_by_role("heading", level=1)).not_to_have_text("secret")


def test_only_our_own_bot_has_a_picture(browser: Browser) -> None:
    sandbox = small_sandbox(app=BotApp(name="Tea Club", handle="tea-club"))
    with serve(sandbox), opened(browser, sandbox.address) as page:
        client_of(sandbox).chat_postMessage(channel="C0REV", text="a cup?")
        expect(page.locator(".message .avatar")).to_have_text("TC")
