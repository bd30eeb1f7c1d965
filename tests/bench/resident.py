"""P1m: how much memory a process keeps that has read so many KPIs from files and judged them all."""

import gc
import subprocess
import sys
from pathlib import Path

import bot.app
from bot.rulebook import read_policy
from bot.store.database import Database
from tests.bench.company import fill, migrated, write_company
from tests.bench.figures import Figure, Scale
from tests.bench.judging import LAST, judge_all


def p1m(scale: Scale, folder: Path) -> Figure:
    """Two thresholds each; everything the bot is made of has been loaded."""
    rules = write_company(folder / "rules", scale._replace(kpis=scale.judged, parts=1))
    file = migrated(folder)
    fill(file, [(key, "") for key in read_policy(rules).kpis], days=scale.days, last=LAST)
    command = [sys.executable, "-m", "tests.bench.resident", str(rules), str(file)]
    said = subprocess.run(command, capture_output=True, check=True, text=True).stdout
    loaded, judged = map(float, said.split())
    return Figure(
        value=judged,
        floor=loaded,
        unit="MiB",
        what=f"resident with {scale.judged} KPIs, all read and judged",
        floor_is="everything loaded, nothing read",
    )


def main(rules: Path, file: Path) -> None:
    """Say how many MiB are resident before and after."""
    print(_resident())
    policy, database = read_policy(rules), Database(f"sqlite:///{file}")
    policy.prepare()
    gc.collect()
    gc.freeze()
    with database.transaction() as tx:
        judge_all(tx, policy)
    print(_resident())


def _resident() -> float:
    """Read it from where Linux tells it, in pages of 4 KiB."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * 4 / 1024


if __name__ == "__main__":
    assert bot.app
    main(*map(Path, sys.argv[1:]))
