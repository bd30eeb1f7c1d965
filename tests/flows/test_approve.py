"""A number that needs approval, on either database: nothing counts before it, and what is answered stays answered."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.core.approval import Answer, Approval, Way, asked_of
from bot.core.checkin import CheckIn
from bot.core.clearance import reader_of
from bot.core.errors import BadInput
from bot.core.intake import Entry, take
from bot.core.policy import Policy
from bot.core.speech import Manner, Speech
from bot.core.words import Band, Language
from bot.flows import approve
from bot.flows.checkin import ask_owners
from bot.flows.history import exported, history
from bot.flows.record import record
from bot.phrasebook import Phrasebook, shipped_messages
from bot.slack.blocks import message
from bot.slack.limits import check_message
from bot.store import approvals, audit, outbox, values
from bot.store.database import Database
from bot.store.tables import audit as audit_table
from bot.store.tables import outbox as outbox_table
from bot.store.values import Origin
from tests.core.examples import policy_with, small_policy

BOOK = Phrasebook(None, shipped_messages())
NOW = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
PEOPLE = small_policy().people
ANA, BRUNO, CARLA = PEOPLE["ana"], PEOPLE["bruno"], PEOPLE["carla"]


def company(**changes: Any) -> Policy:
    """The small company, where the CEO approves what is entered of churn."""
    kpis = dict(small_policy().kpis)
    kpis["churn_rate"] = kpis["churn_rate"].model_copy(update={"check_in": CheckIn(approval="ceo")} | changes)
    return policy_with(small_policy(), kpis=kpis)


POLICY = company()


def an_entry(value: float = 4.3, period: str = "2026-10") -> Entry:
    return take(POLICY, POLICY.kpis["churn_rate"], value, period, "", now=NOW, place="here")


def ask(database: Database, value: float = 4.3, by: Any = BRUNO, *, now: datetime = NOW, **more: Any) -> Approval:
    approver = asked_of(POLICY, POLICY.kpis["churn_rate"], by, lambda _: True)
    assert approver is not None
    given = {"way": Way.FORM, "note": None} | more
    return approve.ask(database, POLICY, BOOK, an_entry(value), approver, by=by.slack, now=now, **given)


def answer(
    database: Database, number: Approval, person: Any = ANA, *, policy: Policy = POLICY, now: datetime = NOW + MINUTE
) -> approve.Outcome:
    def recorded(entry: Entry, *, author: str, note: str | None, also: approve.Also) -> object:
        return record(database, policy, [entry], origin=Origin.SLACK, author=author, now=now, note=note, also=also)

    return approve.approve(database, policy, BOOK, number.id, person, recorded, now)


def send_back(database: Database, number: Approval, person: Any = ANA) -> approve.Outcome:
    return approve.send_back(
        database, POLICY, BOOK, number.id, person, reason="The refunds are missing", now=NOW + MINUTE
    )


def stored(database: Database) -> list[values.Recorded]:
    with database.reading() as tx:
        return values.records(tx, "churn_rate", "")


def said(database: Database, destination: str) -> list[tuple[str, str]]:
    """What waits to be said to somebody: the manner and the words."""
    columns = (outbox_table.c.manner, outbox_table.c.facts)
    with database.reading() as tx:
        rows = tx.execute(
            outbox_table.select().with_only_columns(*columns)
            .where(outbox_table.c.destination == destination)
            .order_by(outbox_table.c.id)
        ).all()  # fmt: skip
    return [(row.manner, row.facts["speech"]["body"].replace("\u00a0", " ")) for row in rows]


def events(database: Database) -> list[tuple[str, str]]:
    with database.reading() as tx:
        assert audit.verify(tx) is None
        return [(row.who, row.what) for row in tx.execute(audit_table.select().order_by(audit_table.c.id))]


def test_a_number_is_laid_before_the_approver_and_does_not_count(database: Database) -> None:
    number = ask(database, note="From the board pack")
    assert stored(database) == []
    ((manner, words),) = said(database, ANA.slack)
    assert manner == Manner.POST
    for part in ("*Churn rate*, October 2026: *4.3%*", "<@U0BRUNO01> in the form", "From the board pack"):
        assert part in words
    assert number.waits
    assert events(database) == [(BRUNO.slack, "approval_asked")]


def test_an_approved_number_takes_the_path_of_any_other(database: Database) -> None:
    outcome = answer(database, ask(database, note="From the board pack"))
    assert outcome.done
    (row,) = stored(database)
    assert (row.value, row.origin, row.author) == (4.3, Origin.SLACK, BRUNO.slack)
    assert events(database) == [
        (BRUNO.slack, "approval_asked"),
        (ANA.slack, "approval_approved"),
        (BRUNO.slack, "values"),
    ]
    with database.reading() as tx:
        assert outbox.counts(tx)["pending"] == 4, "asked, its edit, told, and the alert the value opens"
    assert [manner for manner, _ in said(database, ANA.slack)] == [Manner.POST, Manner.EDIT]
    assert "ha aprobado *Tasa de cancelación*" in said(database, BRUNO.slack)[0][1]


def test_a_returned_number_is_stored_nowhere_and_the_reason_is_told(database: Database) -> None:
    assert send_back(database, ask(database)).done
    assert stored(database) == []
    assert "The refunds are missing" in said(database, ANA.slack)[1][1]
    assert "The refunds are missing" in said(database, BRUNO.slack)[0][1]
    assert events(database)[-1] == (ANA.slack, "approval_returned")


def test_a_second_answer_changes_nothing_and_the_first_one_is_told(database: Database) -> None:
    number = ask(database)
    assert answer(database, number).done
    before = said(database, ANA.slack), said(database, BRUNO.slack), stored(database), events(database)
    for again in (answer(database, number, now=NOW + 9 * MINUTE), send_back(database, number)):
        assert not again.done
        assert again.approval is not None
        assert (again.approval.state, again.approval.decided_by) == (Answer.APPROVED, ANA.slack)
        assert again.approval.decided_at == NOW + MINUTE
    assert (said(database, ANA.slack), said(database, BRUNO.slack), stored(database), events(database)) == before


def test_of_answers_at_the_same_time_one_counts(database: Database) -> None:
    number = ask(database)
    with ThreadPoolExecutor(4) as pool:
        outcomes = list(pool.map(lambda n: (answer if n % 2 else send_back)(database, number), range(6)))
    assert sum(outcome.done for outcome in outcomes) == 1
    with database.reading() as tx:
        found = approvals.get(tx, number.id)
    assert found is not None
    assert len(stored(database)) == (1 if found.state is Answer.APPROVED else 0)
    assert len(said(database, BRUNO.slack)) == 1


@pytest.mark.parametrize("person", [BRUNO, CARLA, None])
def test_who_is_not_asked_cannot_answer(database: Database, person: Any) -> None:
    number = ask(database)
    for outcome in (answer(database, number, person), send_back(database, number, person)):
        assert not outcome.done
        assert (outcome.approval is None) is (person is None), "a stranger does not learn that there is one"
    assert stored(database) == []


def test_a_newer_number_takes_the_place_of_one_that_waits(database: Database) -> None:
    first = ask(database)
    second = ask(database, 4.4, by=CARLA, now=NOW + MINUTE)
    with database.reading() as tx:
        assert approvals.waiting(tx, "churn_rate", "") == [second]
    assert [manner for manner, _ in said(database, ANA.slack)] == [Manner.POST, Manner.EDIT, Manner.POST]
    assert "no longer needs an answer" in said(database, ANA.slack)[1][1]
    assert "dato más reciente" in said(database, BRUNO.slack)[0][1]
    assert not answer(database, first).done
    assert stored(database) == []
    assert answer(database, second).done
    assert [row.value for row in stored(database)] == [4.4]


def test_the_very_same_number_again_changes_nothing(database: Database) -> None:
    first = ask(database)
    assert ask(database, now=NOW + MINUTE) == first
    assert len(said(database, ANA.slack)) == 1


def test_numbers_entered_at_the_same_time_leave_one_that_waits(database: Database) -> None:
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda n: ask(database, 3.0 + n), range(4)))
    with database.reading() as tx:
        (waits,) = approvals.waiting(tx, "churn_rate", "")
    posts = [manner for manner, _ in said(database, ANA.slack)]
    assert (posts.count(Manner.POST), posts.count(Manner.EDIT)) == (4, 3)
    assert answer(database, waits).done


def test_a_number_of_the_approver_replaces_the_one_that_waits(database: Database) -> None:
    number = ask(database)
    also = approve.replacing(POLICY, BOOK, an_entry(4.5), by=ANA.slack, now=NOW)
    record(database, POLICY, [an_entry(4.5)], origin=Origin.SLACK, author=ANA.slack, now=NOW, also=also)
    assert not answer(database, number).done
    assert [row.value for row in stored(database)] == [4.5]


def test_a_number_the_rules_no_longer_allow_is_not_recorded_by_an_approval(database: Database) -> None:
    number = ask(database)
    stricter = company(plausible=Band(low=0, high=4))
    with pytest.raises(BadInput):
        answer(database, number, policy=stricter)
    assert stored(database) == []
    assert answer(database, number).done


def test_the_owner_is_not_asked_while_a_number_waits(database: Database) -> None:
    number = ask(database)

    def asked(now: datetime) -> int:
        return ask_owners(database, POLICY, BOOK, lambda _: None, "test", now)

    assert asked(NOW) == 0
    send_back(database, number)
    assert asked(NOW + timedelta(minutes=2)) == 1


def test_history_tells_what_waits_and_later_who_approved_it(database: Database) -> None:
    number = ask(database)

    def told() -> str:
        reader = reader_of(ANA)
        args = (database, POLICY, BOOK, reader, Language.EN, POLICY.kpis["churn_rate"], "", None, NOW)
        speech = history(*args)
        assert check_message(message(speech)) == []
        return "\n".join(speech.items).replace("\u00a0", " ")

    assert "*October 2026: 4.3%* · waiting for Ana Alba (CEO)'s approval" in told()
    answer(database, number)
    assert "waiting" not in told()
    assert "typed by <@U0BRUNO01>, approved by <@U0ANA0001>" in told()
    (one,) = exported(database, POLICY, [POLICY.kpis["churn_rate"]], None)
    assert one.record.approved_by == ANA.slack


def test_every_message_fits_slack(database: Database) -> None:
    number = ask(database, note="x" * 1000)
    send_back(database, number)
    with database.reading() as tx:
        rows = tx.execute(outbox_table.select()).all()
    for row in rows:
        speech = row.facts["speech"]
        assert check_message(message(Speech.model_validate(speech))) == []
