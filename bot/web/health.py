"""``/-/healthy`` and ``/-/ready``: whether the process lives, and whether everything it needs is there."""

from collections.abc import Callable
from datetime import timedelta

from fastapi import APIRouter
from starlette.responses import JSONResponse, PlainTextResponse, Response

from bot.core.errors import KpiBotError
from bot.core.words import Frozen
from bot.flows.deliver import STOPPED_FOR
from bot.flows.house import House
from bot.store import notes, outbox
from bot.store.schema import DatabaseTooNew, NotMigrated

LONGEST_WAIT = timedelta(minutes=5)


class Check(Frozen):
    """One thing that must hold, and what was found; open to anybody who can reach us, so it names no host."""

    ok: bool
    detail: str


class Readiness(Frozen):
    """Whether everything holds, and each check by name."""

    ready: bool
    checks: dict[str, Check]


_UNREADY: dict[int | str, dict[str, object]] = {
    503: {"model": Readiness, "description": "Something it needs is not there; the checks say what."}
}


def health_routes(house: House) -> APIRouter:
    """The routes for whoever looks after the process."""
    router = APIRouter(tags=["health"])

    @router.get("/-/healthy", summary="Whether the process lives", response_class=PlainTextResponse)
    def healthy() -> str:
        """Answers as long as there is somebody to answer."""
        return "ok"

    @router.get(
        "/-/ready", summary="Whether everything it needs is there", responses=_UNREADY, response_model=Readiness
    )
    def ready() -> Response:
        """The database, the policy, Slack's credentials, and messages going out."""
        found = readiness(house)
        return JSONResponse(found.model_dump(), status_code=200 if found.ready else 503)

    return router


def readiness(house: House) -> Readiness:
    """Make every check; those that read the database fail with it."""
    checks = {"database": _database(house), "policy": _policy(house)}
    dependent: dict[str, Callable[[House], Check]] = {"slack": _slack, "messages": _messages}
    for name, check in dependent.items():
        checks[name] = check(house) if checks["database"].ok else Check(ok=False, detail="the database is needed")
    return Readiness(ready=all(check.ok for check in checks.values()), checks=checks)


def _database(house: House) -> Check:
    try:
        house.database.check()
    except NotMigrated:
        return Check(ok=False, detail="not migrated to this version; run `kpi-bot migrate`")
    except DatabaseTooNew:
        return Check(ok=False, detail="used by a newer kpi-bot; install that version")
    except KpiBotError:
        return Check(ok=False, detail="does not answer")
    return Check(ok=True, detail="reachable and migrated")


def _policy(house: House) -> Check:
    try:
        version = house.policy().version
    except KpiBotError:
        return Check(ok=False, detail="no policy could be loaded; run `kpi-bot check`")
    return Check(ok=True, detail=f"version {version}")


def _slack(house: House) -> Check:
    with house.database.reading() as tx:
        stopped = notes.get(tx, STOPPED_FOR)
    if stopped is None:
        return Check(ok=True, detail="credentials taken, as far as known")
    return Check(ok=False, detail=f"refused our credentials ({stopped}); set SLACK_BOT_TOKEN anew")


def _messages(house: House) -> Check:
    with house.database.reading() as tx:
        since = outbox.waiting_since(tx)
    waited = house.clock() - since if since else timedelta(0)
    if waited >= LONGEST_WAIT:
        return Check(ok=False, detail=f"the oldest has waited for {waited // timedelta(minutes=1)} minutes")
    return Check(ok=True, detail="none waits for long")
