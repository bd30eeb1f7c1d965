"""P4, P8, P9: values pushed over HTTP to the running bot."""

import json
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from functools import partial
from pathlib import Path
from typing import Any

from slack_sdk import WebClient

from bot.app import utc_now
from tests.bench import floors
from tests.bench.company import BROKEN, CALM, fill, key_of, migrated, series_of, slack_of, write_company
from tests.bench.figures import Figure, Scale, middle, timed, worst_but_one_in_a_hundred
from tests.bench.process import Client, Running, running

_MOST_TOLD = 40
_HISTORY_DAYS = 60
_SENDERS = 4


def p4(scale: Scale, folder: Path) -> Figure:
    """From the push that breaks a threshold to its message at the sandbox's door, each in a channel of its own."""
    rules, file = write_company(folder / "rules", scale), migrated(folder)
    count = min(scale.kpis, _MOST_TOLD)
    with running(file, rules) as bot:
        client = bot.client()
        client.push(_value(0, utc_now().date(), CALM))
        told = [_told(bot, client, number) for number in range(1, count)]
        slack = WebClient("xoxb-sandbox", base_url=bot.sandbox.api_url, retry_handlers=[])
        post = [timed(lambda: slack.chat_postMessage(channel=slack_of(0), text="told")) for _ in range(count)]
        client.close()
    return Figure(
        value=middle(told),
        floor=middle(post) + middle(floors.commits(folder / "floor.db", count)),
        what="p50, value pushed to message at Slack's door",
        floor_is="bare chat.postMessage + one durable commit",
        also={"p99": worst_but_one_in_a_hundred(told)},
    )


def p8(scale: Scale, folder: Path) -> Figure:
    """A day's value for every series in one push, on top of two months of history."""
    rules, file, today = write_company(folder / "rules", scale), migrated(folder), utc_now().date()
    names, first = series_of(scale), today - timedelta(days=scale.runs)
    fill(file, names, days=_HISTORY_DAYS, last=first - timedelta(days=1))
    days = [first + timedelta(days=past) for past in range(scale.runs + 1)]
    bodies = [_body([_value_of(kpi, part, day) for kpi, part in names]) for day in days]
    with running(file, rules) as bot:
        client = bot.client()
        times = [timed(partial(_take, client, body, len(names))) for body in bodies][1:]
        client.close()
    return Figure(
        value=middle(times),
        floor=middle(floors.batches(folder / "floor.db", bodies)[1:]),
        what=f"{len(names)} values of as many series in one push",
        floor_is="json parse + executemany, committed",
    )


def p9(scale: Scale, folder: Path) -> Figure:
    """One value a push: one sender's times, and how many a second several get through together."""
    rules, file, today = write_company(folder / "rules", scale), migrated(folder), utc_now().date()
    with running(file, rules) as bot:
        client = bot.client()
        client.push(_value(0, today, CALM))
        days = [today - timedelta(days=past) for past in range(1, scale.requests + 1)]
        single = [timed(partial(client.push, _value(0, day, CALM))) for day in days]
        healthy = [timed(lambda: client.get("/-/healthy")) for _ in days]
        rate = _rate(bot, days)
        client.close()
    return Figure(
        value=middle(single),
        floor=middle(healthy) + middle(floors.commits(folder / "floor.db", len(days))),
        what="p50, one value a push",
        floor_is="GET /-/healthy + one durable commit",
        also={"p99": worst_but_one_in_a_hundred(single), f"a second from {_SENDERS} senders": rate},
    )


def _told(bot: Running, client: Client, number: int) -> float:
    """Time one alert from the push to the call; then let the bot come to rest."""
    before = len(bot.sandbox.calls("chat.postMessage"))

    def pushed() -> None:
        client.push(_value(number, utc_now().date(), BROKEN))
        bot.sandbox.wait_for(lambda: len(bot.sandbox.calls("chat.postMessage")) > before)

    taken = timed(pushed)
    time.sleep(0.05)
    return taken


def _body(batch: list[dict[str, Any]]) -> bytes:
    return json.dumps({"values": batch}).encode()


def _take(client: Client, body: bytes, count: int) -> None:
    answer = client.push_body(body)
    assert answer["accepted"] == count, answer


def _rate(bot: Running, days: list[date]) -> float:
    """Push as many values a sender at the same time, each sender to a KPI of its own; give pushes a second."""

    def send(number: int) -> None:
        client = bot.client()
        for day in days:
            client.push(_value(number, day, CALM))
        client.close()

    began = time.perf_counter()
    with ThreadPoolExecutor(_SENDERS) as senders:
        list(senders.map(send, range(1, _SENDERS + 1)))
    return _SENDERS * len(days) / (time.perf_counter() - began)


def _value(number: int, day: date, value: float) -> dict[str, Any]:
    return {"kpi": key_of(number), "value": value, "at": day.isoformat()}


def _value_of(kpi: str, part: str, day: date) -> dict[str, Any]:
    return {"kpi": kpi, "value": CALM + day.day / 10, "at": day.isoformat(), "segment": part}
