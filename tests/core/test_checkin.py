"""When somebody is asked for a value: their own morning, working days, twice at most."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from pydantic import ValidationError

from bot.core.calendar import Calendar
from bot.core.checkin import CheckIn, Nudge, due_period, nudge_due, offered_periods
from bot.core.periods import Frequency, parse_label

MADRID, NEW_YORK = ZoneInfo("Europe/Madrid"), ZoneInfo("America/New_York")
CALENDAR = Calendar(MADRID, holidays=frozenset({date(2026, 11, 25)}))
OCTOBER = parse_label("2026-10", Frequency.MONTHLY)
NINE = CheckIn()


def at(day: int, hour: int, minute: int = 0, zone: ZoneInfo = MADRID) -> datetime:
    return datetime(2026, 11, day, hour, minute, tzinfo=zone).astimezone(UTC)


def nudge(now: datetime, last: Nudge | None = None, zone: ZoneInfo = MADRID, check_in: CheckIn = NINE) -> Nudge | None:
    return nudge_due(check_in, OCTOBER, CALENDAR, zone, now, last)


def test_simply_true_means_nine_in_the_morning() -> None:
    assert CheckIn.model_validate(True) == CheckIn(at="09:00")


@pytest.mark.parametrize("hour", ["9:00", "24:00", "12:60", "noon"])
def test_a_time_that_is_none_is_refused(hour: str) -> None:
    with pytest.raises(ValidationError):
        CheckIn(at=hour)


@pytest.mark.parametrize(
    ("hour", "minute", "asked"), [(8, 59, False), (9, 0, True), (12, 59, True), (13, 0, False), (23, 0, False)]
)
def test_somebody_is_asked_from_the_time_named_and_never_late_in_the_day(hour: int, minute: int, asked: bool) -> None:
    assert (nudge(at(24, hour, minute)) is not None) is asked


def test_the_morning_is_the_persons_own() -> None:
    assert nudge(at(24, 9), zone=NEW_YORK) is None
    assert nudge(at(24, 9, zone=NEW_YORK), zone=NEW_YORK) == Nudge(date(2026, 11, 24), "2026-10", 1)


@pytest.mark.parametrize("day", [22, 25, 28])
def test_nobody_is_asked_at_a_weekend_or_on_a_holiday(day: int) -> None:
    assert nudge(at(day, 9)) is None


def test_the_second_time_comes_after_two_working_days_and_is_the_last() -> None:
    first = Nudge(date(2026, 11, 24), "2026-10", 1)
    asked = [day for day in range(24, 31) if nudge(at(day, 9), first)]
    assert asked == [27, 30], "the 25th is a holiday, so the 24th and the 26th are the two days"
    second = nudge(at(27, 9), first)
    assert second == Nudge(date(2026, 11, 27), "2026-10", 2)
    assert not any(nudge(at(27, 9) + timedelta(days=days), second) for days in range(60))


def test_a_new_period_is_asked_for_anew() -> None:
    told = Nudge(date(2026, 11, 23), "2026-09", 2)
    assert nudge(at(24, 9), told) == Nudge(date(2026, 11, 24), "2026-10", 1)


def test_the_period_that_is_due_is_the_newest_complete_one_on_the_companys_calendar() -> None:
    midnight = datetime(2026, 10, 31, 23, 30, tzinfo=UTC)
    assert due_period(Frequency.MONTHLY, MADRID, midnight).label == "2026-10"
    assert due_period(Frequency.MONTHLY, NEW_YORK, midnight).label == "2026-09"


def test_a_form_offers_a_year_of_months_and_then_the_running_one() -> None:
    labels = [period.label for period in offered_periods(Frequency.MONTHLY, MADRID, at(24, 9))]
    assert (labels[0], labels[1], labels[11], labels[-1]) == ("2026-10", "2026-09", "2025-11", "2026-11")
