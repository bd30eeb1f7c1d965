"""The memory of what Slack has sent already: the same request, envelope or event is taken once, by one process."""

import hashlib
from datetime import timedelta

from bot.flows.house import House
from bot.store import requests

KEEP = timedelta(minutes=15)
"""A signature is good for five minutes before and after its time, and Slack repeats an event for six."""


def first_time(house: House, kind: str, name: str) -> bool:
    """Say whether this is the first we see of it, and remember it; only a digest is kept."""
    digest = hashlib.sha256(f"{kind}:{name}".encode()).hexdigest()
    with house.database.transaction() as tx:
        return requests.first_time(tx, digest, house.clock(), keep=KEEP)
