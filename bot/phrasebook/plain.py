"""The same key facts without any template: said when a template is broken or Slack refuses what was made of one."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from bot.core.alert import Alert
from bot.core.speech import Speech
from bot.core.standing import Standing
from bot.core.words import Language
from bot.phrasebook import numbers
from bot.phrasebook.markup import cleaned, for_markup

_HAPPENED: Mapping[str, str] = MappingProxyType(
    {
        "alert_opened": "needs attention",
        "alert_reopened": "needs attention again",
        "alert_updated": "has a new value",
        "alert_acknowledged": "was acknowledged",
        "alert_acted": "has an action",
        "alert_recovered": "has recovered",
        "alert_resolved": "was resolved by hand",
        "alert_withdrawn": "is no longer watched by this rule",
        "alert_reminded": "is due soon",
        "alert_escalated": "was not acknowledged in time and is passed on",
        "alert_missed": "has missed its response window",
        "alert_passed_on": "is passed on to you",
    }
)

_SENTENCES: Mapping[str, str] = MappingProxyType(
    {
        "busy": "That did not work just now. Please try again in a minute.",
        "alert_gone": "There is no open alert by that name.",
        "kpi_unknown": "There is no such KPI. /kpi list shows every KPI you may see.",
    }
)


def plain(notice: str, **facts: Any) -> Speech:
    """Say a notice in built-in English, from whatever facts are at hand. Never raises for a missing one."""
    lines = [line for make in (_about_alert, _about_kpi, _about_anything) for line in make(notice, facts)]
    text = lines[0] if lines else _SENTENCES.get(notice, notice.replace("_", " ").capitalize())
    return Speech(text=cleaned(text), body="\n".join(for_markup(line) for line in lines or [text]))


def _about_alert(notice: str, facts: Mapping[str, Any]) -> list[str]:
    alert = facts.get("alert")
    if not isinstance(alert, Alert):
        return []
    happened = _HAPPENED.get(notice, "has changed")
    return [
        f"{alert.priority.capitalize()}: {_name(facts, alert.kpi)} {happened}",
        *_deadlines(alert),
        f"Rule {alert.rule}, alert {alert.id}, {alert.state.value}.",
    ]


def _deadlines(alert: Alert) -> list[str]:
    clocks = (("Acknowledge", alert.acknowledge_by), ("Act", alert.respond_by))
    return [f"{verb} by {when:%Y-%m-%d %H:%M} UTC." for verb, when in clocks if when is not None and alert.is_open]


def _name(facts: Mapping[str, Any], otherwise: str) -> str:
    kpi = facts.get("kpi")
    return kpi.name.en if kpi is not None else otherwise


def _about_kpi(_notice: str, facts: Mapping[str, Any]) -> list[str]:
    standing = facts.get("standing")
    if not isinstance(standing, Standing):
        return []
    kpi, said = standing.kpi, [standing.kpi.name.en]
    if standing.value is not None:
        said.append(f"value {numbers.value(standing.value, kpi.unit, Language.EN)}")
    if standing.running is not None:
        said.append(
            f"{standing.running.period.label} so far {numbers.value(standing.running.value, kpi.unit, Language.EN)}"
        )
    if standing.target is not None:
        said.append(f"target {numbers.target(standing.target, kpi.unit, kpi.direction, Language.EN)}")
    owner = facts.get("owner")
    return [", ".join([*said, f"status {standing.status.value}", *([f"owner {owner.name}"] if owner else [])]) + "."]


def _about_anything(notice: str, facts: Mapping[str, Any]) -> list[str]:
    """Give what is plain text or number already, when there is neither an alert nor a KPI to speak of."""
    if "alert" in facts or "standing" in facts or notice in _SENTENCES:
        return []
    said = [f"{name} {fact}" for name, fact in facts.items() if isinstance(fact, str | int | float) and fact != ""]
    return [f"{notice.replace('_', ' ').capitalize()}: {', '.join(said)}"] if said else []
