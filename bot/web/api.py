"""The whole HTTP edge as one app: every route, who may call it, and what all answers have in common."""

from fastapi import FastAPI
from fastapi.telemetry import TelemetryConfig
from starlette.responses import PlainTextResponse

from bot.flows.house import House
from bot.web.access import Access
from bot.web.headers import SafeHeaders
from bot.web.health import health_routes
from bot.web.kpis import kpi_routes
from bot.web.metrics import CountRequests, Metrics, metric_routes
from bot.web.push import push_routes
from bot.web.refusals import refuse_in_one_shape
from bot.web.slack_events import SlackEvents, slack_routes

_ABOUT = """\
Push values of KPIs and read where they stand.

Every request carries a token (`Authorization: Bearer …`, made with `kpi-bot token create`). Whatever is refused is
answered with `detail`: a list of what is wrong, each with its place, the problem and a remedy.
"""
_FRONT = """\
kpi-bot watches a company's KPIs and speaks in Slack.

/api/openapi.json  the API, described for programs
/-/healthy         whether the process lives
/-/ready           whether everything it needs is there
/metrics           counts for Prometheus
"""
# Error texts and bodies may hold figures; they are nobody's business outside this process.
_NO_TELEMETRY = TelemetryConfig(tracing=False, metrics=False, logs=False, operation_spans=False, auto_configure=False)


def build_web(house: House, *, slack_events: SlackEvents | None, secret_key: str) -> FastAPI:
    """Build the app.

    slack_events: takes a signed request's headers (names in lower case) and body, gives status, headers and body;
    None with Socket Mode, when there is no such door. secret_key: what the digests of tokens are keyed with.
    """
    app = FastAPI(
        title="kpi-bot",
        version="1",
        description=_ABOUT,
        openapi_url="/api/openapi.json",
        docs_url=None,  # these pages would fetch their scripts from elsewhere
        redoc_url=None,
        redirect_slashes=False,
        telemetry=_NO_TELEMETRY,
    )
    metrics, access = Metrics(house), Access(house, secret_key)
    refuse_in_one_shape(app)
    app.add_middleware(SafeHeaders)
    app.add_middleware(CountRequests, metrics=metrics)
    app.include_router(push_routes(house, access, metrics))
    app.include_router(kpi_routes(house, access))
    app.include_router(health_routes(house))
    app.include_router(metric_routes(metrics))
    if slack_events is not None:
        app.include_router(slack_routes(slack_events))
    app.add_api_route("/", front, response_class=PlainTextResponse, include_in_schema=False)
    return app


def front() -> str:
    """Say what this is and where to read on."""
    return _FRONT
