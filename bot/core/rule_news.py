"""What the operators' channel is told about the rules folder: refused, mended, or renewed."""

from collections.abc import Sequence
from datetime import datetime

from bot.core.announcing import for_operators
from bot.core.errors import Fault
from bot.core.kpi import Classification
from bot.core.policy import Policy
from bot.core.renewal import FileChanges
from bot.core.speech import Outgoing

SHOWN = 5
"""How many faults or files are named; of the others the number is told."""


def refused(policy: Policy, faults: Sequence[Fault], once: str, now: datetime) -> Outgoing:
    """Say what is wrong with a folder that was not taken; policy: the one that stays in force; once: names the telling.

    A fault may quote names and numbers, so that where the channel may not see every KPI only its place is told.
    """
    channel = policy.channels[policy.company.operators_channel]
    sees_all = set(Classification) <= set(policy.levels[channel.clearance].everywhere)
    lines = list(dict.fromkeys(str(one) if sees_all else place_of(one) for one in faults))
    return _news("policy_refused", policy, lines, once, now)


def renewed(policy: Policy, changes: FileChanges, now: datetime, *, mended: bool) -> Outgoing:
    """Say that a policy took force, by its files that are not as they were; mended: one before it was refused."""
    what = "policy_mended" if mended else "policy_renewed"
    return _news(what, policy, changes.all, policy.version, now)


def place_of(fault: Fault) -> str:
    """Give where a fault stands, and nothing of what stands there."""
    return f"{fault.file}:{fault.line}:{fault.column}"


def _news(what: str, policy: Policy, lines: Sequence[str], once: str, now: datetime) -> Outgoing:
    facts = {
        "what": what,
        "destination": "",
        "code": policy.version,
        "about": list(lines[:SHOWN]),
        "more": max(0, len(lines) - SHOWN),
    }
    return for_operators(policy, f"operators:{what}:{once}:{now.isoformat()}", facts, now)
