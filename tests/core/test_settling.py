"""What becomes of a message Slack did not take."""

import math
from datetime import timedelta

import pytest

from bot.core.errors import DeliveryClass, DeliveryError
from bot.core.settling import DEFAULT_WAIT, LONGEST_WAIT, SETTLE, Next, bounded_wait, lateness, settle
from bot.core.speech import Manner
from tests.core.examples import NOW

NO_WAIT = timedelta(0)
SECOND = timedelta(seconds=1)
# (class, manner, tries, plainest) → (next, wait, counts)
TABLE = [
    (DeliveryClass.WAIT, Manner.POST, 0, False, Next.LATER, DEFAULT_WAIT, False),
    (DeliveryClass.WAIT, Manner.EDIT, 11, True, Next.LATER, DEFAULT_WAIT, False),
    (DeliveryClass.CREDENTIALS, Manner.POST, 0, False, Next.STOP_ALL, timedelta(minutes=1), False),
    (DeliveryClass.CREDENTIALS, Manner.EDIT, 30, True, Next.STOP_ALL, timedelta(minutes=1), False),
    (DeliveryClass.AMBIGUOUS, Manner.POST, 0, False, Next.SUSPECT, SETTLE, True),
    (DeliveryClass.AMBIGUOUS, Manner.REPLY, 5, False, Next.SUSPECT, SETTLE, True),
    (DeliveryClass.AMBIGUOUS, Manner.EDIT, 0, False, Next.LATER, SECOND, True),
    (DeliveryClass.NOT_SENT, Manner.POST, 0, False, Next.LATER, SECOND, True),
    (DeliveryClass.NOT_SENT, Manner.POST, 3, False, Next.LATER, 8 * SECOND, True),
    (DeliveryClass.NOT_SENT, Manner.POST, 500, True, Next.LATER, timedelta(minutes=5), True),
    (DeliveryClass.DESTINATION, Manner.POST, 0, False, Next.FALL_BACK, NO_WAIT, True),
    (DeliveryClass.GONE, Manner.EDIT, 0, False, Next.POST_ANEW, NO_WAIT, True),
    (DeliveryClass.OUR_FAULT, Manner.POST, 0, False, Next.PLAINER, NO_WAIT, True),
    (DeliveryClass.OUR_FAULT, Manner.POST, 1, True, Next.GIVE_UP, NO_WAIT, True),
    (DeliveryClass.UNKNOWN, Manner.POST, 0, False, Next.PLAINER, NO_WAIT, True),
    (DeliveryClass.UNKNOWN, Manner.POST, 1, True, Next.LATER, 2 * SECOND, True),
    (DeliveryClass.UNKNOWN, Manner.POST, 10, True, Next.LATER, timedelta(minutes=5), True),
    (DeliveryClass.UNKNOWN, Manner.POST, 1000, True, Next.LATER, timedelta(minutes=5), True),
]


@pytest.mark.parametrize(("kind", "manner", "tries", "plainest", "following", "wait", "counts"), TABLE)
def test_each_class_of_error_has_one_consequence(
    kind: DeliveryClass, manner: Manner, tries: int, plainest: bool, following: Next, wait: timedelta, counts: bool
) -> None:
    settled = settle(DeliveryError(kind, "some_error"), manner, tries, plainest=plainest)
    assert (settled.next, settled.wait, settled.counts) == (following, wait, counts)


def test_the_table_above_names_every_class_and_every_consequence() -> None:
    assert {row[0] for row in TABLE} == set(DeliveryClass)
    assert {row[4] for row in TABLE} == set(Next)


@pytest.mark.parametrize("kind", sorted(set(DeliveryClass) - {DeliveryClass.OUR_FAULT}))
@pytest.mark.parametrize("manner", Manner)
@pytest.mark.parametrize("plainest", [False, True])
def test_a_message_that_could_still_arrive_is_never_given_up(
    kind: DeliveryClass, manner: Manner, plainest: bool
) -> None:
    for tries in (0, 1, 12, 120):
        assert settle(DeliveryError(kind, "x"), manner, tries, plainest=plainest).next is not Next.GIVE_UP


@pytest.mark.parametrize("kind", DeliveryClass)
def test_nothing_is_given_up_before_it_was_tried_in_plain_words(kind: DeliveryClass) -> None:
    for tries in range(24):
        assert settle(DeliveryError(kind, "x"), Manner.POST, tries, plainest=False).next is not Next.GIVE_UP


def test_waits_grow_and_stop_growing() -> None:
    waits = [settle(DeliveryError(DeliveryClass.NOT_SENT, "x"), Manner.POST, n, plainest=False).wait for n in range(40)]
    assert waits == sorted(waits)
    assert waits[0] >= SECOND
    assert waits[-1] == timedelta(minutes=5)


@pytest.mark.parametrize(
    ("retry_after", "wait"),
    [
        (None, DEFAULT_WAIT),
        (-1.0, DEFAULT_WAIT),
        (math.nan, DEFAULT_WAIT),
        (math.inf, DEFAULT_WAIT),
        (0.0, SECOND),
        (0.2, SECOND),
        (7.5, timedelta(seconds=7.5)),
        (900.0, LONGEST_WAIT),
        (86400.0, LONGEST_WAIT),
        (1e300, LONGEST_WAIT),
    ],
)
def test_a_retry_after_is_obeyed_within_reason(retry_after: float | None, wait: timedelta) -> None:
    assert bounded_wait(retry_after) == wait
    limited = DeliveryError(DeliveryClass.WAIT, "ratelimited", retry_after)
    assert settle(limited, Manner.POST, 3, plainest=False).wait == wait


def test_a_request_can_no_longer_land_once_it_is_looked_up() -> None:
    assert timedelta(seconds=10) < SETTLE


@pytest.mark.parametrize(("minutes", "told"), [(0, False), (9, False), (10, True), (600, True), (-5, False)])
def test_lateness_is_told_from_ten_minutes_on(minutes: int, told: bool) -> None:
    late = timedelta(minutes=minutes)
    assert lateness(NOW, NOW + late) == (late if told else None)
