"""Living through a history again: values arrive as their periods end, and every rule answers as it would have then."""

from bisect import bisect_left, insort
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from functools import partial
from typing import NamedTuple

from bot.core.alert import Alert
from bot.core.calculating import adds_up, answer_of, periods_ended, periods_made_of
from bot.core.conditions import Other, When
from bot.core.evaluate import looks_back
from bot.core.history import Doubtful, History, Point
from bot.core.judging import Case, judge, timed_rules
from bot.core.kpi import Kpi, Rule
from bot.core.lifecycle import Act, Step, due_event, step
from bot.core.periods import Period, period_at, period_of
from bot.core.policy import Policy
from bot.core.verdict import Doubt

SeriesName = tuple[str, str]
"""A KPI (key) and a segment of it, "" for the total."""

OTHERS_LOOK_BACK = 400
"""How many of another KPI's newest values a rule may look at."""


class Lived(NamedTuple):
    """One step in the life of an alert, and when it was taken."""

    at: datetime
    step: Step


def relive(policy: Policy, kpi: Kpi, histories: Mapping[SeriesName, History], until: datetime) -> list[Lived]:
    """Live through everything known of a KPI, from its first value until a moment; gives every step of its alerts.

    histories: the series of the KPI and of all that ``needed`` names; those of calculated KPIs are not looked at but
    calculated. A value arrives at the moment its period ends, in the company's zone, once and final; all that arrive at
    one moment arrive together. Where that alone changes an answer, time passes at midnights. Nobody answers an alert.
    """
    return list(_Life(policy, kpi).lived(histories, until))


def needed(policy: Policy, kpi: Kpi) -> tuple[Kpi, ...]:
    """Give the KPI, those its rules ask about, and those they are all calculated from; inputs first."""
    found: dict[str, Kpi] = {}

    def find(key: str) -> None:
        known = policy.kpis.get(key)
        if known is None or key in found:
            return
        for name in known.formula.names if known.formula else ():
            find(name)
        found[key] = known

    for key in (*sorted(policy.names_of(policy.rules_of(kpi))), kpi.key):
        find(key)
    return tuple(found.values())


class _Life:
    """The values that have arrived so far, and the alerts of one KPI as they stand."""

    def __init__(self, policy: Policy, kpi: Kpi) -> None:
        self._policy, self._kpi = policy, kpi
        self._rules, self._timed = policy.rules_of(kpi), timed_rules(policy, kpi)
        self._named = policy.names_of(self._rules)
        self._points: dict[SeriesName, list[Point]] = {}
        self._doubts: dict[SeriesName, Doubtful] = {}
        self._alerts: dict[SeriesName, Alert] = {}
        self._seen = date.max

    def lived(self, histories: Mapping[SeriesName, History], until: datetime) -> Iterator[Lived]:
        watched = needed(self._policy, self._kpi)
        arrivals = _arrivals(watched, histories, self._policy, until)
        moments = sorted({*arrivals, *self._midnights(watched, arrivals, until)})
        for now in moments:
            yield from self._clocks(now)
            yield from self._arrive(watched, arrivals.get(now, {}), now)
            known = [segment for key, segment in self._points if key == self._kpi.key] if self._timed else ()
            yield from self._judge(dict.fromkeys(known, False), self._timed, now, {})
        yield from self._clocks(until)

    def _midnights(self, watched: Sequence[Kpi], arrivals: Iterable[datetime], until: datetime) -> Iterator[datetime]:
        """Give the moments at which time alone may change an answer: ends of periods, and for the pace every day's."""
        begun = min(arrivals, default=until)
        if not self._timed and not any(adds_up(self._policy, one) for one in watched):
            return
        frequencies = {one.frequency for one in watched}
        zone = self._policy.zone
        day = begun.astimezone(zone).date()
        daily = any(_asks_for_pace(rule.when) for rule in self._timed)
        while (midnight := datetime.combine(day, time(), zone)) <= until:
            if daily or any(period_of(day, frequency).first == day for frequency in frequencies):
                yield midnight.astimezone(begun.tzinfo)
            day += timedelta(days=1)

    def _clocks(self, now: datetime) -> Iterator[Lived]:
        """Let every clock run out that is due by now, one after the other."""
        for name in self._alerts:
            while (taken := _next_of_clocks(self._policy, self._alerts[name], now)) is not None:
                self._alerts[name] = taken.step.alert
                yield taken

    def _arrive(self, watched: Sequence[Kpi], arrived: Mapping[SeriesName, Point], now: datetime) -> Iterator[Lived]:
        changed: dict[SeriesName, dict[date, bool]] = {}
        for name, point in arrived.items():
            self._points.setdefault(name, []).append(point)
            changed[name] = {point.first: False}
        today = now.astimezone(self._policy.zone).date()
        for kpi in watched:
            if kpi.formula is not None:
                self._derive(kpi, changed, today)
        self._seen = today
        restated = {
            segment: {period.label for period in _over(self._kpi, firsts, now, self._policy)}
            for (key, segment), firsts in changed.items()
            if key == self._kpi.key
        }
        asked = {segment: bool(labels) for segment, labels in restated.items()}
        if self._named & {key for key, _ in changed}:
            asked |= {segment: False for segment in self._policy.segments_of(self._kpi) if segment not in asked}
        yield from self._judge(asked, self._rules, now, restated)

    def _derive(self, kpi: Kpi, changed: dict[SeriesName, dict[date, bool]], today: date) -> None:
        """Calculate every value that is made of what changed, or whose period ended; note what that changed in turn."""
        names = kpi.formula.names if kpi.formula else ()
        for segment in self._policy.segments_of(kpi):
            mine = {name: changed.get((name, segment), {}) for name in names}
            periods = periods_made_of(self._policy, kpi, mine, today)
            if (kpi.key, segment) in self._points and adds_up(self._policy, kpi):
                periods |= periods_ended(kpi, self._seen, today)
            for period in sorted(periods):
                inputs = {name: self._since((name, segment), period.previous.first) for name in names}
                answer = answer_of(self._policy, kpi, period, inputs, today)
                corrected = self._put((kpi.key, segment), period.first, answer)
                if corrected is not None:
                    changed.setdefault((kpi.key, segment), {})[period.first] = corrected

    def _put(self, name: SeriesName, first: date, answer: float | Doubt) -> bool | None:
        """Keep a calculated value, or the doubt about it; gives whether it replaces another, None without a change."""
        points = self._points.setdefault(name, [])
        place = bisect_left(points, first, key=lambda point: point.first)
        before = points.pop(place) if place < len(points) and points[place].first == first else None
        begun = answer is not Doubt.NO_VALUE
        if begun and name in self._doubts and self._doubts[name].first <= first:
            del self._doubts[name]
        if isinstance(answer, Doubt):
            if begun and place == len(points):
                self._doubts.setdefault(name, Doubtful(first, answer))
            if not points:
                del self._points[name]
            return None if before is None else True
        insort(points, Point(first, answer))
        return None if before == Point(first, answer) else before is not None

    def _judge(
        self, segments: Mapping[str, bool], rules: tuple[Rule, ...], now: datetime, restated: Mapping[str, set[str]]
    ) -> Iterator[Lived]:
        depth = max((looks_back(self._kpi, rule) for rule in rules), default=1)
        for segment, marked in segments.items():
            history = self._newest((self._kpi.key, segment), self._kpi, depth)
            others = partial(self._other, segment)
            case = Case(self._policy, self._kpi, segment, history, now, marked, others)
            case = case._replace(restated=marked and case.period in restated.get(segment, ()))
            known = {rule.id: self._alerts[rule.id, segment] for rule in rules if (rule.id, segment) in self._alerts}
            for taken in judge(case, rules, known):
                self._alerts[taken.alert.rule, segment] = taken.alert
                yield Lived(now, taken)

    def _other(self, segment: str, key: str) -> Other | None:
        kpi = self._policy.kpis.get(key)
        if kpi is None:
            return None
        name = (key, segment if (key, segment) in self._points else "")
        return Other(kpi, self._newest(name, kpi, OTHERS_LOOK_BACK), name[1])

    def _newest(self, name: SeriesName, kpi: Kpi, count: int) -> History:
        points, doubt = self._points.get(name, []), self._doubts.get(name)
        return History(kpi.frequency, tuple(points[-count:]), doubt)

    def _since(self, name: SeriesName, first: date) -> History:
        points = self._points.get(name, [])
        later = points[bisect_left(points, first, key=lambda point: point.first) :]
        return History(self._policy.kpis[name[0]].frequency, tuple(later))


def _next_of_clocks(policy: Policy, alert: Alert, now: datetime) -> Lived | None:
    due = alert.next_due
    event = due_event(alert, due) if due is not None and due <= now else None
    taken = step(alert, event, Act(), policy.priority(alert.priority), due) if event and due else None
    return Lived(due, taken) if taken and due else None


def _arrivals(
    watched: Iterable[Kpi], histories: Mapping[SeriesName, History], policy: Policy, until: datetime
) -> dict[datetime, dict[SeriesName, Point]]:
    found: dict[datetime, dict[SeriesName, Point]] = {}
    sent = {kpi.key for kpi in watched if kpi.formula is None}
    for name, history in histories.items():
        for point in history.points if name[0] in sent else ():
            arrives = Period(history.frequency, point.first).ends(policy.zone)
            if arrives <= until:
                found.setdefault(arrives, {})[name] = point
    return found


def _over(kpi: Kpi, firsts: Mapping[date, bool], now: datetime, policy: Policy) -> Iterator[Period]:
    """Give the periods that were over and had another number before."""
    running = period_at(now, kpi.frequency, policy.zone)
    yield from (Period(kpi.frequency, first) for first, again in firsts.items() if again and first < running.first)


def _asks_for_pace(when: When) -> bool:
    """Of all conditions the pace alone moves from day to day."""
    together = when.all_of or when.any_of
    return when.off_pace is not None or (together is not None and any(map(_asks_for_pace, together.parts)))
