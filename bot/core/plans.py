"""What the company has set out to do about its KPIs: initiatives, risks, mitigations and action items."""

from datetime import date
from enum import StrEnum

from pydantic import Field

from bot.core.units import UnitName
from bot.core.words import Frozen, Key, Number, Text


class Milestone(Frozen):
    """One measure of an initiative: where it stands and where it is meant to be."""

    key: Key
    name: Text
    unit: UnitName
    current: Number
    target: Number
    owner: Key


class Initiative(Frozen):
    """A strategic undertaking with its measures."""

    key: Key
    name: Text
    quarter: str = Field(pattern=r"^\d{4}-Q[1-4]$")
    milestones: tuple[Milestone, ...]


class Degree(StrEnum):
    """How much, when no number is known."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"


class Course(StrEnum):
    """Where a risk is heading."""

    FALLING = "falling"
    STABLE = "stable"
    RISING = "rising"


class Risk(Frozen):
    """Something that may happen: how likely (in %), how bad, how it is heading, what is done about it."""

    key: Key
    name: Text
    owner: Key
    mitigation: Text
    level: Degree | None = None
    probability: Number | None = Field(default=None, ge=0, le=100)
    impact: Degree | None = None
    course: Course | None = None


class Mitigation(Frozen):
    """Work that makes a risk smaller; progress in %."""

    key: Key
    name: Text
    risk: Key
    progress: Number = Field(ge=0, le=100)
    owner: Key


class Action(Frozen):
    """Something to be done by a date, for a KPI where it concerns one."""

    key: Key
    name: Text
    detail: Text | None = None
    horizon: str = Field(pattern="^(immediate|short_term|long_term|recommended)$")
    due: date | None = None
    owner: Key
    kpi: Key | None = None


class Plans(Frozen):
    """Everything in ``initiatives.yaml``, ``risks.yaml`` and ``actions.yaml``."""

    initiatives: tuple[Initiative, ...] = ()
    risks: tuple[Risk, ...] = ()
    mitigations: tuple[Mitigation, ...] = ()
    actions: tuple[Action, ...] = ()
