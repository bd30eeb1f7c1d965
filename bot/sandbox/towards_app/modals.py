"""Modals: filled in, submitted, closed, and what the app's answer does to them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.sandbox.errors import SlackError
from bot.sandbox.methods.views import checked_view, push_on_stack, replace_view
from bot.sandbox.state.inputs import VALUE_FIELD, fill, local_errors, named_inputs, walk
from bot.sandbox.state.records import View
from bot.sandbox.state.shapes import Json
from bot.sandbox.towards_app import payloads
from bot.sandbox.towards_app.acts import TROUBLE, Acts, Outcome
from bot.sandbox.towards_app.clicking import resolved


class Modals(Acts):
    """Acts in modals."""

    def submit(self, user: str, view: View, given: Mapping[str, Any]) -> Outcome:
        """Fill in a modal's inputs (by visible label, action id or block id) and press its submit button.

        LookupError when it has no such input, no submit button, or is not open any more.
        """
        workspace, since = self.workspace, self.workspace.changes.version
        self._must_be_open(user, view)
        if not view.payload.get("submit"):
            raise LookupError(f"the modal {view.title!r} has no submit button")
        view.values = fill(view.blocks, view.values, self._as_ids(view, given))
        errors = local_errors(view.blocks, view.values)
        if errors:
            return self._view_errors(since, view, errors, None)
        trigger = workspace.new_trigger(user, view.id)
        payload = payloads.submission_payload(workspace, user, view, trigger.id, self._response_urls(user, view))
        answer = self.inbound.send("interactive", payload, "view_submission")
        if answer.error:
            return self._trouble(since, user, answer.error)
        if answer.body and not isinstance(answer.body, Mapping):
            return self._trouble(since, user, "invalid_view_response")
        return self._follow(since, user, view, answer.body or {})

    def _must_be_open(self, user: str, view: View) -> None:
        if view.id not in self.workspace.modals.get(user, ()):
            raise LookupError(f"the modal {view.title!r} is not open any more")

    def _as_ids(self, view: View, given: Mapping[str, Any]) -> dict[str, Any]:
        """What was filled in, with people and channels named by id."""
        values = dict(given)
        for name, element in named_inputs(view.blocks, given):
            values[name] = resolved(self.workspace, element, given[name])
        return values

    def _response_urls(self, user: str, view: View) -> list[Json]:
        """A response_url for each channel chosen in an input that asked for one."""
        found: list[Json] = []
        for block, element in walk(view.blocks):
            state = view.values.get(block["block_id"], {}).get(element.get("action_id", ""), {})
            channel = state.get(VALUE_FIELD.get(element["type"], ""))
            if not element.get("response_url_enabled") or not isinstance(channel, str):
                continue
            url = self._response_url(self.workspace.new_response_url(user, channel))
            ids = {"block_id": block["block_id"], "action_id": element["action_id"]}
            found.append({**ids, "channel_id": channel, "response_url": url})
        return found

    def _trouble(self, since: int, user: str, error: str, faults: tuple[str, ...] = ()) -> Outcome:
        self.workspace.warn(user, TROUBLE)
        return Outcome(since, error, faults=faults)

    def _view_errors(self, since: int, view: View, errors: Mapping[str, str], error: str | None) -> Outcome:
        view.errors = dict(errors)
        view.stamp = self.workspace.changes.tell()
        return Outcome(since, error, errors)

    def _follow(self, since: int, user: str, view: View, body: Mapping[str, Any]) -> Outcome:
        """Do what the answer to a submission says: errors, update, push, clear, or close."""
        workspace, action = self.workspace, body.get("response_action")
        if action == "errors":
            return self._show_errors(since, user, view, body.get("errors"))
        if action not in (None, "update", "push", "clear"):
            return self._trouble(since, user, "invalid_view_response")
        try:
            with workspace.lock:
                if action == "update":
                    replace_view(workspace, view, checked_view(body.get("view"), "modal"))
                elif action == "push":
                    push_on_stack(workspace, user, checked_view(body.get("view"), "modal"), view)
                else:
                    stack = workspace.modals.get(user, [])
                    stack[:] = [] if action == "clear" else stack[:-1]
        except SlackError as refused:
            return self._trouble(since, user, refused.code, refused.lines)
        workspace.changes.tell()
        return Outcome(since)

    def _show_errors(self, since: int, user: str, view: View, given: Any) -> Outcome:
        """Put the app's errors under the inputs; ones that belong to no input make the whole answer trouble."""
        errors = {str(block): str(words) for block, words in given.items()} if isinstance(given, Mapping) else {}
        inputs = {block["block_id"] for block in view.blocks if block.get("type") == "input"}
        if not errors or not errors.keys() <= inputs:
            return self._trouble(since, user, "invalid_errors")
        return self._view_errors(since, view, errors, None)

    def close(self, user: str, view: View, *, everything: bool = False) -> Outcome:
        """Close a modal (or all of the stack); the bot is told when it asked to be."""
        workspace, since = self.workspace, self.workspace.changes.version
        self._must_be_open(user, view)
        stack = workspace.modals[user]
        everything = everything or bool(view.payload.get("clear_on_close"))
        stack[:] = [] if everything else [view_id for view_id in stack if view_id != view.id]
        workspace.changes.tell()
        if not view.payload.get("notify_on_close"):
            return Outcome(since)
        payload = payloads.closed_payload(workspace, user, view, cleared=everything)
        return Outcome(since, self.inbound.send("interactive", payload, "view_closed").error)
