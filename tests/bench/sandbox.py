"""S1: a thousand commands typed by twenty people at once – what of each one's wait is the sandbox's own share."""

import json
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from bot.app import utc_now
from bot.flows.record import record_samples
from bot.rulebook import read_policy, shipped_rules
from bot.sandbox import BotApp, Channel, Person, Reply, Sandbox, User, serve
from bot.store.database import Database
from tests.bench.company import migrated
from tests.bench.figures import Figure, Scale, middle, timed, worst_but_one_in_a_hundred
from tests.bench.process import SECRET, Client, sandboxed, started

_RESPONDER = Path(__file__).with_name("responder.py")
_AT_ONCE = 20


@dataclass(frozen=True)
class _Typed:
    """What became of the commands: the whole wait of each, what of it was not the app's own, both in ms (the second
    only where the app tells its time), how many were lost."""

    whole: list[float]
    own: list[float]
    lost: int


def s1(scale: Scale, folder: Path) -> Figure:
    """So many commands to an app that tells its own time, to the same app without the sandbox, and to the bot."""
    count = scale.requests * 5
    with _against_responder() as sandbox:
        _type(sandbox, _AT_ONCE)
        typed = _type(sandbox, count)
        floor = _without_sandbox(str(sandbox.inbound.request_url), count)
    with _against_bot(folder) as sandbox:
        _type(sandbox, _AT_ONCE)
        real = _type(sandbox, count)
    return Figure(
        value=worst_but_one_in_a_hundred(typed.own),
        floor=worst_but_one_in_a_hundred(floor),
        what=f"p99 of a command's wait less the app's own time, {count} commands by {_AT_ONCE} people at once",
        floor_is="the same requests to the same app from bare connections, less the app's own time",
        also={
            "lost": typed.lost + real.lost,
            "own p50": middle(typed.own),
            "whole p50": middle(typed.whole),
            "whole p99": worst_but_one_in_a_hundred(typed.whole),
            "floor's p50": middle(floor),
            "whole p50 with the bot": middle(real.whole),
            "whole p99 with the bot": worst_but_one_in_a_hundred(real.whole),
        },
    )


@contextmanager
def _against_responder() -> Iterator[Sandbox]:
    people = [Person(f"U0P{number}", f"person{number}") for number in range(_AT_ONCE)]
    sandbox = Sandbox(people, [Channel("C0ALL", "all")], app=BotApp(subscriptions=frozenset()), signing_secret=SECRET)
    responder = subprocess.Popen([sys.executable, str(_RESPONDER), SECRET], stdout=subprocess.PIPE, text=True)
    try:
        assert responder.stdout is not None
        with serve(sandbox):
            sandbox.connect(responder.stdout.readline().strip())
            yield sandbox
    finally:
        responder.terminate()
        responder.wait(timeout=5)


@contextmanager
def _against_bot(folder: Path) -> Iterator[Sandbox]:
    file = migrated(folder)
    database = Database(f"sqlite:///{file}")
    record_samples(database, read_policy(shipped_rules()), utc_now())
    database.close()
    with sandboxed(shipped_rules()) as sandbox, started(file, shipped_rules(), sandbox) as address:
        sandbox.connect(f"{address}/slack/events")
        yield sandbox


def _type(sandbox: Sandbox, count: int) -> _Typed:
    """Let twenty people type, each their part, one command after the other."""
    people = [person for person in sandbox.workspace.people.values() if not person.is_restricted][:_AT_ONCE]
    each = max(count // len(people), 1)
    with ThreadPoolExecutor(len(people)) as room:
        waits = list(room.map(lambda person: _typed_by(sandbox.user(person.id), each), people))
    own: list[float] = []
    whole: list[float] = []
    lost = 0
    for person, times in zip(people, waits, strict=True):
        sent = [call for call in sandbox.journal.calls(method="command") if call.arguments["user_id"] == person.id]
        lost += sum(time is None for time in times) + abs(each - len(sent[-each:]))
        for time, call in zip(times, sent[-each:], strict=False):
            if time is not None:
                whole.append(time)
                if isinstance(call.answer, dict) and "own_ms" in call.answer:
                    own.append(time - call.answer["own_ms"])
    return _Typed(whole, own, lost)


def _typed_by(user: User, count: int) -> list[float | None]:
    """Each command's wait in ms; None for one without its answer."""
    waits: list[float | None] = []
    for _ in range(count):
        replies: list[Reply] = []
        took = timed(lambda: replies.append(user.command("/kpi churn", timeout=10)))  # noqa: B023 - called at once
        waits.append(took if replies[0].ephemeral and not replies[0].error else None)
    return waits


def _without_sandbox(request_url: str, count: int) -> list[float]:
    """Each request's wait in ms less the app's own time, by as many threads with a connection each."""
    address, body = request_url.removesuffix("/slack/events"), b"command=%2Fkpi&text=churn&user_id=U0P1"

    def ask(number: int) -> list[float]:
        client, found = Client(address, ""), []
        for _ in range(number):
            answers: list[bytes] = []
            took = timed(lambda: answers.append(client.command(body)))  # noqa: B023 - called at once
            found.append(took - json.loads(answers[0])["own_ms"])
        client.close()
        return found

    with ThreadPoolExecutor(_AT_ONCE) as room:
        parts = room.map(ask, [max(count // _AT_ONCE, 1)] * _AT_ONCE)
        return [one for part in parts for one in part]
