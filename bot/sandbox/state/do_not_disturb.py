"""When a person does not want to be disturbed: a pause they set, or their quiet hours."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.sandbox.cast import Person

Window = tuple[datetime, datetime]


def next_window(person: Person, pause: Window | None, now: datetime) -> Window | None:
    """The span that runs now or comes next; None for a person who has set none."""
    if pause is not None and pause[1] > now:
        return pause
    if person.quiet_hours is None:
        return None
    begin, end = (time.fromisoformat(hour) for hour in person.quiet_hours)
    today = now.astimezone(ZoneInfo(person.tz)).date()
    for day in (today + timedelta(days=offset) for offset in (-1, 0, 1)):
        over = day if end > begin else day + timedelta(days=1)
        window = _moment(person, day, begin), _moment(person, over, end)
        if window[1] > now:
            return window
    return None


def _moment(person: Person, day: date, hour: time) -> datetime:
    return datetime.combine(day, hour, ZoneInfo(person.tz)).astimezone(UTC)
