"""What a person typed about a KPI: which one it is, which segment of it, and a value to be entered by hand."""

import difflib
import re
from collections.abc import Iterable, Sequence
from datetime import datetime

from bot.core.clearance import may_set, reader_of, visible_kpis
from bot.core.errors import BadInput
from bot.core.intake import Entry, take
from bot.core.kpi import Kpi
from bot.core.matching import find_kpi
from bot.core.organisation import Person
from bot.core.periods import Frequency, frequency_of_label, period_at
from bot.core.policy import Policy
from bot.core.typed import read_typed
from bot.core.words import Language

PLACE = "/kpi set"
_LONGEST_NAME = 8
_NUMBER = re.compile(r"[-−]?[€$£]?[-−]?[\d.,]*\d.*")
_MOMENT = re.compile(r"\d{4}-\d{2}-\d{2}T.*")


class UnknownKpi(BadInput):
    """No KPI that the person may see is called so; ``query`` is what they called it."""

    def __init__(self, query: str) -> None:
        self.query = query
        super().__init__(PLACE, f"no KPI is called '{query}'")


class NotAllowed(BadInput):
    """The person may see the KPI, but not enter its values."""


def leading_kpi(words: str, kpis: Iterable[Kpi]) -> tuple[Kpi, str] | None:
    """Find the KPI that typed words begin with, and the words left over; None when they begin with none.

    Of several beginnings that name a KPI the one most like a name wins, and of equals the longest.
    """
    candidates, typed = tuple(kpis), words.split()
    best: tuple[float, Kpi, str] | None = None
    for length in range(min(len(typed), _LONGEST_NAME), 0, -1):
        beginning = " ".join(typed[:length])
        kpi = find_kpi(beginning, candidates).kpi
        likeness = _likeness(beginning, kpi) if kpi else 0.0
        if kpi is not None and (best is None or likeness > best[0]):
            best = (likeness, kpi, " ".join(typed[length:]))
        if likeness == 1.0:
            break
    return best[1:] if best else None


def segment_named(policy: Policy, kpi: Kpi, words: str) -> str | None:
    """Find the segment of a KPI by its key, its member's key or its name; "" for no words, None when there is none."""
    asked = words.casefold().strip()
    for segment in policy.segments_of(kpi):
        name = policy.segment_name(segment)
        spoken = {segment.casefold(), segment.partition(":")[2]}
        if asked in spoken | ({name.en.casefold(), name.es.casefold()} if name else set()):
            return segment
    return None


def read_set(policy: Policy, person: Person | None, words: str, language: Language, now: datetime) -> Entry:
    """Read ``<KPI> <number> [period] [segment]`` as a value to be recorded.

    Without a period it is the running one for daily and weekly KPIs, and the last complete one for those of longer
    periods, whose number is not known before. Raises UnknownKpi, NotAllowed, or BadInput for the rest.
    """
    found = leading_kpi(words, visible_kpis(reader_of(person), policy))
    if found is None:
        raise UnknownKpi(_name_in(words))
    kpi, rest = found
    if not may_set(person, kpi, policy):
        raise NotAllowed(
            PLACE,
            f"values of {kpi.key} are entered by its owner or deputy, its department's head or the data analyst",
            f"Ask {policy.holder(kpi.owner).name}",
        )
    at, left = _taken_period(rest.split())
    number, segment = _number_and_segment(policy, kpi, left)
    value = read_typed(number, kpi, language, PLACE)
    return take(policy, kpi, value, at or newest_period(policy, kpi, now), segment, now=now, place=PLACE)


def newest_period(policy: Policy, kpi: Kpi, now: datetime) -> str:
    """Give the label of the newest period that can have a value: running (daily, weekly), else the last complete."""
    running = period_at(now, kpi.frequency, policy.zone)
    return (running if kpi.frequency in (Frequency.DAILY, Frequency.WEEKLY) else running.previous).label


def _likeness(words: str, kpi: Kpi) -> float:
    names = (kpi.key.replace("_", " "), kpi.name.en, kpi.name.es, *kpi.aliases)
    asked = words.casefold().replace("_", " ")
    return max(difflib.SequenceMatcher(None, asked, name.casefold()).ratio() for name in names)


def _name_in(words: str) -> str:
    """Give what stands before the number: what the person must have meant as the KPI's name."""
    typed = words.split()
    before = next((place for place, word in enumerate(typed) if place and _NUMBER.fullmatch(word)), len(typed))
    return " ".join(typed[:before])


def _taken_period(typed: list[str]) -> tuple[str | None, list[str]]:
    """Take the period (a label or a moment) out; the first word is the number, even if it looks like a year."""
    for place, word in enumerate(typed):
        if place and (frequency_of_label(word.upper()) or _MOMENT.fullmatch(word.upper())):
            return word.upper(), typed[:place] + typed[place + 1 :]
    return None, typed


def _number_and_segment(policy: Policy, kpi: Kpi, typed: Sequence[str]) -> tuple[str, str]:
    """Part the number with its unit from the segment behind it."""
    if not typed:
        raise BadInput(PLACE, f"there is no number for {kpi.key}", f"Write it such as /kpi set {kpi.key} 3.2")
    for length in range(1, len(typed)):
        behind = " ".join(typed[length:])
        segment = segment_named(policy, kpi, behind)
        if segment is None and ":" in typed[length]:
            segment = behind
        if segment is not None:
            return " ".join(typed[:length]), segment
    return " ".join(typed), ""
