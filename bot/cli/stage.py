"""The demo's stage: the company's people and channels in the sandbox, events to set off, and a tour for a newcomer."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta

from bot.core.clearance import may_see, reader_of
from bot.core.commands import VERBS
from bot.core.intake import Entry
from bot.core.kpi import Kpi
from bot.core.organisation import Channel, Level, Person
from bot.core.periods import period_at
from bot.core.policy import Policy
from bot.core.words import Language
from bot.flows.house import House
from bot.flows.record import record
from bot.phrasebook import Phrasebook, shipped_messages
from bot.sandbox import BotApp, CommandHint, Sandbox, SandboxClock, ScriptedEvent, TourStep
from bot.sandbox import Channel as SandboxChannel
from bot.sandbox import Person as SandboxPerson
from bot.sandbox.app_manifest import read_manifest
from bot.sandbox.cast import Watched
from bot.slack.manifest import manifest
from bot.store.values import Origin

_STORY = "churn_rate"
_SUGGESTED_KPIS = 4
_EVENTS: tuple[tuple[str, str, float, str], ...] = (
    ("churn-jumps", "Churn jumps to 4.3 %", 4.3, "churn_rate"),
    ("churn-recovers", "Churn comes down to 2.1 %", 2.1, "churn_rate"),
    ("api-slows", "The API slows down to 240 ms", 240, "api_response_time"),
    ("api-recovers", "The API is fast again: 120 ms", 120, "api_response_time"),
    ("uptime-drops", "An outage: uptime 98.4 %", 98.4, "platform_uptime"),
    ("roi-beats", "ROI beats its target: 420 %", 420, "roi_performance"),
)


def people_of(policy: Policy) -> list[SandboxPerson]:
    """Give the company's people as members of the workspace; whoever may see nothing is a guest."""
    return [_member(policy, person) for person in policy.people.values()]


def channels_of(policy: Policy) -> list[SandboxChannel]:
    """Give the company's channels, each with the people who work there."""
    return [_room(policy, channel) for channel in policy.channels.values()]


def app_of(policy: Policy) -> BotApp:
    """Give the bot as the workspace knows it: what it asks for, and suggestions for whoever types ``/kpi``."""
    return replace(read_manifest(manifest(url=None)).app, hints=tuple(_hints(policy)))


def _hints(policy: Policy) -> Iterator[CommandHint]:
    """Give every verb in the words of its own help, and a few KPIs to ask for or to act upon."""
    book = Phrasebook(None, shipped_messages())
    kpis = list(policy.kpis.values())[:_SUGGESTED_KPIS]
    about_kpi: list[str] = []
    yield CommandHint("/kpi", _helped(book, "mine")[1])
    for verb in VERBS:
        example, description = _helped(book, verb)
        words = example.removeprefix(f"/kpi {verb}").strip()
        about_kpi += [verb] if words.startswith("churn") else []
        yield CommandHint(f"/kpi {verb}", f"{description} ({example})" if words else description)
    for verb in ("", *about_kpi):
        for kpi in kpis:
            name = kpi.aliases[0] if kpi.aliases else kpi.key
            yield CommandHint(" ".join(("/kpi", *verb.split(), name)), kpi.name.en)


def _helped(book: Phrasebook, verb: str) -> tuple[str, str]:
    """Give a verb's example and what it does, both from its line in the bot's help."""
    example, _, description = book.word(f"command_{verb}", Language.EN).partition(" – ")
    return example.strip("`"), description


def events_of(house: House) -> list[ScriptedEvent]:
    """Give what a newcomer can make happen: a value arrives, through the same door as every other."""
    policy = house.policy()
    return [
        ScriptedEvent(id=name, label=label, description=_described(policy.kpis[key]), run=_arrival(house, key, value))
        for name, label, value, key in _EVENTS
        if key in policy.kpis
    ]


def tour_of(policy: Policy) -> list[TourStep]:
    """Give the newcomer's two minutes, step by step; none for a company that has not the story's KPI."""
    kpi, daily = policy.kpis.get(_STORY), policy.reports.get("daily")
    people = policy.chain(kpi, policy.priority(policy.priorities.critical)) if kpi else ()
    if kpi is None or daily is None or len(people) < 2:
        return []
    channel, morning = policy.channel_of(kpi).name, policy.channels[daily.channel].name
    owner, deputy, chief = policy.people[people[0]], policy.people[people[1]], policy.holder("ceo")
    return [
        TourStep(
            "The morning digest",
            f"At 08:00 the C-suite gets this in {morning}: what needs attention first, the rest in a line each.",
            person=chief.key, channel=morning,
        ),
        TourStep(
            "Ask for a KPI",
            "Type `/kpi churn`. The answer is for your eyes only; *Share* shows it to the channel.",
            person=chief.key, channel=morning, command="/kpi churn",
            done=lambda room: any(kpi.name.en in seen.plain for seen in room.user(chief.key).ephemeral),
        ),
        TourStep(
            "Something goes wrong",
            f"Churn jumps. {owner.name}, who answers for it, is told in {channel}, once, with a clock.",
            person=owner.key, channel=channel, event="churn-jumps",
            done=lambda room: _shows(room, channel, "Critical", "Recovered"),
        ),
        TourStep(
            "Nobody answers",
            f"Twenty minutes pass. The alert walks on to the deputy, {deputy.name}, by direct message too.",
            person=deputy.key, channel=channel, advance=timedelta(minutes=20),
            done=lambda room: _shows(room, channel, "it is with you now"),
        ),
        TourStep(
            "Somebody takes it",
            "Press *Acknowledge* on the alert. The message changes in place; the story stands in its thread.",
            person=deputy.key, channel=channel, press="Acknowledge",
            done=lambda room: _shows(room, channel, "Acknowledged by", "Recovered"),
        ),
        TourStep(
            "It recovers",
            "A better number arrives, and the alert closes by itself.",
            person=owner.key, channel=channel, event="churn-recovers",
            done=lambda room: _shows(room, channel, "Recovered"),
        ),
        TourStep(
            "The next morning",
            f"The clock moves to tomorrow 08:00, and the digest in {morning} says what has changed.",
            person=chief.key, channel=morning, tomorrow_at="08:00",
            done=lambda room: _shows(room, morning, "Back in the green"),
        ),
    ]  # fmt: skip


def _shows(room: Watched, channel: str, *words: str) -> bool:
    return any(word in post.plain for post in room.channel(channel).posts for word in words)


def morning_of(policy: Policy, real_now: datetime) -> datetime:
    """Give the last seconds before 08:00 today: the digest is the first thing that happens."""
    local = real_now.astimezone(policy.zone)
    return local.replace(hour=7, minute=59, second=55, microsecond=0)


def build_sandbox(
    policy: Policy,
    *,
    clock: SandboxClock | None = None,
    signing_secret: str,
    rate_limits: bool = False,
    history: bool = True,
) -> Sandbox:
    """Make a sandbox that holds the company; the bot may do what its manifest asks for (`history` too) and no more."""
    return Sandbox(
        people_of(policy),
        channels_of(policy),
        clock=clock,
        zone=policy.company.timezone,
        app=app_of(policy),
        signing_secret=signing_secret,
        scopes=manifest(url=None, history=history)["oauth_config"]["scopes"]["bot"],
        rate_limits=rate_limits,
        company=policy.company.name,
        tour=tour_of(policy) if clock is not None else (),
    )


def _member(policy: Policy, person: Person) -> SandboxPerson:
    titles = [role.title.en for role in policy.roles.values() if role.held_by == person.key]
    spanish = (person.language or policy.company.language) == "es"
    return SandboxPerson(
        id=person.slack,
        name=person.key,
        real_name=person.name,
        tz=policy.company.timezone,
        locale="es-ES" if spanish else "en-GB",
        title=", ".join(titles),
        is_restricted=person.clearance is Level.EXTERNAL,
    )


def _room(policy: Policy, channel: Channel) -> SandboxChannel:
    heard = [person for person in policy.people.values() if _belongs(policy, person, channel)]
    topics = [policy.departments[key].name.en for key in channel.departments]
    return SandboxChannel(
        id=channel.slack,
        name=channel.name.lstrip("#"),
        members=tuple(person.slack for person in heard),
        is_private=channel.clearance is Level.EXECUTIVE,
        topic=f"KPIs of {', '.join(topics)}" if topics else "",
    )


def _belongs(policy: Policy, person: Person, channel: Channel) -> bool:
    if channel.clearance is Level.EXTERNAL:
        return True
    if channel.clearance is Level.EXECUTIVE:
        return person.clearance is Level.EXECUTIVE
    if person.clearance is Level.EXTERNAL:
        return False
    if not channel.departments:
        return True
    heads = {policy.holder(policy.departments[key].head).key for key in channel.departments}
    shares = bool(set(person.departments) & set(channel.departments))
    watching = any(
        may_see(reader_of(person), kpi, policy) and person.key in policy.chain(kpi, policy.priorities.priorities[0])
        for kpi in policy.kpis.values()
        if policy.channel_of(kpi) == channel
    )
    return shares or watching or person.key in heads


def _described(kpi: Kpi) -> str:
    return f"A value of {kpi.name.en} for the running {_PERIOD_WORDS[kpi.frequency]} arrives"


_PERIOD_WORDS = {
    "daily": "day",
    "weekly": "week",
    "monthly": "month",
    "quarterly": "quarter",
    "yearly": "year",
}


def _arrival(house: House, key: str, value: float) -> Callable[[], object]:
    def arrive() -> None:
        policy, now = house.policy(), house.clock()
        period = period_at(now, policy.kpis[key].frequency, policy.zone)
        entry = Entry(kpi=key, segment="", period=period, value=float(value))
        record(house.database, policy, [entry], origin=Origin.SAMPLE, author="demo", now=now)
        house.nudge()

    return arrive
