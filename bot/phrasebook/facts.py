"""What each message is told: its facts by name, and those that may be left out."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from bot.core.lifecycle import Notice

_APPROVAL = ("approval", "kpi", "approver", "policy")
_ALERT = ("alert", "kpi", "standing", "priority", "rule", "policy", "now", "owner", "in_charge")

FACTS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {notice.value: _ALERT for notice in Notice}
    | {
        "alert_passed_on": _ALERT,
        "act_answer": ("outcome", "alert", "kpi", "policy"),
        "alert_gone": (),
        "alerts_list": ("rows", "policy", "now"),
        "approval": _APPROVAL,
        "approval_answer": (*_APPROVAL, "done"),
        "approval_gone": (),
        "approval_told": _APPROVAL,
        "approval_waits": _APPROVAL,
        "bad_input": ("place", "problem", "remedy"),
        "busy": (),
        "check_in": ("kpi", "period", "again", "example"),
        "check_in_done": ("kpi", "segment", "period"),
        "digest_daily": ("digest", "policy", "now"),
        "form_not_opened": ("kpi", "period", "example"),
        "help": ("commands",),
        "kpi_history": (
            "kpi", "segment", "numbers", "waiting", "span", "gaps", "newest", "inputs", "policy", "now",
        ),
        "kpi_list": ("groups",),
        "kpi_summary": ("standing", "policy", "department", "owner", "role", "open_alerts", "segments", "now"),
        "kpi_unknown": ("query", "suggestions"),
        "my_kpis": ("standings", "alerts", "policy", "now"),
        "operators_notice": ("what", "destination", "code", "about"),
        "replay": ("kpi", "segment", "span", "rows", "total_only", "policy"),
        "set_done": ("standing", "policy", "change", "period", "value"),
        "share_refused": ("channel",),
        "shared": ("kpi", "channel"),
        "span_unknown": ("asked", "why", "segments"),
        "why_alert": ("alert", "kpi", "rule", "priority", "timeline", "deliveries", "policy", "now"),
        "why_kpi": ("standing", "verdicts", "record", "policy", "now"),
    }
)  # fmt: skip
"""Facts every message must be given, by its name."""

SHARED = ("words", "findings")
"""Templates that are no message: short words, and a sentence for each condition."""

OPTIONAL: Mapping[str, Any] = MappingProxyType(
    {
        "before": None,
        "by": None,
        "discreet": False,
        "late": None,
        "more": 0,
        "note": None,
        "sample": False,
        "source_fails": None,
        "zone": None,
    }
)
"""Facts any message may be given, with what stands for them otherwise; ``zone`` is else the policy's."""


def complete(notice: str, facts: Mapping[str, Any]) -> tuple[dict[str, Any], list[str]]:
    """Give the facts with the optional ones filled in, and what is wrong with them (nothing, when all is well)."""
    wanted = FACTS.get(notice)
    if wanted is None:
        return {}, [f"there is no message '{notice}'"]
    problems = [f"fact '{name}' is missing" for name in wanted if name not in facts]
    return {**OPTIONAL, **facts}, problems
