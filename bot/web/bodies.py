"""Request bodies: read up to a size and no further, and JSON without ambiguities."""

import json
from typing import Any

from fastapi import Request

from bot.core.errors import BadInput
from bot.web.refusals import Refusal, refusal

LARGEST = 1 << 20


async def limited_body(request: Request) -> bytes:
    """Give the whole body. Raises Refusal (413) beyond 1 MiB, at once when its length is announced."""
    if int(request.headers.get("content-length", "0")) > LARGEST:
        raise _too_large()
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > LARGEST:
            raise _too_large()
    return bytes(body)


async def json_body(request: Request) -> bytes:
    """Give the body of a request that says it is JSON. Raises Refusal (413, 415)."""
    media_type, _, parameters = request.headers.get("content-type", "").partition(";")
    if media_type.strip().lower() != "application/json":
        raise _unsupported("content-type", f"'{media_type.strip()[:80]}' is not taken here")
    charset = parameters.lower().partition("charset=")[2].strip(' "')
    if charset not in ("", "utf-8", "utf8"):
        raise _unsupported("content-type", f"the charset '{charset[:40]}' is not taken here")
    if request.headers.get("content-encoding", "identity").strip().lower() != "identity":
        raise _unsupported("content-encoding", "compressed bodies are not taken here")
    return await limited_body(request)


def parse_json(body: bytes) -> Any:
    """Read JSON; every number becomes a float. Raises Refusal (400) for what is no JSON or says one thing twice.

    NaN, Infinity and numbers too large for a float are let through as such, so that whoever knows what the number
    stands for can refuse it by name.
    """
    try:
        return json.loads(body.decode("utf-8"), object_pairs_hook=_said_once, parse_int=float)
    except UnicodeDecodeError as error:
        raise refusal(400, "body", f"is not UTF-8 at byte {error.start}", "Send JSON in UTF-8") from None
    except json.JSONDecodeError as error:
        where = f"line {error.lineno}, column {error.colno}"
        raise refusal(400, "body", f"is no JSON: {error.msg} ({where})", "Send one JSON object") from None
    except RecursionError:
        raise refusal(400, "body", "is nested too deep", "Send one JSON object") from None
    except BadInput as error:
        raise refusal(400, error.place, error.problem, error.remedy) from None


def _said_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    said = dict(pairs)
    if len(said) == len(pairs):
        return said
    keys = [key for key, _ in pairs]
    twice = next(key for key in said if keys.count(key) > 1)
    raise BadInput("body", f"an object has the key '{twice[:80]}' twice", "Write each key once")


def _too_large() -> Refusal:
    return refusal(413, "body", "is larger than 1 MiB", "Send the values in several requests")


def _unsupported(place: str, problem: str) -> Refusal:
    return refusal(415, place, problem, "Send it as application/json in UTF-8, not compressed")
