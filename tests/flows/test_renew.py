"""A changed rules folder: the good one takes force at once and once, the bad one is told once and changes nothing."""

import hashlib
import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from bot.core.errors import Fault, PolicyRefused
from bot.core.intake import Entry
from bot.core.periods import parse_label
from bot.core.policy import Policy
from bot.core.rule_news import refused
from bot.flows.record import record
from bot.flows.renew import PolicyInForce
from bot.store import alerts, audit, notes, readings, tables, values
from bot.store.database import Database
from bot.store.good_rules import kept_files
from bot.store.values import Origin
from tests.rulebook.reading import edit
from tests.rulebook.small_company import write_small_company, write_sources

NOON = datetime(2026, 11, 24, 11, 0, tzinfo=UTC)
REVENUE, COMPANY = "kpis/revenue.yaml", "company.yaml"
PER_CUSTOMER = """\
customers:
  {name: Customers, unit: count, direction: higher_is_better, frequency: monthly, kind: input, category: growth,
   department: revenue, owner: cro, classification: internal, target: 100}
per_customer:
  {name: Per customer, unit: EUR, direction: higher_is_better, frequency: monthly, kind: output, category: growth,
   department: revenue, owner: cro, classification: financial, target: 40, thresholds: {critical: 30},
   formula: mrr / customers}
"""


class Office:
    """Processes that follow one folder and share one database, and a clock that stands still unless moved."""

    def __init__(self, database: Database, folder: Path) -> None:
        self.database, self.folder, self.now = database, folder, NOON
        self.processes: list[PolicyInForce] = []
        self.start()

    def start(self) -> PolicyInForce:
        process = PolicyInForce(self.folder, process=f"process-{len(self.processes)}", settles=0)
        self.processes.append(process)
        self.look()
        return process

    def look(self) -> list[bool]:
        """Let every process look until it has nothing left to do."""
        self.now += timedelta(minutes=1)
        return [sum(one.look(self.database, lambda: self.now) for _ in range(3)) > 0 for one in self.processes]

    def change(self, file: str, old: str, new: str) -> list[bool]:
        edit(self.folder, file, old, new)
        return self.look()

    @property
    def policy(self) -> Policy:
        return self.processes[0].policy

    def send(self, kpi: str, value: float, at: str = "2026-10", policy: Policy | None = None) -> None:
        known = policy or self.policy
        entry = Entry(kpi=kpi, segment="", period=parse_label(at, known.kpis[kpi].frequency), value=value)
        record(self.database, known, [entry], origin=Origin.API, author="test", now=self.now)

    def open_rules(self) -> list[str]:
        with self.database.reading() as tx:
            return [alert.rule for alert in alerts.open_alerts(tx)]

    def told(self) -> list[dict[str, Any]]:
        """Give the facts of what the operators were told, the oldest first."""
        query = select(tables.outbox.c.facts).where(tables.outbox.c.notice == "operators_notice")
        with self.database.reading() as tx:
            return list(tx.scalars(query.order_by(tables.outbox.c.id)))

    def audited(self) -> list[tuple[str, str, dict[str, Any]]]:
        query = select(tables.audit).where(tables.audit.c.what == "policy").order_by(tables.audit.c.id)
        with self.database.reading() as tx:
            assert audit.verify(tx) is None
            return [(row["who"], row["subject"], json.loads(row["detail"])) for row in tx.execute(query).mappings()]

    def newest(self, kpi: str) -> tuple[float, str, str]:
        with self.database.reading() as tx:
            (found,) = values.records(tx, kpi, "", limit=1)
        return found.value, found.origin.value, found.author


@pytest.fixture
def office(database: Database, tmp_path: Path) -> Iterator[Office]:
    yield Office(database, write_small_company(tmp_path / "rules"))


def test_changed_rules_take_force_without_a_new_start(office: Office) -> None:
    before = office.policy
    assert office.change(COMPANY, "Small Company", "Tiny Company") == [True]
    assert (before.company.name, office.policy.company.name) == ("Small Company", "Tiny Company")
    assert [(one["what"], one["about"], one["code"]) for one in office.told()] == [
        ("policy_renewed", [COMPANY], office.policy.version)
    ]


def test_looking_at_a_folder_that_stands_still_does_nothing(office: Office) -> None:
    assert office.look() == [False]
    assert office.told() == []


def test_a_lowered_threshold_speaks_without_waiting_for_a_value(office: Office) -> None:
    office.send("uptime", 99.2, at="2026-11-23")
    assert office.open_rules() == []
    assert office.change("kpis/operations.yaml", "critical: 99.0", "critical: 99.4") == [True]
    assert office.open_rules() == ["uptime-critical"]


def test_a_level_out_of_reach_ends_the_alert(office: Office) -> None:
    office.send("uptime", 98.0, at="2026-11-23")
    assert office.open_rules() == ["uptime-critical"]
    office.change("kpis/operations.yaml", "critical: 99.0, critical_recovery: 99.5", "critical: 95.0")
    assert office.open_rules() == []


def test_an_open_alert_keeps_its_clocks_and_the_version_it_opened_with(office: Office) -> None:
    office.send("uptime", 98.0, at="2026-11-23")
    with office.database.reading() as tx:
        (before,) = alerts.open_alerts(tx)
    office.change("priorities.yaml", "respond_within: 4h", "respond_within: 2h")
    office.change("kpis/operations.yaml", "critical: 99.0", "critical: 99.1")
    with office.database.reading() as tx:
        (after,) = alerts.open_alerts(tx)
    assert after.policy_version == before.policy_version != office.policy.version
    assert (after.acknowledge_by, after.respond_by) == (before.acknowledge_by, before.respond_by)


def test_a_rule_that_asks_about_another_kpi_follows_when_that_one_changes(office: Office) -> None:
    rule = """
    - id: both
      priority: high
      when: {all_of: [{below: 500000}, {kpi: churn_rate, misses_target_by: 1 point}]}
"""
    office.change(REVENUE, "      priority: high\n", f"      priority: high{rule}")
    office.send("mrr", 460000.0)
    office.send("churn_rate", 2.4)
    assert "both" not in office.open_rules()
    office.change(REVENUE, "  target: 2.5", "  target: 1.0")
    assert "both" in office.open_rules()


def test_a_new_formula_is_calculated_from_what_is_there_and_judged(office: Office) -> None:
    path = office.folder / "kpis/customers.yaml"
    path.write_text(PER_CUSTOMER.split("per_customer:")[0])
    office.look()
    office.send("mrr", 1000.0)
    office.send("customers", 50.0)
    path.write_text(PER_CUSTOMER)
    assert office.look() == [True]
    assert office.newest("per_customer") == (20.0, "rules", office.policy.version)
    assert office.open_rules() == ["per-customer-critical"]
    office.change("kpis/customers.yaml", "mrr / customers", "mrr / customers * 2")
    assert office.newest("per_customer")[0] == 40.0
    assert office.open_rules() == []


def test_rules_changed_while_nothing_ran_are_taken_up_at_the_start(office: Office) -> None:
    office.send("uptime", 99.2, at="2026-11-23")
    office.send("mrr", 1000.0)
    office.processes.clear()
    (office.folder / "kpis/customers.yaml").write_text(PER_CUSTOMER.replace("mrr / customers", "mrr / 50"))
    edit(office.folder, "kpis/operations.yaml", "critical: 99.0", "critical: 99.4")
    office.start()
    assert sorted(office.open_rules()) == ["per-customer-critical", "uptime-critical"]
    assert [one["what"] for one in office.told()] == ["policy_renewed"]


def test_a_kpi_that_is_no_longer_calculated_is_judged_without_its_old_doubt(office: Office) -> None:
    path = office.folder / "kpis/customers.yaml"
    path.write_text(PER_CUSTOMER)
    office.look()
    office.send("mrr", 1000.0)
    office.change("kpis/customers.yaml", ",\n   formula: mrr / customers", "")
    office.send("per_customer", 10.0)
    assert office.open_rules() == ["per-customer-critical"]


def test_the_first_start_tells_nobody_and_notes_every_file(office: Office) -> None:
    assert office.told() == []
    ((who, version, detail),) = office.audited()
    assert (who, version, detail["previous"]) == ("process-0", office.policy.version, None)
    assert sorted(detail["files"]) == detail["added"]
    assert COMPANY in detail["files"]


def test_who_changed_what_stands_in_the_audit_by_the_hash_of_each_file(office: Office) -> None:
    before = office.policy.version
    edit(office.folder, COMPANY, "Small Company", "Tiny Company")
    (office.folder / "segments.yaml").write_text("size: {name: Size, members: {small: Small, large: Large}}\n")
    (office.folder / "reports.yaml").unlink()
    office.look()
    first, (who, version, detail) = office.audited()
    assert (who, version, detail["previous"]) == ("process-0", office.policy.version, before)
    assert (detail["added"], detail["changed"], detail["removed"]) == (["segments.yaml"], [COMPANY], ["reports.yaml"])
    same = set(detail["files"].items()) & set(first[2]["files"].items())
    assert len(same) == len(first[2]["files"]) - 2


def test_a_bad_folder_is_told_once_with_its_places_and_once_when_it_is_mended(office: Office) -> None:
    good = office.policy
    assert office.change(REVENUE, "direction: lower", "directon: lower") == [True]
    assert office.look() == [False]
    assert office.policy is good
    (told,) = office.told()
    assert (told["what"], told["about"], told["code"]) == ("policy_refused", [f"{REVENUE}:5:3"], good.version)
    assert office.change(REVENUE, "directon: lower", "direction: lower") == [True]
    assert office.look() == [False]
    assert [one["what"] for one in office.told()] == ["policy_refused", "policy_mended"]
    assert len(office.audited()) == 1, "nothing has changed after all"


def test_the_same_faults_are_told_once_however_often_they_are_saved(office: Office) -> None:
    office.change(REVENUE, "direction: lower", "directon: lower")
    (office.folder / REVENUE).write_text((office.folder / REVENUE).read_text() + "# a comment\n")
    office.look()
    assert len(office.told()) == 1
    office.change(REVENUE, "unit: EUR", "unit: EURO")
    office.change(REVENUE, "unit: EURO", "unit: EUR")
    assert [len(one["about"]) for one in office.told()] == [1, 2], "going back to known faults is not told again"


def test_mending_by_another_version_says_which_files_are_others(office: Office) -> None:
    office.change(REVENUE, "direction: lower", "directon: lower")
    edit(office.folder, REVENUE, "directon: lower", "direction: lower")
    office.change(COMPANY, "Small Company", "Tiny Company")
    assert [(one["what"], one["about"]) for one in office.told()][1:] == [("policy_mended", [COMPANY])]


def test_many_faults_are_told_by_the_first_and_a_count(office: Office) -> None:
    path = office.folder / REVENUE
    path.write_text(path.read_text() + "".join(f"a{number}: 1\n" for number in range(40)))
    office.look()
    (told,) = office.told()
    assert (len(told["about"]), told["more"]) == (5, 35)


def test_what_a_fault_quotes_is_told_only_where_every_kpi_may_be_seen(office: Office) -> None:
    office.change(REVENUE, "400000", "layoffs")
    assert "layoffs" not in json.dumps(office.told())
    office.change(REVENUE, "layoffs", "400000")
    office.change(COMPANY, "operators_channel: operations", "operators_channel: executive")
    office.change(REVENUE, "400000", "layoffs")
    assert "layoffs" in json.dumps(office.told()[-1])


def test_a_folder_that_is_gone_leaves_the_policy_in_force(office: Office) -> None:
    good = office.policy
    away = office.folder.rename(office.folder.with_name("away"))
    office.look()
    assert office.policy is good
    away.rename(office.folder)
    office.look()
    assert [one["what"] for one in office.told()] == ["policy_refused", "policy_mended"]


def test_a_place_with_several_mistakes_is_told_once(office: Office) -> None:
    faults = [Fault(file=REVENUE, line=5, column=3, problem=problem) for problem in ("one", "two", "three")]
    told = refused(office.policy, faults, "once", office.now)
    assert (told.facts["about"], told.facts["more"]) == ([f"{REVENUE}:5:3"], 0)


def test_a_bad_folder_at_the_start_is_refused_with_every_fault(office: Office) -> None:
    edit(office.folder, REVENUE, "direction: lower", "directon: lower")
    with pytest.raises(PolicyRefused, match=r"kpis/revenue.yaml:5:3: unknown key"):
        PolicyInForce(office.folder, process="late")


def test_a_bad_folder_at_the_start_leaves_what_took_force_last_and_is_told(office: Office) -> None:
    good = office.policy.version
    edit(office.folder, REVENUE, "direction: lower", "directon: lower")
    late = PolicyInForce(office.folder, process="late", kept=lambda: kept_files(office.database), settles=0)
    assert late.policy.version == good
    office.processes = [late]
    office.look()
    assert [one["what"] for one in office.told()] == ["policy_refused"]
    office.change(REVENUE, "directon: lower", "direction: lower")
    assert [one["what"] for one in office.told()] == ["policy_refused", "policy_mended"]


def test_what_is_kept_follows_what_takes_force(office: Office) -> None:
    office.change(COMPANY, "Small Company", "Tiny Company")
    assert b"Tiny Company" in kept_files(office.database)[COMPANY]
    office.change(COMPANY, "Tiny Company", "[")
    assert b"Tiny Company" in kept_files(office.database)[COMPANY]


def test_nothing_is_kept_where_there_is_no_database_yet(tmp_path: Path) -> None:
    assert kept_files(Database(f"sqlite:///{tmp_path / 'none.db'}")) == {}


def test_a_refused_folder_is_audited_once_with_who_owns_what_changed(office: Office) -> None:
    before = office.policy.version
    office.change(REVENUE, "direction: lower", "directon: lower")
    office.look()
    query = select(tables.audit).where(tables.audit.c.what == "policy_refused")
    with office.database.reading() as tx:
        assert audit.verify(tx) is None
        (row,) = tx.execute(query).mappings()
    detail = json.loads(row["detail"])
    assert (row["subject"], row["who"], detail["changed"]) == (before, "process-0", [REVENUE])
    assert detail["faults"][0] == "kpis/revenue.yaml:5:3"
    assert detail["files"][REVENUE] == hashlib.sha256((office.folder / REVENUE).read_bytes()).hexdigest()[:16]
    assert detail["origins"][REVENUE].startswith(f"{office.folder.owner()} 20")


def test_rules_that_take_force_are_audited_with_who_owns_what_changed(office: Office) -> None:
    office.change(COMPANY, "Small Company", "Tiny Company")
    detail = office.audited()[-1][2]
    written = datetime.fromtimestamp((office.folder / COMPANY).stat().st_mtime, UTC).isoformat(timespec="seconds")
    assert detail["origins"] == {COMPANY: f"{office.folder.owner()} {written}"}


def test_two_processes_tell_and_audit_once_and_both_follow(office: Office) -> None:
    office.start()
    office.change(REVENUE, "direction: lower", "directon: lower")
    office.change(REVENUE, "directon: lower", "direction: lower")
    office.change(COMPANY, "Small Company", "Tiny Company")
    assert [one["what"] for one in office.told()] == ["policy_refused", "policy_mended", "policy_renewed"]
    assert len(office.audited()) == 2
    assert {process.policy.company.name for process in office.processes} == {"Tiny Company"}


def test_a_value_judged_by_a_process_that_was_late_is_judged_again(office: Office) -> None:
    late = office.start()
    before = late.policy
    edit(office.folder, "kpis/operations.yaml", "critical: 99.0", "critical: 99.4")
    for _ in range(3):
        office.processes[0].look(office.database, lambda: office.now)
    office.send("uptime", 99.2, at="2026-11-23", policy=before)
    assert office.open_rules() == []
    late.look(office.database, lambda: office.now)
    assert office.open_rules() == ["uptime-critical"]


def test_a_value_judged_by_work_that_began_before_the_change_is_judged_again(office: Office) -> None:
    (process,), before = office.processes, office.policy
    edit(office.folder, "kpis/operations.yaml", "critical: 99.0", "critical: 99.4")
    process.look(office.database, lambda: office.now)
    assert process.policy is not before
    office.send("uptime", 99.2, at="2026-11-23", policy=before)
    process.look(office.database, lambda: office.now)
    assert office.open_rules() == ["uptime-critical"]


def test_what_could_not_be_kept_is_kept_at_the_next_look(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    office.send("uptime", 99.2, at="2026-11-23")

    def lost(*_: object) -> None:
        raise ConnectionError

    with monkeypatch.context() as patch:
        patch.setattr(notes, "swap", lost)
        with pytest.raises(ConnectionError):
            office.change("kpis/operations.yaml", "critical: 99.0", "critical: 99.4")
    assert office.open_rules() == []
    office.look()
    assert office.open_rules() == ["uptime-critical"]
    assert [one["what"] for one in office.told()] == ["policy_renewed"]


def test_a_changed_moment_of_a_report_changes_nothing_that_was_judged(office: Office) -> None:
    office.send("uptime", 98.0, at="2026-11-23")
    with office.database.reading() as tx:
        before = alerts.open_alerts(tx)
    office.change("reports.yaml", "0 8 * * *", "0 9 * * *")
    with office.database.reading() as tx:
        assert alerts.open_alerts(tx) == before
    assert office.policy.reports["daily"].cron == "0 9 * * *"


def _waits(office: Office, *, read_at: datetime | None) -> None:
    """Have the source of sign-ups read once or never, and then fail in a way that does not pass."""
    lease = timedelta(minutes=1)
    how: dict[str, Any] = {"kpi": "sign_ups", "connection": "warehouse", "owner": "one", "lease": lease}
    with office.database.transaction() as tx:
        for moment in filter(None, (read_at, office.now)):
            reading = readings.claim(tx, due_at=moment, now=moment, **how)
            assert reading is not None
            if moment == read_at:
                readings.finish(tx, reading, "one", now=moment)
            else:
                again = office.now + timedelta(hours=1)
                readings.put_off(tx, reading, "one", failing="query", now=office.now, again_at=again)


def _reading(office: Office) -> tuple[bool, datetime | None]:
    with office.database.reading() as tx:
        found = readings.all_by_kpi(tx)["sign_ups"]
    return found.is_open(office.now, office.now), found.read_at


@pytest.fixture
def sourced(database: Database, tmp_path: Path) -> Office:
    folder = write_sources(write_small_company(tmp_path / "rules"))
    return Office(database, folder)


@pytest.mark.parametrize(
    ("file", "old", "new", "opens"),
    [
        ("sources.yaml", "WAREHOUSE_URL", "LAKE_URL", True),
        ("queries/sign_ups.sql", "SELECT", "SELECT ", True),
        (COMPANY, "Small Company", "Tiny Company", False),
    ],
)
def test_a_source_that_failed_is_read_at_once_when_it_or_its_connection_is_mended(
    sourced: Office, file: str, old: str, new: str, opens: bool
) -> None:
    _waits(sourced, read_at=None)
    sourced.change(file, old, new)
    assert _reading(sourced) == (opens, None)


def test_a_changed_query_is_asked_for_all_its_history_again(sourced: Office) -> None:
    before = sourced.now - timedelta(days=1)
    _waits(sourced, read_at=before)
    assert _reading(sourced) == (False, before)
    sourced.change("queries/sign_ups.sql", "SELECT", "SELECT ")
    assert _reading(sourced) == (True, None)


def test_a_mended_folder_wakes_what_waits_when_the_bot_starts_anew(sourced: Office) -> None:
    _waits(sourced, read_at=None)
    edit(sourced.folder, "sources.yaml", "WAREHOUSE_URL", "LAKE_URL")
    sourced.start()
    assert _reading(sourced) == (True, None)
