"""Approving a number or returning it: the buttons under it, the form that asks why, and what the answerer is told."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from bot.core.intake import Entry
from bot.core.speech import Speech
from bot.flows import approve
from bot.flows.approve import Also, Outcome
from bot.flows.record import record
from bot.slack import inputs
from bot.slack.inputs import Refused
from bot.slack.question import Question
from bot.store.values import Origin

CALLBACK = "kpi:return"
LONGEST_REASON = 1000


class Returning(NamedTuple):
    """A form that asks why a number is returned; approval: its id."""

    approval: str


def approved(one: Question, approval_id: str) -> Speech:
    """Approve a number that waits, and say so, or what has become of it."""
    house = one.house

    def recorded(entry: Entry, *, author: str, note: str | None, also: Also) -> object:
        return record(
            house.database,
            one.policy,
            [entry],
            origin=Origin.SLACK,
            author=author,
            now=one.now,
            note=note,
            also=also,
        )

    return _answered(
        one,
        approve.approve(house.database, one.policy, house.phrasebook, approval_id, one.who.person, recorded, one.now),
    )


def returning(one: Question, approval_id: str) -> Speech | Returning:
    """Ask why a number is returned, if it can be."""
    seen = approve.look(one.house.database, one.policy, approval_id, one.who.person)
    if seen.approval is not None and seen.may and seen.approval.waits:
        return Returning(approval_id)
    return _answered(one, seen)


def modal(one: Question, wanted: Returning, response_url: str) -> dict[str, Any]:
    """Draw the form. What it remembers is which number it is for and where to answer: no figure."""
    seen = approve.look(one.house.database, one.policy, wanted.approval, one.who.person).approval
    about = (
        inputs.word(one, "form_return_about", approval=seen, kpi=one.policy.kpis[seen.kpi], policy=one.policy)
        if seen
        else inputs.word(one, "form_return_title")
    )
    reason = inputs.typed(LONGEST_REASON) | {"multiline": True}
    return {
        "type": "modal",
        "callback_id": CALLBACK,
        "private_metadata": inputs.remember(one, response_url, approval=wanted.approval),
        "title": inputs.plain(inputs.word(one, "form_return_title"), inputs.TITLE),
        "submit": inputs.plain(inputs.word(one, "button_return"), inputs.LABEL),
        "close": inputs.plain(inputs.word(one, "form_close"), inputs.LABEL),
        "blocks": [
            {"type": "section", "text": inputs.plain(about, 300)},
            inputs.block("reason", inputs.word(one, "form_return_why"), reason),
        ],
    }


def submitted(one: Question, view: Mapping[str, Any]) -> Speech | Refused:
    """Return the number, asking again all that was asked at the opening."""
    reason = inputs.written(view, "reason")
    if not reason:
        return Refused({"reason": inputs.word(one, "form_return_no_reason")})
    house = one.house
    outcome = approve.send_back(
        house.database,
        one.policy,
        house.phrasebook,
        inputs.remembered(view, "approval")["approval"],
        one.who.person,
        reason=reason[:LONGEST_REASON],
        now=one.now,
    )
    return _answered(one, outcome)


def _answered(one: Question, outcome: Outcome) -> Speech:
    approval = outcome.approval
    if approval is None:
        return one.say("approval_gone")
    if outcome.done:
        one.house.nudge()
    facts = approve.facts_of(one.policy, approval)
    return one.say("approval_answer", done=outcome.done, **facts)
