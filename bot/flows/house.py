"""What every flow needs, wired once and handed to the edges: the parts, the policy in force, the time, a nudge."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from bot.core.policy import Policy
from bot.phrasebook import Phrasebook
from bot.store.database import Database


@dataclass(frozen=True)
class House:
    """database, phrasebook: the parts; policy: the policy in force now; clock: an aware UTC datetime; nudge: there is
    something to deliver, look at once instead of at the next tick; present: whether a Slack member still has an
    account, as far as the workspace tells.
    """

    database: Database
    phrasebook: Phrasebook
    policy: Callable[[], Policy]
    clock: Callable[[], datetime]
    nudge: Callable[[], None]
    present: Callable[[str], bool] = lambda _: True
