"""Who may call the API: tokens, scopes, and what is kept of a token."""

from datetime import timedelta
from typing import Any

import httpx2
import pytest

from bot.core.clearance import Reader
from bot.core.errors import BadInput
from bot.core.organisation import Level
from bot.store import tokens
from bot.store.database import Database
from bot.web.tokens import READ_KPIS, SCOPES, WRITE_VALUES, digest, make_token, revoke_token
from tests.databases import KINDS
from tests.web.stage import NOON, SECRET_KEY, Stage

BATCH = {"values": [{"kpi": "churn_rate", "value": 2.1, "at": "2026-10"}]}
CALLS = [
    ("POST", "/api/v1/values", WRITE_VALUES),
    ("GET", "/api/v1/kpis", READ_KPIS),
    ("GET", "/api/v1/kpis/churn_rate", READ_KPIS),
    ("GET", "/api/v1/kpis/churn_rate/values", READ_KPIS),
]


def call(stage: Stage, method: str, path: str, authorization: str | bytes | None) -> Any:
    """Call with these credentials only."""
    raw = authorization.encode() if isinstance(authorization, str) else authorization
    headers = {} if raw is None else {b"Authorization": raw}
    with httpx2.Client(base_url=stage.address, headers=headers) as client:
        return client.request(method, path, json=BATCH if method == "POST" else None)


@pytest.mark.parametrize(("method", "path", "scope"), CALLS)
def test_each_call_needs_its_own_scope_and_no_other(stage: Stage, method: str, path: str, scope: str) -> None:
    other = next(one for one in SCOPES if one != scope)
    fitting, lacking = stage.token("fitting", scope), stage.token("lacking", other)

    assert call(stage, method, path, f"Bearer {fitting}").status_code == 200
    refused = call(stage, method, path, f"Bearer {lacking}")
    assert refused.status_code == 403
    assert scope in refused.json()["detail"][0]["problem"]
    assert "insufficient_scope" in refused.headers["WWW-Authenticate"]


@pytest.mark.parametrize(("method", "path", "scope"), CALLS)
def test_missing_unknown_and_revoked_tokens_get_the_same_answer(
    stage: Stage, method: str, path: str, scope: str
) -> None:
    revoked, valid = stage.token("revoked", scope), stage.token("valid", scope)
    assert revoke_token(stage.house.database, "revoked", NOON)
    given: list[str | bytes | None] = [
        None,
        "",
        "Bearer",
        "Bearer  x",
        "Bearer kpi_unknown",
        f"Bearer {revoked}",
        f"Bearer {valid[:-1]}",
        f"Basic {valid}",
        valid,
        f"Bearer {digest(SECRET_KEY, valid)}",
        "Bearer kpi_\xff\xfe".encode("latin-1"),
    ]

    answers = [call(stage, method, path, authorization) for authorization in given]

    assert {answer.status_code for answer in answers} == {401}
    assert {answer.headers["WWW-Authenticate"] for answer in answers} == {"Bearer"}
    assert len({answer.content for answer in answers}) == 1
    assert stage.stored("churn_rate") == {}


def test_refused_caller_learns_nothing_about_the_body(stage: Stage) -> None:
    answer = stage.client.post("/api/v1/values", content=b"{", headers={"Authorization": "Bearer kpi_x"})

    assert answer.status_code == 401


def test_revoked_token_is_refused_from_the_next_request_on(stage: Stage) -> None:
    token = f"Bearer {stage.token('short lived')}"
    assert call(stage, *CALLS[0][:2], token).status_code == 200

    revoke_token(stage.house.database, "short lived", NOON)

    assert call(stage, *CALLS[0][:2], token).status_code == 401
    assert not revoke_token(stage.house.database, "short lived", NOON)


def test_values_are_signed_with_the_name_of_the_token(stage: Stage) -> None:
    call(stage, *CALLS[0][:2], f"Bearer {stage.token('the warehouse')}")

    (one,) = stage.client.get("/api/v1/kpis/churn_rate/values").json()["values"]
    assert one["author"] == "the warehouse"


def test_use_of_a_token_is_remembered_to_the_minute(stage: Stage) -> None:
    token = f"Bearer {stage.token('watched')}"

    def last_used() -> Any:
        with stage.house.database.reading() as tx:
            return next(one.last_used_at for one in tokens.listed(tx) if one.name == "watched")

    assert last_used() is None
    call(stage, *CALLS[1][:2], token)
    assert last_used() == NOON
    stage.now = NOON + timedelta(seconds=59)
    call(stage, *CALLS[1][:2], token)
    assert last_used() == NOON
    stage.now = NOON + timedelta(seconds=61)
    call(stage, *CALLS[1][:2], token)
    assert last_used() == stage.now


@pytest.mark.parametrize("kind", KINDS)
def test_only_the_digest_of_a_token_is_kept(database: Database) -> None:
    token = make_token(database, SECRET_KEY, "warehouse", [WRITE_VALUES], NOON)

    assert token.startswith("kpi_")
    assert len(token) == 47
    with database.reading() as tx:
        rows = str(tx.exec_driver_sql("SELECT * FROM token").all()) + str(
            tx.exec_driver_sql("SELECT * FROM audit").all()
        )
        found = tokens.find(tx, digest(SECRET_KEY, token))
        assert tokens.find(tx, digest("another key", token)) is None
    assert token not in rows
    assert token.removeprefix("kpi_") not in rows
    assert found is not None
    assert (found.name, found.scopes) == ("warehouse", frozenset({WRITE_VALUES}))


def test_token_made_without_scopes_has_them_all(database: Database) -> None:
    token = make_token(database, "", "everything", [], NOON)

    with database.reading() as tx:
        found = tokens.find(tx, digest("", token))
    assert found is not None
    assert found.scopes == frozenset(SCOPES)


@pytest.mark.parametrize(
    ("name", "scopes", "place"),
    [
        ("", [], "name"),
        ("two\nlines", [], "name"),
        ("<!channel>", [], "name"),
        ("x" * 81, [], "name"),
        ("taken", [], "name"),
        ("fine", ["values:read"], "scope"),
    ],
)
def test_token_that_would_mislead_is_not_made(database: Database, name: str, scopes: list[str], place: str) -> None:
    make_token(database, "", "taken", [], NOON)

    with pytest.raises(BadInput) as refused:
        make_token(database, "", name, scopes, NOON)

    assert refused.value.place == place
    with database.reading() as tx:
        assert [one.name for one in tokens.listed(tx)] == ["taken"]


def test_token_made_without_a_clearance_sees_everything(database: Database) -> None:
    token = make_token(database, "", "everything", [], NOON)

    with database.reading() as tx:
        found = tokens.find(tx, digest("", token))
    assert found is not None
    assert found.reader == Reader(level=Level.EXECUTIVE)


@pytest.mark.parametrize(
    ("clearance", "departments", "place"),
    [
        (Level.DEPARTMENT, [], "department"),
        (Level.EXECUTIVE, ["revenue"], "department"),
        (Level.SUPPORT, ["revenue"], "department"),
        (Level.EXTERNAL, [], "clearance"),
    ],
)
def test_clearance_that_would_mislead_is_refused(
    database: Database, clearance: Level, departments: list[str], place: str
) -> None:
    with pytest.raises(BadInput) as refused:
        make_token(database, "", "fine", [], NOON, clearance=clearance, departments=departments)

    assert refused.value.place == place
    with database.reading() as tx:
        assert tokens.listed(tx) == []


def test_making_and_revoking_are_in_the_audit(database: Database) -> None:
    make_token(database, "", "warehouse", [], NOON)
    revoke_token(database, "warehouse", NOON)

    with database.reading() as tx:
        rows = tx.exec_driver_sql("SELECT what, subject FROM audit ORDER BY id").all()
    assert [tuple(row) for row in rows] == [("token created", "warehouse"), ("token revoked", "warehouse")]
