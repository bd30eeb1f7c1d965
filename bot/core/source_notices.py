"""What the operators are told of a source: that it fails, and that it is cured."""

from datetime import datetime

from bot.core.announcing import for_operators
from bot.core.clearance import may_see, reader_of
from bot.core.policy import Policy
from bot.core.speech import Outgoing

OF_THE_CONNECTION = frozenset(
    ("unreachable", "unknown_host", "certificate", "credentials", "refused", "may_write", "driver", "extra", "setting",
     "no_folder", "unpublished")
)  # fmt: skip
"""Failures that every source of a connection shares: they are told once for all of them."""

FAILED, CURED = "source_failed", "source_cured"


def source_notice(
    policy: Policy, what: str, kpi: str, connection: str, code: str, problem: str, now: datetime
) -> Outgoing:
    """Make the notice; the KPI (key) is named where the operators' channel may know of it.

    what: FAILED or CURED; code: one word for why; problem: the details, without values or credentials.
    """
    channel = policy.channels[policy.company.operators_channel]
    named = kpi if may_see(reader_of(channel), policy.kpis[kpi], policy) else "…"
    # Two sources that find at one moment that their connection is down say it once.
    key = f"{what}:{connection if code in OF_THE_CONNECTION else kpi}:{code}:{now.isoformat(timespec='minutes')}"
    about = f"{named}: {problem}" if problem else named
    facts = {"what": what, "destination": connection, "code": code, "about": about}
    return for_operators(policy, key, facts, now, rank=1)
