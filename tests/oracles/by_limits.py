"""The first judge: `slackblocks` builds every block, element and object anew and refuses lengths, counts, surfaces."""

import inspect
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import slackblocks as theirs
from slackblocks import elements, objects
from slackblocks.errors import InvalidUsageError
from slackblocks.rich_text import elements as leaves
from slackblocks.rich_text import objects as parts

from tests.oracles.sent import HOME, MESSAGE, Json

BLOCKS: Mapping[str, type] = {
    "actions": theirs.ActionsBlock,
    "alert": theirs.AlertBlock,
    "card": theirs.CardBlock,
    "carousel": theirs.CarouselBlock,
    "container": theirs.ContainerBlock,
    "context": theirs.ContextBlock,
    "context_actions": theirs.ContextActionsBlock,
    "data_table": theirs.DataTableBlock,
    "data_visualization": theirs.DataVisualizationBlock,
    "divider": theirs.DividerBlock,
    "header": theirs.HeaderBlock,
    "image": theirs.ImageBlock,
    "input": theirs.InputBlock,
    "markdown": theirs.MarkdownBlock,
    "plan": theirs.PlanBlock,
    "rich_text": theirs.RichTextBlock,
    "section": theirs.SectionBlock,
    "table": theirs.TableBlock,
    "task_card": theirs.TaskCardBlock,
    "video": theirs.VideoBlock,
}
KINDS: Mapping[str, type] = {
    "button": theirs.Button,
    "card": theirs.CardBlock,
    "channels_select": theirs.ChannelSelectMenu,
    "checkboxes": theirs.CheckboxGroup,
    "conversations_select": theirs.ConversationSelectMenu,
    "datepicker": theirs.DatePicker,
    "datetimepicker": theirs.DateTimePicker,
    "email_text_input": theirs.EmailInput,
    "external_select": theirs.ExternalSelectMenu,
    "feedback_buttons": elements.FeedbackButtons,
    "file_input": elements.FileInput,
    "icon_button": elements.IconButton,
    "image": theirs.Image,
    "multi_channels_select": theirs.ChannelMultiSelectMenu,
    "multi_conversations_select": theirs.ConversationMultiSelectMenu,
    "multi_external_select": theirs.ExternalMultiSelectMenu,
    "multi_static_select": theirs.StaticMultiSelectMenu,
    "multi_users_select": theirs.UserMultiSelectMenu,
    "number_input": theirs.NumberInput,
    "overflow": theirs.OverflowMenu,
    "plain_text_input": theirs.PlainTextInput,
    "radio_buttons": theirs.RadioButtonGroup,
    "rich_text_input": elements.RichTextInput,
    "static_select": theirs.StaticSelectMenu,
    "task_card": theirs.TaskCardBlock,
    "timepicker": theirs.TimePicker,
    "url": elements.URLSource,
    "url_text_input": theirs.URLInput,
    "users_select": theirs.UserSelectMenu,
    "workflow_button": elements.WorkflowButton,
    "area": objects.AreaChart,
    "bar": objects.BarChart,
    "line": objects.LineChart,
    "pie": objects.PieChart,
    "mrkdwn": objects.Markdown,
    "plain_text": objects.PlainText,
    "raw_number": objects.RawNumber,
    "raw_text": objects.RawText,
    "rich_text": theirs.RichTextBlock,
    "rich_text_list": parts.RichTextList,
    "rich_text_preformatted": parts.RichTextCodeBlock,
    "rich_text_quote": parts.RichTextQuote,
    "rich_text_section": parts.RichTextSection,
    "channel": leaves.RichTextChannel,
    "emoji": leaves.RichTextEmoji,
    "link": leaves.RichTextLink,
    "text": leaves.RichText,
    "user": leaves.RichTextUser,
    "usergroup": leaves.RichTextUserGroup,
}
UNTYPED: Mapping[str, type] = {
    "axis_config": objects.AxisConfig,
    "column_settings": objects.ColumnSettings,
    "confirm": objects.ConfirmationDialogue,
    "data": objects.DataPoint,
    "dispatch_action_config": objects.DispatchActionConfiguration,
    "filter": objects.ConversationFilter,
    "negative_button": elements.FeedbackButton,
    "positive_button": elements.FeedbackButton,
    "trigger": objects.Trigger,
    "workflow": objects.Workflow,
    "initial_option": objects.Option,
    "initial_options": objects.Option,
    "option_groups": objects.OptionGroup,
    "options": objects.Option,
    "segments": objects.ChartSegment,
    "series": objects.DataSeries,
    "slack_file": objects.SlackFile,
}
"""Objects without a `type`, by the field they stand in."""
THEIR_NAMES = {"initial_date_time": "initial_datetime", "usergroup_id": "user_group_id"}
LEFT_OUT: Mapping[str, Json] = {"slack_file": {"id": None, "url": None}, "raw_number": {"text": "-"}}
"""What a class of theirs demands and Slack does not."""


@dataclass
class Opinion:
    """What the judge refuses, and which kinds and fields it does not know and so left out."""

    refused: list[str] = field(default_factory=list)
    unknown: set[str] = field(default_factory=set)


class Refusal(Exception):
    """A payload that cannot even be built: a required field is missing."""


def opinion_of(surface: str, payload: Json) -> Opinion:
    """Judge a whole message or view."""
    opinion = Opinion()
    builder = Builder(opinion.unknown)
    blocks = [built for raw in payload.get("blocks") or () if (built := _judged(opinion, builder, "blocks", raw))]
    if payload.get("markdown_text"):
        blocks.append(_judged(opinion, builder, "blocks", {"type": "markdown", "text": payload["markdown_text"]}))
    if payload.get("attachments"):
        opinion.unknown.add("attachments")
    if not opinion.refused:
        _judge_whole(opinion, builder, surface, payload, blocks)
    return opinion


def _judged(opinion: Opinion, builder: "Builder", name: str, raw: Any) -> Any:
    try:
        return builder.value(name, raw)
    except (InvalidUsageError, Refusal) as refused:
        opinion.refused.append(f"{raw.get('type')}: {refused}")
        return None


def _judge_whole(opinion: Opinion, builder: "Builder", surface: str, payload: Json, blocks: list[Any]) -> None:
    try:
        if surface == MESSAGE:
            theirs.Message("C", str(payload.get("text") or ""), blocks)
            return
        shape = theirs.HomeTabView if surface == HOME else theirs.ModalView
        builder.construct(shape, surface, {**payload, "blocks": blocks})
    except (InvalidUsageError, Refusal) as refused:
        opinion.refused.append(str(refused))


class Builder:
    """Builds their objects out of raw JSON, noting what they have no word for."""

    def __init__(self, unknown: set[str]) -> None:
        """Write kinds and fields that cannot be judged into `unknown`."""
        self._unknown = unknown

    def value(self, name: str, raw: Any) -> Any:
        """Build what stands in a field; plain values are given back as they are."""
        if isinstance(raw, list):
            return [built for built in (self.value(name, item) for item in raw) if built is not None]
        if not isinstance(raw, Mapping):
            return raw
        kind = raw.get("type")
        if kind is None:
            return self.construct(UNTYPED[name], name, raw) if name in UNTYPED else self._leave(name)
        found = (BLOCKS if name in ("blocks", "child_blocks") else KINDS).get(str(kind))
        return self.construct(found, str(kind), raw) if found else self._leave(str(kind))

    def construct(self, shape: type, kind: str, raw: Mapping[str, Any]) -> Any:
        """Build one object. Raises InvalidUsageError or Refusal."""
        given = {key: value for key, value in self._flat(kind, raw).items() if key != "type"}
        fields = {THEIR_NAMES.get(key, key): self.value(key, value) for key, value in given.items()}
        known = inspect.signature(shape).parameters
        for foreign in fields.keys() - known.keys():
            self._leave(f"{kind}.{foreign}")
            del fields[foreign]
        fields = {**LEFT_OUT.get(kind, {}), **fields}
        for name, parameter in known.items():
            if name not in fields and parameter.default is parameter.empty:
                fields[name] = None
                if "None" not in str(parameter.annotation):
                    raise Refusal(f"{kind} needs {name}")
        return shape(**fields)

    def _flat(self, kind: str, raw: Mapping[str, Any]) -> Mapping[str, Any]:
        """Bring Slack's nesting to theirs: a leaf's style lies flat, a table's rich cell is its one part."""
        if kind == "table":
            rows = [[self._cell(cell) for cell in row] for row in raw.get("rows", ())]
            return {**raw, "rows": rows}
        style = raw.get("style")
        if not isinstance(style, dict):
            return raw
        return {key: value for key, value in raw.items() if key != "style"} | style

    def _cell(self, cell: Json) -> Json:
        if cell.get("type") == "rich_text" and len(cell.get("elements", ())) == 1:
            return dict(cell["elements"][0])
        if cell.get("type") in ("rich_text", "raw_number"):
            self._leave(f"table.{cell['type']}")
            return {"type": "raw_text", "text": "-"}
        return cell

    def _leave(self, what: str) -> None:
        self._unknown.add(what)
