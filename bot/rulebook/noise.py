"""Rules that would have rung too often, and the smallest change that would have quieted each."""

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any

from bot.core.errors import Fault
from bot.core.history import History
from bot.core.kpi import Kpi, Rule
from bot.core.policy import Policy, critical_rule_id
from bot.core.reliving import SeriesName
from bot.core.replay import Track, replay
from bot.core.samples import last_complete, sample_points
from bot.rulebook.draft import Draft, Place

Histories = Mapping[SeriesName, History]

_LOOKED_AT = timedelta(days=366)
_LONGER = (2, 3)
_LATER = (1, 2)


def sample_histories(policy: Policy, now: datetime) -> dict[SeriesName, History]:
    """Give the sample history of every series that has one, up to the last complete period."""
    today = now.astimezone(policy.zone).date()
    found: dict[SeriesName, History] = {}
    for series, anchor in policy.samples.items():
        key, _, segment = series.partition("/")
        last = last_complete(today, policy.kpis[key].frequency)
        found[key, segment] = History(last.frequency, sample_points(series, anchor, last))
    return found


def noisy_rules(
    policy: Policy, draft: Draft, known_as: str, histories: Callable[[Kpi], Histories], now: datetime
) -> list[Fault]:
    """Give one fault for each rule that would have rung too often in the last year of these histories.

    known_as: what the histories are called; histories: by KPI, its series and those it needs. Rules on trial are judged
    too: that is what the trial is for.
    """
    return [
        _place(draft, kpi, track.rule).fault(_problem(policy, kpi, known, track, known_as))
        for kpi in policy.kpis.values()
        for known in [histories(kpi)]
        for track in _tracks(policy, kpi, known, now)
        if track.is_noisy(policy)
    ]


def _tracks(policy: Policy, kpi: Kpi, histories: Histories, now: datetime) -> tuple[Track, ...]:
    if not policy.rules_of(kpi):
        return ()
    found = replay(policy, kpi, histories, now - _LOOKED_AT, now)
    return found.tracks if found else ()


def _problem(policy: Policy, kpi: Kpi, histories: Histories, track: Track, known_as: str) -> str:
    often = f"{len(track.rung)} times over the last year of {known_as}, {track.per_month:.1f} a month"
    limit = f"noisy_from is {policy.company.noisy_from:g}"
    return f"rule '{track.rule.id}' would have rung {often} ({limit}); {_remedy(policy, kpi, histories, track)}"


def _remedy(policy: Policy, kpi: Kpi, histories: Histories, track: Track) -> str:
    """Name the first change that would have quieted it, tried out on the same history."""
    for words, rule in _changes(kpi, track.rule):
        tried = _with(policy, kpi, rule)
        after = next(
            one for one in _tracks(tried, tried.kpis[kpi.key], histories, track.until) if one.rule.id == rule.id
        )
        if not after.is_noisy(policy):
            often = f"have rung {after.per_month:.1f} times a month" if after.rung else "never have rung"
            return f"with '{words}' it would {often}"
    return "give it a recovery level or a limit further out"


def _changes(kpi: Kpi, rule: Rule) -> Iterator[tuple[str, Rule]]:
    for periods in _LONGER:
        if periods > rule.lasting and rule.when.stale is None:
            yield f"for: {periods} periods", rule.model_copy(update={"lasting": periods})
    if not _is_of_thresholds(kpi, rule):
        for periods in _LATER:
            if periods > (rule.keep_firing_for or 0):
                written = f"keep_firing_for: {periods} period{'s' if periods > 1 else ''}"
                yield written, rule.model_copy(update={"keep_firing_for": periods})


def _with(policy: Policy, kpi: Kpi, rule: Rule) -> Policy:
    """Give the policy with one rule of a KPI changed."""
    if _is_of_thresholds(kpi, rule) and kpi.thresholds is not None:
        update: dict[str, Any] = {"thresholds": kpi.thresholds.model_copy(update={"lasting": rule.lasting})}
    else:
        update = {"rules": tuple(rule if one.id == rule.id else one for one in kpi.rules)}
    changed = kpi.model_copy(update=update)
    parts = {name: getattr(policy, name) for name in Policy.model_fields}
    return Policy.model_construct(**parts | {"kpis": policy.kpis | {kpi.key: changed}})


def _is_of_thresholds(kpi: Kpi, rule: Rule) -> bool:
    return all(rule.id != one.id for one in kpi.rules)


def _place(draft: Draft, kpi: Kpi, rule: Rule) -> Place:
    if _is_of_thresholds(kpi, rule):
        level = "critical" if rule.id == critical_rule_id(kpi) else "warning"
        return draft.place(Kpi, kpi.key, ("thresholds", level))
    number = next(place for place, one in enumerate(kpi.rules) if one.id == rule.id)
    return draft.place(Kpi, kpi.key, ("rules", number, "id"))
