"""Blocks as the page draws them, in a real Chromium: what is seen, what using them tells the app, and no HTML."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page, expect, sync_playwright
from slack_bolt import App
from slack_sdk import WebClient

from bot.sandbox import Sandbox, serve
from tests.browser import CHROMIUM, FLAGS, need_chromium
from tests.sandbox import block_gallery as gallery
from tests.sandbox.block_gallery import (
    NOW,
    asked,
    button,
    chart,
    mrkdwn,
    option,
    part,
    pie,
    plain,
    rich,
    section,
)
from tests.sandbox.block_pictures import at_home, open_page, post_all, put, teal
from tests.sandbox.fixtures import client_of, served_over_http, small_sandbox

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

Json = dict[str, Any]
FOUND = [option("Churn rate", "churn_rate"), option("Chargebacks", "chargebacks")]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    need_chromium()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def told() -> list[Json]:
    """What the app has been told: actions, questions for options, and submissions."""
    return []


@pytest.fixture(scope="module")
def stage(told: list[Json]) -> Iterator[Sandbox]:
    """The small company, with an app that takes every action and opens the modal with every input."""
    sandbox = small_sandbox()
    with serve(sandbox):
        app = App(client=client_of(sandbox), signing_secret=sandbox.signing_secret, process_before_response=True)
        _listen(app, told)
        with served_over_http(app) as url:
            sandbox.connect(url)
            yield sandbox


def _listen(app: App, told: list[Json]) -> None:
    @app.action(re.compile(".*"))
    def acted(ack: Any, body: Json, client: WebClient) -> None:
        ack()
        told.append(body)
        if body["actions"][0]["action_id"] == "modal":
            client.views_open(trigger_id=body["trigger_id"], view=gallery.MODAL)

    @app.options(re.compile(".*"))
    def find(ack: Any, body: Json) -> None:
        told.append(body)
        ack(options=[one for one in FOUND if body["value"].lower() in one["text"]["text"].lower()])

    @app.view(re.compile(".*"))
    def saved(ack: Any, body: Json) -> None:
        ack()
        told.append(body)


@pytest.fixture(scope="module")
def client(stage: Sandbox) -> WebClient:
    return client_of(stage)


@pytest.fixture(scope="module")
def wrong() -> list[str]:
    return []


@pytest.fixture(scope="module")
def opened(browser: Browser, stage: Sandbox, wrong: list[str]) -> Iterator[Page]:
    """One window for all tests, as Ana in Madrid, on a machine in Tokyo."""
    page = browser.new_context(viewport={"width": 1280, "height": 1000}, timezone_id="Asia/Tokyo").new_page()
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on("console", lambda line: wrong.append(line.text) if line.type == "error" else None)
    page.on("request", lambda sent: wrong.append(sent.url) if not sent.url.startswith(stage.address) else None)
    page.on("dialog", lambda dialog: wrong.append(dialog.message))
    page.goto(f"{stage.address}/?as=ana#/C0REV")
    yield page
    page.context.close()


@pytest.fixture
def page(opened: Page, wrong: list[str], told: list[Json]) -> Iterator[Page]:
    """The window; nothing may be wrong in its console, and no other host may be asked."""
    told.clear()
    wrong.clear()
    yield opened
    assert wrong == []


def posted(page: Page, client: WebClient, *blocks: Json) -> Locator:
    """A message with these blocks, as it stands on the page."""
    return shown(page, str(client.chat_postMessage(channel="C0REV", text="blocks", blocks=list(blocks))["ts"]))


def shown(page: Page, ts: str) -> Locator:
    message = page.locator(f'#messages .message[data-ts="{ts}"]')
    expect(message).to_be_visible()
    page.evaluate(UNTIL_STILL)
    return message


UNTIL_STILL = """() => new Promise((done) => {
  let timer;
  const still = () => { clearTimeout(timer); timer = setTimeout(() => { seen.disconnect(); done(); }, 100); };
  const seen = new MutationObserver(still);
  seen.observe(document.getElementById("messages"), { childList: true, subtree: true });
  still();
})"""
"""Wait until nothing is drawn anew any more: a press on what is being replaced goes nowhere."""


def offered(page: Page) -> Locator:
    """The list that is open now."""
    return page.locator(".popup:popover-open")


def acts(told: list[Json]) -> Json:
    """The newest action the app was told of."""
    action: Json = told[-1]["actions"][0]
    return action


def until_told(page: Page, told: list[Json], count: int = 1) -> None:
    for _ in range(100):
        if len(told) >= count:
            return
        page.wait_for_timeout(20)
    raise AssertionError(f"the app was told {len(told)} times, not {count}")


# -- words ----------------------------------------------------------------------------------------------------


def marked(message: Locator, tag: str) -> list[str]:
    return message.locator(f".block {tag}").all_inner_texts()


def test_marks_are_drawn_only_at_the_edges_of_words(page: Page, client: WebClient) -> None:
    text = "*bold* _it_ ~no~ 2*3*4 snake_case_word * a * *`code*`* _*both*_ (*in*), *two\nlines*"
    message = posted(page, client, section(text))
    assert marked(message, "strong") == ["bold", "code*", "both", "in"]
    assert marked(message, "em") == ["it", "both"]
    assert marked(message, "s") == ["no"]
    expect(message).to_contain_text("2*3*4 snake_case_word * a *")
    expect(message).to_contain_text("*two")


def test_quotes_fences_and_line_breaks_stand_as_written(page: Page, client: WebClient) -> None:
    message = posted(page, client, section("one\n&gt; two\n> three\nfour\n```\n*five*\n  six\n```\n>>> seven\n\neight"))
    assert marked(message, "blockquote") == ["two\nthree", "seven\n\neight"]
    assert marked(message, "pre") == ["*five*\n  six"]
    assert message.locator(".text").inner_text().startswith("one\n")


def test_mentions_name_people_channels_and_groups_and_stand_out_when_they_mean_the_reader(
    page: Page, client: WebClient
) -> None:
    text = "<@U0ANA> <@U0BOB> <#C0REV> <#C9HID|hidden> <!subteam^S0REV> <!here> <!channel> <!everyone> <!odd|odd one>"
    message = posted(page, client, section(text))
    mine = ["@Ana Ruiz", "@revenue-team", "@here", "@channel", "@everyone"]
    assert message.locator(".mention-me").all_inner_texts() == mine
    assert message.locator(".mention:not(.mention-me)").all_inner_texts() == ["@Bob Stone", "#revenue", "#hidden"]
    expect(message).to_contain_text("odd one")
    assert message.locator("a.mention").get_attribute("href") == "#/C0REV"


def test_addresses_become_links_unless_the_text_is_verbatim(page: Page, client: WebClient) -> None:
    text = "<https://a.example/?x=1&amp;y=2|words> see https://b.example/p_(q). Or me@c.example, ok"
    message = posted(page, client, section(text))
    links = message.locator(".block a")
    assert links.evaluate_all("all => all.map(one => [one.getAttribute('href'), one.textContent, one.rel])") == [
        ["https://a.example/?x=1&y=2", "words", "noopener noreferrer"],
        ["https://b.example/p_(q", "https://b.example/p_(q", "noopener noreferrer"],
        ["mailto:me@c.example", "me@c.example", "noopener noreferrer"],
    ]
    silent = posted(page, client, {"type": "section", "text": mrkdwn("at https://b.example/", verbatim=True)})
    assert silent.locator(".block a").count() == 0


def test_every_date_token_is_written_in_the_readers_zone_with_its_link_or_its_fallback(
    page: Page, client: WebClient
) -> None:
    winter = NOW + 90 * 86_400
    tokens = {
        "{date_num}": "2027-02-22", "{date_slash}": "22/02/2027", "{date}": "22 de febrero de 2027",
        "{date_short}": "22 feb 2027", "{date_long}": "lunes, 22 de febrero de 2027",
        "{date_long_full}": "22 de febrero de 2027", "{date_long_pretty}": "lunes, 22 de febrero de 2027",
        "{time}": "10:00", "{time_secs}": "10:00:00", "{ago}": "dentro de 90 días",
        "{day_divider_pretty}": "lunes, 22 de febrero de 2027", "{unknown}": "{unknown}",
    }  # fmt: skip
    message = posted(page, client, section("\n".join(f"- <!date^{winter}^{token}|fb>" for token in tokens)))
    assert message.locator(".text").inner_text().split("\n") == [f"- {words}" for words in tokens.values()]
    today = posted(
        page,
        client,
        section(f"<!date^{NOW}^{{date_pretty}}|f> <!date^{NOW + 86_400}^{{date_short_pretty}}^https://a.example/|f>"),
        section("<!date^x^{date}|no time> <!date^99999999999999999^{date}|too far>"),
    )
    expect(today.locator(".text").first).to_have_text("Hoy mañana")
    expect(today.get_by_role("link", name="mañana")).to_have_attribute("href", "https://a.example/")
    expect(today.locator(".text").last).to_have_text("no time too far")


HOSTILE = (
    "<img src=x onerror=alert(1)><script>alert(1)</script>\"'`*_~:constructor: "
    "<javascript:alert(1)|x> javascript:alert(1)"
)


def poisoned(value: Any, name: str = "") -> Any:
    """The same block with hostile words in every place that holds words for people."""
    if isinstance(value, dict):
        return {key: poisoned(one, key) for key, one in value.items()}
    if isinstance(value, list):
        return [poisoned(one, name) for one in value]
    kept = ("type", "action_id", "block_id", "style", "width", "level", "value", "status", "timestamp", "align", "icon")
    return HOSTILE if isinstance(value, str) and name not in kept else value


def test_hostile_words_in_every_field_stay_words(page: Page, client: WebClient, stage: Sandbox) -> None:
    groups = (*gallery.SENT, *gallery.PLACED, gallery.MODAL["blocks"])
    for blocks in groups:
        message = shown(page, put(client, stage, poisoned(blocks)))
        expect(message).to_contain_text("onerror=alert(1)")
        assert message.locator("script, iframe, object, .content img:not([src^='http://127.0.0.1'])").count() == 0
        addresses = message.locator(".block a").evaluate_all("all => all.map(one => one.getAttribute('href'))")
        assert [one for one in addresses if not re.match(r"https?://|mailto:|#/", one)] == []
        attributes = message.evaluate("m => [...m.querySelectorAll('*')].flatMap(n => n.getAttributeNames())")
        assert [name for name in attributes if name.startswith("on")] == []


def test_a_link_that_is_no_web_address_is_shown_as_words(page: Page, client: WebClient, stage: Sandbox) -> None:
    bad = "javascript:alert(1)"
    leaf = {"type": "link", "url": bad, "text": "click me"}
    blocks = [
        section(f"<{bad}|one>"),
        rich(part("section", leaf)),
        {"type": "markdown", "text": f"[two]({bad}) [three](data:text/html,x) <{bad}>"},
        {"type": "actions", "elements": [button("four", "b", url=bad)]},
        {"type": "video", "title": plain("five"), "title_url": bad, "video_url": bad, "alt_text": "a"},
    ]
    message = shown(page, put(client, stage, blocks))
    assert message.locator(".block a").count() == 0
    expect(message).to_contain_text("click me")
    expect(message.get_by_role("button", name="four")).to_be_visible()


def test_deep_and_endless_nesting_is_drawn_without_breaking_the_page(
    page: Page, client: WebClient, stage: Sandbox
) -> None:
    texts = ["*_~" * 900 + "x" + "~_*" * 900, ">" * 3000 + " x", "- " * 1500 + "x", "[" * 3000, "`" * 3001, "<" * 3000]
    blocks = [
        *(section(text) for text in texts),
        *({"type": "markdown", "text": text} for text in [*texts, "**a " * 700, "||||\n|-|" * 300]),
    ]
    message = shown(page, put(client, stage, blocks))
    assert message.locator(".unknown").count() == 0
    assert message.locator(".block").count() == len(blocks)


# -- blocks ---------------------------------------------------------------------------------------------------


def test_headers_have_their_levels_and_fields_stand_in_two_columns(
    page: Page, client: WebClient, stage: Sandbox
) -> None:
    headers = [{"type": "header", "text": plain(f"H{level}"), "level": level} for level in (1, 2, 3, 4)]
    fields = section("above", fields=[mrkdwn(f"*f{n}*\nline") for n in range(3)])
    message = shown(page, put(client, stage, [*headers, fields]))
    sizes = [
        message.get_by_role("heading", name=f"H{n}").evaluate("n => parseFloat(getComputedStyle(n).fontSize)")
        for n in range(1, 5)
    ]
    assert sizes == sorted(sizes, reverse=True) and len(set(sizes)) == 4
    first, second, third = (message.locator(".section-field").nth(n).bounding_box() for n in range(3))
    assert first and second and third
    assert first["y"] == second["y"] and second["x"] > first["x"] + 100 and third["y"] > first["y"]
    assert first["height"] < 60, "a field of two lines is two lines high"


def test_a_tall_section_folds_until_the_reader_asks_for_more_unless_it_is_to_expand(
    page: Page, client: WebClient
) -> None:
    text = "\n".join(f"line {n}" for n in range(40))
    message = posted(page, client, section(text))
    more = message.get_by_role("button", name="See more")
    expect(more).to_have_attribute("aria-expanded", "false")
    folded = message.locator(".text").bounding_box()
    more.click()
    whole = message.locator(".text").bounding_box()
    assert folded and whole and whole["height"] > folded["height"] * 2
    expect(message.get_by_role("button", name="See less")).to_be_visible()
    expect(posted(page, client, section(text, expand=True)).get_by_role("button", name="See")).to_have_count(0)
    expect(posted(page, client, section("short")).get_by_role("button", name="See")).to_have_count(0)


def test_pictures_of_other_hosts_are_named_and_our_own_are_shown(page: Page, client: WebClient, stage: Sandbox) -> None:
    mine = at_home(client, stage, [{"type": "image", "image_url": gallery.HERE, "alt_text": "teal"}])
    away = {"type": "image", "image_url": gallery.ELSEWHERE, "alt_text": "churn rising", "title": plain("Churn")}
    message = posted(page, client, *mine, away)
    expect(message.locator("img.picture")).to_have_js_property("naturalWidth", 80)
    expect(message.get_by_role("img", name="churn rising")).to_contain_text("at pictures.example.com")
    expect(message.locator("figcaption")).to_have_text("Churn")


def test_an_uploaded_file_is_shown_where_a_block_names_it(page: Page, client: WebClient, stage: Sandbox) -> None:
    file = client.files_upload_v2(content=teal(), filename="teal.png")["file"]["id"]
    message = shown(page, put(client, stage, [{"type": "image", "slack_file": {"id": file}, "alt_text": "by id"}]))
    expect(message.get_by_role("img", name="by id")).to_have_js_property("naturalWidth", 80)


def test_rich_text_draws_every_leaf_and_nests_its_lists(page: Page, client: WebClient, stage: Sandbox) -> None:
    message = shown(page, put(client, stage, gallery.RICH[:1]))
    everything = message.locator(".rich")
    for tag, text in (("strong", "bold "), ("em", "italic "), ("s", "strike "), ("code", "code"), ("u", " under ")):
        assert everything.locator(tag).first.text_content() == text
    expect(everything.locator(".mention-me")).to_have_text(["@Ana Ruiz", "@revenue-team", "@here"])
    expect(everything.locator("time")).to_have_text("martes, 24 de noviembre de 2026 10:00")
    assert everything.locator(".color-leaf").evaluate("n => getComputedStyle(n).backgroundColor") == "rgb(244, 5, 179)"
    markers = everything.locator("ul, ol").evaluate_all(
        "all => all.map(one => [getComputedStyle(one).listStyleType, one.start || 0, one.offsetLeft])"
    )
    assert [kind for kind, _, _ in markers] == [
        "disc", "circle", "square", "disc", "decimal", "lower-alpha", "decimal",
    ]  # fmt: skip
    assert markers[6][1] == 3
    assert markers[0][2] < markers[1][2] < markers[2][2]
    expect(everything.locator("pre")).to_have_text("fixed :tada: <b>\n  kept")


def test_markdown_draws_headings_nested_lists_tasks_quotes_code_and_tables(page: Page, client: WebClient) -> None:
    message = posted(page, client, {"type": "markdown", "text": gallery.MARKDOWN})
    expect(message.locator(".markdown h3, .markdown h4")).to_have_text(["Heading one", "Heading two"])
    expect(message.locator(".markdown > ol > li > ul > li").last.locator("ol > li")).to_have_text("deeper")
    assert message.locator("input[type=checkbox]").evaluate_all("all => all.map(one => one.checked)") == [True, False]
    expect(message.locator("blockquote blockquote")).to_have_text("and one inside")
    expect(message.locator("pre")).to_have_text('def churn(): return "<b>"')
    expect(message.locator("td")).to_have_text(["Churn", "4.3 %", "up", "MRR", "1,200", "a | b"])
    assert message.locator("td").nth(1).evaluate("n => getComputedStyle(n).textAlign") == "right"
    expect(message).to_contain_text("Escaped *stars*, snake_case_word, 2 * 3 * 4 and <b>no html</b>.")
    assert message.get_by_role("link", name="a link").get_attribute("href") == "https://example.com/a_(b)"


def test_a_table_is_aligned_and_wrapped_as_its_columns_say(page: Page, client: WebClient) -> None:
    message = posted(page, client, gallery.TABLE)
    cells = message.locator("tbody tr").first.locator("td")
    looks = cells.evaluate_all("all => all.map(n => [getComputedStyle(n).textAlign, getComputedStyle(n).whiteSpace])")
    assert looks == [["left", "normal"], ["right", "nowrap"], ["center", "nowrap"]]
    expect(cells.nth(2).locator("strong")).to_have_text(" red")
    expect(message.get_by_role("link", name="open")).to_be_visible()


def test_a_data_table_is_sorted_by_number_and_turned_page_by_page(page: Page, client: WebClient) -> None:
    message = posted(page, client, gallery.DATA_TABLE)
    names = message.get_by_role("rowheader")
    expect(message.locator("caption")).to_have_text("KPIs of the company")
    expect(names).to_have_text(["KPI 1", "KPI 2", "KPI 3"])
    expect(message).to_contain_text("1–3 of 8")
    message.get_by_role("button", name="Next page").click()
    message.get_by_role("button", name="Next page").click()
    expect(names).to_have_text(["KPI 7", "KPI 8"])
    expect(message.get_by_role("button", name="Next page")).to_be_disabled()
    message.get_by_role("button", name="Value").click()
    expect(message.get_by_role("columnheader", name="Value")).to_have_attribute("aria-sort", "ascending")
    expect(message.locator("tbody td:nth-child(2)")).to_have_text(["1.0 %", "2.0 %", "4.0 %"])
    page.keyboard.press("Enter")
    expect(message.locator("tbody td:nth-child(2)")).to_have_text(["9.0 %", "8.0 %", "7.0 %"])


def test_a_message_edited_under_its_reader_keeps_the_place_and_the_press(page: Page, client: WebClient) -> None:
    table = {**gallery.DATA_TABLE, "block_id": "kpis"}
    message = posted(page, client, table)
    ts = str(message.get_attribute("data-ts"))
    names = message.get_by_role("rowheader")
    turn = message.get_by_role("button", name="Next page")
    turn.click()
    expect(names).to_have_text(["KPI 4", "KPI 5", "KPI 6"])
    turn.hover()
    page.mouse.down()
    client.chat_update(channel="C0REV", ts=ts, text="blocks", blocks=[{**table, "caption": "Edited meanwhile"}])
    page.wait_for_timeout(200)
    page.mouse.up()
    expect(message.locator("caption")).to_have_text("Edited meanwhile")
    expect(names).to_have_text(["KPI 7", "KPI 8"])


def test_charts_are_drawn_with_all_their_points_and_told_in_words(page: Page, client: WebClient) -> None:
    line = chart("line", {"Churn": [2.1, 2.4, 4.3], "Target": [2.5] * 3}, "Churn")
    message = posted(page, client, line, chart("bar", {"Up": [3, -2], "Down": [-1, 2]}, "Both ways"))
    words_of_it = message.get_by_role("img", name="Churn").get_attribute("aria-label")
    assert words_of_it == (
        "Churn. Line chart (across day, up percent). Churn: 1 Nov 2.1, 2 Nov 2.4, 3 Nov 4.3. "
        "Target: 1 Nov 2.5, 2 Nov 2.5, 3 Nov 2.5"
    )
    expect(message.locator("figure").first.locator("title")).to_have_text(
        ["Churn · 1 Nov: 2.1", "Churn · 2 Nov: 2.4", "Churn · 3 Nov: 4.3", "Target · 1 Nov: 2.5"]
    )
    zero = message.locator(".chart-zero").get_attribute("y1")
    bars = message.locator(".chart-bar").evaluate_all(
        "all => all.map(n => [+n.getAttribute('y'), +n.getAttribute('height')])"
    )
    below = [top >= float(zero or 0) for top, _ in bars]
    assert below == [False, True, True, False]
    assert all(height > 5 for _, height in bars)
    expect(message.locator(".legend li")).to_have_text(["Churn", "Target", "Up", "Down"])
    expect(message.locator(".legend li").nth(1).locator(".swatch")).to_have_class(re.compile("dashed"))


def test_crowded_and_single_charts_stay_readable(page: Page, client: WebClient, stage: Sandbox) -> None:
    blocks = [*gallery.CROWDED, chart("area", {"One": [5]}), pie(1), chart("line", {"Flat": [0, 0, 0]})]
    message = shown(page, put(client, stage, blocks))
    assert message.locator(".unknown").count() == 0
    colors = (
        message.locator("figure")
        .first.locator(".swatch")
        .evaluate_all("all => all.map(n => getComputedStyle(n).backgroundColor)")
    )
    assert len(set(colors)) == 12
    apart = "boxes => boxes.every((b, i) => !i || b.left > boxes[i - 1].left + 5)"
    labels = "svg => [...svg.querySelectorAll('.chart-tick[transform]')].map(n => n.getBoundingClientRect())"
    assert message.locator("svg").first.evaluate(f"svg => ({apart})(({labels})(svg))")
    assert message.locator("[d*=NaN], [points*=NaN], [x*=NaN], [y*=NaN], [cy*=NaN]").count() == 0


def test_boxes_fold_cards_stand_in_a_row_and_an_unknown_kind_is_named(
    page: Page, client: WebClient, stage: Sandbox
) -> None:
    message = posted(page, client, *gallery.FRAMES[2:4])
    inside = message.get_by_role("button", name="Inside")
    expect(inside).to_be_visible()
    message.locator("summary").click()
    expect(inside).to_be_hidden()
    rest = shown(page, put(client, stage, gallery.UNSENT))
    expect(rest.get_by_role("article")).to_have_count(4)
    expect(rest.get_by_role("link", name="How churn is counted")).to_be_visible()
    expect(rest).to_contain_text("A block of the kind “hologram”, which this page does not draw")
    expect(rest.get_by_role("img", name="In progress")).to_be_visible()
    assert rest.locator(".unknown").count() == 1


# -- using them -----------------------------------------------------------------------------------------------


def test_a_question_before_an_action_can_be_refused(page: Page, client: WebClient, told: list[Json]) -> None:
    menu = {**gallery.MENU, "confirm": gallery.CONFIRM, "initial_option": gallery.MONTHS[0]}
    message = posted(
        page, client, {"type": "actions", "elements": [button("Press", "p", confirm=gallery.CONFIRM), menu]}
    )
    dialog = page.locator("#confirm")
    message.get_by_role("button", name="Press").click()
    expect(dialog.locator("strong")).to_have_text("cannot")
    dialog.get_by_role("button", name="Stop").click()
    expect(dialog).to_be_hidden()
    message.get_by_role("button", name="Press").click()
    page.keyboard.press("Escape")
    combo = message.get_by_role("combobox")
    combo.click()
    offered(page).get_by_role("option", name="March").click()
    dialog.get_by_role("button", name="Stop").click()
    expect(combo).to_have_value("January")
    assert told == []
    message.get_by_role("button", name="Press").click()
    dialog.get_by_role("button", name="Do it").click()
    until_told(page, told)
    assert acts(told)["action_id"] == "p"


def test_a_menu_is_searched_and_chosen_from_with_the_keyboard(page: Page, client: WebClient, told: list[Json]) -> None:
    combo = posted(page, client, section("Menu", accessory=gallery.MENU)).get_by_role("combobox")
    combo.focus()
    page.keyboard.press("ArrowDown")
    expect(offered(page).get_by_role("option")).to_have_text(["January", "February", "March", "April"])
    page.keyboard.type("ar")
    expect(offered(page).get_by_role("option")).to_have_text(["January", "February", "March"])
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(combo).to_have_value("March")
    expect(offered(page).get_by_role("option")).to_have_count(0)
    until_told(page, told)
    assert acts(told)["selected_option"]["value"] == "march"
    combo.click()
    page.keyboard.type("zzz")
    expect(page.get_by_text("No results")).to_be_visible()
    page.keyboard.press("Escape")
    expect(combo).to_have_value("March")


def test_several_choices_stand_as_chips_up_to_their_number(
    page: Page, client: WebClient, stage: Sandbox, told: list[Json]
) -> None:
    message = shown(page, put(client, stage, [section("Fruit", accessory=gallery.GROUPED)]))
    message.get_by_role("combobox").click()
    expect(offered(page).get_by_role("group", name="Nuts").get_by_role("option")).to_have_text("Almond")
    offered(page).get_by_role("option", name="Apple").click()
    offered(page).get_by_role("option", name="Almond").click()
    expect(message.locator(".chip")).to_have_text(["Pear×", "Apple×"])
    message.get_by_role("button", name="Remove Pear").click()
    until_told(page, told, 2)
    assert [one["value"] for one in acts(told)["selected_options"]] == ["apple"]


def test_options_of_the_app_are_asked_for_once_enough_is_typed(page: Page, client: WebClient, told: list[Json]) -> None:
    finder = {"type": "external_select", "action_id": "find", "min_query_length": 2}
    combo = posted(page, client, section("Find", accessory=finder)).get_by_role("combobox")
    combo.click()
    page.keyboard.type("c")
    expect(page.get_by_text("Type at least 2 characters")).to_be_visible()
    assert told == []
    page.keyboard.type("hu")
    offered(page).get_by_role("option", name="Churn rate").click()
    expect(combo).to_have_value("Churn rate")
    until_told(page, told, 1 + sum(1 for one in told if one["type"] == "block_suggestion"))
    assert acts(told)["selected_option"]["value"] == "churn_rate"


def test_people_channels_days_times_boxes_and_lanes_tell_what_was_chosen(
    page: Page, client: WebClient, told: list[Json]
) -> None:
    message = posted(page, client, *gallery.ACCESSORIES[5:])
    message.get_by_role("combobox", name="who").click()
    offered(page).get_by_role("option", name="Ana Ruiz").click()
    until_told(page, told, 1)
    assert acts(told)["selected_user"] == "U0ANA"
    message.get_by_role("combobox", name="Where").click()
    offered(page).get_by_role("option", name="#revenue").click()
    until_told(page, told, 2)
    assert acts(told)["selected_conversations"] == ["C0REV"]
    page.keyboard.press("Escape")
    message.get_by_label("Slow lane").first.check()
    until_told(page, told, 3)
    assert [one["value"] for one in acts(told)["selected_options"]] == ["fast", "slow"]
    message.get_by_role("radio").first.check()
    until_told(page, told, 4)
    assert acts(told)["selected_option"]["value"] == "fast"
    message.get_by_label("day", exact=True).fill("2026-12-01")
    until_told(page, told, 5)
    assert acts(told)["selected_date"] == "2026-12-01"
    moment = message.get_by_label("moment")
    expect(moment).to_have_value("2026-11-24T10:00")
    moment.fill("2026-07-01T08:30")
    until_told(page, told, 6)
    assert acts(told)["selected_date_time"] == 1782887400, "half past eight on a summer morning in Madrid"


def test_the_small_menu_opens_with_the_keyboard_and_gives_the_focus_back(
    page: Page, client: WebClient, told: list[Json]
) -> None:
    more = {"type": "overflow", "action_id": "more", "options": [option("Edit"), option("Delete")]}
    opener = posted(page, client, section("More", accessory=more)).get_by_role("button", name="More actions")
    opener.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("menuitem", name="Edit")).to_be_focused()
    page.keyboard.press("ArrowDown")
    expect(page.get_by_role("menuitem", name="Delete")).to_be_focused()
    page.keyboard.press("Escape")
    expect(opener).to_be_focused()
    opener.click()
    page.get_by_role("menuitem", name="Delete").click()
    until_told(page, told)
    assert acts(told)["selected_option"]["value"] == "delete"


def test_typed_text_is_sent_when_its_block_says_so(page: Page, client: WebClient, told: list[Json]) -> None:
    quick = {"type": "plain_text_input", "action_id": "quick"}
    each = {**quick, "action_id": "each", "dispatch_action_config": {"trigger_actions_on": ["on_character_entered"]}}
    message = posted(
        page, client, asked("Quick", quick, dispatch_action=True), asked("Each", each, dispatch_action=True)
    )
    message.get_by_label("Quick").fill("now")
    page.keyboard.press("Enter")
    until_told(page, told)
    assert (acts(told)["action_id"], acts(told)["value"]) == ("quick", "now")
    message.get_by_label("Each").press_sequentially("ab")
    until_told(page, told, 2)
    assert acts(told)["value"] == "ab"


def test_inputs_of_a_modal_say_their_limits_and_send_what_was_put_in(
    page: Page, client: WebClient, told: list[Json]
) -> None:
    posted(page, client, {"type": "actions", "elements": [button("Ask", "modal")]}).get_by_role(
        "button", name="Ask"
    ).click()
    dialog = page.locator("#modal")
    expect(dialog.get_by_role("note")).to_have_count(4)
    cause = dialog.get_by_label("Cause")
    cause.fill("abc")
    expect(dialog.get_by_text("2 more to write")).to_be_visible()
    cause.fill("x" * 33)
    expect(dialog.get_by_text("-3", exact=True)).to_be_visible()
    cause.fill("two accounts left")
    share = dialog.get_by_label("Share")
    share.fill("120")
    share.blur()
    expect(dialog.get_by_text("Enter a number of at most 100.")).to_be_visible()
    share.fill("12")
    expect(dialog.get_by_role("combobox", name="Month")).to_have_value("February")
    dialog.get_by_role("combobox", name="KPIs").click()
    page.keyboard.type("churn")
    offered(page).get_by_role("option", name="Churn rate").click()
    page.keyboard.press("Escape")
    expect(dialog).to_be_visible()
    dialog.get_by_label("Slow lane").last.check()
    dialog.get_by_role("button", name="Save").click()
    expect(dialog).to_be_hidden()
    values = {k: v for block in told[-1]["view"]["state"]["values"].values() for k, v in block.items()}
    assert values["cause"]["value"] == "two accounts left"
    assert values["share"]["value"] == "12"
    assert [one["value"] for one in values["found"]["selected_options"]] == ["churn_rate"]
    assert values["lane"]["selected_option"]["value"] == "slow"
    assert values["moment"]["selected_date_time"] == NOW


# -- every reader ---------------------------------------------------------------------------------------------


def test_the_gallery_fits_a_phone_and_every_control_has_a_name(
    browser: Browser, client: WebClient, stage: Sandbox
) -> None:
    post_all(client, stage)
    page = open_page(browser, stage, viewport={"width": 390, "height": 844}, color_scheme="dark")
    expect(page.get_by_text("“hologram”").last).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert page.evaluate("document.getElementById('scroll').scrollWidth") <= 390
    nameless = page.locator("#messages :is(input, button, select, textarea)").evaluate_all(
        """all => all.filter(n => !(n.labels?.length || n.getAttribute('aria-label') || n.textContent.trim()
             || document.getElementById(n.getAttribute('aria-labelledby')))).map(n => n.outerHTML)"""
    )
    assert json.dumps(nameless) == "[]"
    page.context.close()
