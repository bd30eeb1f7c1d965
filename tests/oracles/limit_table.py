"""Small payloads that grow with a number: at a limit they fit, one over it they do not."""

from collections.abc import Callable, Mapping
from typing import Any

from tests.oracles.sent import HOME, MESSAGE, MODAL, Json

Grown = Callable[[int], Json]
Limit = tuple[str, Grown, int]


def words(size: int = 5, kind: str = "plain_text") -> Json:
    return {"type": kind, "text": "a" * size}


def marked(size: int = 5) -> Json:
    return words(size, "mrkdwn")


def section(**fields: Any) -> Json:
    return {"type": "section", "text": marked(), **fields}


def message(*blocks: Json) -> Json:
    return {"text": "words", "blocks": list(blocks)}


def markdown(size: int) -> Json:
    return {"type": "markdown", "text": "a" * size}


def modal(*blocks: Json, **fields: Any) -> Json:
    return {"type": "modal", "title": words(), "submit": words(), "blocks": list(blocks), **fields}


def home(*blocks: Json, **fields: Any) -> Json:
    return {"type": "home", "blocks": list(blocks), **fields}


def pressed(**element: Any) -> Json:
    return message({"type": "actions", "elements": [element]})


def button(**fields: Any) -> Json:
    return pressed(type="button", text=fields.pop("text", words()), **fields)


def asking(**fields: Any) -> Json:
    question = {"title": words(), "text": words(), "confirm": words(), "deny": words(), **fields}
    return button(confirm=question)


def options(count: int, **fields: Any) -> list[Json]:
    return [{"text": words(), "value": str(number), **fields} for number in range(count)]


def select(**fields: Any) -> Json:
    return pressed(type="static_select", **({} if "option_groups" in fields else {"options": options(1)}) | fields)


def grouped(count: int = 1, size: int = 5, each: int = 1) -> Json:
    return select(option_groups=[{"label": words(size), "options": options(each)}] * count)


def asked(**element: Any) -> Json:
    return modal({"type": "input", "label": words(), "element": {"type": "plain_text_input", **element}})


def labelled(**fields: Any) -> Json:
    return modal({"type": "input", "label": words(), "element": {"type": "plain_text_input"}, **fields})


def image(**fields: Any) -> Json:
    return message({"type": "image", "alt_text": "a", "image_url": "https://example.com/a.png", **fields})


def address(size: int) -> str:
    return "https://" + "a" * (size - 8)


def table(rows: int = 1, columns: int = 1, **fields: Any) -> Json:
    cells = [[{"type": "raw_text", "text": "a"}] * columns] * rows
    return message({"type": "table", "rows": cells, **fields})


def data_table(rows: int = 2, columns: int = 1, **fields: Any) -> Json:
    header, cell = {"type": "raw_text", "text": "a"}, {"type": "raw_text", "text": fields.pop("cell", "a")}
    cells = [[header] * columns, *[[cell] * columns] * (rows - 1)]
    return message({"type": "data_table", "caption": "c", "rows": cells, **fields})


def chart(points: int = 2, series: int = 1, **fields: Any) -> Json:
    labels = [f"c{number}" for number in range(points)]
    data = [{"label": label, "value": 1} for label in labels]
    lines = [{"name": f"s{number}", "data": data} for number in range(series)]
    drawn = {"type": "line", "series": lines, "axis_config": {"categories": labels, **fields.pop("axis", {})}}
    return {"type": "data_visualization", "title": "t", "chart": drawn, **fields}


def bar(label: str, name: str = "s") -> Json:
    series = [{"name": name, "data": [{"label": label, "value": 1}]}]
    return message(chart(chart={"type": "bar", "series": series, "axis_config": {"categories": [label]}}))


def pie(count: int = 1, label: str = "s") -> Json:
    slices = [{"label": f"{label}{number}" if count > 1 else label, "value": 1} for number in range(count)]
    return message(chart(chart={"type": "pie", "segments": slices}))


def card(**fields: Any) -> Json:
    return message({"type": "card", "title": words(), **fields})


def container(children: int = 1, **fields: Any) -> Json:
    return message({"type": "container", "title": words(), "child_blocks": [{"type": "divider"}] * children, **fields})


def listed(**fields: Any) -> Json:
    part = {"type": "rich_text_section", "elements": [{"type": "text", "text": "a"}]}
    whole = {"type": "rich_text_list", "style": "bullet", "elements": [part], **fields}
    return message({"type": "rich_text", "elements": [whole]})


LIMITS: Mapping[str, tuple[Limit, ...]] = {
    MESSAGE: (
        ("blocks of a message", lambda n: message(*[{"type": "divider"}] * n), 50),
        ("section text", lambda n: message(section(text=marked(n))), 3000),
        ("section fields", lambda n: message(section(fields=[marked()] * n)), 10),
        ("section field", lambda n: message(section(fields=[marked(n)])), 2000),
        ("block_id", lambda n: message(section(block_id="a" * n)), 255),
        ("header", lambda n: message({"type": "header", "text": words(n)}), 150),
        ("context elements", lambda n: message({"type": "context", "elements": [marked()] * n}), 10),
        ("context text", lambda n: message({"type": "context", "elements": [marked(n)]}), 3000),
        ("actions", lambda n: message({"type": "actions", "elements": [{"type": "button", "text": words()}] * n}), 25),
        ("markdown", lambda n: message(markdown(n)), 12_000),
        ("markdown in all", lambda n: message(markdown(6000), markdown(n - 6000)), 12_000),
        ("image address", lambda n: image(image_url=address(n)), 3000),
        ("image alternative", lambda n: image(alt_text="a" * n), 2000),
        ("image title", lambda n: image(title=words(n)), 2000),
        ("action_id", lambda n: button(action_id="a" * n), 255),
        ("button text", lambda n: button(text=words(n)), 75),
        ("button value", lambda n: button(value="a" * n), 2000),
        ("button address", lambda n: button(url=address(n)), 3000),
        ("button label", lambda n: button(accessibility_label="a" * n), 75),
        ("confirmation title", lambda n: asking(title=words(n)), 100),
        ("confirmation text", lambda n: asking(text=words(n)), 300),
        ("confirmation yes", lambda n: asking(confirm=words(n)), 30),
        ("confirmation no", lambda n: asking(deny=words(n)), 30),
        ("placeholder", lambda n: select(placeholder=words(n)), 150),
        ("options", lambda n: select(options=options(n)), 100),
        ("option text", lambda n: select(options=options(1, text=words(n))), 75),
        ("option value", lambda n: select(options=options(1, value="a" * n)), 150),
        ("option description", lambda n: select(options=options(1, description=words(n))), 75),
        ("option groups", grouped, 100),
        ("label of a group", lambda n: grouped(size=n), 75),
        ("options of a group", lambda n: grouped(each=n), 100),
        ("overflow options", lambda n: pressed(type="overflow", action_id="a", options=options(n)), 5),
        ("checkboxes", lambda n: pressed(type="checkboxes", action_id="a", options=options(n)), 10),
        ("radio buttons", lambda n: pressed(type="radio_buttons", action_id="a", options=options(n)), 10),
        ("table rows", table, 100),
        ("table columns", lambda n: table(columns=n), 20),
        ("table column settings", lambda n: table(column_settings=[{"align": "left"}] * n), 20),
        ("data table rows", data_table, 101),
        ("data table columns", lambda n: data_table(columns=n), 20),
        ("data table page", lambda n: data_table(page_size=n), 100),
        ("data table text", lambda n: data_table(cell="a" * (n - 1)), 10_000),
        ("chart title", lambda n: message(chart(title="a" * n)), 50),
        ("chart categories", lambda n: message(chart(n)), 20),
        ("chart series", lambda n: message(chart(series=n)), 6),
        ("chart axis title", lambda n: message(chart(axis={"y_label": "a" * n})), 50),
        ("chart label", lambda n: bar("a" * n), 20),
        ("chart series name", lambda n: bar("a", "a" * n), 20),
        ("pie segments", pie, 6),
        ("pie label", lambda n: pie(label="a" * n), 20),
        ("charts of a message", lambda n: message(*[chart()] * n), 2),
        ("card title", lambda n: card(title=words(n)), 150),
        ("card subtitle", lambda n: card(subtitle=words(n)), 150),
        ("card body", lambda n: card(body=words(n)), 200),
        ("card buttons", lambda n: card(actions=[{"type": "button", "text": words()}] * n), 2),
        ("container title", lambda n: container(title=words(n)), 150),
        ("container subtitle", lambda n: container(subtitle=words(n)), 150),
        ("container children", container, 10),
        ("list indent", lambda n: listed(indent=n), 8),
    ),
    MODAL: (
        ("blocks of a modal", lambda n: modal(*[{"type": "divider"}] * n), 100),
        ("modal title", lambda n: modal(section(), title=words(n)), 24),
        ("modal submit", lambda n: modal(section(), submit=words(n)), 24),
        ("modal close", lambda n: modal(section(), close=words(n)), 24),
        ("private metadata", lambda n: modal(section(), private_metadata="a" * n), 3000),
        ("callback_id", lambda n: modal(section(), callback_id="a" * n), 255),
        ("external_id", lambda n: modal(section(), external_id="a" * n), 255),
        ("input label", lambda n: labelled(label=words(n)), 2000),
        ("input hint", lambda n: labelled(hint=words(n)), 2000),
        ("input placeholder", lambda n: asked(placeholder=words(n)), 150),
        ("longest input", lambda n: asked(max_length=n), 3000),
        ("alert text", lambda n: modal({"type": "alert", "text": words(n)}), 200),
    ),
    HOME: (("blocks of a Home tab", lambda n: home(*[{"type": "divider"}] * n), 100),),
}

DIFFERENCES: Mapping[str, str] = {
    "card buttons": "slackblocks allows three; Slack's reference has been read both ways, and two always fit",
    "chart series": "slackblocks has today's twelve; workspaces that have not got them yet refuse the seventh",
    "pie segments": "slackblocks has today's twelve; workspaces that have not got them yet refuse the seventh",
    "data table rows": "slackblocks has today's 200 rows under the header; the older limit is 100",
    "data table text": "slackblocks has today's 20,000 characters; the older limit is 10,000",
}
"""Where our validator is stricter than slackblocks, and why."""
