"""Buttons and menus: what is pressed or chosen, and the options of menus that ask the app."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot.sandbox.state.inputs import VALUE_FIELD, element_state, fill, options_of, walk
from bot.sandbox.state.records import Message, View
from bot.sandbox.state.shapes import Json
from bot.sandbox.state.workspace import Workspace
from bot.sandbox.towards_app import payloads
from bot.sandbox.towards_app.acts import Acts, Outcome
from bot.slack.limits import check_blocks

QUERY_LENGTH = 3
"""Letters a person types before an external menu asks the app, when its `min_query_length` says nothing."""


@dataclass(frozen=True)
class Offered:
    """What an external menu offers: its options, or groups of them, or why there are none.

    `error` is `operation_timeout` and its kin when the app did not answer, `invalid_options` when Slack could not
    show what it answered; `faults` then say where.
    """

    options: tuple[Json, ...] = ()
    groups: tuple[Json, ...] = ()
    error: str | None = None
    faults: tuple[str, ...] = ()

    @property
    def flat(self) -> list[Json]:
        """All options, those of groups included."""
        return [*self.options, *(option for group in self.groups for option in group["options"])]


class Clicking(Acts):
    """Pressing, choosing, searching."""

    def click(
        self, user: str, origin: Message | View, what: str, choice: Any = None, typed: Mapping[str, Json] | None = None
    ) -> Outcome:
        """Press a button, or choose in a menu: `what` is its words, its action id, or an option's words.

        `typed` is the state of other inputs beside it. LookupError when there is nothing of that name, or no longer.
        """
        workspace, since = self.workspace, self.workspace.changes.version
        self._must_stand(user, origin)
        block, element, choice = find_element(origin.blocks, what, choice)
        choice = resolved(workspace, element, choice)
        is_menu = element["type"] in VALUE_FIELD
        chosen = {k: v for k, v in element_state(element, choice).items() if k != "type"} if is_menu else {}
        state = dict(typed or (origin.values if isinstance(origin, View) else {}))
        if is_menu and element["type"] != "overflow":
            state = fill(origin.blocks, state, {element["action_id"]: choice})
            if isinstance(origin, View):
                origin.values = state
        if block["type"] == "input" and not block.get("dispatch_action"):
            return Outcome(since)
        return self._pressed(since, user, origin, block, element, state, chosen)

    def _pressed(
        self, since: int, user: str, origin: Message | View, block: Json, element: Json, state: Json, chosen: Json
    ) -> Outcome:
        workspace = self.workspace
        hook = None if isinstance(origin, View) else workspace.new_response_url(user, origin.channel, origin)
        payload = payloads.action_payload(
            workspace,
            user,
            origin,
            block,
            element,
            state=state,
            chosen=chosen,
            trigger=workspace.new_trigger(user, origin.id if isinstance(origin, View) else None).id,
            response_url=self._response_url(hook) if hook else None,
        )
        answer = self.inbound.send("interactive", payload, "block_actions")
        if answer.error:
            workspace.warn(user, "That did not work: the app did not answer in time.")
        return Outcome(since, answer.error, opened=element.get("url"))

    def _must_stand(self, user: str, origin: Message | View) -> None:
        """What is gone from the screen cannot be pressed: LookupError."""
        if isinstance(origin, View):
            shown = [*self.workspace.modals.get(user, ()), self.workspace.homes.get(user)]
            if origin.id not in shown:
                raise LookupError(f"the view {origin.title or origin.id!r} is not open any more")
        elif origin.deleted:
            raise LookupError("the message was deleted: nothing in it can be pressed any more")
        elif not origin.visible_to(user):
            raise LookupError("only the person it was sent to sees this message")

    def suggest(self, user: str, origin: Message | View, action_id: str, typed: str) -> Offered:
        """Ask the bot for the options of an external menu; nothing is asked before enough letters are typed."""
        self._must_stand(user, origin)
        block, element, _ = find_element(origin.blocks, action_id, None)
        if len(typed) < element.get("min_query_length", QUERY_LENGTH):
            return Offered()
        payload = payloads.suggestion_payload(self.workspace, user, origin, block, element, typed)
        answer = self.inbound.send("interactive", payload, "block_suggestion")
        body = answer.body if isinstance(answer.body, Mapping) else {}
        offered = Offered(error=answer.error) if answer.error else offered_by(body)
        if offered.error:
            self.workspace.warn(user, "The options of this menu could not be loaded.")
        return offered


def offered_by(body: Mapping[str, Any]) -> Offered:
    """The options in an app's answer, or what Slack would not show in it: too many, too long, of the wrong shape."""
    given = {name: body[name] for name in ("options", "option_groups") if body.get(name)}
    if not given:
        known = "options" in body or "option_groups" in body
        return Offered() if known else Offered(error="invalid_options", faults=("/options must be given",))
    menu = {"type": "static_select", "action_id": "menu", **given}
    block = {"type": "actions", "block_id": "block", "elements": [menu]}
    faults = tuple(str(fault).replace("/blocks/0/elements/0", "") for fault in check_blocks([block], "message"))
    if faults:
        return Offered(error="invalid_options", faults=faults)
    return Offered(tuple(given.get("options", ())), tuple(given.get("option_groups", ())))


def find_element(blocks: list[Json], what: str, choice: Any) -> tuple[Json, Json, Any]:
    """The element called `what` (visible words, action id, or an option's words) and the choice made in it.

    LookupError naming what can be pressed.
    """
    candidates = list(walk(blocks))
    for block, element in candidates:
        if what in (element.get("action_id"), _label(block, element)):
            return block, element, choice
    for block, element in candidates:
        for option in options_of(element):
            if what in (option.get("text", {}).get("text"), option.get("value")):
                return block, element, option
    words = [(e.get("text") or e.get("placeholder") or {}).get("text") or e.get("action_id") for _, e in candidates]
    raise LookupError(f"nothing called {what!r} can be pressed here; there is: {', '.join(map(repr, words))}")


def _label(block: Json, element: Json) -> str | None:
    words: Mapping[str, Any] = element.get("text") or element.get("placeholder") or block.get("label") or {}
    return words.get("text")


def resolved(workspace: Workspace, element: Mapping[str, Any], choice: Any) -> Any:
    """A choice of people or channels as ids, where names were given. LookupError for names nobody has."""
    finder = {
        "users_select": lambda key: workspace.person(key).id,
        "channels_select": lambda key: workspace.room(key).id,
        "conversations_select": lambda key: workspace.room(key).id,
    }.get(str(element.get("type")).removeprefix("multi_"))
    if finder is None or choice is None:
        return choice
    return [finder(key) for key in choice] if isinstance(choice, list | tuple) else finder(choice)
