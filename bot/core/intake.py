"""Taking a value in: the one set of questions every number is asked, wherever it comes from."""

import math
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from bot.core.clearance import Reader, may_see, visible_kpis
from bot.core.errors import BadInput
from bot.core.kpi import Kpi
from bot.core.matching import find_kpi
from bot.core.periods import Frequency, Period, example_label, parse_label, period_at
from bot.core.policy import Policy
from bot.core.units import Unit, lower_limit, upper_limit
from bot.core.words import Frozen

SKEW = timedelta(minutes=5)
_LARGEST = 1e15
_LOOK = "Check the number and its unit"


class Entry(Frozen):
    """A value that has been checked and knows its period."""

    kpi: str
    segment: str
    period: Period
    value: float


def take(
    policy: Policy, kpi: Kpi, value: object, at: str, segment: str, *, now: datetime, place: str, called: str = ""
) -> Entry:
    """Check one value.

    at: a period label of the KPI's frequency, or an aware ISO 8601 moment that falls in the period; called: what a
    refusal calls the KPI, its key when empty. Raises BadInput whose place is ``<place>.<field>``.
    """
    name = called or kpi.key
    if kpi.formula is not None:
        raise BadInput(f"{place}.kpi", f"{name} is calculated: {kpi.formula.text}", "Send the values it is made of")
    return Entry(
        kpi=kpi.key,
        segment=_segment(policy, kpi, segment, f"{place}.segment", name),
        period=_period(policy, kpi, at, now, f"{place}.at"),
        value=_number(kpi, value, f"{place}.value", name),
    )


def known_kpi(policy: Policy, key: str, place: str, reader: Reader | None = None) -> Kpi:
    """Give the KPI with exactly this key; raises BadInput with the nearest keys otherwise.

    For a reader there are only the KPIs they may see; None is whoever runs the bot, for whom there are all.
    """
    kpi = policy.kpis.get(key)
    if kpi is not None and (reader is None or may_see(reader, kpi, policy)):
        return kpi
    match = find_kpi(key, policy.kpis.values() if reader is None else visible_kpis(reader, policy))
    near = [one.key for one in ((match.kpi,) if match.kpi else match.nearest)]
    where = "GET /api/v1/kpis lists the KPIs" if reader else "The rules name them, in kpis/"
    raise BadInput(f"{place}.kpi", f"unknown KPI '{key[:80]}'", f"Did you mean {' or '.join(near)}?" if near else where)


def _number(kpi: Kpi, value: object, place: str, name: str) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise BadInput(place, f"must be a number, not {_named(value)}", "Write it without quotes or unit, such as 3.2")
    try:
        number = float(value)
    except OverflowError:
        number = math.inf
    if not math.isfinite(number) or abs(number) > _LARGEST:
        raise BadInput(place, "must be a finite number of ordinary size", "NaN, infinity and the like are not stored")
    _check_range(kpi, number, place, name)
    return number + 0.0


def _check_range(kpi: Kpi, number: float, place: str, name: str) -> None:
    """Refuse what the unit rules out, and what the KPI itself holds to be a mistake."""
    most, least, plausible = upper_limit(kpi.unit), lower_limit(kpi.unit), kpi.plausible
    if most is not None and not 0 <= number <= most:
        raise BadInput(place, f"must lie between 0 and {most:g}: {name} is measured out of {most:g}")
    if plausible is None and least is not None and number < least:
        raise BadInput(place, f"must not be negative: {name} is {_counted(kpi)}", _LOOK)
    if plausible is not None and not plausible.low <= number <= plausible.high:
        share = kpi.unit == Unit.PERCENT and (plausible.low, plausible.high) == (0, 100)
        reason = f"{name} is a share" if share else f"that is the plausible range of {name}"
        raise BadInput(place, f"must lie between {_plain(plausible.low)} and {_plain(plausible.high)}: {reason}", _LOOK)


def _counted(kpi: Kpi) -> str:
    return "a count" if kpi.unit == Unit.COUNT else f"measured in {kpi.unit}"


def _plain(number: float) -> str:
    return f"{number:.0f}" if number.is_integer() else str(number)


def _named(value: object) -> str:
    return {bool: "true or false", str: "text", type(None): "nothing"}.get(type(value), "something else")


def _segment(policy: Policy, kpi: Kpi, segment: str, place: str, name: str) -> str:
    if not segment or (segment.partition(":")[0] in kpi.segments and policy.segment_name(segment)):
        return segment
    allowed = policy.segments_of(kpi)
    listed = ", ".join(allowed[1:7]) + (" …" if len(allowed) > 7 else "")
    remedy = f"It has: {listed}" if listed else "It has no segments; leave the segment out"
    raise BadInput(place, f"{name} has no segment '{segment[:80]}'", remedy)


def _period(policy: Policy, kpi: Kpi, at: str, now: datetime, place: str) -> Period:
    period = _moment(policy, kpi, at, now, place) if "T" in at or ":" in at else _labelled(kpi, at, place)
    if period.first.year < 1990:
        raise BadInput(place, f"{period.label} lies too far in the past", "Values are kept from 1990 on")
    if _beginning(period.first, policy.zone) > now + SKEW:
        raise BadInput(place, f"{period.label} lies in the future", "Send a value once its period has begun")
    return period


def _labelled(kpi: Kpi, at: str, place: str) -> Period:
    try:
        return _read_label(at, kpi.frequency, kpi.frequency.year_begins)
    except ValueError as error:
        raise BadInput(place, str(error)[:200]) from None


@lru_cache(maxsize=1000)
def _read_label(label: str, frequency: Frequency, _year_begins: int) -> Period:
    """Read a label; most values of a batch stand for the same few periods.

    The beginning of the year is named because frequencies that differ in nothing else are equal.
    """
    return parse_label(label, frequency)


@lru_cache(maxsize=1000)
def _beginning(first: date, zone: ZoneInfo) -> datetime:
    """The first moment of a period that begins on a day; the same for all frequencies."""
    return Period(Frequency.DAILY, first).begins(zone)


def _moment(policy: Policy, kpi: Kpi, at: str, now: datetime, place: str) -> Period:
    label = example_label(kpi.frequency)
    try:
        moment = datetime.fromisoformat(at)
    except ValueError:
        raise BadInput(place, f"'{at[:60]}' is no time", f"Write {label} or 2026-11-22T08:00:00Z") from None
    if moment.tzinfo is None:
        raise BadInput(
            place, "a time needs its zone", f"Write 2026-11-22T08:00:00Z or +01:00, or a period such as {label}"
        )
    try:
        in_utc = moment.astimezone(UTC)
        period = period_at(in_utc, kpi.frequency, policy.zone)
    except OverflowError:
        raise BadInput(place, f"'{at[:60]}' is outside the calendar") from None
    if in_utc > now + SKEW:
        raise BadInput(place, "lies in the future", "Check the sender's clock and zone")
    return period
