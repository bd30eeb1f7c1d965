"""P12: from the start of ``kpi-bot run`` until it is ready, with messages waiting."""

import subprocess
import sys
from datetime import timedelta
from pathlib import Path

from bot.app import utc_now
from bot.core.speech import OPERATORS, Manner, Outgoing
from bot.core.words import Language
from bot.rulebook import read_policy, shipped_rules
from bot.store import outbox
from bot.store.database import Database
from tests.bench.company import migrated
from tests.bench.figures import Figure, Scale, middle, timed
from tests.bench.process import sandboxed, started


def p12(scale: Scale, folder: Path) -> Figure:
    """Start it several times on one outbox; a message or two leave it each time."""
    file = migrated(folder)
    _queue(file, scale.waiting)
    with sandboxed(shipped_rules()) as sandbox:
        times = []
        for _ in range(scale.runs):
            starting = started(file, shipped_rules(), sandbox)
            times.append(timed(starting.__enter__))
            starting.__exit__(None, None, None)
    imports = [sys.executable, "-c", "import bot.app"]
    return Figure(
        value=middle(times),
        floor=middle([timed(lambda: subprocess.run(imports, check=True)) for _ in range(scale.runs)]),
        what=f"start to ready with {scale.waiting} messages waiting",
        floor_is="python -c 'import bot.app'",
    )


def _queue(file: Path, count: int) -> None:
    policy, now = read_policy(shipped_rules()), utc_now() - timedelta(minutes=1)
    channel = policy.channels[policy.company.operators_channel].slack
    database = Database(f"sqlite:///{file}")
    with database.transaction() as tx:
        for number in range(count):
            notice = Outgoing(
                key=f"bench:{number}",
                notice=OPERATORS,
                manner=Manner.POST,
                destination=channel,
                language=Language.EN,
                rank=0,
                created_at=now,
                facts={"what": "destination_broken", "destination": channel, "code": "bench", "about": OPERATORS},
            )
            outbox.queue(tx, notice)
    database.close()
