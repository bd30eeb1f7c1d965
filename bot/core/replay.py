"""Trying rules before they speak: what they would have said over a span of the past, to whom and for how long."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta

from bot.core.alert import Alert, Resolution, State
from bot.core.history import History
from bot.core.kpi import Kpi, Rule
from bot.core.lifecycle import Notice
from bot.core.measures import badness
from bot.core.periods import Period
from bot.core.policy import Policy
from bot.core.reliving import Lived, SeriesName, needed, relive
from bot.core.words import Frozen

MONTH = timedelta(days=365.2425 / 12)
"""The mean month of the calendar."""

_RINGS = (Notice.OPENED, Notice.REOPENED)


class Episode(Frozen):
    """One time a rule was broken, from the alert's opening (or opening again) to its end.

    period: label of the period that broke the rule; ended, why: None while it lasts; peak: the worst value of it (for
    an opportunity the best), None when values were missing; told: the people (keys) it would have reached if nobody had
    answered, the owner first; rings: whether it would have been told anew, and not merely gone on where a more urgent
    alert ended.
    """

    rule: str
    segment: str
    priority: str
    period: str
    opened: datetime
    ended: datetime | None
    why: Resolution | None
    peak: float | None
    told: tuple[str, ...]
    rings: bool

    def lasted(self, until: datetime) -> timedelta:
        """How long it went on, at most until a moment."""
        return min(self.ended or until, until) - self.opened


class Track(Frozen):
    """What one rule would have said between two moments: the episodes that fall into that span, oldest first."""

    rule: Rule
    since: datetime
    until: datetime
    episodes: tuple[Episode, ...]

    @property
    def rung(self) -> tuple[Episode, ...]:
        """The episodes it would have told anybody of within the span."""
        return tuple(one for one in self.episodes if one.rings and one.opened >= self.since)

    @property
    def per_month(self) -> float:
        """How often a month it would have rung; a span of less than a month counts as one."""
        return len(self.rung) / max((self.until - self.since) / MONTH, 1.0)

    @property
    def red(self) -> timedelta:
        """How long at least one of its series was red."""
        total, reached = timedelta(0), self.since
        for one in sorted(self.episodes, key=lambda one: one.opened):
            ended = min(one.ended or self.until, self.until)
            total += max(ended - max(one.opened, reached), timedelta(0))
            reached = max(reached, ended)
        return total

    @property
    def share_red(self) -> float:
        """The share of the span in which it was red, 0..1."""
        return self.red / (self.until - self.since) if self.until > self.since else 0.0

    def is_noisy(self, policy: Policy) -> bool:
        """Say whether it would have rung as often as the policy calls noisy, or more."""
        return self.per_month >= policy.company.noisy_from


class Replay(Frozen):
    """What the rules of one KPI would have said; since: the first value's arrival where that is later than asked."""

    kpi: Kpi
    since: datetime
    until: datetime
    tracks: tuple[Track, ...]

    @property
    def episodes(self) -> tuple[Episode, ...]:
        """The episodes of all rules, oldest first."""
        return tuple(sorted((one for track in self.tracks for one in track.episodes), key=lambda one: one.opened))

    def only(self, rule: str) -> "Replay":
        """Give the same for one rule."""
        return self.model_copy(update={"tracks": tuple(one for one in self.tracks if one.rule.id == rule)})


class Difference(Frozen):
    """What a change of rules changes: the episodes only the new rules have, and those only the old ones have."""

    added: tuple[Episode, ...]
    gone: tuple[Episode, ...]


def replay(
    policy: Policy,
    kpi: Kpi,
    histories: Mapping[SeriesName, History],
    since: datetime,
    until: datetime,
    *,
    segment: str | None = None,
) -> Replay | None:
    """Replay every rule of a KPI over its history, exactly as living through it would have been; None without values.

    Everything known is lived through from its beginning, as ``relive`` says, so that what was open before ``since`` is;
    told of is what falls between the two moments. segment: only this one.
    """
    begun = first_arrival(policy, kpi, histories)
    if begun is None or begun > until:
        return None
    since = max(since, begun)
    found = episodes_of(policy, kpi, relive(policy, kpi, histories, until))
    tracks = tuple(
        Track(rule=rule, since=since, until=until, episodes=_within(found, rule, segment, since))
        for rule in policy.rules_of(kpi)
    )
    return Replay(kpi=kpi, since=since, until=until, tracks=tracks)


def first_arrival(policy: Policy, kpi: Kpi, histories: Mapping[SeriesName, History]) -> datetime | None:
    """Give when the first value arrived that matters to the KPI; None when none did."""
    keys = {one.key for one in needed(policy, kpi)} if kpi.formula else {kpi.key}
    found = [one for (key, _), one in histories.items() if one.points and key in keys]
    return min((Period(one.frequency, one.points[0].first).ends(policy.zone) for one in found), default=None)


def episodes_of(policy: Policy, kpi: Kpi, lived: Iterable[Lived]) -> list[Episode]:
    """Put the steps of alerts together into episodes, in the order in which these began."""
    stretches: dict[str, list[list[Lived]]] = {}
    for one in lived:
        before = one.step.before
        mine = stretches.setdefault(one.step.alert.id, [])
        if before is None or before.state is State.RESOLVED:
            mine.append([])
        mine[-1].append(one)
    found = [_episode(policy, kpi, stretch) for mine in stretches.values() for stretch in mine]
    return sorted(found, key=lambda one: (one.opened, one.rule, one.segment))


def compare(now: Iterable[Episode], then: Iterable[Episode]) -> Difference:
    """Say what another set of rules changes: an episode is the same as one of its rule and series at the same time."""
    before, after = list(now), list(then)
    return Difference(
        added=tuple(one for one in after if not any(_same(one, other) for other in before)),
        gone=tuple(one for one in before if not any(_same(one, other) for other in after)),
    )


def _episode(policy: Policy, kpi: Kpi, stretch: Sequence[Lived]) -> Episode:
    first, last = stretch[0], stretch[-1].step.alert
    rule = policy.rule(kpi.key, last.rule)
    return Episode(
        rule=last.rule,
        segment=last.segment,
        priority=last.priority,
        period=first.step.alert.period,
        opened=first.at,
        ended=last.resolved_at,
        why=last.resolution,
        peak=_peak(kpi, rule, [one.step.alert for one in stretch if one.step.alert.is_open]),
        told=last.chain[: last.step + 1],
        rings=first.step.notice in _RINGS,
    )


def _peak(kpi: Kpi, rule: Rule | None, alerts: Iterable[Alert]) -> float | None:
    """The worst value it was open with; of an opportunity, the best; of missing values, none."""
    seen = [alert.finding.value for alert in alerts if alert.finding.condition != "stale"]
    values = [value for value in seen if value is not None]
    best = rule is not None and rule.when.beats_target_by is not None
    return (min if best else max)(values, key=lambda value: badness(kpi, value), default=None)


def _within(found: Iterable[Episode], rule: Rule, segment: str | None, since: datetime) -> tuple[Episode, ...]:
    mine = (one for one in found if one.rule == rule.id and segment in (None, one.segment))
    return tuple(one for one in mine if one.ended is None or one.ended >= since)


def _same(one: Episode, other: Episode) -> bool:
    series = (one.rule, one.segment) == (other.rule, other.segment)
    return (
        series and (other.ended is None or one.opened < other.ended) and (one.ended is None or other.opened < one.ended)
    )
