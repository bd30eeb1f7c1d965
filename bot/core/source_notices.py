"""What the operators are told of a source: that it fails, and that it is cured."""

from datetime import datetime
from typing import Literal

from bot.core.announcing import for_operators
from bot.core.clearance import may_see, reader_of
from bot.core.policy import Policy
from bot.core.speech import Outgoing

Failure = Literal[
    "unreachable", "unknown_host", "certificate", "credentials", "refused", "may_write", "driver", "extra", "setting",
    "no_folder", "unpublished", "timeout", "writes", "query", "shape", "values", "too_many", "too_large", "missing",
    "outside", "file", "unreadable", "not_csv", "not_json", "not_excel", "worksheet", "no_column", "no_kpi", "no_rows",
    "no_value", "no_number", "no_time", "ambiguous", "expression", "not_a_select", "locked", "memory", "data",
    "warehouse", "address", "redirected", "not_found", "status", "broken", "encoding", "reader", "zone",
]  # fmt: skip
"""Why a source gives nothing that can be taken; each has words of its own, ``source_<it>`` in ``words.j2``."""

OF_THE_CONNECTION: frozenset[Failure] = frozenset(
    ("unreachable", "unknown_host", "certificate", "credentials", "refused", "may_write", "driver", "extra", "setting",
     "no_folder", "unpublished", "zone")
)  # fmt: skip
"""Failures that every source of a connection shares: they are told once for all of them."""

FAILED, PARTLY, CURED = "source_failed", "source_partly", "source_cured"


def source_notice(
    policy: Policy, what: str, kpi: str, connection: str, code: str, problem: str, now: datetime
) -> Outgoing:
    """Make the notice. A KPI (key) the operators' channel may not know of is named by the number it is collected under.

    what: FAILED, PARTLY or CURED; code: one word for why; problem: the details, without values or credentials.
    """
    channel = policy.channels[policy.company.operators_channel]
    if not may_see(reader_of(channel), policy.kpis[kpi], policy):
        sourced = [one.key for one in policy.kpis.values() if one.source is not None]
        problem = problem.replace(kpi, "the KPI")
        named = f"source {sourced.index(kpi) + 1} of {len(sourced)}, which `kpi-bot collect` names"
    else:
        named = kpi
    # Two sources that find at one moment that their connection is down say it once.
    key = f"{what}:{connection if code in OF_THE_CONNECTION else kpi}:{code}:{now.isoformat(timespec='minutes')}"
    about = f"{named}: {problem}" if problem else named
    facts = {"what": what, "destination": connection, "code": code, "about": about}
    return for_operators(policy, key, facts, now, rank=1)
