"""The form for a value that lives in somebody's head: the modal, its opening, and what becomes of what is sent off."""

from collections.abc import Mapping
from typing import Any, NamedTuple

import structlog
from slack_sdk import WebClient

from bot.core.approval import Way
from bot.core.checkin import due_period, example, offered_periods
from bot.core.clearance import may_see
from bot.core.entering import must_be_settable
from bot.core.errors import BadInput, DeliveryError
from bot.core.intake import take
from bot.core.kpi import Kpi
from bot.core.organisation import Person
from bot.core.policy import Policy
from bot.core.speech import Speech
from bot.core.typed import read_typed
from bot.core.units import lower_limit, upper_limit
from bot.core.words import Language
from bot.slack import approving, inputs
from bot.slack.approving import Returning
from bot.slack.blocks import message
from bot.slack.entered import enter
from bot.slack.inputs import Refused
from bot.slack.messenger import asked, make_client
from bot.slack.question import Question
from bot.store import values

log = structlog.get_logger()

CALLBACK = "kpi:set"
LONGEST_NOTE = 1000
_LONGEST_VALUE = 40
_OPTION = 75


class Wanted(NamedTuple):
    """What a form is to ask for; period: the label it begins with, "" for the one that is due."""

    kpi: Kpi
    segment: str
    period: str = ""


class Forms:
    """Opens forms while the trigger of a command or a click still lets it."""

    def __init__(self, client: WebClient) -> None:
        # Slack forgets a trigger after three seconds, and our own answer is due in the same three.
        self._client = make_client(client.token, client.base_url, timeout=2)

    def open(self, one: Question, wanted: Wanted, payload: Mapping[str, Any]) -> Speech | None:
        """Open the form; gives the words to say instead when Slack does not open it."""
        if self._shown(modal(one, wanted, str(payload.get("response_url") or "")), payload):
            return None
        period = wanted.period or due_period(wanted.kpi.frequency, one.policy.zone, one.now).label
        return one.say("form_not_opened", kpi=wanted.kpi, period=period, example=example(wanted.kpi.unit))

    def open_return(self, one: Question, wanted: Returning, payload: Mapping[str, Any]) -> Speech | None:
        """Open the form that asks why a number is returned; gives the words to say instead, as ``open`` does."""
        drawn = approving.modal(one, wanted, str(payload.get("response_url") or ""))
        return None if self._shown(drawn, payload) else one.say("busy")

    def _shown(self, drawn: Mapping[str, Any], payload: Mapping[str, Any]) -> bool:
        try:
            asked(self._client.views_open, trigger_id=str(payload.get("trigger_id") or ""), view=drawn)
        except DeliveryError as error:
            log.warning("form_not_opened", code=error.code)
            return False
        return True


def may_ask(policy: Policy, person: Person | None, kpi: Kpi, language: Language) -> None:
    """Ask whether somebody may be shown the form of a KPI they see. Raises BadInput with the reason why not."""
    if kpi.formula is not None:
        name = kpi.name.speak(language)
        raise BadInput("/kpi set", f"{name} is calculated: {kpi.formula.text}", "Send the values it is made of")
    must_be_settable(policy, person, kpi, language)


def modal(one: Question, wanted: Wanted, response_url: str) -> dict[str, Any]:
    """Draw the form. What it remembers is which series it is for and where to answer: no figure."""
    kpi = wanted.kpi
    named = one.house.phrasebook.word("form_about", one.who.language, kpi=kpi, segment=wanted.segment)
    return {
        "type": "modal",
        "callback_id": CALLBACK,
        "private_metadata": inputs.remember(one, response_url, kpi=kpi.key, segment=wanted.segment),
        "title": inputs.plain(inputs.word(one, "form_title"), inputs.TITLE),
        "submit": inputs.plain(inputs.word(one, "form_submit"), inputs.LABEL),
        "close": inputs.plain(inputs.word(one, "form_close"), inputs.LABEL),
        "blocks": [
            {"type": "section", "text": inputs.plain(named, 300)},
            inputs.block("period", inputs.word(one, "form_period"), _periods(one, wanted)),
            inputs.block("value", inputs.word(one, "form_value"), inputs.typed(_LONGEST_VALUE))
            | {"hint": inputs.plain(inputs.word(one, "form_hint", kpi=kpi, example=example(kpi.unit)), 300)},
            inputs.block("note", inputs.word(one, "form_note"), inputs.typed(LONGEST_NOTE) | {"multiline": True})
            | {"optional": True},
        ],
    }


def submitted(one: Question, view: Mapping[str, Any]) -> Speech | Refused:
    """Take in what was sent off, asking again all that was asked at the opening. Raises BadInput."""
    kept = inputs.remembered(view, "kpi", "segment")
    kpi = one.policy.kpis.get(kept["kpi"])
    if kpi is None or not may_see(one.who.reader, kpi, one.policy):
        return one.unknown(kept["kpi"])
    may_ask(one.policy, one.who.person, kpi, one.who.language)
    period, typed, note = inputs.selected(view, "period"), inputs.written(view, "value"), inputs.written(view, "note")
    try:
        number = read_typed(typed, kpi, one.who.language, "form")
    except BadInput:
        return Refused({"value": inputs.word(one, "form_no_number", kpi=kpi, typed=typed, example=example(kpi.unit))})
    try:
        entry = take(one.policy, kpi, number, period, kept["segment"], now=one.now, place="form")
    except BadInput as bad:
        return _refused(one, kpi, bad)
    return enter(one, entry, Way.FORM, note[:LONGEST_NOTE] or None)


def answer_page(speech: Speech) -> dict[str, Any]:
    """Draw an answer as a page in place of the form, for when there is nowhere else to give it."""
    return {"type": "modal", "title": inputs.plain("KPI", inputs.TITLE), "blocks": message(speech)["blocks"]}


def _refused(one: Question, kpi: Kpi, bad: BadInput) -> Speech | Refused:
    """Say under which input the reason stands; what is no input's fault is answered as a whole."""
    if bad.place == "form.value":
        return Refused({"value": _range(one, kpi)})
    if bad.place == "form.at":
        return Refused({"period": inputs.word(one, "form_no_period")})
    raise bad


def _range(one: Question, kpi: Kpi) -> str:
    most = upper_limit(kpi.unit)
    if kpi.plausible is not None:
        return inputs.word(one, "form_between", kpi=kpi, low=kpi.plausible.low, high=kpi.plausible.high)
    if most is not None:
        return inputs.word(one, "form_between", kpi=kpi, low=0.0, high=most)
    return inputs.word(one, "form_not_negative" if lower_limit(kpi.unit) is not None else "form_too_large")


def _periods(one: Question, wanted: Wanted) -> dict[str, Any]:
    """Offer the periods; those that have a value already are marked."""
    kpi = wanted.kpi
    offered = offered_periods(kpi.frequency, one.policy.zone, one.now)
    with one.house.database.reading() as tx:
        known = values.history(tx, kpi.key, wanted.segment, kpi.frequency, limit=len(offered) + 1)
    has = {point.first for point in known.points}
    options = {
        period.label: {
            "text": inputs.plain(inputs.word(one, "form_option", period=period, entered=period.first in has), _OPTION),
            "value": period.label,
        }
        for period in offered
    }
    return {
        "type": "static_select",
        "options": list(options.values()),
        "initial_option": options.get(wanted.period) or options[offered[0].label],
    }
