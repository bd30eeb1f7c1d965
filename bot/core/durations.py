"""Durations as operators write them: ``30m``, ``24h``, ``3d``, ``1w``."""

import re
from datetime import timedelta
from typing import Annotated

from pydantic import BeforeValidator

_SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86400, "w": 604800}


def parse_duration(text: object) -> timedelta:
    """Read ``<whole number><s|m|h|d|w>``; raises ValueError with an example otherwise."""
    if isinstance(text, timedelta):
        return text
    match = re.fullmatch(r"(\d{1,5})([smhdw])", text) if isinstance(text, str) else None
    if match is None:
        raise ValueError(f"'{text}' is no duration; write a number and s, m, h, d or w, such as 30m, 24h or 1w")
    return timedelta(seconds=int(match[1]) * _SECONDS[match[2]])


Duration = Annotated[timedelta, BeforeValidator(parse_duration)]
