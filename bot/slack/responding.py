"""Answering a click through its response_url, for the eyes of the one who pressed."""

from collections.abc import Mapping
from typing import Any

import structlog
from slack_sdk.webhook import WebhookClient

from bot.slack.blocks import plain, without_chart
from bot.slack.errors import TRANSPORT_FAULTS, classify
from bot.slack.messenger import quiet_logger

log = structlog.get_logger()

_TIMEOUT = 5


def respond(response_url: str, payload: Mapping[str, Any]) -> None:
    """Show an answer beside the message that was clicked; refused for its blocks it goes out again without them.

    Nothing depends on its arriving: what the click did is stored, so an answer that fails is logged and let go.
    """
    hook = WebhookClient(response_url, timeout=_TIMEOUT, retry_handlers=[], logger=quiet_logger())
    status = 0
    try:
        for attempt in (payload, without_chart(payload), plain(payload)):
            body = {**attempt, "response_type": "ephemeral", "replace_original": False}
            status = hook.send_dict(body).status_code
            if status != 400:
                break
    except TRANSPORT_FAULTS as error:
        log.warning("answer_not_shown", code=classify(error).code)
        return
    if status != 200:
        log.warning("answer_not_shown", code=f"http_{status}")
