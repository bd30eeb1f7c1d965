"""An alert: one breach of one rule for one series, from opening to resolution."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from pydantic import field_serializer

from bot.core.verdict import Finding
from bot.core.words import Frozen


class State(StrEnum):
    """Where an alert is in its life."""

    FIRING = "firing"
    ACKNOWLEDGED = "acknowledged"
    RESOLVED = "resolved"


class Resolution(StrEnum):
    """Why an alert ended."""

    RECOVERED = "recovered"
    RESTATED = "restated"
    BY_HAND = "by_hand"
    WITHDRAWN = "withdrawn"
    OUTGROWN = "outgrown"


class Alert(Frozen):
    """The alert as it stands; every change is a new version of it.

    kpi, rule, priority: keys of the policy; period: label of the period last judged; chain: people (keys) it walks
    to, the owner first, copied when it opened; step: how far down the chain it has been passed; acknowledge_by,
    remind_at, respond_by: its clocks, None when not running; missed: promises missed so far; acknowledged_by and
    resolved_by: Slack member ids; channel, ts: where its message is, ts None until it is posted; dry_run: its rule is
    on trial, so nobody is told and no clock runs.
    """

    id: str
    kpi: str
    segment: str
    rule: str
    priority: str
    state: State
    finding: Finding
    period: str
    opened_at: datetime
    chain: tuple[str, ...]
    channel: str
    policy_version: str
    step: int = 0
    acknowledge_by: datetime | None = None
    remind_at: datetime | None = None
    respond_by: datetime | None = None
    missed: int = 0
    acknowledged_at: datetime | None = None
    acknowledged_by: str | None = None
    action: str | None = None
    resolved_at: datetime | None = None
    resolved_by: str | None = None
    resolution: Resolution | None = None
    reopened: int = 0
    ts: str | None = None
    dry_run: bool = False
    version: int = 1

    @field_serializer("finding")
    def _by_name(self, finding: Finding) -> dict[str, Any]:
        return finding.facts

    @property
    def is_open(self) -> bool:
        """Not resolved."""
        return self.state is not State.RESOLVED

    @property
    def next_due(self) -> datetime | None:
        """The first moment one of its clocks wants something; None when none is running."""
        running = [clock for clock in (self.acknowledge_by, self.remind_at, self.respond_by) if clock is not None]
        return min(running) if running and self.is_open else None

    @property
    def in_charge(self) -> str:
        """The person (key) it has been passed to."""
        return self.chain[min(self.step, len(self.chain) - 1)]
