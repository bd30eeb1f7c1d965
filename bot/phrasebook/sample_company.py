"""A small company of our own, with awkward names, that templates are tried out on."""

from collections.abc import Mapping
from typing import Any

from bot.core.history import History, Point
from bot.core.periods import parse_label
from bot.core.policy import Policy
from bot.core.words import Band

_ALL = ["executive", "financial", "internal", "operational"]
_CHANNELS = {
    "alerts": {"name": "#kpi-alerts", "slack": "C0ALERTS", "clearance": "executive"},
    "operators": {"name": "#kpi-operators", "slack": "C0OPERATE", "clearance": "support"},
}
_PEOPLE = {
    "ada": {"name": "Ada Reyes", "slack": "U0ADA", "clearance": "executive"},
    "bo": {"name": "Bo Lind & Sons", "slack": "U0BO", "clearance": "executive", "language": "es"},
}
_ROLES = {
    "ceo": {"title": {"en": "CEO", "es": "CEO"}, "held_by": "bo"},
    "cro": {"title": {"en": "CRO", "es": "CRO"}, "held_by": "ada", "deputy": "bo"},
}
_DEPARTMENTS = {
    "sales": {"name": {"en": "Sales", "es": "Ventas"}, "head": "cro", "channel": "alerts"},
    "marketing": {"name": {"en": "Marketing", "es": "Marketing"}, "head": "ceo", "channel": "alerts"},
}
_PRIORITIES = [
    {
        "key": "critical", "name": {"en": "Critical", "es": "Crítica"},
        "window": {"en": "at once", "es": "de inmediato"}, "rank": 0, "acknowledge_within": "15m",
        "respond_within": "1h", "remind_before": "15m", "reopen_within": "24h",
        "escalation": ["owner", "deputy", "ceo"],
    },
    {
        "key": "high", "name": {"en": "High", "es": "Alta"},
        "window": {"en": "within 24 hours", "es": "en un plazo de 24 horas"}, "rank": 1,
        "acknowledge_within": "4h", "respond_within": "24h", "remind_before": "2h", "reopen_within": "24h",
    },
]  # fmt: skip
_ENTRY = {
    "direction": "lower_is_better", "frequency": "monthly", "kind": "output", "category": "retention",
    "department": "sales", "owner": "cro", "classification": "internal",
}  # fmt: skip
_KPIS: Mapping[str, Mapping[str, Any]] = {
    "churn_rate": {
        "name": {"en": "Churn rate", "es": "Tasa de cancelación"}, "unit": "percent", "target": 2.5,
        "thresholds": {"warning": 2.5, "critical": 4.0}, "segments": ["size"],
        "description": {"en": "Customers lost in the month", "es": "Clientes perdidos en el mes"},
        "rules": [
            {
                "id": "churn-worsening", "when": {"worsens_for": "2 periods"}, "priority": "high",
                "runbook_url": "https://wiki.example.com/churn?a=1&b=2",
            },
            {
                "id": "churn-jumps", "when": {"rises": {"by": "1 points", "over": "1 period"}}, "priority": "high",
                "dry_run": True,
            },
        ],
    },
    "pipeline_value": {
        "name": {"en": "R&D *pipeline* <value>", "es": "Cartera de *I&D* <valor>"}, "unit": "EUR",
        "direction": "higher_is_better", "target": 5_000_000.0, "classification": "financial",
    },
    "deliverability": {
        "name": {"en": "Email deliverability", "es": "Entrega de correo"}, "unit": "percent", "frequency": "weekly",
        "direction": "within_band", "target": Band(low=85, high=95), "department": "marketing",
    },
    "new_markets": {
        "name": {"en": "New markets", "es": "Mercados nuevos"}, "unit": "count", "frequency": "quarterly",
        "direction": "higher_is_better", "target": 5.0, "department": "marketing",
    },
}  # fmt: skip
_VALUES = {
    ("churn_rate", ""): (2.0, 2.1, 2.4, 2.3, 2.9, 3.2, 4.3),
    ("churn_rate", "size:enterprise"): (1.1, 1.4),
    ("churn_rate", "size:small"): (5.0, 4.6),
    ("pipeline_value", ""): (2_900_000.0, 3_100_000.0, 3_400_000.0, 3_823_450.0),
    ("deliverability", ""): (91.0, 92.0, 89.5),
    ("new_markets", ""): (),
}
_SIZES = {"enterprise": {"en": "Enterprise", "es": "Gran empresa"}, "small": {"en": "Small", "es": "Pequeña"}}
_LAST = {"monthly": "2026-10", "weekly": "2026-W46", "quarterly": "2026-Q3"}


def sample_policy() -> Policy:
    """Give the policy of the small company."""
    return Policy.model_validate(
        {
            "version": "sample",
            "company": {
                "name": "Sample & Co", "timezone": "Europe/Madrid", "operators_channel": "operators",
                "fallback_channel": "operators",
            },
            "people": _keyed(_PEOPLE),
            "roles": _keyed(_ROLES),
            "channels": _keyed(_CHANNELS),
            "departments": _keyed(_DEPARTMENTS),
            "priorities": {"warning": "high", "critical": "critical", "priorities": _PRIORITIES},
            "levels": {"executive": {"everywhere": _ALL}, "department": {}, "support": {}, "external": {}},
            "dimensions": _keyed(
                {"size": {"name": "Size", "members": _SIZES}}
            ),
            "kpis": {key: _ENTRY | {"key": key} | dict(entry) for key, entry in _KPIS.items()},
        }
    )  # fmt: skip


def sample_history(policy: Policy, kpi: str, segment: str = "") -> History:
    """Give the values of one series, none for a segment that has none."""
    frequency = policy.kpis[kpi].frequency
    last = parse_label(_LAST[frequency], frequency)
    values = _VALUES.get((kpi, segment), ())
    points = (Point(last.shift(place - len(values) + 1).first, value) for place, value in enumerate(values))
    return History(frequency, tuple(points))


def _keyed(entries: Mapping[str, Mapping[str, Any]]) -> dict[str, dict[str, Any]]:
    return {key: {"key": key, **entry} for key, entry in entries.items()}
