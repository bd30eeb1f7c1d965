"""``POST /api/v1/values``: values pushed by a program."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends
from pydantic import Field

from bot.core.errors import BadInput
from bot.core.words import Frozen
from bot.flows.house import House
from bot.flows.record import record
from bot.store.tokens import Token
from bot.store.values import Origin
from bot.web.access import Access
from bot.web.batch import BatchRefused, PushedBatch, read_batch
from bot.web.bodies import json_body
from bot.web.metrics import Metrics
from bot.web.refusals import Problems, problem_of
from bot.web.tokens import WRITE_VALUES


class PushAnswer(Frozen):
    """What became of a batch."""

    accepted: int = Field(description="Values for periods that had none.")
    unchanged: int = Field(description="Values that were there already, exactly so.")
    corrected: int = Field(description="Values that replaced another one; what was before is kept.")
    alerts: int = Field(description="Alerts that opened because of these values.")


_RESPONSES = {
    400: "The body is no JSON in UTF-8, or says one thing twice.",
    401: "No token, or none in force.",
    403: "The token lacks the scope `values:write`.",
    413: "The body is larger than 1 MiB.",
    415: "The body is not said to be `application/json`.",
    422: "Something in the batch cannot be taken; nothing was stored.",
}


def _described_body() -> dict[str, Any]:
    """Describe the body, which is read by hand so that each bad item is named."""
    schema = PushedBatch.model_json_schema()
    schema["properties"]["values"]["items"] = schema.pop("$defs")["PushedValue"]
    return {"required": True, "content": {"application/json": {"schema": schema}}}


def push_routes(house: House, access: Access, metrics: Metrics) -> APIRouter:
    """The route that takes values in."""
    router = APIRouter(tags=["values"])

    @router.post(
        "/api/v1/values",
        summary="Push values",
        responses={status: {"model": Problems, "description": told} for status, told in _RESPONSES.items()},
        openapi_extra={"requestBody": _described_body()},
    )
    def push_values(
        token: Annotated[Token, Depends(access.needing(WRITE_VALUES))], body: Annotated[bytes, Depends(json_body)]
    ) -> PushAnswer:
        """Take up to 10,000 values, all or nothing. Sending the same value again changes nothing."""
        try:
            answer = _take(house, token, body)
        except BatchRefused as refused:
            metrics.count_values(refused=refused.size)
            raise
        metrics.count_values(**answer.model_dump(exclude={"alerts"}))
        return answer

    return router


def _take(house: House, token: Token, body: bytes) -> PushAnswer:
    policy, now = house.policy(), house.clock()
    entries = read_batch(policy, token.reader, body, now)
    try:
        receipt = record(house.database, policy, entries, origin=Origin.API, author=token.name, now=now)
    except BadInput as error:
        raise BatchRefused([problem_of(error)], len(entries)) from error
    if receipt.told:
        house.nudge()
    return PushAnswer(
        accepted=receipt.accepted,
        unchanged=receipt.unchanged,
        corrected=receipt.corrected,
        alerts=len(receipt.opened),
    )
