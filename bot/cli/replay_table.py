"""A replay as it is printed: a table for people, data for scripts."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from bot.core.kpi import Kpi
from bot.core.policy import Policy
from bot.core.replay import Difference, Episode, Replay, Track, compare
from bot.core.words import Language
from bot.phrasebook.numbers import short

_DAY = timedelta(days=1)
_COLUMNS = ("opened", "period", "segment", "lasted", "peak", "ended", "would have told, if nobody answered")


class Shown(NamedTuple):
    """What is printed: the rules in force, and with a change those beside them (None where they have no such rule)."""

    policy: Policy
    today: Replay | None
    changed: Replay | None
    with_change: bool

    @property
    def tried(self) -> Replay | None:
        """What is on trial: the changed rules where there are some."""
        return self.changed if self.with_change else self.today

    @property
    def difference(self) -> Difference:
        """What the change would change."""
        return compare(*(one.episodes if one else () for one in (self.today, self.changed)))

    @property
    def finds_something(self) -> bool:
        """Whether what is on trial would never have rung, or a rule of it too often."""
        tracks = self.tried.tracks if self.tried else ()
        return not any(track.rung for track in tracks) or any(track.is_noisy(self.policy) for track in tracks)


def as_text(shown: Shown) -> str:
    """Lay the episodes of every rule out as a table, under the sums of the rule; with a change, what it changes."""
    one = shown.tried or shown.today
    if one is None:
        return ""
    span = f"{_date(shown, one.since)} to {_date(shown, one.until)}"
    lines = [f"{one.kpi.name.en} ({one.kpi.key}), {span}, if nobody had answered"]
    for track in shown.tried.tracks if shown.tried else ():
        lines += ["", *_track(shown, one.kpi, track)]
    if shown.with_change:
        lines += _compared(shown, one.kpi)
    return "\n".join(lines)


def as_data(shown: Shown) -> dict[str, Any]:
    """Give the same as data; moments as ISO 8601 in UTC."""
    data: dict[str, Any] = {"today": _replay_data(shown, shown.today)}
    if shown.with_change:
        data["changed"] = _replay_data(shown, shown.changed)
        data["new"] = [_episode_data(one) for one in shown.difference.added]
        data["gone"] = [_episode_data(one) for one in shown.difference.gone]
    return data


def _track(shown: Shown, kpi: Kpi, track: Track) -> list[str]:
    rule, rung = track.rule, len(track.rung)
    trial = ", dry run: nobody is told" if rule.dry_run else ""
    often = f"{_counted(rung)}, {track.per_month:.1f} a month"
    open_for = f"open {_days(track.red)} of {_days(track.until - track.since)} ({track.share_red:.0%})"
    lines = [f"{rule.id} ({rule.priority}{trial}): {often}; {open_for}"]
    if track.is_noisy(shown.policy):
        lines.append(f"  too noisy: {shown.policy.company.noisy_from:g} a month and more are (noisy_from)")
    if not track.episodes:
        lines.append("  would never have fired")
    return lines + _table(shown, kpi, track.episodes)


def _compared(shown: Shown, kpi: Kpi) -> list[str]:
    lines = ["", "With the change:"]
    before = {track.rule.id: track for track in shown.today.tracks} if shown.today else {}
    after = {track.rule.id: track for track in shown.changed.tracks} if shown.changed else {}
    for rule in dict.fromkeys((*before, *after)):
        lines.append(f"  {rule}: now {_of(before.get(rule))}, with the change {_of(after.get(rule))}")
    for word, found in (("new", shown.difference.added), ("gone", shown.difference.gone)):
        lines += [f"  {word}: {len(found) or 'none'}", *_table(shown, kpi, found, indent="    ", named=True)]
    return lines


def _of(track: Track | None) -> str:
    if track is None:
        return "no such rule"
    return f"{_counted(len(track.rung))} ({track.per_month:.1f} a month, open {track.share_red:.0%} of the time)"


def _table(
    shown: Shown, kpi: Kpi, episodes: Sequence[Episode], *, indent: str = "  ", named: bool = False
) -> list[str]:
    rows = [_COLUMNS, *(_row(shown, kpi, one) for one in episodes)]
    if named:
        rows = [(name, *row) for name, row in zip(("rule", *(one.rule for one in episodes)), rows, strict=True)]
    shows = [any(row[place] for row in rows[1:]) for place in range(len(rows[0]))]
    kept = [tuple(cell for cell, shown_here in zip(row, shows, strict=True) if shown_here) for row in rows]
    widths = [max(len(row[place]) for row in kept) for place in range(len(kept[0]))]
    lines = ("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) for row in kept)
    return [f"{indent}{line}".rstrip() for line in lines] if episodes else []


def _row(shown: Shown, kpi: Kpi, one: Episode) -> tuple[str, ...]:
    return (
        _date(shown, one.opened),
        one.period,
        one.segment,
        _days(one.lasted(_until(shown))),
        "" if one.peak is None else short(one.peak, kpi.unit, Language.EN).replace("\u00a0", " "),
        one.why.value.replace("_", " ") if one.why else "still open",
        _people(shown.policy, one.told) if one.rings else "nobody: it goes on where the critical alert ended",
    )


def _people(policy: Policy, keys: Iterable[str]) -> str:
    return " → ".join(policy.people[key].name if key in policy.people else key for key in keys)


def _until(shown: Shown) -> datetime:
    return next(one.until for one in (shown.changed, shown.today) if one is not None)


def _date(shown: Shown, moment: datetime) -> str:
    return moment.astimezone(shown.policy.zone).date().isoformat()


def _days(length: timedelta) -> str:
    days = round(length / _DAY)
    return f"{days} day{'' if days == 1 else 's'}"


def _counted(number: int) -> str:
    return f"{number} alert{'' if number == 1 else 's'}"


def _replay_data(shown: Shown, one: Replay | None) -> dict[str, Any] | None:
    if one is None:
        return None
    return {
        "kpi": one.kpi.key,
        "since": one.since.isoformat(),
        "until": one.until.isoformat(),
        "rules": [_track_data(shown, track) for track in one.tracks],
    }


def _track_data(shown: Shown, track: Track) -> dict[str, Any]:
    return {
        "rule": track.rule.id,
        "priority": track.rule.priority,
        "dry_run": track.rule.dry_run,
        "alerts": len(track.rung),
        "per_month": round(track.per_month, 2),
        "noisy": track.is_noisy(shown.policy),
        "red_days": round(track.red / _DAY, 2),
        "share_red": round(track.share_red, 4),
        "episodes": [_episode_data(one) for one in track.episodes],
    }


def _episode_data(one: Episode) -> dict[str, Any]:
    return one.model_dump(mode="json")
