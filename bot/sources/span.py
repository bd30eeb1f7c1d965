"""Which days a reading asks for."""

from datetime import date
from typing import NamedTuple
from zoneinfo import ZoneInfo


class Span(NamedTuple):
    """since: the first day wanted; newest: the first day of the newest period that is over, which a lone value stands
    for; until: the first day no longer wanted; zone: the company's, in which days begin.
    """

    since: date
    newest: date
    until: date
    zone: ZoneInfo
