"""``POST /slack/events``: the way in for Slack's signed requests; whether they are genuine is for ``slack/`` to say."""

from collections.abc import Callable, Mapping
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from bot.web.bodies import limited_body

# Status, headers, body: plain, for this package and ``slack/`` do not know each other.
Answer = tuple[int, Mapping[str, str], bytes]
SlackEvents = Callable[[Mapping[str, str], bytes], Answer]


def slack_routes(slack_events: SlackEvents) -> APIRouter:
    """The route Slack calls; header names reach ``slack_events`` in lower case, repeated ones joined by a comma."""
    router = APIRouter()

    @router.post("/slack/events", include_in_schema=False)
    def take_event(request: Request, body: Annotated[bytes, Depends(limited_body)]) -> Response:
        headers = {name: ", ".join(request.headers.getlist(name)) for name in request.headers}
        status, answered, content = slack_events(headers, body)
        return Response(content, status_code=status, headers=dict(answered))

    return router
