"""What ``check`` looks at, once or after each save: rules with their examples, and wording."""

from collections.abc import Callable, Iterable
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import typer

from bot.cli.waiting import Stop
from bot.core.errors import Fault, PolicyRefused
from bot.core.policy import Policy
from bot.settings import Settings, read_secret

if TYPE_CHECKING:
    from bot.rulebook.draft import Draft

_EVERY = 0.25
_SETTLES = 0.25

Stamps = tuple[tuple[str, ...], ...]
Say = Callable[[str, str], None]


class Looked(NamedTuple):
    """What was found in a rules folder: each mistake as a line; what was read, and how much, unless it was refused."""

    mistakes: tuple[str, ...]
    read: "tuple[Policy, Draft] | None" = None
    counts: str = ""


def look_at_rules(folder: Path, now: datetime) -> Looked:
    """Read a rules folder and run its examples."""
    from bot.rulebook.examples import failing
    from bot.rulebook.policy import read_draft

    try:
        policy, draft = read_draft(folder)
    except PolicyRefused as refused:
        return Looked(tuple(map(str, placed(folder, refused.faults))))
    rules = sum(len(policy.rules_of(kpi)) for kpi in policy.kpis.values())
    return Looked(
        tuple(map(str, placed(folder, failing(policy, draft, now)))),
        (policy, draft),
        f"{len(policy.kpis)} KPIs, {rules} rules, ",
    )


def look_at_messages(settings: Settings) -> tuple[str, ...]:
    """Try every template out; gives each mistake as a line."""
    from bot.phrasebook import Phrasebook, shipped_messages

    return tuple(map(str, Phrasebook(settings.messages, shipped_messages()).check()))


def summed_up(rules: Path, looked: Looked, mistakes: Iterable[str]) -> str:
    """Say in a line how it stands."""
    count = len(list(mistakes))
    if count:
        return f"{count} mistake{'s' if count != 1 else ''} in {rules}"
    version = f", version {looked.read[0].version}" if looked.read else ""
    return f"{looked.counts}messages in 2 languages: all fine ({rules}{version})"


def variables(policy: Policy) -> str:
    """Say in a line of each connection whether the environment variable with its secret is set; never what it holds."""
    told = []
    for key, connection in policy.sources.connections.items():
        name = connection.variable
        if name is None:
            told.append(f"{key} needs no variable")
        elif read_secret(name):
            told.append(f"{key}: {name} is set")
        else:
            told.append(f"{key}: {name} is not set, nor is {name}_FILE")
    return f"connections here: {'; '.join(told)}"


def placed(folder: Path, faults: list[Fault]) -> list[Fault]:
    """Give the faults of a rules folder with paths that lead to the files from where one stands."""
    return [fault.model_copy(update={"file": str(folder / fault.file)}) for fault in faults]


def watch(rules: Path, settings: Settings, now: Callable[[], datetime]) -> bool:
    """Check again after each save until somebody presses Ctrl-C; says whether all was fine at the end.

    A line tells one thing and begins with its time, on a terminal as in a pipe; only what has changed is told.
    """
    from bot.phrasebook import shipped_messages
    from bot.rulebook.watching import Stillness, messages_stamp, rules_stamp

    stop, say = Stop(), _sayer(now)
    folders = [shipped_messages()] + ([settings.messages] if settings.messages else [])

    def wording() -> Stamps:
        return tuple(stamp for folder in folders for stamp in messages_stamp(folder))

    stillness = Stillness(lambda: rules_stamp(rules) + wording(), _SETTLES, _seconds(now))
    stamps, worded = rules_stamp(rules) + wording(), wording()
    looked, said = look_at_rules(rules, now()), look_at_messages(settings)
    wrong = (*looked.mistakes, *said)
    _tell(say, (), wrong, summed_up(rules, looked, wrong))
    say("watch", f"{rules} and messages; Ctrl-C ends it")
    while not stop.within(_EVERY):
        if not stillness.settled():
            continue
        before, stamps_before = wrong, stamps
        stamps = rules_stamp(rules) + wording()
        for name in sorted({one[0] for one in set(stamps) ^ set(stamps_before)}):
            say("saved", name)
        looked = look_at_rules(rules, now())
        if wording() != worded:
            worded, said = wording(), look_at_messages(settings)
        wrong = (*looked.mistakes, *said)
        _tell(say, before, wrong, summed_up(rules, looked, wrong))
    return not wrong


def _tell(say: Say, before: tuple[str, ...], wrong: tuple[str, ...], state: str) -> None:
    for line in before:
        if line not in wrong:
            say("mended", line)
    for line in wrong:
        if line not in before:
            say("wrong", line)
    say("wrong" if wrong else "fine", state)


_COLOURS = {"wrong": typer.colors.RED, "fine": typer.colors.GREEN, "mended": typer.colors.GREEN}


def _sayer(now: Callable[[], datetime]) -> Say:
    """Give what prints a line: coloured where somebody looks, plain in a pipe or a file."""

    def say(word: str, line: str) -> None:
        typer.echo(f"{now().astimezone():%H:%M:%S} {typer.style(f'{word:<6}', fg=_COLOURS.get(word))} {line}")

    return say


def _seconds(now: Callable[[], datetime]) -> Callable[[], float]:
    return lambda: now().timestamp()
