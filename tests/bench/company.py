"""A company as large as a line needs it, its database, and a history of values put there by the shortest way."""

import sqlite3
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from bot.core.kpi import Rule
from bot.core.policy import Policy
from bot.rulebook import read_policy
from bot.store.database import Database
from tests.bench.figures import Scale
from tests.rulebook.small_company import write_small_company

CALM, BROKEN = 40.0, 95.0
PART = "part"
_IN_A_FILE = 1000  # KPIs: a file of rules may not be larger than 1 MiB

_KPI = """\
{key}:
  name: Measure {number}
  unit: EUR
  direction: lower_is_better
  frequency: daily
  kind: output
  category: bench
  department: operations
  owner: ceo
  classification: internal
  target: 50
  thresholds: {{warning: 80, warning_recovery: 75, critical: 90, critical_recovery: 85}}
  channel: {key}
  segments: [{part}]
"""
_CHANNEL = '{key}: {{name: "#{slack}", slack: C{slack}, clearance: executive}}\n'


def key_of(number: int) -> str:
    """Give the key of a KPI, which its channel has as well."""
    return f"measure_{number:05}"


def slack_of(number: int) -> str:
    """Give the Slack id of a KPI's channel."""
    return f"C{number:08}"


def write_company(folder: Path, scale: Scale) -> Path:
    """Write rules with so many daily KPIs in so many parts, each KPI with thresholds and a channel of its own."""
    write_small_company(folder)
    numbers = range(scale.kpis)
    for old in (folder / "kpis").iterdir():
        old.unlink()
    with (folder / "channels.yaml").open("a") as channels:
        channels.writelines(_CHANNEL.format(key=key_of(one), slack=f"{one:08}") for one in numbers)
    members = "".join(f"    p{one}: Part {one}\n" for one in range(max(scale.parts, 1)))
    (folder / "segments.yaml").write_text(f"{PART}:\n  name: Part\n  members:\n{members}")
    for first in range(0, scale.kpis, _IN_A_FILE):
        kpis = (_KPI.format(key=key_of(one), number=one, part=PART) for one in numbers[first : first + _IN_A_FILE])
        (folder / "kpis" / f"bench_{first}.yaml").write_text("".join(kpis))
    return folder


def policy_of_many(folder: Path, count: int, *rules: Rule, thresholds: bool = True) -> Policy:
    """Give a policy of so many KPIs without segments, each with these rules, of its own as if read from files.

    thresholds: the rules of its thresholds as well. Reading them all from files is not what is measured.
    """
    policy = read_policy(write_company(folder, Scale(kpis=1, parts=1)))
    (model,) = policy.kpis.values()
    changes = {"segments": (), "rules": rules, "thresholds": model.thresholds if thresholds else None}
    copies = (model.model_copy(update=changes | {"key": key_of(one)}, deep=True) for one in range(count))
    return policy.model_copy(update={"kpis": {kpi.key: kpi for kpi in copies}})


def series_of(scale: Scale) -> list[tuple[str, str]]:
    """Give every series of the company: each KPI's total and its parts."""
    parts = ["", *(f"{PART}:p{one}" for one in range(scale.parts))]
    return [(key_of(number), part) for number in range(scale.kpis) for part in parts]


def migrated(folder: Path) -> Path:
    """Make an empty database; gives its file."""
    file = folder / "bench.db"
    database = Database(f"sqlite:///{file}")
    database.migrate()
    database.close()
    return file


def fill(file: Path, names: Sequence[tuple[str, str]], *, days: int, last: date, broken_every: int = 0) -> None:
    """Give each series so many daily values up to the last day, all calm but the newest of every so many series."""
    connection = sqlite3.connect(file)
    with connection:
        connection.executemany("INSERT INTO series (kpi, segment) VALUES (?, ?)", names)
        batch = "INSERT INTO batch (origin, author, received_at) VALUES ('file', 'bench', '2020-01-01 00:00:00')"
        connection.execute(batch)
        connection.execute(
            """
            WITH RECURSIVE back (days) AS (SELECT :days - 1 UNION ALL SELECT days - 1 FROM back WHERE days > 0)
            INSERT INTO value (series_id, day, value, batch_id)
            SELECT series.id, :last - back.days,
                   CASE WHEN back.days = 0 AND :every > 0 AND series.id % :every = 0 THEN :broken
                        ELSE :calm + (series.id * 7 + back.days * 13) % 20 END,
                   (SELECT max(id) FROM batch)
            FROM series CROSS JOIN back
            """,
            {
                "days": days,
                "last": last.toordinal() - date(1970, 1, 1).toordinal(),
                "every": broken_every,
                "broken": BROKEN,
                "calm": CALM,
            },
        )
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()
