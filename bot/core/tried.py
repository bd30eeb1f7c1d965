"""What is told of a replay in few words: the sums of each rule, and its newest episodes."""

from datetime import date, datetime, timedelta
from typing import NamedTuple

from bot.core.kpi import Rule
from bot.core.organisation import Priority
from bot.core.policy import Policy
from bot.core.replay import Episode, Replay, Track
from bot.core.spans import Span

_SHOWN = 3


class Line(NamedTuple):
    """One episode: when it began, how long it lasted (so far), its worst value, whom it would have reached by name.

    people: nobody where it would merely have gone on where a more urgent alert ended.
    """

    day: date
    segment: str
    days: int
    open: bool
    peak: float | None
    people: tuple[str, ...]


class Row(NamedTuple):
    """One rule: how often it would have rung (a month, to a tenth), the share of the time it was red (0..1), and its
    newest episodes, newest first.
    """

    rule: Rule
    priority: Priority
    rings: int
    per_month: float
    share_red: float
    noisy: bool
    newest: tuple[Line, ...]
    more: int


def span_of(policy: Policy, replay: Replay) -> Span:
    """Give the days on which it was tried, by the company's calendar."""
    return Span(_day(policy, replay.since), _day(policy, replay.until) + timedelta(days=1))


def row_of(policy: Policy, track: Track) -> Row:
    """Put the sums of a rule and its newest episodes together as they are told."""
    newest = track.episodes[: -_SHOWN - 1 : -1]
    return Row(
        rule=track.rule,
        priority=policy.priority(track.rule.priority),
        rings=len(track.rung),
        per_month=round(track.per_month, 1),
        share_red=track.share_red,
        noisy=track.is_noisy(policy),
        newest=tuple(_line(policy, one, track.until) for one in newest),
        more=len(track.episodes) - len(newest),
    )


def _line(policy: Policy, one: Episode, until: datetime) -> Line:
    return Line(
        day=_day(policy, one.opened),
        segment=one.segment,
        days=round(one.lasted(until) / timedelta(days=1)),
        open=one.ended is None,
        peak=one.peak,
        people=tuple(policy.people[key].name for key in one.told if key in policy.people) if one.rings else (),
    )


def _day(policy: Policy, moment: datetime) -> date:
    return moment.astimezone(policy.zone).date()
