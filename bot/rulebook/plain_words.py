"""One pydantic error in plain words: what was expected, what was given, and what was probably meant."""

import re
from collections.abc import Callable
from typing import Any
from zoneinfo import available_timezones

from pydantic_core import ErrorDetails

from bot.core.units import UNIT_WORDS
from bot.rulebook.nearest import nearest, unknown

PATTERNS = {
    r"^[a-z][a-z0-9_]{0,62}$": "a key of small letters, digits and _, such as churn_rate",
    r"^[a-z][a-z0-9-]{0,95}$": "a rule id of small letters, digits and -, such as churn-worsening",
    r"^https://\S+$": "an address that begins with https://",
    r"^[UW][A-Z0-9]{2,20}$": "a Slack member id such as U012AB3CD",
    r"^[CG][A-Z0-9]{2,20}$": "a Slack channel id such as C012AB3CD",
    r"^#[a-z0-9_-]{1,79}$": "a channel name in quotes such as '#revenue'",
    r"^\d{4}-Q[1-4]$": "a quarter such as 2026-Q4",
    r"^[A-Z][A-Z0-9_]{0,99}$": "the name of an environment variable such as WAREHOUSE_URL; no secret stands here",
    r"^https?://\S+$": "an address that begins with https://",
    r"^[A-Za-z0-9_-]{1,80}\.sql$": "the name of a file in queries/ such as churn.sql",
    r"^[A-Za-z][A-Za-z0-9-]{0,63}$": "the name of a header such as X-Api-Key",
    r"^([01]\d|2[0-3]):[0-5]\d$": "a time of day in quotes such as '09:00'",
}
CHOICE = re.compile(r"\^\(([a-z_|]+)\)\$")
_GROUP = 3
_GROUPED = re.compile(r"[-+]?\d{1,3}(,\d{3}){2,}(\.\d+)?|[-+]?\d{1,3},\d{3}\.\d+")  # 1,234,567 or 1,234.5
BAND = "a band such as {low: 85, high: 95}"
_ENTRIES = "entries such as 'name: value'"
_TYPES = {
    "string_type": "a text",
    "float_type": "a number",
    "int_type": "a whole number",
    "int_parsing": "a whole number",
    "int_from_float": "a whole number",
    "bool_type": "true or false",
    "bool_parsing": "true or false",
    "tuple_type": "a list such as [a, b]",
    "dict_type": _ENTRIES,
}
_MODELS = {
    "Text": "a name, or one for each language: {en: …, es: …}",
    "Amount": "an amount: '15 %', '0.7 points' or a number in the KPI's own unit",
    "Band": BAND,
    "Outside": BAND,
    "Rises": "a move such as {by: 20 %, over: 1 period}",
    "Falls": "a move such as {by: 20 %, over: 1 period}",
    "CheckIn": "true or a time of day: {at: '08:30'}",
    "Source": "a source such as {sql: churn.sql, connection: warehouse}",
    "Fields": "what is where in a row: {at: month, value: churn}",
    "When": "one condition such as {above: 4}",
}
_NOUNS = {"expect": "verdict", "everywhere": "classification", "own_departments": "classification"}
_BOUNDS = {"ge": "at least", "le": "at most", "gt": "more than", "lt": "less than"}
_WORDS: dict[str, Callable[[], Any]] = {
    "unit": lambda: UNIT_WORDS,
    "currency": lambda: UNIT_WORDS,
    "timezone": available_timezones,
}


def problem(error: ErrorDetails) -> str:
    """Say what is wrong; where the valid words are known, with the nearest."""
    kind, given, context = error["type"], error["input"], error.get("ctx", {})
    names = [step for step in error["loc"] if isinstance(step, str)]
    name = names[-1] if names else ""
    noun = _NOUNS.get(name, name.replace("_", " "))
    if kind == "enum":
        return unknown(noun, str(given), re.findall(r"'([^']*)'", context["expected"]))
    if kind == "value_error":
        return _our_own(name, given, str(context["error"]))
    choice = CHOICE.fullmatch(context.get("pattern", ""))
    if choice:
        return unknown(noun, str(given), choice[1].split("|"))
    wanted = _wanted(kind, context)
    return f"expected {wanted}, got {shown(given)}{remedy(kind, given)}" if wanted else error["msg"]


def shown(given: object) -> str:
    """Show what was given, short enough for one line."""
    if isinstance(given, dict):
        return "entries" if given else "no entries"
    if isinstance(given, list | tuple):
        return "a list" if given else "an empty list"
    if isinstance(given, bool) or given is None:
        return {True: "true", False: "false", None: "nothing"}[given]
    text = given if isinstance(given, str) else _plain(given)
    return f"'{text[:57]}…'" if len(text) > 60 else f"'{text}'"


def remedy(kind: str, given: object) -> str:
    """Say how to write what was probably meant, when that is plain."""
    if kind == "string_type" and isinstance(given, int | float):
        return "; write it in quotes"
    if kind != "float_type" or not isinstance(given, str):
        return ""
    number = re.fullmatch(r"([-+]?\d[\d,]*(?:\.\d+)?) ?(%|€|\$|points?)?", given)
    if number is None:
        return ""
    plain = number[1].replace(",", "")
    if _GROUPED.fullmatch(number[1]) or "," not in number[1]:
        return f"; write {plain} alone, without quotes, signs or commas"
    whole, _, rest = number[1].partition(",")
    if not rest.isdecimal():
        return ""
    with_point = f"{whole}.{rest}"
    return f"; write {with_point}, with a decimal point" + (f", or {plain}" if len(rest) == _GROUP else "")


def _wanted(kind: str, context: dict[str, Any]) -> str | None:
    bound = next((f"{said} {_plain(context[word])}" for word, said in _BOUNDS.items() if word in context), None)
    if bound:
        return bound
    if "pattern" in context:
        return PATTERNS.get(context["pattern"], f"what fits {context['pattern']}")
    if kind.endswith(("too_short", "too_long")):
        return _length(context, "characters" if kind.startswith("string") else "entries")
    if kind == "model_type":
        return _MODELS.get(context["class_name"], _ENTRIES)
    return "a date such as 2026-11-22" if kind.startswith("date") else _TYPES.get(kind)


def _length(context: dict[str, Any], what: str) -> str:
    if "min_length" in context:
        return f"{context['min_length']} or more {what}"
    return f"at most {context['max_length']} {what}"


def _our_own(name: str, given: object, said: str) -> str:
    """A validator of ours spoke; where its valid words are too many to list, add the nearest."""
    valid = _WORDS.get(name, tuple)()
    meant = nearest(str(given), valid) or nearest(str(given).upper(), valid)
    return f"{said.partition('; ')[0]}; did you mean '{meant}'?" if meant else said


def _plain(number: object) -> str:
    return f"{number:g}" if isinstance(number, float) and number.is_integer() else str(number)
