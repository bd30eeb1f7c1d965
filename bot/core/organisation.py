"""Who is who: the company, its people, the roles they hold, its departments and channels."""

from datetime import date
from enum import StrEnum
from zoneinfo import ZoneInfo, available_timezones

from pydantic import Field, field_validator

from bot.core.calendar import WORKING_WEEK, Calendar, Month, Weekday
from bot.core.durations import Duration
from bot.core.kpi import Classification
from bot.core.units import UnitName
from bot.core.words import Frozen, Key, Language, Number, Text


class ScoreLabels(Frozen):
    """The least score for each label; below the last it is critical."""

    excellent: Number = 90
    strong: Number = 80
    good: Number = 70
    at_risk: Number = 50


class StatusBands(Frozen):
    """The least attainment (in %) for green and yellow, and how far above target counts as an opportunity (blue)."""

    green: Number = 90
    yellow: Number = 70
    blue: Number = 110


class NamedBy(StrEnum):
    """Which calendar year a fiscal year is called after: that of its first or of its last month."""

    START = "start"
    END = "end"


class Company(Frozen):
    """``rules/company.yaml``: whose KPIs these are, its calendar and its bands.

    noisy_from: a rule that would have rung so many times a month, or more, is warned about.
    """

    name: str = Field(min_length=1, max_length=80)
    timezone: str
    language: Language = Language.EN
    currency: UnitName = "EUR"
    operators_channel: Key
    fallback_channel: Key
    scores: ScoreLabels = ScoreLabels()
    statuses: StatusBands = StatusBands()
    stale_after: int = Field(default=2, ge=1, le=60)
    noisy_from: Number = Field(default=4.0, gt=0, le=1000)
    workdays: tuple[Weekday, ...] = WORKING_WEEK
    holidays: tuple[date, ...] = ()
    fiscal_year_begins: Month = Month.JANUARY
    fiscal_year_named_by: NamedBy = NamedBy.END

    @field_validator("timezone")
    @classmethod
    def _known_zone(cls, name: str) -> str:
        if name not in available_timezones():
            raise ValueError(f"unknown time zone '{name}'; write one such as Europe/Madrid")
        return name

    @field_validator("workdays")
    @classmethod
    def _some_day(cls, days: tuple[Weekday, ...]) -> tuple[Weekday, ...]:
        if not days:
            raise ValueError("names no day; leave it out for monday to friday")
        return days

    @property
    def zone(self) -> ZoneInfo:
        """The company's time zone."""
        return ZoneInfo(self.timezone)

    @property
    def year_begins(self) -> int:
        """The month in which its year 2026 begins, counted from January 2026 as 1; see ``Frequency``."""
        month = self.fiscal_year_begins.number
        return month if month == 1 or self.fiscal_year_named_by is NamedBy.START else month - 12

    @property
    def calendar(self) -> Calendar:
        """When the company is at work."""
        return Calendar(self.zone, self.workdays, frozenset(self.holidays))


class Level(StrEnum):
    """How much a reader or a channel may see."""

    EXECUTIVE = "executive"
    DEPARTMENT = "department"
    SUPPORT = "support"
    EXTERNAL = "external"


class Sees(Frozen):
    """What a level may see: of every department, and of its own departments."""

    everywhere: tuple[Classification, ...] = ()
    own_departments: tuple[Classification, ...] = ()


class Person(Frozen):
    """Somebody with a Slack account (``slack``: the member id, U… or W…)."""

    key: Key
    name: str = Field(min_length=1, max_length=80)
    slack: str = Field(pattern=r"^[UW][A-Z0-9]{2,20}$")
    language: Language | None = None
    clearance: Level = Level.EXTERNAL
    departments: tuple[Key, ...] = ()


class Role(Frozen):
    """A responsibility, held by one person or a Slack user group, with a deputy."""

    key: Key
    title: Text
    held_by: Key
    deputy: Key | None = None


class Department(Frozen):
    """A part of the company: its head (a role) and the channel its alerts go to."""

    key: Key
    name: Text
    head: Key
    channel: Key
    weight: Number = Field(default=1.0, ge=0, le=100)


class Channel(Frozen):
    """A Slack channel we may speak in (``slack``: the channel id, C… or G…) and what may be said there."""

    key: Key
    name: str = Field(pattern=r"^#[a-z0-9_-]{1,79}$")
    slack: str = Field(pattern=r"^[CG][A-Z0-9]{2,20}$")
    clearance: Level
    departments: tuple[Key, ...] = ()
    language: Language | None = None


class EscalationStep(StrEnum):
    """Whom an unanswered alert walks to, in order."""

    OWNER = "owner"
    DEPUTY = "deputy"
    DEPARTMENT_HEAD = "department_head"
    CEO = "ceo"


class Priority(Frozen):
    """How urgent an alert is, and the two promises it starts.

    acknowledge_within: somebody says "mine"; respond_within: the response window, an action is recorded or it is
    resolved; remind_before: how long before the end of the window a reminder goes out; None starts no clock.
    """

    key: Key
    name: Text
    window: Text
    rank: int = Field(ge=0, le=9)
    acknowledge_within: Duration | None = None
    respond_within: Duration | None = None
    remind_before: Duration | None = None
    reopen_within: Duration
    escalation: tuple[EscalationStep, ...] = (EscalationStep.OWNER,)


class Priorities(Frozen):
    """``rules/priorities.yaml``: the priorities, and which of them thresholds get."""

    warning: Key
    critical: Key
    priorities: tuple[Priority, ...]
