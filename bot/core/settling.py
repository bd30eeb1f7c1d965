"""What becomes of a message Slack did not take: one table from the class of the error to what happens next."""

import math
from datetime import datetime, timedelta
from enum import StrEnum

from bot.core.errors import DeliveryClass, DeliveryError
from bot.core.speech import Manner
from bot.core.words import Frozen

REQUEST_TIMEOUT = timedelta(seconds=10)
SETTLE = REQUEST_TIMEOUT + timedelta(seconds=5)
MOST_LOOK_UPS = 20
LEAST_WAIT, DEFAULT_WAIT, LONGEST_WAIT = timedelta(seconds=1), timedelta(seconds=30), timedelta(minutes=15)


class Next(StrEnum):
    """What to do with the row."""

    LATER = "later"
    SUSPECT = "suspect"
    FALL_BACK = "fall_back"
    PLAINER = "plainer"
    STOP_ALL = "stop_all"
    POST_ANEW = "post_anew"
    GIVE_UP = "give_up"


class Settlement(Frozen):
    """The next thing to do; wait: how long before it; counts: whether this was a try that used one up."""

    next: Next
    wait: timedelta = timedelta(0)
    counts: bool = True


def settle(error: DeliveryError, manner: Manner, tries: int, *, plainest: bool) -> Settlement:
    """Decide what follows a failed call.

    tries: how many have counted so far; plainest: the message already was the plain built-in text.
    """
    again = Settlement(next=Next.LATER, wait=_back_off(tries))
    # An edit says the same however often it is made, so after a doubtful one nothing has to be looked up.
    doubtful = again if manner is Manner.EDIT else Settlement(next=Next.SUSPECT, wait=SETTLE)
    plainer = Settlement(next=Next.PLAINER)
    unknown = again if plainest else plainer
    return {
        DeliveryClass.WAIT: Settlement(next=Next.LATER, wait=bounded_wait(error.retry_after), counts=False),
        DeliveryClass.CREDENTIALS: Settlement(next=Next.STOP_ALL, wait=timedelta(minutes=1), counts=False),
        DeliveryClass.AMBIGUOUS: doubtful,
        DeliveryClass.NOT_SENT: again,
        DeliveryClass.DESTINATION: Settlement(next=Next.FALL_BACK),
        DeliveryClass.GONE: unknown if manner is Manner.POST else Settlement(next=Next.POST_ANEW),
        DeliveryClass.OUR_FAULT: Settlement(next=Next.GIVE_UP) if plainest else plainer,
        DeliveryClass.UNKNOWN: unknown,
    }[error.kind]


def bounded_wait(retry_after: float | None) -> timedelta:
    """Obey a Retry-After in seconds, within reason: absent or absurd ones get half a minute, none more than 15."""
    if retry_after is None or not 0 <= retry_after < math.inf:
        return DEFAULT_WAIT
    return max(timedelta(seconds=min(retry_after, LONGEST_WAIT.total_seconds())), LEAST_WAIT)


def _back_off(tries: int) -> timedelta:
    return min(timedelta(seconds=2 ** min(tries, 12)), timedelta(minutes=5))


def lateness(decided_at: datetime, now: datetime) -> timedelta | None:
    """Give how late a message is, when that is worth saying (ten minutes and more)."""
    late = now - decided_at
    return late if late >= timedelta(minutes=10) else None


_UNREADABLE = (DeliveryClass.DESTINATION, DeliveryClass.OUR_FAULT, DeliveryClass.UNKNOWN, DeliveryClass.GONE)


def wait_for_look_up(error: DeliveryError, suspects: int) -> timedelta | None:
    """Give how long to wait before looking a doubtful message up again; None when it cannot be looked up here.

    suspects: how often it has been looked up. Only a refusal that would stay (no scope, no such method) ends it.
    """
    if error.kind in _UNREADABLE or error.code == "missing_scope" or suspects > MOST_LOOK_UPS:
        return None
    return bounded_wait(error.retry_after) if error.kind is DeliveryClass.WAIT else max(SETTLE, _back_off(suspects))
