"""Reading a Web API call: its fields from query, form or JSON, its token, and Slack's warnings about how it came."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from starlette.requests import Request

from bot.sandbox.errors import SlackError
from bot.sandbox.strict_json import read_json

FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")


@dataclass(frozen=True)
class Asked:
    """What a call asks: its fields without the token, the token, and what Slack remarks on."""

    fields: Mapping[str, Any]
    token: str = ""
    warnings: list[str] = field(default_factory=list)


async def read_call(request: Request, *, takes_json: bool) -> Asked:
    """Read a call. A token in the query is not looked at; a form-only method does not see JSON fields.

    SlackError for a body that is not what its content type says, or of a type Slack does not read.
    """
    kind, _, parameters = request.headers.get("content-type", "").lower().partition(";")
    kind, has_charset = kind.strip(), "charset=" in parameters
    query = {name: value for name, value in request.query_params.items() if name != "token"}
    header = request.headers.get("authorization", "")
    bearer = header[7:].strip() if header[:7].lower() == "bearer " else ""
    if kind == "application/json":
        given = _object(await request.body())
        warnings = [] if has_charset else ["missing_charset"]
        given.pop("token", None)
        return Asked({**query, **given} if takes_json else query, bearer, warnings)
    if kind in FORMS:
        async with request.form() as form:
            fields = {**query, **{name: value for name, value in form.items() if isinstance(value, str)}}
        token = str(fields.pop("token", ""))
        warnings = ["superfluous_charset"] if has_charset and kind == FORMS[0] else []
        return Asked(fields, bearer or token, warnings)
    if request.method == "POST" and await request.body():
        raise SlackError("invalid_post_type" if kind else "missing_post_type")
    return Asked(query, bearer)


def _object(body: bytes) -> dict[str, Any]:
    try:
        given = read_json(body or b"{}")
    except ValueError:
        raise SlackError("invalid_json") from None
    if not isinstance(given, dict):
        raise SlackError("json_not_object")
    return given


def with_warnings(answer: dict[str, Any], warnings: list[str]) -> dict[str, Any]:
    """The answer with Slack's warnings beside it, in both of the places Slack writes them."""
    if not warnings:
        return answer
    metadata = {**answer.get("response_metadata", {}), "warnings": warnings}
    return {**answer, "warning": ",".join(warnings), "response_metadata": metadata}
