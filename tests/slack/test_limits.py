"""Every limit of the validator has a payload that just fits and one that is just too much."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any, cast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.slack.limits import Fault, check_blocks, check_message, check_view

Json = dict[str, Any]


def plain(size: int | str = "words") -> Json:
    return {"type": "plain_text", "text": "a" * size if isinstance(size, int) else size}


def mrkdwn(size: int | str = "words") -> Json:
    return {"type": "mrkdwn", "text": "a" * size if isinstance(size, int) else size}


def section(**fields: Any) -> Json:
    return {"type": "section", "text": mrkdwn(), **fields}


def button(**fields: Any) -> Json:
    return {"type": "button", "text": plain(), **fields}


def option(number: int | str = 1, **fields: Any) -> Json:
    return {"text": plain(), "value": str(number), **fields}


def options(count: int) -> list[Json]:
    return [option(number) for number in range(count)]


def accessory(**fields: Any) -> list[Json]:
    return [section(accessory=fields)]


def actions(*elements: Json) -> list[Json]:
    return [{"type": "actions", "elements": list(elements)}]


def asked(**element: Any) -> list[Json]:
    return [{"type": "input", "label": plain(), "element": element}]


def select(**fields: Any) -> list[Json]:
    return actions({"type": "static_select", "options": options(1), **fields})


def grouped(*groups: Json) -> list[Json]:
    return actions({"type": "static_select", "option_groups": list(groups)})


def confirmed(**fields: Any) -> list[Json]:
    question = {"title": plain(), "text": plain(), "confirm": plain(), "deny": plain(), **fields}
    return actions(button(confirm=question))


def picture(**fields: Any) -> list[Json]:
    return [{"type": "image", "alt_text": "a", "image_url": "https://example.com/a.png", **fields}]


def chart(**fields: Any) -> Json:
    return {"type": "data_visualization", "title": "t", "chart": fields or pie(1)}


def pie(count: int, value: float = 1, label: str = "s") -> Json:
    return {"type": "pie", "segments": [{"label": f"{label}{number}", "value": value} for number in range(count)]}


def line(points: int = 2, series: int = 1, **axis: Any) -> Json:
    labels = [f"c{number}" for number in range(points)]
    data = [{"label": label, "value": 1} for label in labels]
    return {
        "type": "line",
        "series": [{"name": f"s{number}", "data": data} for number in range(series)],
        "axis_config": {"categories": labels, **axis},
    }


def named(label: str) -> Json:
    data = [{"label": label, "value": 1}]
    return {"type": "bar", "series": [{"name": "s", "data": data}], "axis_config": {"categories": [label]}}


def cell(text: str = "a") -> Json:
    return {"type": "raw_text", "text": text}


def table(rows: int = 1, columns: int = 1, **fields: Any) -> Json:
    return {"type": "table", "rows": [[cell("")] * columns for _ in range(rows)], **fields}


def data_table(rows: int = 2, columns: int = 1, **fields: Any) -> Json:
    return {"type": "data_table", "caption": "c", "rows": [[cell("")] * columns for _ in range(rows)], **fields}


def card(**fields: Any) -> list[Json]:
    return [{"type": "card", "title": plain(), **fields}]


def container(children: int = 1, **fields: Any) -> list[Json]:
    return [{"type": "container", "title": plain(), "child_blocks": [{"type": "divider"}] * children, **fields}]


def rich(*elements: Json) -> list[Json]:
    return [{"type": "rich_text", "elements": list(elements)}]


def words(**leaf: Any) -> list[Json]:
    return rich({"type": "rich_text_section", "elements": [leaf]})


def url(size: int) -> str:
    return "https://" + "a" * (size - 8)


Case = tuple[str, Callable[[int], list[Json]], int]

COUNTED: list[Case] = [
    ("section text", lambda n: [section(text=mrkdwn(n))], 3000),
    ("section fields", lambda n: [section(fields=[mrkdwn()] * n)], 10),
    ("section field", lambda n: [section(fields=[mrkdwn(n)])], 2000),
    ("header", lambda n: [{"type": "header", "text": plain(n)}], 150),
    ("header level", lambda n: [{"type": "header", "text": plain(), "level": n}], 4),
    ("context elements", lambda n: [{"type": "context", "elements": [mrkdwn()] * n}], 10),
    ("context text", lambda n: [{"type": "context", "elements": [mrkdwn(n)]}], 3000),
    ("actions", lambda n: actions(*[button()] * n), 25),
    ("block_id", lambda n: [section(block_id="a" * n)], 255),
    ("action_id", lambda n: actions(button(action_id="a" * n)), 255),
    ("button text", lambda n: actions(button(text=plain(n))), 75),
    ("button value", lambda n: actions(button(value="a" * n)), 2000),
    ("button url", lambda n: actions(button(url=url(n))), 3000),
    ("button accessibility label", lambda n: actions(button(accessibility_label="a" * n)), 75),
    ("confirm title", lambda n: confirmed(title=plain(n)), 100),
    ("confirm text", lambda n: confirmed(text=plain(n)), 300),
    ("confirm button", lambda n: confirmed(confirm=plain(n)), 30),
    ("deny button", lambda n: confirmed(deny=plain(n)), 30),
    ("placeholder", lambda n: select(placeholder=plain(n)), 150),
    ("initial people", lambda n: accessory(type="multi_users_select", initial_users=["U1"] * n), 100),
    ("initial channels", lambda n: accessory(type="multi_channels_select", initial_channels=["C1"] * n), 100),
    (
        "initial conversations",
        lambda n: accessory(type="multi_conversations_select", initial_conversations=["C1"] * n),
        100,
    ),
    ("initial outside options", lambda n: accessory(type="multi_external_select", initial_options=options(n)), 100),
    ("kinds of a filter", lambda n: actions({"type": "conversations_select", "filter": {"include": ["im"] * n}}), 4),
    (
        "moments of a dispatch",
        lambda n: asked(
            type="plain_text_input", dispatch_action_config={"trigger_actions_on": ["on_enter_pressed"] * n}
        ),
        2,
    ),
    ("zone of a time", lambda n: actions({"type": "timepicker", "timezone": "a" * n}), 100),
    ("email", lambda n: asked(type="email_text_input", initial_value="a" * n), 3000),
    ("address", lambda n: asked(type="url_text_input", initial_value="a" * n), 3000),
    ("number", lambda n: asked(type="number_input", is_decimal_allowed=True, initial_value="1" * n), 100),
    ("least number", lambda n: asked(type="number_input", is_decimal_allowed=True, min_value="1" * n), 100),
    ("most number", lambda n: asked(type="number_input", is_decimal_allowed=True, max_value="1" * n), 100),
    (
        "initial checks",
        lambda n: actions({"type": "checkboxes", "options": options(1), "initial_options": options(1) * n}),
        10,
    ),
    ("rich link", lambda n: words(type="link", url=url(n)), 3000),
    ("rich link words", lambda n: words(type="link", url=url(9), text="a" * n), 3000),
    ("rich emoji", lambda n: words(type="emoji", name="a" * n), 100),
    ("rich emoji sign", lambda n: words(type="emoji", name="a", unicode="1" * n), 100),
    ("rich person", lambda n: words(type="user", user_id="U" * n), 255),
    ("rich channel", lambda n: words(type="channel", channel_id="C" * n), 255),
    ("rich group", lambda n: words(type="usergroup", usergroup_id="S" * n), 255),
    ("rich date fallback", lambda n: words(type="date", timestamp=1, format="{date}", fallback="a" * n), 255),
    ("rich colour", lambda n: words(type="color", value="#" * n), 50),
    ("rich border", lambda n: rich({"type": "rich_text_quote", "border": n, "elements": []}), 1),
    ("rich fence border", lambda n: rich({"type": "rich_text_preformatted", "border": n, "elements": []}), 1),
    ("rich language", lambda n: rich({"type": "rich_text_preformatted", "language": "a" * n, "elements": []}), 50),
    ("rich block_id", lambda n: [{**rich()[0], "block_id": "a" * n}], 255),
    ("rich date format", lambda n: words(type="date", timestamp=1, format="a" * n), 255),
    ("options", lambda n: select(options=options(n)), 100),
    ("option text", lambda n: select(options=[option(text=plain(n))]), 75),
    ("option value", lambda n: select(options=[option("a" * n)]), 150),
    ("option description", lambda n: select(options=[option(description=plain(n))]), 75),
    ("option groups", lambda n: grouped(*[{"label": plain(), "options": options(1)}] * n), 100),
    ("options of a group", lambda n: grouped({"label": plain(), "options": options(n)}), 100),
    ("label of a group", lambda n: grouped({"label": plain(n), "options": options(1)}), 75),
    ("overflow options", lambda n: accessory(type="overflow", options=options(n)), 5),
    ("checkboxes", lambda n: actions({"type": "checkboxes", "options": options(n)}), 10),
    ("radio buttons", lambda n: actions({"type": "radio_buttons", "options": options(n)}), 10),
    ("input label", lambda n: [{**asked(type="plain_text_input")[0], "label": plain(n)}], 2000),
    ("input hint", lambda n: [{**asked(type="plain_text_input")[0], "hint": plain(n)}], 2000),
    ("input initial value", lambda n: asked(type="plain_text_input", initial_value="a" * n), 3000),
    ("input max_length", lambda n: asked(type="plain_text_input", max_length=n), 3000),
    ("input min_length", lambda n: asked(type="plain_text_input", min_length=n), 3000),
    ("image url", lambda n: picture(image_url=url(n)), 3000),
    ("image alt text", lambda n: picture(alt_text="a" * n), 2000),
    ("image title", lambda n: picture(title=plain(n)), 2000),
    ("image element alt text", lambda n: accessory(type="image", image_url=url(9), alt_text="a" * n), 2000),
    ("markdown in one block", lambda n: [{"type": "markdown", "text": "a" * n}], 12_000),
    ("markdown in two blocks", lambda n: [{"type": "markdown", "text": "a" * s} for s in (n - 6000, 6000)], 12_000),
    ("table cell", lambda n: [table() | {"rows": [[cell("a" * n)]]}], 10_000),
    (
        "words of a number",
        lambda n: [table() | {"rows": [[{"type": "raw_number", "value": 1, "text": "1" * n}]]}],
        3000,
    ),
    ("table rows", lambda n: [table(rows=n)], 100),
    ("table columns", lambda n: [table(columns=n)], 20),
    ("table column settings", lambda n: [table(column_settings=[None] * n)], 20),
    ("tables of a message", lambda n: [table()] * n, 1),
    ("data table rows", lambda n: [data_table(rows=n)], 101),
    ("data table columns", lambda n: [data_table(columns=n)], 20),
    ("data table page size", lambda n: [data_table(page_size=n)], 100),
    ("data table caption", lambda n: [data_table(caption="a" * n)], 3000),
    ("data table words", lambda n: [data_table(rows=1) | {"rows": [[cell()], [cell("a" * (n - 1))]]}], 10_000),
    ("charts of a message", lambda n: [chart()] * n, 2),
    ("chart title", lambda n: [chart() | {"title": "a" * n}], 50),
    ("chart points", lambda n: [chart(**line(points=n))], 20),
    ("chart series", lambda n: [chart(**line(series=n))], 6),
    ("chart x label", lambda n: [chart(**line(x_label="a" * n))], 50),
    ("chart y label", lambda n: [chart(**line(y_label="a" * n))], 50),
    ("chart category", lambda n: [chart(**named("a" * n))], 20),
    ("pie segments", lambda n: [chart(**pie(n))], 6),
    ("pie label", lambda n: [chart(**pie(1, label="a" * (n - 1)))], 20),
    ("card title", lambda n: card(title=plain(n)), 150),
    ("card subtitle", lambda n: card(subtitle=plain(n)), 150),
    ("card body", lambda n: card(body=plain(n)), 200),
    ("card buttons", lambda n: card(actions=[button()] * n), 2),
    ("container children", container, 10),
    ("container title", lambda n: container(title=plain(n)), 150),
    ("container subtitle", lambda n: container(subtitle=plain(n)), 150),
    ("rich text words", lambda n: words(type="text", text="a" * n), 3000),
    (
        "rich text indent",
        lambda n: rich(
            {
                "type": "rich_text_list",
                "style": "bullet",
                "indent": n,
                "elements": [{"type": "rich_text_section", "elements": []}],
            }
        ),
        8,
    ),
    ("blocks of a message", lambda n: [{"type": "divider"}] * n, 50),
]


@pytest.mark.parametrize(("make", "most"), [case[1:] for case in COUNTED], ids=[case[0] for case in COUNTED])
def test_what_just_fits_passes_and_one_more_is_refused(make: Callable[[int], list[Json]], most: int) -> None:
    assert check_blocks(make(most), "message") == []
    faults = check_blocks(make(most + 1), "message")
    assert faults
    assert {fault.code for fault in faults} == {"invalid_blocks"}


def test_a_series_name_has_at_most_20_characters() -> None:
    def with_name(size: int) -> list[Json]:
        data = line()
        return [chart(**{**data, "series": [{**data["series"][0], "name": "a" * size}]})]

    assert check_blocks(with_name(20), "message") == []
    assert pointers(with_name(21)) == ["/blocks/0/chart/series/0/name"]


def test_long_chart_labels_are_named_where_they_stand() -> None:
    long = "a" * 21
    assert pointers([chart(**named(long))]) == [
        "/blocks/0/chart/series/0/data/0/label",
        "/blocks/0/chart/axis_config/categories/0",
    ]


def test_too_many_points_and_categories_are_both_named() -> None:
    assert pointers([chart(**line(points=21))]) == [
        "/blocks/0/chart/series/0/data",
        "/blocks/0/chart/axis_config/categories",
    ]


@pytest.mark.parametrize(("moment", "fine"), [(10**9 - 1, False), (10**9, True), (10**10 - 1, True), (10**10, False)])
def test_a_preselected_moment_has_ten_digits(moment: int, fine: bool) -> None:
    blocks = actions({"type": "datetimepicker", "initial_date_time": moment})
    assert (check_blocks(blocks, "message") == []) is fine


def rich_list(**fields: Any) -> list[Json]:
    part = {"type": "rich_text_list", "style": "bullet", "elements": [{"type": "rich_text_section", "elements": []}]}
    return rich({**part, **fields})


@pytest.mark.parametrize(
    ("make", "fine", "wrong"),
    [
        (lambda n: rich_list(indent=n), 0, -1),
        (lambda n: rich_list(offset=n), 0, -1),
        (lambda n: rich_list(border=n), 0, -1),
        (lambda n: rich_list(border=n), 1, 2),
        (lambda n: rich({"type": "rich_text_quote", "border": n, "elements": []}), 0, -1),
        (lambda n: rich({"type": "rich_text_preformatted", "border": n, "elements": []}), 0, -1),
        (lambda n: words(type="date", timestamp=n, format="{date}"), 0, -1),
        (lambda n: actions({"type": "external_select", "min_query_length": n}), 0, -1),
        (lambda n: asked(type="plain_text_input", min_length=n), 0, -1),
        (lambda n: asked(type="plain_text_input", max_length=n), 1, 0),
    ],
)
def test_a_number_has_its_bounds(make: Callable[[int], list[Json]], fine: int, wrong: int) -> None:
    assert check_blocks(make(fine), "message") == []
    assert check_blocks(make(wrong), "message")


def test_a_menu_has_at_most_100_preselected_options() -> None:
    def menu(count: int) -> list[Json]:
        return accessory(type="multi_static_select", options=options(1), initial_options=options(1) * count)

    assert check_blocks(menu(100), "message") == []
    assert pointers(menu(101)) == ["/blocks/0/accessory/initial_options"]


def test_one_markdown_block_too_long_is_named_itself() -> None:
    assert pointers([{"type": "markdown", "text": "a" * 12_001}]) == ["/blocks/0/text", "/blocks"]


def test_an_empty_cell_and_an_empty_message_of_blocks_pass() -> None:
    assert check_blocks([table() | {"rows": [[cell("")]]}], "message") == []
    assert check_blocks([], "message") == []


def pointers(blocks: list[Json], surface: Any = "message") -> list[str]:
    return [fault.pointer for fault in check_blocks(blocks, surface)]


REFUSED: list[tuple[str, list[Json], str]] = [
    ("unknown block", [{"type": "marquee"}], "/blocks/0"),
    ("unknown field", [{"type": "divider", "colour": "red"}], "/blocks/0/colour"),
    ("section without words", [{"type": "section"}], "/blocks/0"),
    ("empty text", [section(text=mrkdwn(""))], "/blocks/0/text/text"),
    ("text that is no object", [section(text="hello")], "/blocks/0/text"),
    ("mrkdwn header", [{"type": "header", "text": mrkdwn()}], "/blocks/0/text/type"),
    ("header level zero", [{"type": "header", "text": plain(), "level": 0}], "/blocks/0/level"),
    ("mrkdwn button", actions(button(text=mrkdwn())), "/blocks/0/elements/0/text/type"),
    ("mrkdwn placeholder", select(placeholder=mrkdwn()), "/blocks/0/elements/0/placeholder/type"),
    ("mrkdwn menu option", select(options=[option(text=mrkdwn())]), "/blocks/0/elements/0/options/0/text/type"),
    ("mrkdwn confirm title", confirmed(title=mrkdwn()), "/blocks/0/elements/0/confirm/title/type"),
    ("mrkdwn confirm button", confirmed(confirm=mrkdwn()), "/blocks/0/elements/0/confirm/confirm/type"),
    ("mrkdwn image title", picture(title=mrkdwn()), "/blocks/0/title/type"),
    ("mrkdwn container title", container(title=mrkdwn()), "/blocks/0/title/type"),
    ("button style", actions(button(style="green")), "/blocks/0/elements/0/style"),
    ("confirm style", confirmed(style="green"), "/blocks/0/elements/0/confirm/style"),
    ("button address", actions(button(url="javascript:alert(1)")), "/blocks/0/elements/0/url"),
    ("emoji flag", [{"type": "header", "text": {**plain(), "emoji": "yes"}}], "/blocks/0/text/emoji"),
    ("expand flag", [section(expand="yes")], "/blocks/0/expand"),
    ("no actions", actions(), "/blocks/0/elements"),
    ("image in actions", actions({"type": "image", "image_url": url(9), "alt_text": "a"}), "/blocks/0/elements/0"),
    ("input in actions", actions({"type": "plain_text_input"}), "/blocks/0/elements/0"),
    ("multi select in actions", actions({"type": "multi_users_select"}), "/blocks/0/elements/0"),
    ("input as accessory", accessory(type="plain_text_input"), "/blocks/0/accessory"),
    ("button as input", asked(**button()), "/blocks/0/element"),
    ("overflow without options", accessory(type="overflow", options=[]), "/blocks/0/accessory/options"),
    (
        "menu with options and groups",
        select(option_groups=[{"label": plain(), "options": options(1)}]),
        "/blocks/0/elements/0",
    ),
    ("foreign initial option", select(initial_option=option("other")), "/blocks/0/elements/0"),
    (
        "foreign initial options",
        actions({"type": "checkboxes", "options": options(1), "initial_options": options(2)}),
        "/blocks/0/elements/0",
    ),
    (
        "initial date",
        actions({"type": "datepicker", "initial_date": "24.11.2026"}),
        "/blocks/0/elements/0/initial_date",
    ),
    ("initial time", actions({"type": "timepicker", "initial_time": "8 am"}), "/blocks/0/elements/0/initial_time"),
    (
        "initial moment",
        actions({"type": "datetimepicker", "initial_date_time": 1}),
        "/blocks/0/elements/0/initial_date_time",
    ),
    (
        "minimum above maximum",
        asked(type="plain_text_input", min_length=5, max_length=4),
        "/blocks/0/element/min_length",
    ),
    ("number without its kind", asked(type="number_input"), "/blocks/0/element"),
    (
        "selected at least one",
        accessory(type="multi_users_select", max_selected_items=0),
        "/blocks/0/accessory/max_selected_items",
    ),
    ("image without a picture", [{"type": "image", "alt_text": "a"}], "/blocks/0"),
    ("image with two pictures", picture(slack_file={"id": "F1"}), "/blocks/0"),
    ("image without alt text", [{"type": "image", "image_url": url(9)}], "/blocks/0"),
    (
        "file by id and address",
        [{"type": "image", "alt_text": "a", "slack_file": {"id": "F1", "url": url(9)}}],
        "/blocks/0/slack_file",
    ),
    ("alignment", [table(column_settings=[{"align": "up"}])], "/blocks/0/column_settings/0/align"),
    ("wrapping", [table(column_settings=[{"is_wrapped": 1}])], "/blocks/0/column_settings/0/is_wrapped"),
    ("ragged table", [table() | {"rows": [[cell()], [cell(), cell()]]}], "/blocks/0/rows"),
    ("cell of text", [table() | {"rows": [["a"]]}], "/blocks/0/rows/0/0"),
    ("button in a cell", [table() | {"rows": [[button()]]}], "/blocks/0/rows/0/0"),
    ("data table with a header only", [data_table(rows=1)], "/blocks/0/rows"),
    ("data table without caption", [{k: v for k, v in data_table().items() if k != "caption"}], "/blocks/0"),
    ("ragged data table", [data_table() | {"rows": [[cell()], [cell(), cell()]]}], "/blocks/0/rows"),
    (
        "rich header cell",
        [data_table() | {"rows": [[{"type": "rich_text", "elements": []}], [cell()]]}],
        "/blocks/0/rows/0/0",
    ),
    ("page size zero", [data_table(page_size=0)], "/blocks/0/page_size"),
    ("row header beyond the columns", [data_table(row_header_column_index=20)], "/blocks/0/row_header_column_index"),
    (
        "number cell of words",
        [data_table() | {"rows": [[cell()], [{"type": "raw_number", "value": "1"}]]}],
        "/blocks/0/rows/1/0/value",
    ),
    ("table and data table", [table(), data_table()], "/blocks"),
    ("chart of a new kind", [chart(type="radar")], "/blocks/0/chart"),
    ("pie of nothing", [chart(**pie(1, value=0))], "/blocks/0/chart/segments/0/value"),
    ("pie without segments", [chart(**pie(0))], "/blocks/0/chart/segments"),
    ("chart without series", [chart(**{**line(), "series": []})], "/blocks/0/chart/series"),
    ("series named twice", [chart(**{**line(), "series": line()["series"] * 2})], "/blocks/0/chart/series"),
    (
        "point without category",
        [chart(**{**line(), "axis_config": {"categories": ["c0"]}})],
        "/blocks/0/chart/series/0/data",
    ),
    (
        "category without point",
        [chart(**{**line(), "axis_config": {"categories": ["c0", "c1", "c2"]}})],
        "/blocks/0/chart/series/0/data",
    ),
    ("point of infinity", [chart(**pie(1, value=float("inf")))], "/blocks/0/chart/segments/0/value"),
    ("point of nothing", [chart(**pie(1, value=float("nan")))], "/blocks/0/chart/segments/0/value"),
    ("empty card", [{"type": "card"}], "/blocks/0"),
    ("menu in a card", card(actions=[{"type": "users_select"}]), "/blocks/0/actions/0"),
    ("container without title", [{"type": "container", "child_blocks": [{"type": "divider"}]}], "/blocks/0"),
    ("container in a container", container(child_blocks=container()), "/blocks/0/child_blocks/0"),
    ("empty container", container(0), "/blocks/0/child_blocks"),
    ("container width", container(width="huge"), "/blocks/0/width"),
    ("collapsed but not collapsible", container(default_collapsed=True), "/blocks/0/default_collapsed"),
    (
        "divided and collapsible",
        container(is_collapsible=True, has_header_divider=True),
        "/blocks/0/has_header_divider",
    ),
    (
        "fault inside a container",
        container(child_blocks=[section(text=mrkdwn(3001))]),
        "/blocks/0/child_blocks/0/text/text",
    ),
    ("rich text leaf", words(type="blink"), "/blocks/0/elements/0/elements/0"),
    (
        "rich text style",
        words(type="text", text="a", style={"blink": True}),
        "/blocks/0/elements/0/elements/0/style/blink",
    ),
    (
        "rich text list style",
        rich(
            {"type": "rich_text_list", "style": "dotted", "elements": [{"type": "rich_text_section", "elements": []}]}
        ),
        "/blocks/0/elements/0/style",
    ),
    ("broadcast to all", words(type="broadcast", range="all"), "/blocks/0/elements/0/elements/0/range"),
    ("block_id twice", [section(block_id="a"), section(block_id="a")], "/blocks/1/block_id"),
    (
        "block_id twice, once inside",
        [section(block_id="a"), *container(child_blocks=[section(block_id="a")])],
        "/blocks/1/child_blocks/0/block_id",
    ),
    (
        "action_id twice in a block",
        actions(button(action_id="a"), button(action_id="a")),
        "/blocks/0/elements/1/action_id",
    ),
    (
        "action_id twice over blocks",
        [section(accessory=button(action_id="a")), *actions(button(action_id="a"))],
        "/blocks/1/elements/0/action_id",
    ),
    ("alert in a message", [{"type": "alert", "text": plain()}], "/blocks/0"),
    ("block that is no object", cast("list[Json]", ["hello"]), "/blocks/0"),
]


@pytest.mark.parametrize(("blocks", "pointer"), [case[1:] for case in REFUSED], ids=[case[0] for case in REFUSED])
def test_a_fault_is_refused_at_its_place(blocks: list[Json], pointer: str) -> None:
    assert pointers(blocks) == [pointer]


MESSAGE_ONLY = [
    {"type": "markdown", "text": "a"},
    table(),
    data_table(),
    chart(),
    *container(),
]


@pytest.mark.parametrize("block", MESSAGE_ONLY, ids=lambda block: str(block["type"]))
@pytest.mark.parametrize("surface", ["modal", "home"])
def test_blocks_for_messages_are_refused_elsewhere(block: Json, surface: Any) -> None:
    assert check_blocks([block], "message") == []
    assert pointers([block], surface) == ["/blocks/0"]


def test_a_card_is_refused_in_a_modal_only() -> None:
    assert check_blocks(card(), "message") == check_blocks(card(), "home") == []
    assert pointers(card(), "modal") == ["/blocks/0"]


def test_an_alert_belongs_into_a_modal_with_200_characters_and_a_known_level() -> None:
    assert check_blocks([{"type": "alert", "text": mrkdwn(200), "level": "warning"}], "modal") == []
    assert pointers([{"type": "alert", "text": mrkdwn(201)}], "modal") == ["/blocks/0/text/text"]
    assert pointers([{"type": "alert", "text": mrkdwn(), "level": "loud"}], "modal") == ["/blocks/0/level"]
    assert pointers([{"type": "alert", "text": mrkdwn()}], "home") == ["/blocks/0"]


def test_every_block_and_element_we_send_passes() -> None:
    message = [
        {"type": "header", "text": {**plain(), "emoji": True}, "level": 2, "block_id": "head"},
        section(fields=[mrkdwn(), plain()], accessory=button(style="danger", value="1", action_id="a1", url=url(20))),
        {"type": "context", "elements": [mrkdwn(), {"type": "image", "image_url": url(9), "alt_text": "a"}]},
        actions(
            button(style="primary", action_id="a2"),
            {"type": "overflow", "action_id": "a3", "options": [option(url=url(20))]},
            {"type": "external_select", "action_id": "a4", "min_query_length": 0},
            {"type": "users_select", "action_id": "a5", "initial_user": "U1"},
            {"type": "conversations_select", "action_id": "a6", "filter": {"include": ["public"]}},
            {"type": "datepicker", "action_id": "a7", "initial_date": "2026-11-24"},
            {"type": "timepicker", "action_id": "a8", "initial_time": "08:00"},
            {"type": "static_select", "action_id": "a9", "options": options(2), "initial_option": option(1)},
        )[0],
        chart(**line(points=3, series=2, x_label="x", y_label="y")),
        chart(**pie(3)),
        table(column_settings=[{"align": "right", "is_wrapped": True}])
        | {"rows": [[{"type": "raw_number", "value": 1.5, "text": "1.5"}]]},
        *rich(
            {
                "type": "rich_text_section",
                "elements": [
                    {"type": "text", "text": "a", "style": {"bold": True}},
                    {"type": "link", "url": url(20)},
                    {"type": "emoji", "name": "tada"},
                ],
            },
            {
                "type": "rich_text_quote",
                "elements": [
                    {"type": "user", "user_id": "U1"},
                    {"type": "channel", "channel_id": "C1"},
                    {"type": "usergroup", "usergroup_id": "S1"},
                ],
            },
            {
                "type": "rich_text_preformatted",
                "elements": [{"type": "date", "timestamp": 1, "format": "{date}"}],
                "border": 1,
            },
            {"type": "rich_text_list", "style": "ordered", "elements": [{"type": "rich_text_section", "elements": []}]},
        ),
        *container(is_collapsible=True, default_collapsed=True, width="wide", subtitle=mrkdwn()),
    ]
    assert check_message({"text": "words", "blocks": message}) == []


def test_all_blocks_together_have_at_most_13000_characters() -> None:
    around = len('[{"type":"markdown","text":""}]')
    fits = [{"type": "markdown", "text": "ä" * 11_000}, {"type": "divider"}]
    assert check_blocks(fits, "message") == []
    sections = [section(text=mrkdwn(2990)) for _ in range(4)]
    rest = 13_000 - len(_compact(sections)) - 1 - (around - 2)
    assert check_blocks([*sections, {"type": "markdown", "text": "a" * rest}], "message") == []
    faults = check_blocks([*sections, {"type": "markdown", "text": "a" * (rest + 1)}], "message")
    assert [fault.code for fault in faults] == ["msg_blocks_too_long"]


def _compact(value: Any) -> str:
    return json.dumps(value, separators=(",", ":"))


def codes(faults: list[Fault]) -> list[str]:
    return [fault.code for fault in faults]


@pytest.mark.parametrize("empty", [{}, {"text": ""}, {"text": None, "blocks": []}])
def test_a_message_needs_words(empty: Json) -> None:
    assert codes(check_message(empty)) == ["no_text"]


def test_text_has_at_most_40000_characters_and_4000_when_edited() -> None:
    assert check_message({"text": "a" * 40_000}) == []
    assert codes(check_message({"text": "a" * 40_001})) == ["msg_too_long"]
    assert check_message({"text": "a" * 4_000}, editing=True) == []
    assert codes(check_message({"text": "a" * 4_001}, editing=True)) == ["msg_too_long"]


def test_markdown_text_has_12000_characters_and_stands_alone() -> None:
    assert check_message({"markdown_text": "a" * 12_000}) == []
    assert codes(check_message({"markdown_text": "a" * 12_001})) == ["msg_too_long"]
    assert codes(check_message({"markdown_text": "a", "text": "b"})) == ["markdown_text_conflict"]
    assert codes(check_message({"markdown_text": "a", "blocks": [section()]})) == ["markdown_text_conflict"]


def test_metadata_has_a_type_a_payload_and_a_size() -> None:
    def with_metadata(metadata: object) -> list[str]:
        return codes(check_message({"text": "a", "metadata": metadata}))

    assert with_metadata({"event_type": "alert", "event_payload": {"id": "1"}}) == []
    assert with_metadata("alert") == ["invalid_metadata_format"]
    assert with_metadata({"event_type": "alert"}) == ["invalid_metadata_schema"]
    assert with_metadata({"event_type": "alert", "event_payload": {"id": "a" * 8000}}) == ["metadata_too_large"]


def test_blocks_that_are_no_list_are_refused() -> None:
    assert codes(check_message({"text": "a", "blocks": {"type": "section"}})) == ["invalid_blocks_format"]


def modal(**fields: Any) -> Json:
    return {"type": "modal", "title": plain(), "blocks": [section()], **fields}


@pytest.mark.parametrize(
    ("name", "most"),
    [
        ("title", 24),
        ("submit", 24),
        ("close", 24),
        ("private_metadata", 3000),
        ("callback_id", 255),
        ("external_id", 255),
    ],
)
def test_the_fields_of_a_modal_have_their_lengths(name: str, most: int) -> None:
    def value(size: int) -> object:
        return plain(size) if name in ("title", "submit", "close") else "a" * size

    assert check_view(modal(**{name: value(most)})) == []
    faults = check_view(modal(**{name: value(most + 1)}))
    assert codes(faults) == ["invalid_arguments"]
    assert faults[0].pointer.startswith(f"/view/{name}")


@pytest.mark.parametrize("kind", ["modal", "home"])
def test_a_view_has_at_most_100_blocks(kind: str) -> None:
    def view(count: int) -> Json:
        shape = {"type": kind, "blocks": [{"type": "divider"}] * count}
        return {**shape, "title": plain()} if kind == "modal" else shape

    assert check_view(view(100)) == []
    assert [fault.pointer for fault in check_view(view(101))] == ["/view/blocks"]


def test_a_view_has_at_most_250_kilobytes() -> None:
    big = [section(text=mrkdwn("ä" * 3000)) for _ in range(40)]
    assert check_view(modal(blocks=big)) == []
    assert codes(check_view(modal(blocks=big + big[:2]))) == ["view_too_large"]


def test_a_view_may_carry_empty_words_for_the_app() -> None:
    assert check_view(modal(private_metadata="", external_id="")) == []


def test_a_modal_with_an_input_needs_a_submit_button() -> None:
    blocks = asked(type="plain_text_input")
    assert check_view(modal(blocks=blocks, submit=plain())) == []
    assert codes(check_view(modal(blocks=blocks))) == ["invalid_arguments"]


@pytest.mark.parametrize(
    ("view", "pointer"),
    [
        ({"type": "message", "blocks": []}, "/view/type"),
        ({"type": "modal", "blocks": []}, "/view"),
        (modal(title=mrkdwn()), "/view/title/type"),
        (modal(colour="red"), "/view/colour"),
        (modal(blocks="none"), "/view/blocks"),
        (modal(clear_on_close="yes"), "/view/clear_on_close"),
        ({"type": "home", "title": plain(), "blocks": []}, "/view/title"),
        (modal(blocks=[section(text=mrkdwn(3001))]), "/view/blocks/0/text/text"),
    ],
)
def test_a_fault_of_a_view_is_refused_at_its_place(view: Json, pointer: str) -> None:
    assert [fault.pointer for fault in check_view(view)] == [pointer]


def test_a_fault_reads_like_slack_says_it() -> None:
    (fault,) = check_blocks([section(text=mrkdwn(3001))], "message")
    assert str(fault) == ("[ERROR] must be no more than 3000 characters, has 3001 [json-pointer:/blocks/0/text/text]")


@pytest.mark.parametrize("odd", [7, "words", {"type": "x"}, [7], [["a"]], None])
@pytest.mark.parametrize("name", ["options", "option_groups", "initial_option", "initial_options"])
def test_a_menu_of_odd_fields_is_refused_and_does_not_break_the_judge(name: str, odd: object) -> None:
    assert check_blocks(actions({"type": "static_select", name: odd}), "message")


def test_words_that_are_no_words_are_refused() -> None:
    assert codes(check_message({"text": 7})) == ["invalid_arguments"]
    assert codes(check_message({"markdown_text": 7})) == ["invalid_arguments"]


FIELDS = st.sampled_from(
    [
        "type",
        "text",
        "fields",
        "accessory",
        "elements",
        "element",
        "options",
        "option_groups",
        "initial_options",
        "child_blocks",
        "rows",
        "chart",
        "series",
        "data",
        "axis_config",
        "categories",
        "segments",
        "actions",
        "confirm",
        "block_id",
        "action_id",
        "label",
        "value",
        "metadata",
        "blocks",
        "markdown_text",
        "title",
        "min_length",
        "is_collapsible",
    ]
)
KINDS = st.sampled_from(
    [
        "section",
        "actions",
        "context",
        "input",
        "table",
        "data_table",
        "data_visualization",
        "line",
        "pie",
        "container",
        "card",
        "rich_text",
        "rich_text_list",
        "markdown",
        "mrkdwn",
        "plain_text",
        "static_select",
        "checkboxes",
        "modal",
    ]
)
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | KINDS | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(FIELDS, inner, max_size=6),
    max_leaves=30,
)


@settings(max_examples=60, deadline=None)
@given(st.dictionaries(FIELDS, ANYTHING, max_size=8))
def test_whatever_comes_is_judged_and_never_breaks_the_judge(payload: Json) -> None:
    assert all(fault.problem for fault in check_message(payload))
    assert all(fault.problem for fault in check_view({**payload, "type": "modal"}))


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.fixed_dictionaries(
            {"type": KINDS},
            optional={
                "text": ANYTHING,
                "elements": ANYTHING,
                "options": ANYTHING,
                "rows": ANYTHING,
                "chart": ANYTHING,
                "accessory": ANYTHING,
                "element": ANYTHING,
                "child_blocks": ANYTHING,
                "actions": ANYTHING,
            },
        ),
        max_size=3,
    )
)
def test_blocks_of_any_form_never_break_the_judge(blocks: list[Json]) -> None:
    assert all(fault.pointer.startswith("/blocks") for fault in check_blocks(blocks, "message"))
