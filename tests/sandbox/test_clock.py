"""The sandbox's clock."""

from __future__ import annotations

import json
import time
import urllib.error
import urllib.request
from datetime import UTC, datetime, timedelta

import pytest

from bot.sandbox import SandboxClock, serve
from tests.sandbox.fixtures import TUESDAY, client, sandbox, small_sandbox

__all__ = ["client", "sandbox"]


def test_the_clock_moves_forward_only_and_tells_those_who_listen() -> None:
    clock = SandboxClock(TUESDAY)
    heard: list[datetime] = []
    clock.listen(heard.append)
    assert clock.advance(timedelta(hours=1)) == clock.now() == TUESDAY + timedelta(hours=1)
    assert clock.move_to(datetime(2026, 11, 25, tzinfo=UTC)) == heard[-1]
    with pytest.raises(ValueError, match="only moves forward"):
        clock.move_to(TUESDAY)
    with pytest.raises(ValueError, match="only moves forward"):
        clock.advance(timedelta(seconds=-1))
    with pytest.raises(ValueError, match="time zone"):
        clock.move_to(datetime(2027, 1, 1))  # noqa: DTZ001


def test_a_running_clock_goes_with_real_time() -> None:
    clock = SandboxClock(TUESDAY, running=True)
    time.sleep(0.02)
    assert timedelta(seconds=0.02) <= clock.now() - TUESDAY < timedelta(seconds=5)


@pytest.mark.parametrize(("now", "day"), [("05:00", 24), ("08:00", 25), ("12:00", 25)])
def test_the_clock_moves_to_the_next_time_of_day(now: str, day: int) -> None:
    start = datetime.fromisoformat(f"2026-11-24T{now}+00:00")
    built = small_sandbox(clock=SandboxClock(start))
    with serve(built):
        body = json.dumps({"next_at": "08:00"}).encode()
        urllib.request.urlopen(urllib.request.Request(f"{built.address}/_sandbox/clock", body)).close()
    assert built.clock.now() == datetime(2026, 11, day, 8, 0, tzinfo=UTC)
