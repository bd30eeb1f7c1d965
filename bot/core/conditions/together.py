"""What stands after ``when:``: one condition, or several together, also of other KPIs."""

from collections.abc import Sequence
from functools import cached_property
from typing import Any, ClassVar

from pydantic import Field, model_validator

from bot.core.conditions.asking import Condition, Sight
from bot.core.conditions.foreseen import Anomaly, ForecastMissesTarget
from bot.core.conditions.levels import Above, Below, Outside, Reaches
from bot.core.conditions.missing import Stale
from bot.core.conditions.moves import Falls, Rises, WorsensFor
from bot.core.conditions.targets import BeatsTargetBy, MissesTargetBy, OffPace
from bot.core.measures import Measured
from bot.core.verdict import Breached, Calm, Doubt, Finding, Unsure, Verdict
from bot.core.words import Frozen, Key


class _Together(Frozen):
    _word: ClassVar[str]

    parts: "tuple[Part, ...]" = Field(min_length=2, max_length=8)

    @model_validator(mode="before")
    @classmethod
    def _plain_list(cls, given: Any) -> Any:
        return given if isinstance(given, _Together) else {"parts": given}

    @property
    def looks_back(self) -> int:
        """As far as the part that looks furthest."""
        return max(part.condition.looks_back for part in self.parts)

    @property
    def names(self) -> frozenset[str]:
        """The other KPIs of all parts."""
        return frozenset().union(*(part.names for part in self.parts))

    @property
    def timed(self) -> bool:
        """Whether one of its parts is."""
        return any(part.condition.timed for part in self.parts)

    @property
    def unfinished(self) -> bool:
        """Whether all of its parts are."""
        return all(part.condition.unfinished for part in self.parts)

    def _whole(self, sight: Sight, parts: list[Finding]) -> Finding:
        newest = (sight.running if self.unfinished else sight.history).latest
        return Finding(self._word, value=newest.value if newest else None, parts=tuple(parts))


class AllOf(_Together):
    """``all_of: [{above: 4}, {kpi: nps, below: 30}]`` – every one of these conditions is broken.

    A part may name another KPI; of that KPI the same segment is asked where it has it, else its total, at its newest
    value of the same time: not later than the judged period, and not older than the period before. One calm part is
    enough to be calm; otherwise one unsure part makes the whole unsure.
    """

    _word: ClassVar[str] = "all_of"

    def judge(self, sight: Sight) -> Verdict:
        """Ask every part."""
        verdicts = [part.judge(sight) for part in self.parts]
        calm = [verdict for verdict in verdicts if isinstance(verdict, Calm)]
        unsure = [verdict for verdict in verdicts if isinstance(verdict, Unsure)]
        if unsure and not calm:
            return unsure[0]
        finding = self._whole(sight, [one.finding for one in verdicts if not isinstance(one, Unsure)])
        return Calm(finding) if calm else Breached(finding)

    @property
    def glanced(self) -> bool:
        """One part that is ruled out is enough."""
        return any(part.glanced for part in self.parts)

    def can_break(self, kpi: Measured, values: Sequence[float]) -> bool:
        """Only when every part can."""
        return all(part.can_break(kpi, values) for part in self.parts)


class AnyOf(_Together):
    """``any_of: [{worsens_for: 3 periods}, {misses_target_by: 20 %}]`` – at least one of these conditions is broken.

    Parts as in ``all_of``. One broken part is enough; otherwise one unsure part makes the whole unsure.
    """

    _word: ClassVar[str] = "any_of"

    def judge(self, sight: Sight) -> Verdict:
        """Ask every part."""
        verdicts = [part.judge(sight) for part in self.parts]
        breached = [verdict.finding for verdict in verdicts if isinstance(verdict, Breached)]
        unsure = [verdict for verdict in verdicts if isinstance(verdict, Unsure)]
        if breached:
            return Breached(self._whole(sight, breached))
        if unsure:
            return unsure[0]
        return Calm(self._whole(sight, [one.finding for one in verdicts if isinstance(one, Calm)]))

    @property
    def glanced(self) -> bool:
        """Every part has to be ruled out."""
        return all(part.glanced for part in self.parts)

    def can_break(self, kpi: Measured, values: Sequence[float]) -> bool:
        """Only when a part can."""
        return any(part.can_break(kpi, values) for part in self.parts)


class When(Frozen):
    """Exactly one condition of the vocabulary."""

    above: Above | None = None
    below: Below | None = None
    outside: Outside | None = None
    misses_target_by: MissesTargetBy | None = None
    beats_target_by: BeatsTargetBy | None = None
    off_pace: OffPace | None = None
    forecast_misses_target: ForecastMissesTarget | None = None
    rises: Rises | None = None
    falls: Falls | None = None
    worsens_for: WorsensFor | None = None
    anomaly: Anomaly | None = None
    stale: Stale | None = None
    all_of: AllOf | None = None
    any_of: AnyOf | None = None
    reaches: Reaches | None = None

    @model_validator(mode="after")
    def _exactly_one(self) -> "When":
        if len(self.model_fields_set & CONDITIONS) != 1:
            raise ValueError("takes exactly one condition")
        return self

    @cached_property
    def word(self) -> str:
        """The word of the condition that is set."""
        (word,) = self.model_fields_set & CONDITIONS
        return word

    @cached_property
    def condition(self) -> Condition:
        """The condition that is set."""
        chosen: Condition = getattr(self, self.word)
        return chosen


CONDITIONS = frozenset(When.model_fields)
"""The words of the vocabulary."""


class Part(When):
    """One condition among several; kpi: the other KPI it asks about, None for the rule's own."""

    kpi: Key | None = None

    @property
    def names(self) -> frozenset[str]:
        """The other KPIs it asks about."""
        own = self.condition.names
        return own | {self.kpi} if self.kpi else own

    def judge(self, sight: Sight) -> Verdict:
        """Ask the condition, of the rule's own KPI or of the one that is named."""
        if self.kpi is None:
            return self.condition.judge(sight)
        seen = _sight_of(self.kpi, sight, lateness_asked=self.stale is not None)
        if isinstance(seen, Unsure):
            return seen
        verdict = self.condition.judge(seen)
        if isinstance(verdict, Unsure):
            return verdict
        return verdict._replace(finding=verdict.finding._replace(kpi=self.kpi))

    @property
    def glanced(self) -> bool:
        """Whether its condition is; of another KPI nothing is known at a glance."""
        return self.kpi is None and self.condition.glanced

    def can_break(self, kpi: Measured, values: Sequence[float]) -> bool:
        """Ask the condition; another KPI's is never ruled out."""
        return self.kpi is not None or self.condition.can_break(kpi, values)


_Together.model_rebuild()
AllOf.model_rebuild()
AnyOf.model_rebuild()
When.model_rebuild()


def _sight_of(key: str, sight: Sight, *, lateness_asked: bool) -> Sight | Unsure:
    """Look at another KPI as it stood in the judged period; whether it is late is asked of now."""
    other, period = sight.around.others(key), sight.history.latest_period
    if other is None or period is None:
        return Unsure(Doubt.NO_VALUE)
    known = other.history.before(period.next.first)
    around = sight.around._replace(segment=other.segment)
    seen = Sight.of(other.kpi, known, firing=sight.firing, around=around)._replace(arrived=other.history)
    if lateness_asked:
        return seen
    newest = seen.history.latest_period
    if newest is None:
        return Unsure(Doubt.NO_VALUE)
    if newest.shift(2).first <= period.first:
        return Unsure(Doubt.MISSING_INPUT)
    return seen
