"""What is said, ready for a chat: words in named parts, a chart, buttons; and what waits to be said."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from pydantic import Field

from bot.core.words import Frozen, Language


class Style(StrEnum):
    """How a button looks."""

    PLAIN = "plain"
    PRIMARY = "primary"
    DANGER = "danger"


class Button(Frozen):
    """Something a reader can press: action names what happens, value what it happens to; ask is asked first."""

    action: str
    value: str
    text: str
    style: Style = Style.PLAIN
    ask: str | None = None


class Line(Frozen):
    """One named run of numbers in a chart."""

    name: str
    values: tuple[float, ...]


class Chart(Frozen):
    """A line chart: as many labels as each line has values."""

    title: str
    labels: tuple[str, ...]
    lines: tuple[Line, ...]
    value_title: str | None = None


class Speech(Frozen):
    """A message in words. All but text and headline are chat markup whose data has been escaped already.

    text: plain words for notifications and screen readers; headline: plain title; body, rest, footer: paragraphs;
    fields: short "label: value" pieces; items: one paragraph each.
    """

    text: str
    headline: str = ""
    body: str = ""
    fields: tuple[str, ...] = ()
    chart: Chart | None = None
    items: tuple[str, ...] = ()
    rest: str = ""
    buttons: tuple[Button, ...] = ()
    footer: str = ""


class Manner(StrEnum):
    """How something is said: a new message, a reply in an alert's thread, or an edit of its message."""

    POST = "post"
    REPLY = "reply"
    EDIT = "edit"


class Outgoing(Frozen):
    """A message decided but not yet known to be in Slack.

    key: unique, so that deciding twice says it once; notice: name of the template; destination: Slack channel or
    member id; kpis: keys of the KPIs it names (clearance is checked for each when it is sent); rank: 0 is most
    urgent; facts: what the template needs beyond the alert, JSON-able; loud: a reply that also shows in the channel;
    edits: of an edit that is about no alert, the key of the message it changes.
    """

    key: str
    notice: str
    manner: Manner
    destination: str
    language: Language
    rank: int
    created_at: datetime
    kpis: tuple[str, ...] = ()
    alert: str | None = None
    facts: dict[str, Any] = Field(default_factory=dict)
    loud: bool = False
    edits: str | None = None


SPOKEN = "spoken"
"""Notice of a message that was worded when it was decided; its facts hold the Speech."""
OPERATORS = "operators_notice"
"""Notice of a message to the operators' channel."""
