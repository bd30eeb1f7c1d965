"""A KPI: a number the company watches, with what is aimed at and who answers for it."""

from enum import StrEnum
from functools import cached_property
from typing import Annotated

from pydantic import Field

from bot.core.checkin import CheckIn
from bot.core.conditions import When
from bot.core.formula import Formula
from bot.core.periods import Frequency, Period
from bot.core.rollup import Rollup
from bot.core.source import Source
from bot.core.units import UnitName
from bot.core.words import Band, Frozen, Key, Number, Periods, RuleId, Text

_COUNTED = 12


class Kind(StrEnum):
    """What a KPI is for: the one that matters most, a cause (leading), an effect (lagging), a guardrail."""

    NORTH_STAR = "north_star"
    INPUT = "input"
    OUTPUT = "output"
    HEALTH = "health"


class Direction(StrEnum):
    """Which way is good."""

    HIGHER_IS_BETTER = "higher_is_better"
    LOWER_IS_BETTER = "lower_is_better"
    WITHIN_BAND = "within_band"


class Classification(StrEnum):
    """What kind of secret a KPI's numbers are."""

    EXECUTIVE = "executive"
    FINANCIAL = "financial"
    INTERNAL = "internal"
    OPERATIONAL = "operational"


class Thresholds(Frozen):
    """Levels that make two rules, warning and critical; reaching a level is crossing it.

    For a ``within_band`` KPI the levels are bands, and leaving a band is crossing it. Recovery levels lie on the
    healthy side: a firing alert is calm again only there. dry_run: both rules are on trial, as in ``Rule``.
    """

    warning: Number | Band | None = None
    warning_recovery: Number | Band | None = None
    warning_priority: Key | None = None
    critical: Number | Band | None = None
    critical_recovery: Number | Band | None = None
    critical_priority: Key | None = None
    lasting: Periods = Field(default=1, alias="for")
    dry_run: bool = False


class Example(Frozen):
    """A history (oldest first) and the verdict a rule must give on it."""

    history: tuple[Number, ...] = Field(min_length=1)
    expect: str = Field(pattern="^(breached|calm|unsure)$")


class NoData(StrEnum):
    """What a rule answers while the newest complete period has no value."""

    UNSURE = "unsure"
    BREACHED = "breached"
    CALM = "calm"


class Rule(Frozen):
    """A condition on a KPI with a priority.

    lasting (``for``): how many values in a row must break it; keep_firing_for: how many calm values an open alert
    waits for beyond the first; no_data: what it answers without a value for the newest complete period; dry_run: it is
    on trial, judged and recorded but never told.
    """

    id: RuleId
    when: When
    priority: Key
    lasting: Periods = Field(default=1, alias="for")
    keep_firing_for: Periods | None = None
    no_data: NoData = NoData.UNSURE
    dry_run: bool = False
    runbook_url: str | None = Field(default=None, pattern=r"^https://\S+$", max_length=500)
    examples: tuple[Example, ...] = ()

    @cached_property
    def looks_back(self) -> int:
        """How many of the newest complete values its answer depends on."""
        return self.when.condition.looks_back + max(self.lasting - 1, self.keep_firing_for or 0)

    @cached_property
    def counts(self) -> int:
        """How many of the newest values that broke it in a row are counted at most, to be told.

        A condition on the newest value alone is asked of a few more than ``for`` wants: that takes no time.
        """
        condition = self.when.condition
        cheap = condition.looks_back == 1 and not condition.timed and not condition.unfinished
        return max(self.lasting, _COUNTED if cheap else 1)

    @cached_property
    def glanced(self) -> bool:
        """Whether a KPI's newest values alone may show that it cannot be broken; for an anomaly, the band they make."""
        return self.no_data is not NoData.BREACHED and (self.when.anomaly is not None or self.when.condition.glanced)

    @cached_property
    def names(self) -> frozenset[str]:
        """The other KPIs it asks about."""
        return self.when.condition.names

    @cached_property
    def timed(self) -> bool:
        """Whether the mere passing of time may change its answer."""
        return self.no_data is not NoData.UNSURE or self.when.condition.timed


class Kpi(Frozen):
    """One entry of ``rules/kpis/``.

    target: a number, a band, or a plan that maps period labels to numbers (a period without its own number takes
    the latest earlier one).
    plausible: a value outside is refused as a mistake, whoever sends it; it also says how far a count may fall below
    zero, which it may not without.
    accumulates: while its period runs the value grows, as the month's sales do.
    formula: the KPI is calculated from others; rollup: how its values are put together where a KPI of longer periods
    is calculated from it.
    source: where its values are fetched from, when nobody sends them.
    check_in: its owner is asked for a value that is due and that nobody has sent.
    """

    key: Key
    name: Text
    aliases: tuple[str, ...] = ()
    description: Text | None = None
    unit: UnitName
    direction: Direction
    frequency: Frequency
    kind: Kind
    category: Key
    department: Key
    owner: Key
    classification: Classification
    target: Annotated[Number | Band | dict[str, Number], Field(union_mode="left_to_right")]
    thresholds: Thresholds | None = None
    plausible: Band | None = None
    weight: Number = Field(default=1.0, ge=0, le=100)
    channel: Key | None = None
    segments: tuple[Key, ...] = ()
    completeness_delay: Periods | None = None
    accumulates: bool = False
    formula: Formula | None = None
    rollup: Rollup | None = None
    source: Source | None = None
    check_in: CheckIn | None = None
    rules: tuple[Rule, ...] = ()

    def in_year(self, year_begins: int) -> "Kpi":
        """Give the KPI with quarters and years of a year that begins otherwise; see ``Frequency``."""
        frequency = self.frequency.in_year(year_begins)
        return self if frequency is self.frequency else self.model_copy(update={"frequency": frequency})

    def target_for(self, period: Period) -> float | Band | None:
        """Give what is aimed at in the period; None before a plan begins."""
        if not isinstance(self.target, dict):
            return self.target
        reached = [label for label in sorted(self.target) if label <= period.label]
        return self.target[reached[-1]] if reached else None
