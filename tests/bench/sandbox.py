"""S1: a thousand commands typed by twenty people at once – what of each one's wait is the sandbox's own share."""

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
from tests.bench.process import SECRET, sandboxed, started

_AT_ONCE = 20
_RESPONDER = Path(__file__).with_name("responder.py")


@dataclass(frozen=True)
class _Typed:
    """What became of the commands: the whole wait of each, the sandbox's part of it, both in ms, how many were lost."""

    whole: list[float]
    own: list[float]
    lost: int


def s1(scale: Scale, folder: Path) -> Figure:
    """So many commands to an endpoint that only checks the signature, and to the bot itself."""
    count = scale.requests * 5
    with _against_responder() as sandbox:
        _type(sandbox, _AT_ONCE)
        bare = _type(sandbox, count)
    with _against_bot(folder) as sandbox:
        _type(sandbox, _AT_ONCE)
        real = _type(sandbox, count)
    return Figure(
        value=worst_but_one_in_a_hundred(real.own),
        floor=worst_but_one_in_a_hundred(bare.own),
        what=f"p99 of the sandbox's own share, {count} commands by {_AT_ONCE} people at once, answered by the bot",
        floor_is="the same with an endpoint that only checks the signature",
        also={
            "lost": real.lost + bare.lost,
            "own p50": middle(real.own),
            "whole p50": middle(real.whole),
            "whole p99": worst_but_one_in_a_hundred(real.whole),
            "floor's own p50": middle(bare.own),
            "floor's whole p50": middle(bare.whole),
            "floor's whole p99": worst_but_one_in_a_hundred(bare.whole),
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
    whole, own, lost = [], [], 0
    for person, times in zip(people, waits, strict=True):
        sent = [call for call in sandbox.journal.calls(method="command") if call.arguments["user_id"] == person.id]
        lost += sum(time is None for time in times) + abs(each - len(sent[-each:]))
        for time, call in zip(times, sent[-each:], strict=False):
            if time is not None:
                whole.append(time)
                own.append(time - call.seconds * 1000)
    return _Typed(whole, own, lost)


def _typed_by(user: User, count: int) -> list[float | None]:
    """Each command's wait in ms; None for one without its answer."""
    waits: list[float | None] = []
    for _ in range(count):
        replies: list[Reply] = []
        took = timed(lambda: replies.append(user.command("/kpi churn", timeout=10)))  # noqa: B023 - called at once
        waits.append(took if replies[0].ephemeral and not replies[0].error else None)
    return waits
