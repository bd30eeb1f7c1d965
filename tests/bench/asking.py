"""P10: ``/kpi churn`` signed over HTTP, in a database with a long history."""

from datetime import timedelta
from functools import partial
from pathlib import Path
from urllib.parse import urlencode

from bot.app import utc_now
from bot.flows.record import record_samples
from bot.rulebook import read_policy, shipped_rules
from bot.store.database import Database
from tests.bench.company import fill, key_of, migrated
from tests.bench.figures import Figure, Scale, middle, timed, worst_but_one_in_a_hundred
from tests.bench.process import Client, running

_DAYS = 400


def p10(scale: Scale, folder: Path) -> Figure:
    """The demo company's churn, asked by its chief executive, beside so many values of other series."""
    policy, file, now = read_policy(shipped_rules()), migrated(folder), utc_now()
    others = [(key_of(number), "") for number in range(max(scale.stored // _DAYS, 1))]
    fill(file, others, days=_DAYS, last=now.date() - timedelta(days=1))
    database = Database(f"sqlite:///{file}")
    record_samples(database, policy, now)
    database.close()
    asker = policy.holder("ceo").slack
    with running(file, shipped_rules()) as bot:
        client, team = bot.client(), bot.sandbox.workspace.team_id
        _ask(client, asker, team, "first")
        times = [timed(partial(_ask, client, asker, team, str(one))) for one in range(scale.requests)]
        healthy = [timed(lambda: client.get("/-/healthy")) for _ in range(scale.requests)]
        client.close()
    return Figure(
        value=middle(times),
        floor=middle(healthy),
        what=f"p50, /kpi churn beside {len(others) * _DAYS} values",
        floor_is="GET /-/healthy of the same server",
        also={"p99": worst_but_one_in_a_hundred(times)},
    )


def _ask(client: Client, asker: str, team: str, once: str) -> None:
    asked = {"command": "/kpi", "text": "churn", "user_id": asker, "team_id": team, "trigger_id": once}
    assert b"Churn rate" in client.command(urlencode(asked).encode())
