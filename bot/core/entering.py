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
from bot.core.periods import Frequency, Period, example_label, frequency_of_label, period_at
from bot.core.policy import Policy
from bot.core.typed import is_unit, read_typed
from bot.core.words import Frozen, Language

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


class Typed(Frozen):
    """A value as it was typed; at: the label or moment of its period, None when none was named."""

    kpi: Kpi
    segment: str
    value: float
    at: str | None


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


def read_set(policy: Policy, person: Person | None, words: str, language: Language) -> Typed:
    """Read ``<KPI> <number> [period] [segment]``.

    Raises UnknownKpi, BadInput for what cannot be read, and then NotAllowed.
    """
    found = leading_kpi(words, visible_kpis(reader_of(person), policy))
    if found is None:
        raise UnknownKpi(_name_in(words))
    kpi, rest = found
    at, left = _taken_period(rest.split())
    number, segment = _number_and_segment(policy, kpi, left, language)
    value = read_typed(number, kpi, language, PLACE)
    must_be_settable(policy, person, kpi, language)
    return Typed(kpi=kpi, segment=segment, value=value, at=at)


def read_unvalued(policy: Policy, person: Person | None, words: str) -> tuple[Kpi, str] | None:
    """Read ``<KPI> [segment]`` without a number, for which a form is opened; None when something else was typed."""
    found = leading_kpi(words, visible_kpis(reader_of(person), policy))
    segment = segment_named(policy, *found) if found else None
    return (found[0], segment) if found and segment is not None else None


def must_be_settable(policy: Policy, person: Person | None, kpi: Kpi, language: Language) -> None:
    """Raise NotAllowed, with whom to ask, when the person may not enter values of a KPI they see."""
    if not may_set(person, kpi, policy):
        named = kpi.name.speak(language)
        raise NotAllowed(
            PLACE,
            f"values of {named} are entered by its owner or deputy, its department's head or the data analyst",
            f"Ask {policy.holder(kpi.owner).name}",
        )


def to_record(policy: Policy, typed: Typed, newest: Period | None, language: Language, now: datetime) -> Entry:
    """Turn what was typed into a value to be recorded; without a period it is that of ``newest_period``.

    newest: the newest period of the series that has a value. Raises BadInput.
    """
    kpi = typed.kpi
    at = typed.at or newest_period(policy, kpi, newest, now)
    called = kpi.name.speak(language)
    return take(policy, kpi, typed.value, at, typed.segment, now=now, place=PLACE, called=called)


def newest_period(policy: Policy, kpi: Kpi, newest: Period | None, now: datetime) -> str:
    """Give the label of the period a value without one is for.

    It is the running one for daily and weekly KPIs, and for whichever has a value for it already (newest: the newest
    period with one). Otherwise it is the last complete one: the number of a longer period is not known before.
    """
    running = period_at(now, kpi.frequency, policy.zone)
    runs = kpi.frequency in (Frequency.DAILY, Frequency.WEEKLY) or newest == running
    return (running if runs else running.previous).label


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


def _number_and_segment(policy: Policy, kpi: Kpi, typed: Sequence[str], language: Language) -> tuple[str, str]:
    """Part the number with its unit from the segment behind it."""
    if not typed:
        named = kpi.name.speak(language)
        raise BadInput(PLACE, f"a number is needed for {named}", f"Write it such as /kpi set {kpi.key} 3.2")
    for length in range(1, len(typed)):
        behind = " ".join(typed[length:])
        segment = segment_named(policy, kpi, behind)
        if segment is None and ":" in typed[length] and not is_unit(typed[length]):
            segment = behind
        if segment is not None:
            return " ".join(typed[:length]), segment
    if len(typed) > 1 and _NUMBER.fullmatch(typed[0]) and not is_unit(typed[-1]):
        raise BadInput(PLACE, f"'{typed[-1][:40]}' is no {_expected(kpi)}", _period_example(kpi))
    return " ".join(typed), ""


def _expected(kpi: Kpi) -> str:
    return "period or segment" if kpi.segments else "period"


def _period_example(kpi: Kpi) -> str:
    return f"Write one such as {example_label(kpi.frequency)}"
