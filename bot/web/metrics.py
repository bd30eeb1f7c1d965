"""``/metrics``: counts for Prometheus. Labels are ids; no KPI's value is ever among the numbers."""

import time
from collections import Counter as CountOf
from collections.abc import Iterator

from fastapi import APIRouter
from prometheus_client import CollectorRegistry, Counter, Histogram, ProcessCollector, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4
from prometheus_client.metrics_core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bot.core.errors import KpiBotError
from bot.flows.house import House
from bot.store import alerts, outbox

_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.2, 0.5, 1.0, 2.5, 5.0)


class Metrics:
    """The counters of one app, in a registry of its own."""

    def __init__(self, house: House) -> None:
        self.registry = CollectorRegistry()
        ProcessCollector(registry=self.registry)
        self.registry.register(_Stored(house))
        self._values = Counter(
            "kpi_bot_values", "Values pushed, by what became of them.", ["outcome"], registry=self.registry
        )
        self._requests = Counter(
            "kpi_bot_http_requests", "Requests served.", ["route", "status"], registry=self.registry
        )
        self._seconds = Histogram(
            "kpi_bot_http_request_seconds", "Time to serve.", ["route"], buckets=_SECONDS, registry=self.registry
        )

    def count_values(self, **outcomes: int) -> None:
        """Count pushed values by outcome."""
        for outcome, count in outcomes.items():
            self._values.labels(outcome).inc(count)

    def count_request(self, route: str, status: int, seconds: float) -> None:
        """Count a request; route: the pattern it matched, never the path itself, of which there is no end."""
        self._requests.labels(route, status).inc()
        self._seconds.labels(route).observe(seconds)


class CountRequests:
    """Counts and times whatever the app serves."""

    def __init__(self, app: ASGIApp, metrics: Metrics) -> None:
        self._app, self._metrics = app, metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on and count it, also when serving it fails."""
        if scope["type"] != "http":
            return await self._app(scope, receive, send)
        status, began = 500, time.perf_counter()

        async def send_seen(message: Message) -> None:
            nonlocal status
            status = message.get("status", status)
            await send(message)

        try:
            await self._app(scope, receive, send_seen)
        finally:
            route = getattr(scope.get("route"), "path", "none")
            self._metrics.count_request(route, status, time.perf_counter() - began)


class _Stored(Collector):
    """What is only known by asking the database, asked when Prometheus asks."""

    def __init__(self, house: House) -> None:
        self._house = house

    def collect(self) -> Iterator[Metric]:
        up = GaugeMetricFamily("kpi_bot_database_up", "Whether the database answers and is migrated (1) or not (0).")
        try:
            self._house.database.check()
        except KpiBotError:
            up.add_metric([], 0)
            yield up
            return
        up.add_metric([], 1)
        yield up
        yield from self._counted()

    def _counted(self) -> Iterator[Metric]:
        with self._house.database.reading() as tx:
            by_state, since = outbox.counts(tx), outbox.waiting_since(tx)
            by_priority = CountOf(alert.priority for alert in alerts.open_alerts(tx))
        messages = GaugeMetricFamily("kpi_bot_outbox_messages", "Messages, by state.", labels=["state"])
        for state, count in by_state.items():
            messages.add_metric([state], count)
        waited = max((self._house.clock() - since).total_seconds(), 0.0) if since else 0.0
        opened = GaugeMetricFamily("kpi_bot_open_alerts", "Alerts that are open, by priority.", labels=["priority"])
        for priority in self._house.policy().priorities.priorities:
            opened.add_metric([priority.key], by_priority.pop(priority.key, 0))
        for gone, count in by_priority.items():
            opened.add_metric([gone], count)
        yield messages
        yield GaugeMetricFamily("kpi_bot_outbox_oldest_waiting_seconds", "Age of the oldest unsent message.", waited)
        yield opened


def metric_routes(metrics: Metrics) -> APIRouter:
    """The route Prometheus reads."""
    router = APIRouter()

    @router.get("/metrics", include_in_schema=False)
    def read_metrics() -> Response:
        return Response(generate_latest(metrics.registry), media_type=CONTENT_TYPE_PLAIN_0_0_4)

    return router
