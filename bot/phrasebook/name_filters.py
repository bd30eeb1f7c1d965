"""What templates can do with people, places, names and words: ``{{ owner | mention }}``."""

import re
from collections.abc import Iterable
from typing import Any, cast

from babel.lists import format_list
from jinja2 import pass_context
from jinja2.runtime import Context

from bot.core.kpi import Kpi
from bot.core.organisation import Person, Priority
from bot.core.policy import Policy, critical_rule_id, warning_rule_id
from bot.core.standing import Label, Status
from bot.core.verdict import Breached, Finding, Unsure, Verdict
from bot.core.words import Text
from bot.phrasebook.markup import Markup
from bot.phrasebook.speaker import block_of, speaker_of, word_of

_MEMBER = re.compile(r"[UW][A-Z0-9]{2,20}")
_CHANNEL = re.compile(r"[CGD][A-Z0-9]{2,20}")
_LINK = re.compile(r"https://[^\s<>|]+")
_SIGNS = {Status.RED: "🔴", Status.YELLOW: "🟡", Status.GREEN: "🟢", Status.BLUE: "🔵", Status.GREY: "⚪"}
_SCORES = {
    Label.EXCELLENT: Status.GREEN,
    Label.STRONG: Status.GREEN,
    Label.GOOD: Status.GREEN,
    Label.AT_RISK: Status.YELLOW,
    Label.CRITICAL: Status.RED,
}


@pass_context
def mention(context: Context, who: Person | str | None) -> object:
    """Somebody, by the policy's person or a Slack member id; in plain text by name."""
    voice = speaker_of(context)
    slack = who.slack if isinstance(who, Person) else who
    if slack is None or not _MEMBER.fullmatch(slack):
        return word_of(context, "somebody")
    if not voice.plain:
        return Markup(f"<@{slack}>")
    return called(context, who)


@pass_context
def called(context: Context, who: Person | str | None) -> object:
    """Somebody by name, for lists and digests, which ring nobody."""
    policy = context.get("policy")
    by_id = policy.person_by_slack(who) if isinstance(who, str) and isinstance(policy, Policy) else None
    known = who if isinstance(who, Person) else by_id
    return known.name if known else word_of(context, "somebody")


@pass_context
def named(context: Context, slack: str) -> object:
    """A channel or person by Slack id (in plain text by name, where the policy knows one); any other name as it is."""
    voice, policy = speaker_of(context), context.get("policy")
    if _MEMBER.fullmatch(slack):
        return mention(context, slack)
    if not voice.plain and _CHANNEL.fullmatch(slack):
        return Markup(f"<#{slack}>")
    known = policy.channel_by_slack(slack) if isinstance(policy, Policy) else None
    return known.name if known else slack


@pass_context
def link(context: Context, url: str, label: object) -> object:
    """A label that opens a page (https only); in plain text the label."""
    voice = speaker_of(context)
    if voice.plain or not _LINK.fullmatch(url):
        return label
    return Markup(f"<{url.replace('&', '&amp;')}|{voice.show(label)}>")


def dot(status: Status | Label) -> str:
    """The traffic light of a status or a score."""
    return _SIGNS[_SCORES[status] if isinstance(status, Label) else status]


def urgency(priority: Priority, status: Status | None = None) -> str:
    """The dot of an open alert, by its priority and the KPI's status: 🔴 or 🟡, 🔵 for good news; never 🟢."""
    if priority.rank == 0:
        return _SIGNS[Status.RED]
    if priority.acknowledge_within is None and priority.respond_within is None:
        return _SIGNS[Status.BLUE]
    return _SIGNS[Status.RED if status is Status.RED else Status.YELLOW]


@pass_context
def rule_name(context: Context, rule: str, kpi: Kpi) -> object:
    """The name of an alert's rule: words for a threshold of the KPI, the id of any other rule."""
    levels = {critical_rule_id(kpi): "level_critical", warning_rule_id(kpi): "level_warning"}
    return word_of(context, levels[rule]) if kpi.thresholds and rule in levels else rule


@pass_context
def series(context: Context, kpi: Kpi, segment: str = "") -> str:
    """The name of a KPI, with that of its segment: ``Customers · Enterprise``."""
    language = speaker_of(context).language
    name = kpi.name.speak(language)
    if not segment:
        return name
    policy = context.get("policy")
    part = policy.segment_name(segment) if isinstance(policy, Policy) else None
    return f"{name} · {part.speak(language) if part else segment}"


@pass_context
def segment_name(context: Context, segment: str) -> object:
    """The name of a segment alone."""
    return cast(Policy, context["policy"]).segment_name(segment) or segment


@pass_context
def text_in(context: Context, text: Text) -> str:
    """A name in the reader's language, as text to work with (printing a name does this by itself)."""
    return text.speak(speaker_of(context).language)


@pass_context
def listing(context: Context, things: Iterable[object]) -> Markup:
    """Things in a row: ``MRR, churn and ARR``."""
    voice = speaker_of(context)
    shown = [voice.show(thing) for thing in things]
    return Markup(format_list(shown, locale="en_GB" if voice.language == "en" else "es_ES"))


@pass_context
def word(context: Context, key: str, otherwise: str | None = None, **facts: Any) -> Markup:
    """A short word of ``words.j2`` by its name; ``otherwise`` where there is none of that name."""
    voice = speaker_of(context)
    if otherwise is not None and not voice.has("words", key):
        return Markup(voice.show(otherwise))
    return word_of(context, key, **facts)


@pass_context
def finding(context: Context, seen: Finding, kpi: Kpi) -> Markup:
    """What a condition saw, as a sentence of ``findings.j2``; about another KPI, with its name in front."""
    if seen.kpi is None:
        return block_of(context, "findings", seen.condition, {"finding": seen, "kpi": kpi})
    other = cast(Policy, context["policy"]).kpis.get(seen.kpi)
    said = block_of(context, "findings", seen.condition, {"finding": seen, "kpi": other or kpi})
    return Markup(f"{speaker_of(context).show(series(context, other) if other else seen.kpi)} {said.text}")


def sentence(said: Markup) -> Markup:
    """The same words with a capital at the beginning."""
    return Markup(said.text[:1].upper() + said.text[1:])


def outcome(verdict: Verdict) -> str:
    """What a rule answered: ``breached``, ``calm`` or ``unsure``."""
    if isinstance(verdict, Unsure):
        return "unsure"
    return "breached" if isinstance(verdict, Breached) else "calm"
