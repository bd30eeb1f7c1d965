"""When something is due: cron lines in a zone, exactly once a local date over every clock change."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from cronsim import CronSim

from bot.core.words import Frozen

_LOOK_BACK = (timedelta(days=2), timedelta(days=9), timedelta(days=70), timedelta(days=800))


class Due(Frozen):
    """A moment (UTC) something is due, and the local date it belongs to."""

    moment: datetime
    local_date: date


def last_due(cron: str, zone: ZoneInfo, now: datetime) -> Due | None:
    """Give the newest moment a five-field cron line names up to now; None when there was none in two years.

    Searched forward from ever earlier starts: that is the direction in which clock changes are settled.
    """
    for look_back in _LOOK_BACK:
        newest = None
        for moment in CronSim(cron, (now - look_back).astimezone(zone)):
            if moment > now:
                break
            newest = moment
        if newest is not None:
            return Due(moment=newest.astimezone(UTC), local_date=newest.date())
    return None


def next_due(cron: str, zone: ZoneInfo, now: datetime) -> datetime | None:
    """Give the next moment after now; None when the line names none."""
    return next(CronSim(cron, now.astimezone(zone)), None)
