"""What must hold among people, roles, priorities, clearance levels, reports and the company's bands."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import pairwise

from cronsim import CronSim, CronSimError

from bot.core.organisation import Channel, Company, Person, Priority, Role, Sees
from bot.core.policy import Report
from bot.core.words import Frozen
from bot.rulebook.draft import Draft, Trouble
from bot.rulebook.layout import LEVELS
from bot.rulebook.nearest import nearest, unknown

_ANY_MOMENT = datetime(2026, 1, 1, tzinfo=UTC)


def roles_without_people(draft: Draft) -> Iterator[Trouble]:
    """Yield a missing ``ceo`` and roles whose deputy is the holder."""
    if draft.begun(Role) and "ceo" not in draft.places(Role):
        yield Trouble(Role, "ceo", (), "a role 'ceo' is missing; every escalation ends there")
    for key, role in draft.all(Role).items():
        if role.deputy == role.held_by:
            yield Trouble(Role, key, ("deputy",), f"the deputy of '{key}' is its holder; name somebody else")


def slack_ids_used_twice(draft: Draft) -> Iterator[Trouble]:
    """Yield people, and channels, that share a Slack id."""
    yield from _shared(Person, {key: person.slack for key, person in draft.all(Person).items()})
    yield from _shared(Channel, {key: channel.slack for key, channel in draft.all(Channel).items()})


def _shared(model: type[Frozen], ids: dict[str, str]) -> Iterator[Trouble]:
    first: dict[str, str] = {}
    for key, slack in ids.items():
        if first.setdefault(slack, key) != key:
            yield Trouble(model, key, ("slack",), f"'{slack}' is already the Slack id of '{first[slack]}'")


def levels_incomplete(draft: Draft) -> Iterator[Trouble]:
    """Yield clearance levels that do not exist, and those left out."""
    names = draft.places(Sees)
    misspelt = {nearest(name, LEVELS) for name in names if name not in LEVELS}
    for name in names:
        if name not in LEVELS:
            yield Trouble(Sees, name, (), unknown("level", name, LEVELS))
    for level in LEVELS:
        if draft.begun(Sees) and level not in names and level not in misspelt:
            problem = f"level '{level}' is missing; write '{level}: {{}}' when it sees nothing"
            yield Trouble(Sees, level, (), problem)


def priorities_out_of_order(draft: Draft) -> Iterator[Trouble]:
    """Yield clocks that cannot be met in the order they run, and ranks given twice."""
    ranks: dict[int, str] = {}
    for key, priority in draft.all(Priority).items():
        if ranks.setdefault(priority.rank, key) != key:
            problem = f"rank {priority.rank} is already that of '{ranks[priority.rank]}'; give each its own"
            yield Trouble(Priority, key, ("rank",), problem)
        yield from _clocks_of(key, priority)


def _clocks_of(key: str, priority: Priority) -> Iterator[Trouble]:
    respond, remind, acknowledge = priority.respond_within, priority.remind_before, priority.acknowledge_within
    if remind is not None and (respond is None or remind >= respond):
        problem = "the reminder must come within the response window; make it shorter than respond_within"
        yield Trouble(Priority, key, ("remind_before",), problem)
    if acknowledge is not None and respond is not None and acknowledge > respond:
        problem = "acknowledge_within is longer than respond_within; somebody says 'mine' before the work is due"
        yield Trouble(Priority, key, ("acknowledge_within",), problem)
    clocks = ("acknowledge_within", "respond_within", "remind_before", "reopen_within")
    for word in clocks:
        if getattr(priority, word) == timedelta(0):
            yield Trouble(Priority, key, (word,), f"{word} is no time at all; write a longer one, or leave it out")


def bands_not_descending(draft: Draft) -> Iterator[Trouble]:
    """Yield score labels and statuses whose least values do not fall from best to worst."""
    company = draft.one(Company)
    if company is None:
        return
    scores, statuses = company.scores, company.statuses
    for word, ladder in (
        ("scores", [scores.excellent, scores.strong, scores.good, scores.at_risk]),
        ("statuses", [statuses.blue, statuses.green, statuses.yellow]),
    ):
        if any(better <= worse for better, worse in pairwise(ladder)):
            order = "excellent > strong > good > at_risk" if word == "scores" else "blue > green > yellow"
            yield Trouble(Company, "", (word,), f"the least values must fall: {order}")


def reports_never_due(draft: Draft) -> Iterator[Trouble]:
    """Yield reports whose cron line is wrong or names a day that never comes."""
    for key, report in draft.all(Report).items():
        problem = never_due(report.cron)
        if problem is not None:
            yield Trouble(Report, key, ("cron",), problem)


def never_due(cron: str) -> str | None:
    """Say what is wrong with a cron line; None when it is a good one."""
    try:
        CronSim(cron, _ANY_MOMENT)
    except CronSimError as error:
        return f"'{cron}' is no cron line ({str(error).lower()}); write one such as '0 8 * * *'"
    return None
