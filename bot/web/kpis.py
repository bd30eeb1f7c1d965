"""``GET /api/v1/kpis…``: what is watched, where it stands, and its history with where each value came from."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Annotated

from fastapi import APIRouter, Depends, Query
from pydantic import Field

from bot.core.clearance import Reader, may_see, visible_kpis
from bot.core.errors import BadInput
from bot.core.history import History
from bot.core.kpi import Classification, Direction, Kind, Kpi, Thresholds
from bot.core.periods import Frequency, period_of
from bot.core.policy import Policy
from bot.core.spans import Span, UnknownSpan, read_span
from bot.core.standing import Status, stand
from bot.core.words import Band, Frozen, Text
from bot.flows.house import House
from bot.store import values
from bot.store.database import Transaction
from bot.store.tokens import Token
from bot.store.values import Origin, Recorded, Replaced
from bot.web.access import Access
from bot.web.refusals import Problems, refusal
from bot.web.tokens import READ_KPIS

# As many values as any rule may look back over, and some.
_HISTORY = 130
_NEWEST = 24
_MOST = 1000


class RunningAnswer(Frozen):
    """The newest number of a period that does not count as complete yet."""

    period: str
    value: float


class StandingAnswer(Frozen):
    """Where one series stands now; everything but the status is null before its first complete value."""

    segment: str = Field(description="`dimension:member`, empty for the total.")
    period: str | None = Field(description="The newest complete period that has a value.")
    value: float | None
    target: float | Band | None = Field(description="What was aimed at in that period.")
    status: Status
    attainment: float | None = Field(description="Value against target, 0 to 100 %.")
    running: RunningAnswer | None = Field(description="What there is of a later period; it is not judged.")


class KpiAnswer(Frozen):
    """A KPI as the rules define it, and where it stands."""

    key: str
    name: Text
    description: Text | None
    aliases: tuple[str, ...]
    unit: str
    direction: Direction
    frequency: Frequency
    kind: Kind
    category: str
    department: str
    owner: str = Field(description="The role that answers for it.")
    classification: Classification
    target: float | Band | dict[str, float] = Field(description="A number, a band, or numbers by period.")
    thresholds: Thresholds | None
    weight: float
    segments: tuple[str, ...] = Field(description="Every segment it may have values for, beside the total.")
    standing: StandingAnswer


class KpisAnswer(Frozen):
    """Every KPI the token is cleared for, in the order of the rules."""

    kpis: list[KpiAnswer]


class ReplacedAnswer(Frozen):
    """A value that was replaced by a later one."""

    value: float
    origin: Origin
    author: str
    recorded_at: datetime


class ValueAnswer(Frozen):
    """A value, where it came from, and what it replaced, the oldest first."""

    period: str
    value: float
    origin: Origin
    author: str
    recorded_at: datetime
    replaced: list[ReplacedAnswer]


class ValuesAnswer(Frozen):
    """The values of one series, the newest first."""

    kpi: str
    segment: str
    values: list[ValueAnswer]


_REFUSED = {401: "No token, or none in force.", 403: "The token lacks the scope `kpis:read`."}
_OF_ONE = _REFUSED | {404: "There is no such KPI.", 422: "A parameter cannot be taken."}

Segment = Annotated[str, Query(description="`dimension:member`; leave it out for the total.", max_length=200)]
Limit = Annotated[
    int | None,
    Query(
        description=f"How many periods, the newest first; {_NEWEST} if not said, {_MOST} with `from`.", ge=1, le=_MOST
    ),
]
_A_SPAN = "a date, a period such as `2026-Q3`, or another span such as `last 30 days`; that day belongs to it."
From = Annotated[
    str | None,
    Query(alias="from", description=f"Only periods that touch the time from the first day of this: {_A_SPAN}"),
]
To = Annotated[
    str | None,
    Query(alias="to", description=f"Only periods that touch the time up to the last day of this: {_A_SPAN}"),
]


def kpi_routes(house: House, access: Access) -> APIRouter:
    """The routes that answer about KPIs; for a token there are those its clearance lets it see."""
    router = APIRouter(tags=["kpis"])
    allowed = access.needing(READ_KPIS)

    @router.get("/api/v1/kpis", summary="List the KPIs", responses=_described(_REFUSED))
    def list_kpis(token: Annotated[Token, Depends(allowed)]) -> KpisAnswer:
        """Every KPI the token is cleared for, with its definition and where its total stands."""
        policy = house.policy()
        with house.database.reading() as tx:
            return KpisAnswer(kpis=_answers(tx, policy, visible_kpis(token.reader, policy), "", house.clock()))

    @router.get("/api/v1/kpis/{key}", summary="One KPI", responses=_described(_OF_ONE))
    def show_kpi(token: Annotated[Token, Depends(allowed)], key: str, segment: Segment = "") -> KpiAnswer:
        """One KPI with its definition and where its total, or one segment, stands."""
        policy = house.policy()
        kpi = _kpi(policy, token.reader, key, segment)
        with house.database.reading() as tx:
            return _answers(tx, policy, [kpi], segment, house.clock())[0]

    @router.get("/api/v1/kpis/{key}/values", summary="A KPI's values", responses=_described(_OF_ONE))
    def show_values(
        token: Annotated[Token, Depends(allowed)],
        key: str,
        segment: Segment = "",
        limit: Limit = None,
        begin: From = None,
        end: To = None,
    ) -> ValuesAnswer:
        """The newest values of the total, or of one segment: who brought each, when, and what it replaced."""
        policy = house.policy()
        kpi = _kpi(policy, token.reader, key, segment)
        since, until = _between(policy, kpi, begin, end, house.clock())
        most = limit or (_NEWEST if since is None else _MOST)
        with house.database.reading() as tx:
            found = values.records(tx, kpi.key, segment, limit=most, since=since, until=until)
        return ValuesAnswer(kpi=kpi.key, segment=segment, values=[_value(kpi, one) for one in found])

    return router


def _described(statuses: dict[int, str]) -> dict[int | str, dict[str, object]]:
    return {status: {"model": Problems, "description": told} for status, told in statuses.items()}


def _kpi(policy: Policy, reader: Reader, key: str, segment: str) -> Kpi:
    """Find a KPI; the same refusal whether it does not exist or may not be seen."""
    kpi = policy.kpis.get(key)
    if kpi is None or not may_see(reader, kpi, policy):
        raise refusal(404, "key", f"there is no KPI '{key[:80]}'", "GET /api/v1/kpis lists the KPIs")
    if segment not in policy.segments_of(kpi):
        raise BadInput("segment", f"{key} has no segment '{segment[:80]}'", f"GET /api/v1/kpis/{key} lists them")
    return kpi


def _between(
    policy: Policy, kpi: Kpi, begin: str | None, end: str | None, now: datetime
) -> tuple[date | None, date | None]:
    """Give the first day of the first period that is wanted, and the day from which none is; None where all are."""
    first, last = _span(policy, "from", begin, now), _span(policy, "to", end, now)
    if first and last and first.first >= last.until:
        problem = f"ends on {last.last}, before 'from' begins on {first.first}"
        raise BadInput("to", problem, "Name the earlier time in from")
    return first and period_of(first.first, kpi.frequency).first, last and last.until


def _span(policy: Policy, place: str, words: str | None, now: datetime) -> Span | None:
    if words is None:
        return None
    try:
        return read_span(words, now.astimezone(policy.zone).date(), policy.company.year_begins)
    except UnknownSpan as unknown:
        remedy = "Write a date such as 2026-11-22, a period such as 2026-Q3, or a span such as 'last 30 days'"
        raise BadInput(place, unknown.problem, remedy) from None


def _answers(tx: Transaction, policy: Policy, kpis: Sequence[Kpi], segment: str, now: datetime) -> list[KpiAnswer]:
    wanted = [(kpi.key, segment, kpi.frequency) for kpi in kpis]
    histories = values.histories(tx, wanted, limit=_HISTORY)
    return [_answer(policy, kpi, segment, histories[kpi.key, segment], now) for kpi in kpis]


def _answer(policy: Policy, kpi: Kpi, segment: str, history: History, now: datetime) -> KpiAnswer:
    standing = stand(policy, kpi, segment, history, now)
    running = standing.running
    told = StandingAnswer(
        segment=segment,
        period=standing.period.label if standing.period else None,
        value=standing.value,
        target=standing.target,
        status=standing.status,
        attainment=standing.attainment,
        running=running and RunningAnswer(period=running.period.label, value=running.value),
    )
    shared = {name: getattr(kpi, name) for name in KpiAnswer.model_fields if name not in ("segments", "standing")}
    return KpiAnswer(**shared, segments=policy.segments_of(kpi)[1:], standing=told)


def _value(kpi: Kpi, one: Recorded) -> ValueAnswer:
    return ValueAnswer(
        period=period_of(one.first, kpi.frequency).label,
        value=one.value,
        origin=one.origin,
        author=one.author,
        recorded_at=one.recorded_at,
        replaced=[_replaced(was) for was in one.replaced],
    )


def _replaced(was: Replaced) -> ReplacedAnswer:
    return ReplacedAnswer(value=was.value, origin=was.origin, author=was.author, recorded_at=was.recorded_at)
