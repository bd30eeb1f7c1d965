"""Alerts: kept whole, changed one version at a time, one open for each rule and series."""

import threading
from datetime import UTC, datetime, timedelta, timezone

import pytest

from bot.core.alert import Alert, Resolution, State
from bot.store import alerts
from bot.store.alerts import AlreadyOpen, Moment
from bot.store.database import Database
from bot.store.tables import alerts as alert_table
from tests.store.samples import NOW, an_alert

HOUR = timedelta(hours=1)


def resolved(alert: Alert, at: datetime) -> Alert:
    changes = {"state": State.RESOLVED, "resolved_at": at, "resolution": Resolution.RECOVERED}
    return alert.model_copy(update=changes | {"version": alert.version + 1})


def keep(database: Database, *all_of_them: Alert) -> None:
    with database.transaction() as tx:
        for alert in all_of_them:
            alerts.insert(tx, alert)


def test_an_alert_comes_back_as_it_went_in(database: Database) -> None:
    full = an_alert(
        segment="smb",
        acknowledge_by=NOW + HOUR,
        remind_at=NOW + 2 * HOUR,
        respond_by=NOW + 3 * HOUR,
        acknowledged_at=NOW,
        acknowledged_by="U1",
        action="Calling the top ten — “today”",
        ts="1700000000.000100",
        missed=2,
        step=1,
        reopened=3,
    )
    keep(database, full)
    with database.reading() as tx:
        assert alerts.get(tx, full.id) == full
        assert alerts.get(tx, "nobody") is None


def test_the_table_has_a_column_for_every_field_of_an_alert() -> None:
    assert set(alert_table.columns.keys()) == set(Alert.model_fields) | {"next_due"}


def test_moments_come_back_in_utc(database: Database) -> None:
    madrid = datetime(2026, 11, 22, 10, 30, tzinfo=timezone(HOUR))
    keep(database, an_alert(opened_at=madrid))
    with database.reading() as tx:
        found = alerts.get(tx, "a1")
    assert found is not None
    assert (found.opened_at, found.opened_at.tzinfo) == (NOW, UTC)


def test_a_naive_moment_is_refused(database: Database) -> None:
    with pytest.raises(Exception, match="timezone"):
        keep(database, an_alert(opened_at=NOW.replace(tzinfo=None)))


def test_only_the_next_version_is_saved(database: Database) -> None:
    alert = an_alert()
    keep(database, alert)
    second = alert.model_copy(update={"state": State.ACKNOWLEDGED, "version": 2})
    with database.transaction() as tx:
        assert alerts.save(tx, second)
        assert not alerts.save(tx, second.model_copy(update={"acknowledged_by": "U2"}))
        assert not alerts.save(tx, second.model_copy(update={"version": 9}))
        assert alerts.get(tx, alert.id) == second


def test_of_many_who_acknowledge_at_once_one_wins(database: Database) -> None:
    alert = an_alert()
    keep(database, alert)
    won: list[str] = []
    together = threading.Barrier(4)

    def acknowledge(who: str) -> None:
        changed = alert.model_copy(update={"acknowledged_by": who, "version": 2})
        together.wait()
        with database.transaction() as tx:
            if alerts.save(tx, changed):
                won.append(who)

    crowd = [threading.Thread(target=acknowledge, args=(f"U{n}",)) for n in range(4)]
    for one in crowd:
        one.start()
    for one in crowd:
        one.join()
    with database.reading() as tx:
        kept = alerts.get(tx, alert.id)
    assert kept is not None
    assert won == [kept.acknowledged_by]


def test_a_series_has_one_open_alert_a_rule(database: Database) -> None:
    keep(database, an_alert("a1", kpi="churn"), an_alert("a2", kpi="churn", rule="other"))
    with pytest.raises(AlreadyOpen), database.transaction() as tx:
        alerts.insert(tx, an_alert("a3", kpi="churn"))
    with database.transaction() as tx:
        alerts.save(tx, resolved(an_alert("a1", kpi="churn"), NOW))
        alerts.insert(tx, an_alert("a3", kpi="churn"))


def test_an_alert_does_not_reopen_beside_another(database: Database) -> None:
    old = resolved(an_alert("a1", kpi="churn"), NOW)
    keep(database, old, an_alert("a2", kpi="churn"))
    again = old.model_copy(update={"state": State.FIRING, "version": old.version + 1, "resolved_at": None})
    with pytest.raises(AlreadyOpen), database.transaction() as tx:
        alerts.save(tx, again)


def test_open_alerts_leave_out_the_resolved_and_other_kpis(database: Database) -> None:
    keep(
        database,
        an_alert("a1", opened_at=NOW + HOUR),
        an_alert("a2"),
        resolved(an_alert("a3"), NOW),
        an_alert("a4", state=State.ACKNOWLEDGED, opened_at=NOW + 2 * HOUR),
    )
    with database.reading() as tx:
        assert [one.id for one in alerts.open_alerts(tx)] == ["a2", "a1", "a4"]
        assert [one.id for one in alerts.open_alerts(tx, kpis=["kpi_a1", "kpi_a3"])] == ["a1"]
        assert alerts.open_alerts(tx, kpis=[]) == []


def test_latest_is_the_open_one_else_the_one_resolved_last(database: Database) -> None:
    churn = {"kpi": "churn", "rule": "r", "segment": ""}
    keep(
        database,
        resolved(an_alert("old", **churn), NOW),
        resolved(an_alert("newer", **churn), NOW + HOUR),
        resolved(an_alert("smb", kpi="churn", rule="r", segment="smb"), NOW + 2 * HOUR),
        resolved(an_alert("nps", kpi="nps", rule="r"), NOW),
    )
    with database.reading() as tx:
        latest = alerts.latest_for(tx, "r", "churn", "")
        many = alerts.latest_for_many(tx, ["churn"])
        assert alerts.latest_for(tx, "r", "unknown", "") is None
    assert latest is not None
    assert latest.id == "newer"
    assert {key: one.id for key, one in many.items()} == {("r", "churn", ""): "newer", ("r", "churn", "smb"): "smb"}
    keep(database, an_alert("open", **churn))
    with database.reading() as tx:
        latest = alerts.latest_for(tx, "r", "churn", "")
        assert alerts.latest_for_many(tx, ["churn"])["r", "churn", ""].id == "open"
    assert latest is not None
    assert latest.id == "open"


def test_due_are_open_alerts_whose_clock_ran_out_longest_overdue_first(database: Database) -> None:
    keep(
        database,
        an_alert("later", respond_by=NOW + HOUR),
        an_alert("second", remind_at=NOW, respond_by=NOW + HOUR),
        an_alert("first", acknowledge_by=NOW - HOUR),
        an_alert("quiet"),
        resolved(an_alert("over", respond_by=NOW - HOUR), NOW),
    )
    with database.reading() as tx:
        assert [one.id for one in alerts.due(tx, NOW)] == ["first", "second"]
        assert [one.id for one in alerts.due(tx, NOW, limit=1)] == ["first"]


def test_a_clock_that_stopped_is_not_due(database: Database) -> None:
    alert = an_alert(acknowledge_by=NOW)
    keep(database, alert)
    with database.transaction() as tx:
        alerts.save(tx, alert.model_copy(update={"acknowledge_by": None, "version": 2}))
        assert alerts.due(tx, NOW) == []


def test_recent_are_those_opened_or_resolved_since(database: Database) -> None:
    keep(
        database,
        an_alert("long_open", opened_at=NOW - 9 * HOUR),
        resolved(an_alert("just_resolved", opened_at=NOW - 8 * HOUR), NOW),
        an_alert("just_opened"),
        resolved(an_alert("long_over", opened_at=NOW - 7 * HOUR), NOW - 6 * HOUR),
    )
    with database.reading() as tx:
        assert [one.id for one in alerts.recent(tx, NOW - HOUR)] == ["just_resolved", "just_opened"]


def test_find_by_the_beginning_of_the_id(database: Database) -> None:
    keep(database, an_alert("ab12"), an_alert("ab34", opened_at=NOW + HOUR), an_alert("cd56"))
    with database.reading() as tx:
        assert [one.id for one in alerts.find(tx, "ab")] == ["ab34", "ab12"]
        assert alerts.find(tx, "a%") == []


def test_where_the_message_is_survives_a_version_read_before_it_was_posted(database: Database) -> None:
    alert = an_alert()
    keep(database, alert)
    with database.transaction() as tx:
        alerts.set_message(tx, alert.id, "D1", "1700000000.000100")
        assert alerts.save(tx, alert.model_copy(update={"version": 2, "missed": 1}))
        kept = alerts.get(tx, alert.id)
    assert kept is not None
    assert (kept.channel, kept.ts, kept.missed, kept.version) == ("D1", "1700000000.000100", 1, 2)


def test_the_timeline_is_told_oldest_first(database: Database) -> None:
    told = [
        Moment(at=NOW, notice="alert_opened", facts={"finding": {"value": 4.3}}),
        Moment(at=NOW, notice="alert_acknowledged", by="U1", text="On it"),
    ]
    keep(database, an_alert("a1"), an_alert("a2"))
    with database.transaction() as tx:
        for moment in told:
            alerts.note(tx, "a1", moment)
        alerts.note(tx, "a2", told[0])
        assert alerts.timeline(tx, "a1") == told
