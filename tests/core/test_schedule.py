"""When something is due: exactly once a local date, over every clock change."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.core.schedule import Due, last_due, next_due

ZONES = (
    "Europe/Madrid",
    "America/New_York",
    "Africa/Cairo",
    "America/Santiago",
    "Asia/Beirut",
    "Australia/Lord_Howe",
    "UTC",
)
START, END = datetime(2025, 1, 1, tzinfo=UTC), datetime(2028, 1, 1, tzinfo=UTC)
MADRID = ZoneInfo("Europe/Madrid")
DAY, HOUR, MINUTE = timedelta(days=1), timedelta(hours=1), timedelta(minutes=1)


def clock_changes(zone: ZoneInfo) -> Iterator[datetime]:
    """Every moment of the three years at which the zone's clocks jump, to the hour."""
    moment = START
    while moment < END:
        if (moment + HOUR).astimezone(zone).utcoffset() != moment.astimezone(zone).utcoffset():
            yield moment + HOUR
        moment += HOUR


CHANGES = {name: tuple(clock_changes(ZoneInfo(name))) for name in ZONES}


def daily(minute: int) -> str:
    return f"{minute % 60} {minute // 60} * * *"


def dates_between(first: date, last: date) -> list[date]:
    return [first + timedelta(days=count) for count in range((last - first).days + 1)]


def test_all_the_zones_but_one_do_change_their_clocks() -> None:
    assert {name: len(found) for name, found in CHANGES.items()} == dict.fromkeys(ZONES, 6) | {"UTC": 0}


@pytest.mark.parametrize("name", ZONES)
@pytest.mark.parametrize("minute", [0, 8 * 60])
def test_three_years_of_a_daily_line_are_due_once_a_date(name: str, minute: int) -> None:
    zone, moment, due = ZoneInfo(name), START, []
    while (following := next_due(daily(minute), zone, moment)) is not None and following < END:
        due.append(following.date())
        moment = following.astimezone(UTC)
    assert due == dates_between(due[0], due[-1])
    assert len(due) >= 3 * 365 - 1


@pytest.mark.parametrize("name", [name for name in ZONES if name != "UTC"])
@settings(max_examples=8, deadline=None)
@given(minute=st.integers(0, 24 * 60 - 1), change=st.integers(0, 5), tick=st.sampled_from([37, 60]))
@example(minute=0, change=0, tick=37)
@example(minute=15, change=2, tick=37)
@example(minute=30, change=3, tick=60)
@example(minute=2 * 60 + 15, change=1, tick=37)
@example(minute=2 * 60 + 30, change=0, tick=60)
@example(minute=2 * 60 + 30, change=1, tick=60)
@example(minute=23 * 60 + 30, change=1, tick=37)
def test_ticking_over_a_clock_change_is_due_once_a_date(name: str, minute: int, change: int, tick: int) -> None:
    zone, around = ZoneInfo(name), CHANGES[name][change]
    moment, claimed = around - 30 * HOUR, list[Due]()
    while moment <= around + 30 * HOUR:
        due = last_due(daily(minute), zone, moment)
        assert due is not None
        assert due.moment <= moment
        assert due.local_date in (moment.astimezone(zone).date(), moment.astimezone(zone).date() - DAY)
        if not claimed or claimed[-1].local_date != due.local_date:
            claimed.append(due)
        moment += timedelta(minutes=tick)
    assert [due.local_date for due in claimed] == dates_between(claimed[0].local_date, claimed[-1].local_date)
    moments = [due.moment.astimezone(UTC) for due in claimed]
    assert all(22 * HOUR <= later - earlier <= 26 * HOUR for earlier, later in pairwise(moments))


@settings(max_examples=40, deadline=None)
@given(st.sampled_from(ZONES), st.integers(0, 24 * 60 - 1), st.integers(0, 3 * 365 * 24 * 60))
def test_what_was_due_last_is_the_newest_that_came_due(name: str, minute: int, minutes_in: int) -> None:
    zone, now = ZoneInfo(name), START + minutes_in * MINUTE
    due, following = last_due(daily(minute), zone, now), next_due(daily(minute), zone, now)
    assert due is not None
    assert following is not None
    assert due.moment <= now < following
    assert due.local_date == due.moment.astimezone(zone).date()
    assert due.local_date in (now.astimezone(zone).date(), now.astimezone(zone).date() - DAY)


@pytest.mark.parametrize(
    ("name", "cron", "day", "local"),
    [
        ("Europe/Madrid", "30 2 * * *", date(2026, 3, 29), "03:00"),
        ("America/New_York", "30 2 * * *", date(2026, 3, 8), "03:00"),
        ("Africa/Cairo", "30 0 * * *", date(2026, 4, 24), "01:00"),
        ("America/Santiago", "15 0 * * *", date(2026, 9, 6), "01:00"),
        ("Asia/Beirut", "0 0 * * *", date(2026, 3, 29), "01:00"),
        ("Australia/Lord_Howe", "15 2 * * *", date(2026, 10, 4), "02:30"),
    ],
)
def test_a_time_the_clocks_leap_over_is_due_right_after_the_leap(name: str, cron: str, day: date, local: str) -> None:
    zone = ZoneInfo(name)
    noon = datetime.combine(day, datetime.min.time(), zone).replace(hour=12).astimezone(UTC)
    due = last_due(cron, zone, noon)
    assert due is not None
    assert (due.local_date, due.moment.astimezone(zone).strftime("%H:%M")) == (day, local)


@pytest.mark.parametrize(
    ("name", "cron", "first", "second"),
    [
        ("Europe/Madrid", "30 2 * * *", "2026-10-25T00:30", "2026-10-25T01:30"),
        ("America/New_York", "30 1 * * *", "2026-11-01T05:30", "2026-11-01T06:30"),
        ("Africa/Cairo", "30 23 * * *", "2026-10-29T20:30", "2026-10-29T21:30"),
        ("Australia/Lord_Howe", "45 1 * * *", "2026-04-04T14:45", "2026-04-04T15:15"),
    ],
)
def test_a_time_the_clocks_repeat_is_due_the_first_time_and_not_again(
    name: str, cron: str, first: str, second: str
) -> None:
    zone = ZoneInfo(name)
    once, again = (datetime.fromisoformat(moment).replace(tzinfo=UTC) for moment in (first, second))
    before, at, after = (last_due(cron, zone, now) for now in (once - MINUTE, once, again + MINUTE))
    assert before is not None
    assert at is not None
    assert after is not None
    assert (at.moment.astimezone(UTC), at.local_date) == (once, once.astimezone(zone).date())
    assert before.local_date == at.local_date - DAY
    assert after == at


@pytest.mark.parametrize(
    ("cron", "now", "moment"),
    [
        ("0 8 * * *", datetime(2026, 11, 22, 7, 0, tzinfo=UTC), datetime(2026, 11, 22, 7, 0, tzinfo=UTC)),
        ("0 8 * * *", datetime(2026, 11, 22, 6, 59, 59, tzinfo=UTC), datetime(2026, 11, 21, 7, 0, tzinfo=UTC)),
        ("0 8 * * *", datetime(2026, 7, 1, 12, 0, tzinfo=UTC), datetime(2026, 7, 1, 6, 0, tzinfo=UTC)),
        ("0 9 * * 1", datetime(2026, 11, 22, 12, 0, tzinfo=UTC), datetime(2026, 11, 16, 8, 0, tzinfo=UTC)),
        ("0 9 1 * *", datetime(2026, 11, 22, 12, 0, tzinfo=UTC), datetime(2026, 11, 1, 8, 0, tzinfo=UTC)),
        ("0 9 31 * *", datetime(2026, 11, 22, 12, 0, tzinfo=UTC), datetime(2026, 10, 31, 8, 0, tzinfo=UTC)),
        ("0 9 1 1,4,7,10 *", datetime(2026, 12, 22, tzinfo=UTC), datetime(2026, 10, 1, 7, 0, tzinfo=UTC)),
        ("0 9 1 1 *", datetime(2026, 12, 22, tzinfo=UTC), datetime(2026, 1, 1, 8, 0, tzinfo=UTC)),
    ],
)
def test_weekly_monthly_quarterly_and_yearly_lines(cron: str, now: datetime, moment: datetime) -> None:
    due = last_due(cron, MADRID, now)
    assert due is not None
    assert due.moment == moment


@pytest.mark.parametrize(("cron", "count"), [("0 8 * * 1", 52), ("0 0 1 * *", 12), ("30 2 * * 0", 52)])
@pytest.mark.parametrize("name", ["Europe/Madrid", "Africa/Cairo", "America/Santiago"])
def test_a_year_of_ticks_makes_each_occurrence_once(cron: str, count: int, name: str) -> None:
    zone, claimed = ZoneInfo(name), []
    for hours in range(0, 365 * 24, 19):
        due = last_due(cron, zone, datetime(2026, 1, 9, tzinfo=UTC) + hours * HOUR)
        assert due is not None
        claimed.append(due.local_date)
    assert len(set(claimed)) in (count, count + 1)
    assert claimed == sorted(claimed)


def test_after_downtime_there_is_one_due_moment_not_a_burst() -> None:
    away = last_due("0 8 * * *", MADRID, datetime(2026, 11, 22, 18, 0, tzinfo=UTC))
    assert away is not None
    assert away.local_date == date(2026, 11, 22)


def test_a_line_that_names_no_day_is_never_due() -> None:
    now = datetime(2026, 11, 22, tzinfo=UTC)
    assert last_due("0 0 29 2 *", MADRID, datetime(2027, 1, 1, tzinfo=UTC)) is None, "none in two years"
    assert last_due("0 0 29 2 *", MADRID, datetime(2025, 6, 1, tzinfo=UTC)) is not None
    assert next_due("0 8 * * *", MADRID, now) == datetime(2026, 11, 22, 7, 0, tzinfo=UTC)
