"""Numbers that wait for approval: one a period of a series, answered once."""

import threading
from datetime import timedelta
from typing import Any

import pytest

from bot.core.approval import Answer, Approval, Way
from bot.core.periods import Frequency, parse_label
from bot.core.speech import Manner
from bot.store import approvals, outbox, values
from bot.store.database import Database
from bot.store.steps import Collision
from bot.store.values import Arrival, Origin
from tests.store.samples import NOW, a_message

MINUTE = timedelta(minutes=1)


def a_number(name: str = "a1", **changes: Any) -> Approval:
    plain = Approval(
        id=name, kpi="churn", segment="", period="2026-10", value=3.2, by="U1", way=Way.COMMAND, note=None,
        approver="ana", asked_at=NOW,
    )  # fmt: skip
    return plain.model_copy(update=changes)


def put(database: Database, *numbers: Approval) -> None:
    with database.transaction() as tx:
        for number in numbers:
            approvals.put(tx, number)


def test_a_number_is_kept_whole(database: Database) -> None:
    number = a_number(note="día *one*", segment="size:smb")
    put(database, number)
    with database.reading() as tx:
        assert approvals.get(tx, "a1") == number
        assert approvals.get(tx, "a2") is None
        assert approvals.waiting(tx, "churn", "size:smb") == [number]
        assert approvals.waiting(tx, "churn", "") == []


def test_only_one_waits_for_a_period_of_a_series(database: Database) -> None:
    put(database, a_number(), a_number("a2", period="2026-09"), a_number("a3", segment="s"), a_number("a4", kpi="mrr"))
    with pytest.raises(Collision):
        put(database, a_number("a5"))
    with database.transaction() as tx:
        approvals.answer(tx, "a1", Answer.REPLACED, by="U1", now=NOW)
    put(database, a_number("a5"))
    with database.reading() as tx:
        assert [one.id for one in approvals.waiting(tx, "churn", "")] == ["a5", "a2"]
        found = approvals.waiting_for(tx, "churn", "", "2026-09")
    assert found is not None
    assert found.id == "a2"


def test_of_many_answers_the_first_one_counts(database: Database) -> None:
    put(database, a_number())
    together, won = threading.Barrier(4), []

    def work(by: str) -> None:
        together.wait()
        with database.transaction() as tx:
            if approvals.answer(tx, "a1", Answer.APPROVED, by=by, now=NOW) is not None:
                won.append(by)

    threads = [threading.Thread(target=work, args=(f"U{n}",)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(won) == 1
    with database.reading() as tx:
        found = approvals.get(tx, "a1")
    assert found is not None
    assert (found.state, found.decided_by, found.decided_at) == (Answer.APPROVED, won[0], NOW)


def test_only_the_very_number_that_was_approved_is_signed(database: Database) -> None:
    october = parse_label("2026-10", Frequency.MONTHLY).first
    put(database, a_number())
    with database.transaction() as tx:
        approvals.answer(tx, "a1", Answer.APPROVED, by="U2", now=NOW)
        for minutes, value, origin in ((0, 3.2, Origin.SLACK), (1, 3.3, Origin.API), (2, 3.4, Origin.SLACK)):
            arrival = Arrival("churn", "", october, value)
            values.put(tx, [arrival], origin=origin, author="U1", now=NOW + minutes * MINUTE)
        found = values.records(tx, "churn", "")
        (record,) = approvals.signed(tx, "churn", "", Frequency.MONTHLY, found)
        assert approvals.signed(tx, "churn", "", Frequency.QUARTERLY, found) == found
    assert record.approved_by is None
    assert [was.approved_by for was in record.replaced] == ["U2", None]


def test_an_edit_waits_for_its_message_and_goes_where_that_went(database: Database) -> None:
    def claim(after: int) -> list[outbox.Claimed]:
        with database.transaction() as tx:
            return outbox.claim(tx, NOW + after * MINUTE, limit=9, settle_for=MINUTE, lane_pause=timedelta(seconds=1))

    edit = a_message("edit", manner=Manner.EDIT, edits="first", destination="U1", rank=0)
    with database.transaction() as tx:
        assert outbox.queue(tx, a_message("first", destination="U1"))
        assert outbox.queue(tx, edit)
        assert not outbox.queue(tx, edit.model_copy(update={"key": "newer", "facts": {"newer": True}}))
        assert outbox.queue(tx, a_message("other", manner=Manner.EDIT, edits="second", destination="U1"))
    (first,) = claim(0)
    assert first.outgoing.key == "first"
    with database.transaction() as tx:
        outbox.settle_sent(tx, first, channel="D1", ts="17.1", now=NOW)
    (then,) = claim(1)
    assert (then.outgoing.key, then.outgoing.facts) == ("edit", {"newer": True})
    assert (then.alert_channel, then.alert_ts) == ("D1", "17.1")
    with database.transaction() as tx:
        outbox.settle_later(tx, then, not_before=NOW, error="ratelimited", counts=False, now=NOW)
    assert [one.outgoing.key for one in claim(2)] == ["edit"], "an edit of another message does not take its place"
