"""The whole policy: everything ``rules/`` decides, checked and frozen, with the look-ups the house needs."""

from collections.abc import Iterable
from datetime import datetime
from functools import cached_property
from zoneinfo import ZoneInfo

from pydantic import Field, ValidationInfo, field_validator

from bot.core.calendar import Calendar
from bot.core.conditions import Others, Outside, Reaches, Surroundings, When, nobody_else
from bot.core.kpi import Kpi, NoData, Rule
from bot.core.organisation import (
    Channel,
    Company,
    Department,
    EscalationStep,
    Level,
    Person,
    Priorities,
    Priority,
    Role,
    Sees,
)
from bot.core.plans import Plans
from bot.core.samples import Anchor
from bot.core.source import Sources
from bot.core.words import Band, Frozen, Key, Number, Text


class Dimension(Frozen):
    """A way to cut a KPI into parts, such as customer size; members are the parts."""

    key: Key
    name: Text
    members: dict[Key, Text] = Field(min_length=1)


class Report(Frozen):
    """A scheduled report: what, when (five-field cron, company time) and to which channel."""

    key: Key
    name: Text
    cron: str
    channel: Key

    @field_validator("cron")
    @classmethod
    def _five_fields(cls, cron: str) -> str:
        if len(cron.split()) != 5:
            raise ValueError(f"'{cron}' is no five-field cron line; write one such as '0 8 * * *'")
        return cron


class Policy(Frozen):
    """Frozen policy. ``version`` names the exact content of the folder it was read from."""

    version: str
    company: Company
    people: dict[Key, Person]
    roles: dict[Key, Role]
    channels: dict[Key, Channel]
    departments: dict[Key, Department]
    priorities: Priorities
    levels: dict[Level, Sees]
    dimensions: dict[Key, Dimension] = Field(default_factory=dict)
    reports: dict[Key, Report] = Field(default_factory=dict)
    kpis: dict[Key, Kpi]
    sources: Sources = Sources()
    plans: Plans = Plans()
    samples: dict[str, Anchor] = Field(default_factory=dict)

    @field_validator("kpis")
    @classmethod
    def _in_the_company_s_year(cls, kpis: dict[Key, Kpi], info: ValidationInfo) -> dict[Key, Kpi]:
        """Let every KPI, and so all its periods, know when the company's year begins."""
        company: Company | None = info.data.get("company")
        return {key: kpi.in_year(company.year_begins) for key, kpi in kpis.items()} if company else kpis

    def around(self, now: datetime, others: Others = nobody_else, segment: str = "") -> Surroundings:
        """Give what surrounds judging a segment at a moment: the company's calendar, and the other KPIs."""
        return Surroundings(now, self._calendar, others, segment)

    @cached_property
    def _calendar(self) -> Calendar:
        return self.company.calendar

    @property
    def zone(self) -> ZoneInfo:
        """The company's time zone."""
        return self.company.zone

    @cached_property
    def _rules(self) -> dict[str, tuple[Rule, ...]]:
        return {key: threshold_rules(kpi, self.priorities) + kpi.rules for key, kpi in self.kpis.items()}

    def prepare(self) -> None:
        """Make what is looked up for every value now, which would otherwise be made when the first one comes."""
        self.dependents_of("")

    def rules_of(self, kpi: Kpi) -> tuple[Rule, ...]:
        """Give the KPI's rules: those its thresholds make, critical first, then its own."""
        return self._rules[kpi.key]

    @cached_property
    def _dependents(self) -> dict[str, tuple[str, ...]]:
        found: dict[str, dict[str, None]] = {}
        for key in self.kpis:
            for name in self.names_of(self._rules[key]):
                found.setdefault(name, {})[key] = None
        return {name: tuple(keys) for name, keys in found.items()}

    def dependents_of(self, key: str) -> tuple[str, ...]:
        """Give the KPIs (keys) with a rule that asks about this one."""
        return self._dependents.get(key, ())

    @cached_property
    def calculated(self) -> tuple[Kpi, ...]:
        """The KPIs with a formula, each after those it is made of."""
        waiting = {key: kpi for key, kpi in self.kpis.items() if kpi.formula is not None}
        ordered: list[Kpi] = []
        while waiting:
            ready = [kpi for kpi in waiting.values() if kpi.formula and not waiting.keys() & set(kpi.formula.names)]
            if not ready:
                raise ValueError(f"formulas in a circle: {', '.join(waiting)}")
            ordered += ready
            waiting = {key: kpi for key, kpi in waiting.items() if kpi not in ready}
        return tuple(ordered)

    @staticmethod
    def names_of(rules: Iterable[Rule]) -> frozenset[str]:
        """Give the other KPIs (keys) that rules ask about."""
        return frozenset().union(*(rule.names for rule in rules))

    def rule(self, kpi_key: str, rule_id: str) -> Rule | None:
        """Find a rule of a KPI by its id; None when either is gone."""
        return next((rule for rule in self._rules.get(kpi_key, ()) if rule.id == rule_id), None)

    @cached_property
    def _priorities(self) -> dict[str, Priority]:
        return {priority.key: priority for priority in self.priorities.priorities}

    def priority(self, key: str) -> Priority:
        """Give a priority by key; the least urgent one for a key the policy no longer has."""
        return self._priorities.get(key) or self.priorities.priorities[-1]

    def channel_of(self, kpi: Kpi) -> Channel:
        """Give the channel a KPI's alerts go to: its own, or its department's."""
        return self.channels[kpi.channel or self.departments[kpi.department].channel]

    @cached_property
    def _people_by_slack(self) -> dict[str, Person]:
        return {person.slack: person for person in self.people.values()}

    def person_by_slack(self, slack_id: str) -> Person | None:
        """Find a person by Slack member id."""
        return self._people_by_slack.get(slack_id)

    @cached_property
    def _channels_by_slack(self) -> dict[str, Channel]:
        return {channel.slack: channel for channel in self.channels.values()}

    def channel_by_slack(self, slack_id: str) -> Channel | None:
        """Find a channel by Slack channel id."""
        return self._channels_by_slack.get(slack_id)

    def holder(self, role_key: str) -> Person:
        """Give the person who holds a role."""
        return self.people[self.roles[role_key].held_by]

    def chain(self, kpi: Kpi, priority: Priority) -> tuple[str, ...]:
        """Give the people (keys) an alert of the KPI walks to, in order, each once."""
        owner, head = self.roles[kpi.owner], self.roles[self.departments[kpi.department].head]
        named = (person_at(step, owner, head, self.roles["ceo"]) for step in priority.escalation)
        return tuple(dict.fromkeys(person for person in named if person))

    def segment_name(self, segment: str) -> Text | None:
        """Give the name of a segment (``dimension:member``); None for the total."""
        dimension, _, member = segment.partition(":")
        return self.dimensions[dimension].members.get(member) if dimension in self.dimensions else None

    def segments_of(self, kpi: Kpi) -> tuple[str, ...]:
        """Give every segment the KPI may have, the total ("") first."""
        return (
            "",
            *(f"{name}:{member}" for name in kpi.segments for member in self.dimensions[name].members),
        )


def person_at(step: EscalationStep, owner: Role | None, head: Role | None, ceo: Role | None) -> str | None:
    """Give the person (key) at a step of an escalation, by the roles it may lead to; None when nobody stands there."""
    role = {EscalationStep.DEPARTMENT_HEAD: head, EscalationStep.CEO: ceo}.get(step, owner)
    if role is None:
        return None
    return role.deputy if step is EscalationStep.DEPUTY else role.held_by


def threshold_rules(kpi: Kpi, priorities: Priorities) -> tuple[Rule, ...]:
    """Make the rules that a KPI's thresholds stand for, critical first."""
    levels = kpi.thresholds
    if levels is None:
        return ()
    made = []
    if levels.critical is not None:
        when = _leaving(levels.critical, levels.critical_recovery)
        made.append((critical_rule_id(kpi), when, levels.critical_priority or priorities.critical))
    if levels.warning is not None:
        when = _leaving(levels.warning, levels.warning_recovery)
        made.append((warning_rule_id(kpi), when, levels.warning_priority or priorities.warning))
    return tuple(
        Rule.model_construct(
            id=name,
            when=when,
            priority=priority,
            lasting=levels.lasting,
            keep_firing_for=None,
            no_data=NoData.UNSURE,
            dry_run=levels.dry_run,
            examples=(),
            runbook_url=None,
        )
        for name, when, priority in made
    )


def _leaving(level: Number | Band, recovery: Number | Band | None) -> When:
    if isinstance(level, Band):
        inner = recovery if isinstance(recovery, Band) else None
        return When(outside=Outside(low=level.low, high=level.high, recovery=inner))
    return When(reaches=Reaches(limit=level, recovery=recovery if not isinstance(recovery, Band) else None))


def critical_rule_id(kpi: Kpi) -> str:
    """Give the id of the rule a KPI's critical threshold makes."""
    return f"{kpi.key.replace('_', '-')}-critical"


def warning_rule_id(kpi: Kpi) -> str:
    """Give the id of the rule a KPI's warning threshold makes."""
    return f"{kpi.key.replace('_', '-')}-warning"
