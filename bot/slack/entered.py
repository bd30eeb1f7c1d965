"""A value somebody entered by hand, in a command or a form: taken in or laid before who approves, and said so."""

from bot.core.approval import Approver, Way, asked_of
from bot.core.history import History
from bot.core.intake import Entry
from bot.core.speech import Speech
from bot.core.standing import stand
from bot.flows import approve
from bot.flows.record import Receipt, record
from bot.slack.question import Question
from bot.store import values
from bot.store.values import Origin


def enter(one: Question, entry: Entry, way: Way, note: str | None = None) -> Speech:
    """Take the value in, or lay it before who must approve it, and say so.

    Whether the person may enter it is for the caller to have asked.
    """
    approver = asked_of(one.policy, one.policy.kpis[entry.kpi], one.who.person, one.house.present)
    return _take_in(one, entry, note) if approver is None else _lay_before(one, entry, approver, way, note)


def _lay_before(one: Question, entry: Entry, approver: Approver, way: Way, note: str | None) -> Speech:
    house = one.house
    approval = approve.ask(
        house.database,
        one.policy,
        house.phrasebook,
        entry,
        approver,
        by=one.who.slack,
        way=way,
        note=note,
        now=one.now,
    )
    house.nudge()
    return one.say("approval_waits", **approve.facts_of(one.policy, approval))


def _take_in(one: Question, entry: Entry, note: str | None) -> Speech:
    database, author = one.house.database, one.who.slack
    also = approve.replacing(one.policy, one.house.phrasebook, entry, by=author, now=one.now)
    receipt = record(
        database, one.policy, [entry], origin=Origin.SLACK, author=author, now=one.now, note=note, also=also
    )
    one.house.nudge()
    known, before = _recorded(one, entry)
    return one.say(
        "set_done",
        standing=stand(one.policy, one.policy.kpis[entry.kpi], entry.segment, known, one.now),
        policy=one.policy,
        change=_change(receipt),
        period=entry.period,
        value=entry.value,
        before=before if receipt.corrected else None,
        note=note,
    )


def _recorded(one: Question, entry: Entry) -> tuple[History, float | None]:
    """Give the series as it stands now, and what the entered value replaced."""
    with one.house.database.reading() as tx:
        known = values.history(tx, entry.kpi, entry.segment, entry.period.frequency)
        records = values.records(tx, entry.kpi, entry.segment)
    replaced = next((stored.replaced for stored in records if stored.first == entry.period.first), ())
    return known, replaced[-1].value if replaced else None


def _change(receipt: Receipt) -> str:
    return "corrected" if receipt.corrected else "unchanged" if receipt.unchanged else "new"
