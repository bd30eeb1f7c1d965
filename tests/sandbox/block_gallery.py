"""Every kind of block and element that Slack's readers can meet, as the Web API takes them."""

from __future__ import annotations

from typing import Any

Json = dict[str, Any]

NOW = 1795510800
"""The sandbox's Tuesday morning, 24 November 2026, 09:00 in London."""
HERE = "https://here.example.com/teal.png"
"""Stands for a picture that the sandbox holds; `at_home` puts its true address."""
ELSEWHERE = "https://pictures.example.com/churn.png"


def plain(text: str) -> Json:
    return {"type": "plain_text", "text": text}


def mrkdwn(text: str, **more: Any) -> Json:
    return {"type": "mrkdwn", "text": text, **more}


def section(text: str, **more: Any) -> Json:
    return {"type": "section", "text": mrkdwn(text), **more}


def option(text: str, value: str = "", **more: Any) -> Json:
    return {"text": plain(text), "value": value or text.lower(), **more}


def button(text: str, action: str, **more: Any) -> Json:
    return {"type": "button", "text": plain(text), "action_id": action, **more}


CONFIRM = {
    "title": plain("Are you sure?"),
    "text": mrkdwn("This *cannot* be undone."),
    "confirm": plain("Do it"),
    "deny": plain("Stop"),
}
MONTHS = [option(name) for name in ("January", "February", "March", "April")]
MENU: Json = {"type": "static_select", "action_id": "month", "placeholder": plain("Pick a month"), "options": MONTHS}
GROUPED: Json = {
    "type": "multi_static_select",
    "action_id": "fruit",
    "placeholder": plain("Pick some"),
    "max_selected_items": 2,
    "option_groups": [
        {"label": plain("Fruit"), "options": [option("Apple"), option("Pear")]},
        {"label": plain("Nuts"), "options": [option("Almond")]},
    ],
    "initial_options": [option("Pear")],
}
SEVERAL: Json = {
    "type": "multi_static_select",
    "action_id": "fruit",
    "placeholder": plain("Pick some"),
    "options": MONTHS,
    "initial_options": MONTHS[:1],
}
BOXES = [
    {"text": mrkdwn("*Fast* lane"), "value": "fast", "description": plain("a short way")},
    {"text": mrkdwn("Slow lane"), "value": "slow"},
]

HEADERS: list[Json] = [{"type": "header", "text": plain(f"Header {n} :rocket:"), "level": n} for n in (1, 2, 3, 4)]
TEXTS: list[Json] = [
    {"type": "header", "text": plain("A header")},
    section(
        "*Bold*, _italic_, ~strike~, `code <https://example.com|in code>`, *_both_*, 2*3*4 and snake_case_name stay.\n"
        "People <@U0ANA> and <@U0BOB>, channel <#C0REV>, group <!subteam^S0REV>, <!here> <!channel> <!everyone>.\n"
        "Link <https://example.com|with words>, bare https://example.com/a?b=1&amp;c=2, mail help@example.com.\n"
        "Escapes &lt;b&gt; &amp; done; :wave::skin-tone-4: :flag-es: :no_such_emoji:"
    ),
    section("> quoted *once*\n&gt; and again\nafter\n```\nfixed *width*\n  kept <@U0BOB>\n```\n• a list\n• as text"),
    section(
        " · ".join(
            f"<!date^{NOW}^{{{name}}}|fallback>"
            for name in (
                "date_num",
                "date_slash",
                "date",
                "date_short",
                "date_long",
                "date_long_full",
                "date_pretty",
                "date_short_pretty",
                "date_long_pretty",
                "time",
                "time_secs",
                "ago",
                "day_divider_pretty",
            )
        )
        + f" · <!date^{NOW}^linked {{time}}^https://example.com/|fallback> · <!date^nonsense^{{time}}|the fallback>"
    ),
    section("Fields", fields=[mrkdwn(f"*Field {number}*\nits value is {number * 11}") for number in range(1, 6)]),
    {"type": "divider"},
    {
        "type": "context",
        "elements": [
            {"type": "image", "image_url": HERE, "alt_text": "teal"},
            mrkdwn("Updated *today* by <@U0BOB>"),
            plain("plain :eyes:"),
        ],
    },
    section("\n".join(f"Line {number} of a long text that Slack would fold after some height" for number in range(30))),
]

ACCESSORIES: list[Json] = [
    section("A button", accessory=button("Press", "press", style="primary", confirm=CONFIRM)),
    section("A picture here", accessory={"type": "image", "image_url": HERE, "alt_text": "a teal box"}),
    section("A picture elsewhere", accessory={"type": "image", "image_url": ELSEWHERE, "alt_text": "a chart"}),
    section("A menu", accessory=MENU),
    section("From the app", accessory={"type": "external_select", "action_id": "find", "min_query_length": 1}),
    section("A person", accessory={"type": "users_select", "action_id": "who", "initial_user": "U0BOB"}),
    section(
        "Channels",
        accessory={"type": "multi_conversations_select", "action_id": "where", "placeholder": plain("Where")},
    ),
    section(
        "More",
        accessory={
            "type": "overflow",
            "action_id": "more",
            "options": [option("Edit"), option("Open", url="https://example.com")],
        },
    ),
    section(
        "Boxes", accessory={"type": "checkboxes", "action_id": "boxes", "options": BOXES, "initial_options": [BOXES[0]]}
    ),
    section("One of", accessory={"type": "radio_buttons", "action_id": "lane", "options": BOXES}),
    section("A day", accessory={"type": "datepicker", "action_id": "day", "initial_date": "2026-11-24"}),
    section(
        "A time",
        accessory={"type": "timepicker", "action_id": "hour", "initial_time": "09:30", "timezone": "Europe/Madrid"},
    ),
    {
        "type": "actions",
        "elements": [
            button("Approve", "approve", style="primary"),
            button("Refuse", "refuse", style="danger"),
            button("Look :mag:", "look", url="https://example.com"),
            {**MENU, "action_id": "month2"},
            {"type": "datetimepicker", "action_id": "moment", "initial_date_time": NOW},
        ],
    },
]


def rich(*parts: Json) -> Json:
    return {"type": "rich_text", "elements": list(parts)}


def part(kind: str, *leaves: Json, **more: Any) -> Json:
    return {"type": f"rich_text_{kind}", "elements": list(leaves), **more}


def words(text: str, **style: bool) -> Json:
    return {"type": "text", "text": text, **({"style": style} if style else {})}


def listed(*items: str, indent: int = 0, style: str = "bullet", **more: Any) -> Json:
    return part("list", *(part("section", words(item)) for item in items), indent=indent, style=style, **more)


LEAVES = [
    words("bold ", bold=True),
    words("italic ", italic=True),
    words("strike ", strike=True),
    words("code", code=True),
    words(" under ", underline=True),
    words("all", bold=True, italic=True, strike=True),
    words(" "),
    {"type": "link", "url": "https://example.com", "text": "a link"},
    words(" "),
    {"type": "user", "user_id": "U0ANA"},
    words(" "),
    {"type": "channel", "channel_id": "C0REV"},
    words(" "),
    {"type": "usergroup", "usergroup_id": "S0REV"},
    words(" "),
    {"type": "broadcast", "range": "here"},
    words(" "),
    {"type": "emoji", "name": "tada"},
    {"type": "emoji", "name": "not_in_the_list", "unicode": "1f9ea"},
    words(" "),
    {"type": "color", "value": "#F405B3"},
    words(" "),
    {"type": "date", "timestamp": NOW, "format": "{date_long} {time}", "fallback": "then"},
]

MARKDOWN = """# Heading one
## Heading two
A **bold**, *italic*, ~~struck~~ and `coded` line with [a link](https://example.com/a_(b)) and <https://example.org>.
Escaped \\*stars\\*, snake_case_word, 2 * 3 * 4 and <b>no html</b>.

1. first
2. second
   - nested *one*
   - nested two
     1. deeper
3. third

- [x] done
- [ ] to do

> a quote with **bold**
> > and one inside

```python
def churn(): return "<b>"
```

| KPI | Value | Change |
|:--|--:|:-:|
| Churn | 4.3 % | **up** |
| MRR | 1,200 | a \\| b |

---
The end."""

RICH: list[Json] = [
    rich(
        part("section", *LEAVES),
        listed("one", "two"),
        listed("inside", indent=1),
        listed("deeper", indent=2),
        listed("three"),
        listed("first", "second", style="ordered"),
        listed("a letter", style="ordered", indent=1),
        listed("third", style="ordered", offset=2),
        part("quote", words("a quote\non two lines")),
        part("preformatted", words("fixed :tada: <b>\n  kept"), border=0),
    ),
    {"type": "markdown", "text": MARKDOWN},
]


def raw(text: str) -> Json:
    return {"type": "raw_text", "text": text}


def number(value: float, text: str) -> Json:
    return {"type": "raw_number", "value": value, "text": text}


TABLE: Json = {
    "type": "table",
    "column_settings": [{"is_wrapped": True}, {"align": "right"}, {"align": "center"}],
    "rows": [
        [raw("KPI"), raw("Value"), raw("Status")],
        [
            raw("A name that is long enough to need more than one line in a narrow column of a table"),
            raw("4.3 %"),
            rich(part("section", {"type": "emoji", "name": "red_circle"}, words(" red", bold=True))),
        ],
        [
            raw("MRR"),
            number(1200, "1,200 €"),
            rich(part("section", {"type": "link", "url": "https://example.com", "text": "open"})),
        ],
    ],
}
DATA_TABLE: Json = {
    "type": "data_table",
    "caption": "KPIs of the company",
    "page_size": 3,
    "row_header_column_index": 0,
    "rows": [
        [raw("KPI"), raw("Value"), raw("Owner")],
        *(
            [raw(f"KPI {n}"), number((n * 7) % 10, f"{(n * 7) % 10}.0 %"), raw("Ana" if n % 2 else "Bob")]
            for n in range(1, 9)
        ),
    ],
}


def chart(kind: str, series: dict[str, list[float]], title: str = "", labels: list[str] | None = None) -> Json:
    count = len(next(iter(series.values())))
    names = labels or [f"{n + 1} Nov" for n in range(count)]
    lines = [
        {"name": name, "data": [{"label": label, "value": value} for label, value in zip(names, values, strict=True)]}
        for name, values in series.items()
    ]
    axes = {"categories": names, "x_label": "day", "y_label": "percent"}
    return {
        "type": "data_visualization",
        "title": title or f"A {kind} chart",
        "chart": {"type": kind, "series": lines, "axis_config": axes},
    }


def pie(count: int) -> Json:
    segments = [{"label": f"Segment {n + 1}", "value": (n + 1) * 3.5} for n in range(count)]
    return {"type": "data_visualization", "title": f"A pie of {count}", "chart": {"type": "pie", "segments": segments}}


CHARTS: list[list[Json]] = [
    [
        chart("line", {"Churn": [2.1, 2.4, 2.2, 3.0, 4.3], "Target": [2.5] * 5}),
        chart("bar", {"Up": [3, -2, 4], "Down": [-1, 2, -3.5]}),
    ],
    [chart("area", {"Sign-ups": [120, 180, 90, 240], "Left": [-30, -60, -20, -90]}), pie(4)],
    [
        chart("line", {"Alone": [4.2]}, "One point"),
        chart(
            "bar",
            {"Long names": [12_000, 15_500, 9_000.5]},
            labels=["Customer success EU", "Customer success US", "Everybody else too"],
        ),
    ],
    [
        chart(
            "bar",
            {f"Series {n}": [n + 1.0 + (i * 5) % 7 for i in range(20)] for n in range(6)},
            "Six bars, twenty points",
        ),
        pie(1),
    ],
]

CROWDED = [
    chart(
        "line",
        {f"Series {n}": [n + (i * (n + 1)) % 7 for i in range(20)] for n in range(12)},
        "Twelve lines, twenty points",
    ),
    pie(12),
]

CARD: Json = {
    "type": "card",
    "icon": {"type": "image", "image_url": HERE, "alt_text": "icon"},
    "title": mrkdwn("*Churn* of November"),
    "subtitle": mrkdwn("Customer success"),
    "body": mrkdwn("Went up to *4.3 %*; two accounts left."),
    "actions": [button("Open", "open_card"), button("Later", "later_card")],
}
FRAMES: list[Json] = [
    {"type": "image", "image_url": ELSEWHERE, "alt_text": "Churn by month, rising", "title": plain("Churn")},
    {"type": "image", "image_url": HERE, "alt_text": "A teal box", "title": plain("From here")},
    {
        "type": "container",
        "title": plain("A box to fold"),
        "subtitle": plain("with a subtitle"),
        "icon": {"type": "image", "image_url": HERE, "alt_text": "icon"},
        "is_collapsible": True,
        "child_blocks": [section("Inside the box"), {"type": "actions", "elements": [button("Inside", "inside")]}],
    },
    {
        "type": "container",
        "rich_text_title": rich(part("section", words("A rich title", italic=True))),
        "width": "narrow",
        "has_header_divider": True,
        "child_blocks": [section("Under a line")],
    },
    {**CARD, "hero_image": {"type": "image", "image_url": ELSEWHERE, "alt_text": "hero"}},
]

UNSENT: list[Json] = [
    {"type": "carousel", "elements": [{**CARD, "title": mrkdwn(f"*Card {n}*")} for n in range(1, 5)]},
    {
        "type": "video",
        "title": plain("How churn is counted"),
        "title_url": "https://example.com/v",
        "video_url": "https://video.example.com/v",
        "thumbnail_url": ELSEWHERE,
        "alt_text": "a talk",
        "author_name": "Ana",
        "provider_name": "Tube",
        "description": plain("Nine minutes."),
    },
    {
        "type": "context_actions",
        "elements": [
            {
                "type": "feedback_buttons",
                "action_id": "judged",
                "positive_button": {"text": plain("Good"), "value": "good"},
                "negative_button": {"text": plain("Bad"), "value": "bad"},
            },
            {"type": "icon_button", "icon": "trash", "action_id": "bin", "text": plain("Remove")},
        ],
    },
    {
        "type": "plan",
        "title": "Looking into churn",
        "tasks": [
            {
                "type": "task_card",
                "task_id": "1",
                "title": "Read the numbers",
                "status": "complete",
                "output": rich(part("section", words("Two accounts left."))),
                "sources": [{"type": "url", "url": "https://example.com", "text": "The warehouse"}],
            },
            {
                "type": "task_card",
                "task_id": "2",
                "title": "Ask the owner",
                "status": "in_progress",
                "details": rich(part("section", words("Waiting for Ana."))),
            },
            {"type": "task_card", "task_id": "3", "title": "Write it down", "status": "pending"},
            {"type": "task_card", "task_id": "4", "title": "Call the customer", "status": "error"},
        ],
    },
    {"type": "file", "external_id": "report-2026-11", "source": "remote"},
    {"type": "call", "call_id": "R1", "call": {"v1": {"name": "Stand-up", "join_url": "https://meet.example.com/1"}}},
    {"type": "hologram", "text": "from a later year"},
]


def asked(label: str, element: Json, **more: Any) -> Json:
    return {"type": "input", "label": plain(label), "element": element, **more}


MODAL: Json = {
    "type": "modal",
    "title": plain("Every input"),
    "submit": plain("Save"),
    "blocks": [
        {"type": "alert", "level": "warning", "text": mrkdwn("*Careful*: this goes to all.")},
        {"type": "alert", "level": "success", "text": plain("Saved before.")},
        {"type": "alert", "level": "error", "text": plain("Not reached.")},
        {"type": "alert", "level": "info", "text": plain("For your information.")},
        asked(
            "Cause",
            {"type": "plain_text_input", "action_id": "cause", "min_length": 5, "max_length": 30},
            hint=plain("In a few words"),
        ),
        asked(
            "Story",
            {"type": "plain_text_input", "action_id": "story", "multiline": True, "placeholder": plain("Long")},
            optional=True,
        ),
        asked(
            "Share",
            {
                "type": "number_input",
                "action_id": "share",
                "is_decimal_allowed": False,
                "min_value": "0",
                "max_value": "100",
            },
            optional=True,
        ),
        asked("Mail", {"type": "email_text_input", "action_id": "mail"}, optional=True),
        asked("Address", {"type": "url_text_input", "action_id": "address"}, optional=True),
        asked("Month", {**MENU, "initial_option": MONTHS[1]}),
        asked("Fruit", SEVERAL, optional=True),
        asked("KPIs", {"type": "multi_external_select", "action_id": "found", "min_query_length": 2}, optional=True),
        asked("Who", {"type": "multi_users_select", "action_id": "people"}, optional=True),
        asked("Day", {"type": "datepicker", "action_id": "due"}, optional=True),
        asked("Moment", {"type": "datetimepicker", "action_id": "moment", "initial_date_time": NOW}, optional=True),
        asked("Boxes", {"type": "checkboxes", "action_id": "boxes", "options": BOXES}, optional=True),
        asked("Lane", {"type": "radio_buttons", "action_id": "lane", "options": BOXES}, optional=True),
    ],
}

SENT = (TEXTS, ACCESSORIES, RICH[1:], [TABLE], [DATA_TABLE], *CHARTS, FRAMES)
PLACED = (HEADERS, [section("Several choices", accessory=GROUPED)], RICH[:1], CROWDED, UNSENT)
"""What no app may send, or what one of the judges of sent messages does not know yet."""
