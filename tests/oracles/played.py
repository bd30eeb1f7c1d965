"""The demo's tour, played through the sandbox's driver instead of the page; what the bot sent on the way."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from bot.cli.stage import events_of, morning_of
from bot.flows.record import record_samples
from bot.rulebook import read_policy, shipped_rules
from bot.sandbox import Message, TourStep
from tests.oracles.sent import Record, Sent
from tests.stage import Stage, staged

MONDAY = datetime(2026, 11, 23, 12, 0, tzinfo=ZoneInfo("Europe/Madrid"))


def played_tour(database_url: str) -> list[Sent]:
    """Play every step and every other event of the demo; gives what was sent, each with the step it came in.

    AssertionError or TimeoutError when a step does not come to its end.
    """
    record = Record()
    with staged(database_url, start=morning_of_the_demo()) as stage:
        record_samples(stage.bot.database, stage.policy, stage.clock.now())
        events = {event.id: event for event in events_of(stage.bot.house)}
        stage.sandbox.events.update(events)
        stage.pass_time(timedelta(seconds=10))
        for step in stage.sandbox.tour:
            _play(stage, step)
            _note(stage, record, step.title)
        for event in events.values():
            event.run()
            stage.settle()
            _note(stage, record, event.label)
    return record.all()


def morning_of_the_demo() -> datetime:
    """Give the moment at which the demo begins on a Monday."""
    return morning_of(read_policy(shipped_rules()), MONDAY)


def _play(stage: Stage, step: TourStep) -> None:
    sandbox, person = stage.sandbox, stage.sandbox.user(step.person)
    if step.command:
        person.command(step.command, step.channel)
    elif step.event:
        sandbox.events[step.event].run()
    elif step.advance:
        stage.pass_time(step.advance)
    elif step.tomorrow_at:
        stage.pass_time(_until(stage.clock.now().astimezone(stage.policy.zone), step.tomorrow_at))
    elif "Acknowledge" in step.text:
        person.click(_alert(stage, step.channel), "Acknowledge")
    stage.settle()
    if step.done is not None:
        done = step.done
        stage.wait_until(lambda: done(sandbox))


def _until(now: datetime, clock: str) -> timedelta:
    hour, minute = map(int, clock.split(":"))
    return (now + timedelta(days=1)).replace(hour=hour, minute=minute, second=0, microsecond=0) - now


def _alert(stage: Stage, channel: str) -> Message:
    return next(post for post in reversed(stage.posts(channel)) if "Acknowledge" in str(post.blocks))


def _note(stage: Stage, record: Record, title: str) -> None:
    """Write down what was sent since the last step: what is known already keeps its first name."""
    for call in stage.sandbox.journal.calls():
        if call.status is not None:
            record.note(call, f"demo, {title}")
