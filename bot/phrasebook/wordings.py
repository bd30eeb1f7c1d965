"""A queued message in words: as it should be, then ever plainer, for when Slack refuses it or a template is broken."""

from datetime import datetime
from typing import NamedTuple

import structlog

from bot.core.alert import Alert
from bot.core.clearance import is_restricted
from bot.core.history import History
from bot.core.policy import Policy
from bot.core.settling import lateness
from bot.core.speech import OPERATORS, SPOKEN, Outgoing, Speech
from bot.phrasebook.alerts import alert_speech, plain_alert_speech
from bot.phrasebook.book import Phrasebook
from bot.phrasebook.plain import plain
from bot.phrasebook.wording import WordingError

log = structlog.get_logger()


class About(NamedTuple):
    """The alert a message is about as it stands now, and the values of its series."""

    alert: Alert
    history: History


def wordings(
    phrasebook: Phrasebook, policy: Policy, outgoing: Outgoing, about: About | None, now: datetime, *, repeated: bool
) -> list[Speech]:
    """Give what may be said for a message, the last one without blocks.

    about: None when the message is about no alert, or its KPI has left the policy; repeated: it may be in Slack
    already, and says so.
    """
    said = _said(phrasebook, policy, outgoing, about, now)
    if said[0].chart is not None:
        said.insert(1, said[0].model_copy(update={"chart": None}))
    bare = Speech(text=said[-1].text if _names_no_figure(policy, outgoing) else _all_words(said[-1]))
    label = phrasebook.word("may_be_a_repeat", outgoing.language) if repeated else ""
    return [_labelled(one, label) for one in (*said, bare)]


def _said(
    phrasebook: Phrasebook, policy: Policy, outgoing: Outgoing, about: About | None, now: datetime
) -> list[Speech]:
    if outgoing.notice == SPOKEN:
        return [Speech.model_validate(outgoing.facts["speech"])]
    if outgoing.notice != OPERATORS and about is None:
        return [Speech(text=phrasebook.word("no_longer_watched", outgoing.language))]
    try:
        if about is None:
            return [phrasebook.say(OPERATORS, outgoing.language, **outgoing.facts)]
        late = lateness(outgoing.created_at, now)
        worded = alert_speech(phrasebook, policy, about.alert, about.history, outgoing, now, late=late)
        return [worded, plain_alert_speech(policy, about.alert, about.history, outgoing, now)]
    except WordingError as error:
        log.warning("wording_failed", template=error.template)
        if about is None:
            return [plain(OPERATORS, **outgoing.facts)]
        return [plain_alert_speech(policy, about.alert, about.history, outgoing, now)]


def _names_no_figure(policy: Policy, outgoing: Outgoing) -> bool:
    """A text without blocks is all of it notification, which names no figure of a restricted KPI."""
    return any(key not in policy.kpis or is_restricted(policy.kpis[key]) for key in outgoing.kpis)


def _all_words(speech: Speech) -> str:
    parts = [speech.text, speech.body, *speech.fields, *speech.items, speech.rest, speech.footer]
    return "\n".join(dict.fromkeys(part.strip() for part in parts if part.strip()))


def _labelled(speech: Speech, label: str) -> Speech:
    if not label:
        return speech
    footer = f"{label} · {speech.footer}" if speech.footer else label
    return speech.model_copy(update={"text": f"{label}: {speech.text}", "footer": footer})
