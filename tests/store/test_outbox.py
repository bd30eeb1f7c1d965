"""The outbox: every message is claimed by one, in order, and settled by whoever holds it."""

import threading
from datetime import timedelta
from typing import Any

import pytest

from bot.core.alert import Alert
from bot.core.speech import Manner, Outgoing
from bot.store import alerts, outbox
from bot.store.database import Database
from bot.store.outbox import Claimed, Delivery
from tests.store.samples import NOW, a_message, an_alert

SECOND = timedelta(seconds=1)
TS = "1700000000.000100"


def queue(database: Database, *messages: Outgoing, **options: Any) -> list[bool]:
    with database.transaction() as tx:
        return [outbox.queue(tx, message, **options) for message in messages]


def claim(database: Database, *, after: timedelta = timedelta(), limit: int = 100) -> list[Claimed]:
    with database.transaction() as tx:
        return outbox.claim(tx, NOW + after, limit=limit, settle_for=30 * SECOND, lane_pause=SECOND)


def take_over(database: Database, *, after: timedelta, limit: int = 100) -> list[Claimed]:
    with database.transaction() as tx:
        return outbox.suspects(tx, NOW + after, limit=limit, settle_for=30 * SECOND)


def sent(database: Database, claimed: Claimed, *, channel: str = "C1", ts: str | None = TS) -> bool:
    with database.transaction() as tx:
        return outbox.settle_sent(tx, claimed, channel=channel, ts=ts, now=NOW)


def keys(claimed: list[Claimed]) -> list[str]:
    return [one.outgoing.key for one in claimed]


@pytest.fixture
def alert(database: Database) -> Alert:
    with database.transaction() as tx:
        alerts.insert(tx, an_alert())
    return an_alert()


def about(alert: Alert, key: str, manner: Manner = Manner.POST, **changes: Any) -> Outgoing:
    return a_message(key, alert=alert.id, manner=manner, **changes)


def test_a_message_is_handed_out_whole(database: Database, alert: Alert) -> None:
    message = about(alert, "one", kpis=("churn",), facts={"left": [1, "día"]}, loud=True)
    assert queue(database, message) == [True]
    (claimed,) = claim(database)
    assert claimed.outgoing == message
    assert (claimed.tries, claimed.suspects, claimed.first_attempt_at, claimed.alert_ts) == (0, 0, NOW, None)


def test_the_same_key_is_said_once(database: Database) -> None:
    assert queue(database, a_message("one"), a_message("one")) == [True, False]
    (claimed,) = claim(database)
    sent(database, claimed)
    assert queue(database, a_message("one")) == [False]
    assert claim(database, after=9 * SECOND) == []


def test_nothing_is_handed_out_before_its_time(database: Database) -> None:
    queue(database, a_message("one"), not_before=NOW + 5 * SECOND)
    assert claim(database, after=4 * SECOND) == []
    assert keys(claim(database, after=5 * SECOND)) == ["one"]


def test_the_most_urgent_comes_first_then_the_oldest(database: Database) -> None:
    queue(
        database,
        a_message("late", created_at=NOW - SECOND),
        a_message("calm", rank=5, created_at=NOW - 9 * SECOND),
        a_message("early", created_at=NOW - 2 * SECOND),
        a_message("urgent", rank=0),
    )
    assert keys(claim(database)) == ["urgent", "early", "late", "calm"]


def test_limit_leaves_the_less_urgent(database: Database) -> None:
    queue(database, a_message("calm", rank=5), a_message("urgent", rank=0))
    assert keys(claim(database, limit=1)) == ["urgent"]
    assert keys(claim(database, limit=1)) == ["calm"]


def test_a_destination_takes_one_message_at_a_time_and_then_rests(database: Database) -> None:
    queue(database, *(a_message(f"m{n}", destination="C1") for n in range(3)), a_message("other", destination="C2"))
    first, other = claim(database)
    assert (first.outgoing.key, other.outgoing.key) == ("m0", "other")
    assert claim(database, after=9 * SECOND) == []  # the first is still on its way
    sent(database, first)
    assert claim(database, after=0.5 * SECOND) == []
    assert keys(claim(database, after=SECOND)) == ["m1"]


def test_a_paused_destination_waits_and_the_others_go_on(database: Database) -> None:
    queue(database, a_message("one", destination="C1"), a_message("two", destination="C2"))
    with database.transaction() as tx:
        outbox.pause_lane(tx, "C1", NOW + 30 * SECOND)
        outbox.pause_lane(tx, "C1", NOW + 5 * SECOND)
    assert keys(claim(database)) == ["two"]
    assert claim(database, after=29 * SECOND) == []
    assert keys(claim(database, after=30 * SECOND)) == ["one"]


def test_two_who_claim_at_once_share_500_messages_without_a_double(database: Database) -> None:
    queue(database, *(a_message(f"m{n}", destination=f"C{n % 40}", rank=n % 5) for n in range(500)))
    taken: list[str] = []
    together = threading.Barrier(2)

    def work() -> None:
        together.wait()
        for step in range(200):
            if len(taken) >= 500:
                break
            moment = NOW + step * SECOND
            with database.transaction() as tx:
                mine = outbox.claim(tx, moment, limit=40, settle_for=30 * SECOND, lane_pause=timedelta())
            taken.extend(keys(mine))
            with database.transaction() as tx:
                for one in mine:
                    outbox.settle_sent(tx, one, channel="C1", ts=None, now=moment)

    crowd = [threading.Thread(target=work) for _ in range(2)]
    for one in crowd:
        one.start()
    for one in crowd:
        one.join()
    assert len(taken) == 500
    assert len(set(taken)) == 500


def test_two_who_claim_at_once_never_serve_one_destination_together(database: Database) -> None:
    queue(database, *(a_message(f"m{n}", destination=f"C{n % 2}", rank=n % 3) for n in range(40)))
    on_their_way: set[str] = set()
    clashes: list[str] = []
    lock, together = threading.Lock(), threading.Barrier(3)

    def work() -> None:
        together.wait()
        for _ in range(40):
            with database.transaction() as tx:
                mine = outbox.claim(tx, NOW, limit=5, settle_for=30 * SECOND, lane_pause=timedelta())
            with lock:
                clashes.extend(one.outgoing.destination for one in mine if one.outgoing.destination in on_their_way)
                on_their_way.update(one.outgoing.destination for one in mine)
            for one in mine:
                with lock:
                    on_their_way.discard(one.outgoing.destination)
                sent(database, one)

    crowd = [threading.Thread(target=work) for _ in range(3)]
    for one in crowd:
        one.start()
    for one in crowd:
        one.join()
    with database.reading() as tx:
        assert (clashes, outbox.counts(tx)["sent"]) == ([], 40)


def test_what_is_said_about_an_alert_keeps_its_order_across_destinations(database: Database, alert: Alert) -> None:
    queue(
        database,
        about(alert, "post", rank=3),
        about(alert, "reply", Manner.REPLY, rank=2),
        about(alert, "escalation", rank=0),
    )
    told = []
    for step in range(3):
        (claimed,) = claim(database, after=step * SECOND)
        assert claim(database, after=step * SECOND) == []
        told.append(claimed.outgoing.key)
        sent(database, claimed)
    assert told == ["post", "reply", "escalation"]


def test_a_reply_waits_for_a_post_that_is_tried_again_and_learns_where_it_is(database: Database, alert: Alert) -> None:
    queue(database, about(alert, "post"), about(alert, "reply", Manner.REPLY))
    (post,) = claim(database)
    with database.transaction() as tx:
        outbox.settle_later(tx, post, not_before=NOW + 9 * SECOND, error="connection refused", counts=True, now=NOW)
    assert claim(database, after=5 * SECOND) == []
    (post,) = claim(database, after=9 * SECOND)
    assert (post.outgoing.key, post.tries) == ("post", 1)
    sent(database, post, channel="D9")
    (reply,) = claim(database, after=9 * SECOND)
    assert (reply.outgoing.key, reply.alert_channel, reply.alert_ts) == ("reply", "D9", TS)


def test_a_reply_to_a_post_that_died_is_still_handed_out(database: Database, alert: Alert) -> None:
    queue(database, about(alert, "post"), about(alert, "reply", Manner.REPLY))
    (post,) = claim(database)
    with database.transaction() as tx:
        outbox.settle_dead(tx, post, error="no_text", now=NOW)
    (reply,) = claim(database)
    assert (reply.outgoing.key, reply.alert_channel, reply.alert_ts) == ("reply", None, None)


def test_only_the_first_post_becomes_the_message_of_the_alert(database: Database, alert: Alert) -> None:
    queue(database, about(alert, "post"), about(alert, "escalation"))
    for step, ts in enumerate(["1.1", "2.2"]):
        (claimed,) = claim(database, after=step * SECOND)
        sent(database, claimed, channel=f"C{step}", ts=ts)
    with database.reading() as tx:
        kept = alerts.get(tx, alert.id)
    assert kept is not None
    assert (kept.channel, kept.ts, kept.version) == ("C0", "1.1", alert.version)


def test_edits_that_wait_become_one_with_the_newest_words(database: Database, alert: Alert) -> None:
    edits = [about(alert, f"edit{n}", Manner.EDIT, destination="C1", facts={"n": n}) for n in range(3)]
    assert queue(database, *edits) == [True, False, False]
    (claimed,) = claim(database)
    assert claimed.outgoing.facts == {"n": 2}
    assert queue(database, about(alert, "edit3", Manner.EDIT)) == [True]  # the other is on its way already
    with database.reading() as tx:
        assert outbox.counts(tx)["pending"] == 1


def test_an_edit_to_be_tried_again_gives_way_to_a_newer_one(database: Database, alert: Alert) -> None:
    queue(database, about(alert, "old", Manner.EDIT))
    (old,) = claim(database)
    queue(database, about(alert, "new", Manner.EDIT))
    with database.transaction() as tx:
        outbox.settle_later(tx, old, not_before=NOW, error="ratelimited", counts=False, now=NOW)
    assert keys(claim(database, after=SECOND)) == ["new"]
    with database.reading() as tx:
        assert outbox.counts(tx)["superseded"] == 1


def test_a_claim_that_was_taken_over_can_settle_nothing(database: Database, alert: Alert) -> None:
    queue(database, about(alert, "post"))
    (late,) = claim(database)
    (current,) = take_over(database, after=30 * SECOND)
    later = NOW + 40 * SECOND
    with database.transaction() as tx:
        assert not outbox.settle_sent(tx, late, channel="C1", ts="1.1", now=later)
        assert not outbox.settle_dead(tx, late, error="x", now=later)
        assert not outbox.settle_later(tx, late, not_before=later, error="x", counts=True, now=later)
        assert not outbox.settle_suspect(tx, late, error="x", settle_until=later)
        assert not outbox.settle_superseded(tx, late, error="x", now=later)
        assert not outbox.settle_redirected(tx, late, destination="C2", error="x", now=later)
        kept = alerts.get(tx, alert.id)
    assert kept is not None
    assert kept.ts is None
    assert sent(database, current)
    assert not sent(database, current)


def test_a_suspect_comes_back_once_it_can_no_longer_land(database: Database) -> None:
    queue(database, a_message("one"))
    (claimed,) = claim(database)
    with database.transaction() as tx:
        outbox.settle_suspect(tx, claimed, error="timed out", settle_until=NOW + 60 * SECOND)
    assert take_over(database, after=59 * SECOND) == []
    assert claim(database, after=59 * SECOND) == []
    (again,) = take_over(database, after=60 * SECOND)
    assert (again.token, again.suspects, again.first_attempt_at) == (claimed.token, 1, NOW)
    assert again.attempt != claimed.attempt
    assert take_over(database, after=60 * SECOND) == []  # whoever has it has it
    (third,) = take_over(database, after=90 * SECOND)
    assert (third.token, third.suspects) == (claimed.token, 2)


def test_suspects_are_shared_without_a_double(database: Database) -> None:
    queue(database, *(a_message(f"m{n}") for n in range(60)))
    claim(database)
    taken: list[str] = []
    together = threading.Barrier(3)

    def work() -> None:
        together.wait()
        for _ in range(8):
            taken.extend(keys(take_over(database, after=31 * SECOND, limit=10)))

    crowd = [threading.Thread(target=work) for _ in range(3)]
    for one in crowd:
        one.start()
    for one in crowd:
        one.join()
    assert sorted(taken) == sorted(f"m{n}" for n in range(60))


def test_a_wait_is_not_counted_as_a_try(database: Database) -> None:
    queue(database, a_message("one"))
    (claimed,) = claim(database)
    with database.transaction() as tx:
        outbox.settle_later(tx, claimed, not_before=NOW, error="ratelimited", counts=False, now=NOW)
    (again,) = claim(database, after=SECOND)
    assert again.tries == 0


def test_a_redirected_message_goes_to_the_other_destination(database: Database) -> None:
    queue(database, a_message("one", destination="C-GONE"))
    (claimed,) = claim(database)
    with database.transaction() as tx:
        outbox.settle_redirected(tx, claimed, destination="C-OPS", error="channel_not_found", now=NOW)
    (again,) = claim(database)
    assert (again.outgoing.destination, again.token) == ("C-OPS", claimed.token)


def test_why_tells_what_became_of_every_message(database: Database, alert: Alert) -> None:
    queue(database, about(alert, "post"), about(alert, "reply", Manner.REPLY), about(alert, "more"))
    (post,) = claim(database)
    sent(database, post)
    (reply,) = claim(database)
    with database.transaction() as tx:
        outbox.settle_dead(tx, reply, error="no_text", now=NOW)
        assert outbox.sent_for_alert(tx, alert.id) == [
            ("alert_opened", "C-post", Delivery.SENT, None, NOW),
            ("alert_opened", "C-reply", Delivery.DEAD, "no_text", None),
            ("alert_opened", "C-more", Delivery.PENDING, None, None),
        ]
        counted = {"pending": 1, "sending": 0, "sent": 1, "dead": 1, "superseded": 0}
        assert outbox.counts(tx) == counted


def test_waiting_since_counts_from_when_a_message_was_wanted(database: Database) -> None:
    with database.reading() as tx:
        assert outbox.waiting_since(tx) is None
    queue(database, a_message("quiet"), not_before=NOW + 60 * SECOND)
    queue(database, a_message("now"))
    (claimed,) = claim(database)
    with database.transaction() as tx:
        outbox.settle_later(tx, claimed, not_before=NOW + 5 * SECOND, error="x", counts=True, now=NOW)
        assert outbox.waiting_since(tx) == NOW
    (claimed,) = claim(database, after=5 * SECOND)
    sent(database, claimed)
    with database.reading() as tx:
        assert outbox.waiting_since(tx) == NOW + 60 * SECOND


def test_the_next_moment_is_when_something_can_be_done(database: Database, alert: Alert) -> None:
    def next_moment() -> object:
        with database.reading() as tx:
            return outbox.next_moment(tx)

    assert next_moment() is None
    queue(database, about(alert, "post", destination="C1"))
    assert next_moment() == NOW
    (post,) = claim(database)
    queue(database, about(alert, "reply", Manner.REPLY, destination="C2"))
    assert next_moment() == NOW + 30 * SECOND  # the reply waits for the post, the post for its settlement
    sent(database, post)
    assert next_moment() == NOW
    queue(database, a_message("more", destination="C1"))
    (reply,) = claim(database)
    sent(database, reply)
    assert next_moment() == NOW + SECOND  # C1 rests
    queue(database, a_message("tomorrow", destination="C3"), not_before=NOW + 86400 * SECOND)
    (more,) = claim(database, after=SECOND)
    sent(database, more)
    assert next_moment() == NOW + 86400 * SECOND


def test_a_destination_another_process_is_claiming_is_left_alone(database: Database) -> None:
    if database.dialect == "sqlite":
        pytest.skip("SQLite lets one process write at a time")
    queue(database, a_message("first", destination="C1"))
    with database.transaction() as tx:
        assert keys(outbox.claim(tx, NOW, limit=9, settle_for=30 * SECOND, lane_pause=SECOND)) == ["first"]
        queue(database, a_message("urgent", destination="C1", rank=0), a_message("other", destination="C2"))
        assert keys(claim(database)) == ["other"]
    assert claim(database, after=SECOND) == []
