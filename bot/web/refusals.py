"""How a request is refused: one shape for every error, naming the place, what is wrong there and what to do."""

import json
from collections.abc import Mapping, Sequence

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from pydantic import Field
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect
from starlette.responses import JSONResponse, Response

from bot.core.errors import BadInput, KpiBotError
from bot.core.words import Frozen
from bot.web.headers import SAFE_HEADERS


class Problem(Frozen):
    """One thing that is wrong with a request."""

    place: str = Field(description="Where it stands, such as `values[3].at`.")
    problem: str = Field(description="What is wrong there.")
    remedy: str = Field(description="What to do about it; may be empty.")


class Problems(Frozen):
    """The answer to a request that was refused."""

    detail: list[Problem]


class Refusal(KpiBotError):
    """A request that is not served: its HTTP status, what is wrong with it, and headers the status calls for."""

    def __init__(self, status: int, problems: Sequence[Problem], headers: Mapping[str, str] | None = None) -> None:
        self.status, self.problems, self.headers = status, list(problems), dict(headers or {})
        super().__init__(f"{status}: " + "; ".join(f"{one.place}: {one.problem}" for one in problems))


def refusal(
    status: int, place: str, problem: str, remedy: str = "", headers: Mapping[str, str] | None = None
) -> Refusal:
    """Make a refusal for a single reason."""
    return Refusal(status, [Problem(place=place, problem=problem, remedy=remedy)], headers)


def problem_of(error: BadInput) -> Problem:
    """Tell of bad input in the words of this API."""
    return Problem(place=error.place, problem=error.problem, remedy=error.remedy)


def refuse_in_one_shape(app: FastAPI) -> None:
    """Have every error the app answers with take the one shape, also those of its framework."""
    app.add_exception_handler(Refusal, _refused)
    app.add_exception_handler(BadInput, _bad_input)
    app.add_exception_handler(RequestValidationError, _bad_parameters)
    app.add_exception_handler(HTTPException, _not_served)
    app.add_exception_handler(ClientDisconnect, _gone)
    app.add_exception_handler(Exception, _our_fault)


# Starlette hands every handler a plain Exception; each is registered for one class only.
def _refused(_: Request, error: Exception) -> Response:
    assert isinstance(error, Refusal)
    return _answer(error)


def _bad_input(_: Request, error: Exception) -> Response:
    assert isinstance(error, BadInput)
    return _answer(Refusal(422, [problem_of(error)]))


def _bad_parameters(_: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    found = [
        Problem(place=".".join(str(part) for part in one["loc"][1:]), problem=one["msg"], remedy="")
        for one in error.errors()
    ]
    return _answer(Refusal(422, found))


def _not_served(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    if error.status_code == 404:
        remedy = "GET /api/openapi.json describes what there is"
        return _answer(refusal(404, "path", f"there is nothing at {request.url.path[:200]}", remedy))
    if error.status_code == 405:
        allowed = (error.headers or {}).get("Allow", "")
        problem = f"{request.method[:20]} is not possible here"
        return _answer(refusal(405, "method", problem, f"Possible: {allowed}", error.headers))
    return _answer(refusal(error.status_code, "request", str(error.detail), "", error.headers))


def _gone(_: Request, __: Exception) -> Response:
    """Nobody is there to read this; it only keeps a dropped connection from being counted as our fault."""
    return _answer(refusal(400, "body", "ended before it was complete"))


def _our_fault(_: Request, __: Exception) -> Response:
    problem = "the request could not be served because of a fault on our side"
    remedy = "Try again in a while; sending the same values twice changes nothing"
    return _answer(refusal(500, "server", problem, remedy, SAFE_HEADERS))


class _Ascii(JSONResponse):
    """Escapes whatever is not ASCII: a refused text may hold half a character, which UTF-8 cannot carry."""

    def render(self, content: object) -> bytes:
        return json.dumps(content, separators=(",", ":")).encode("ascii")


def _answer(error: Refusal) -> Response:
    content = Problems(detail=error.problems).model_dump(mode="python")
    return _Ascii(content, status_code=error.status, headers=error.headers)
