"""What ``check`` warns of: rules that would ring too often, on the sample history and on the values in the database."""

from datetime import datetime
from functools import partial

from bot.core.errors import Fault, KpiBotError
from bot.core.policy import Policy
from bot.rulebook.draft import Draft


def noise(url: str, policy: Policy, draft: Draft, now: datetime) -> tuple[list[Fault], str]:
    """Give one fault for each rule that would have rung too often, and why the database was not looked at, if so.

    A database that is not there yet is no matter.
    """
    from bot.rulebook.noise import noisy_rules, sample_histories

    samples = sample_histories(policy, now)
    found = noisy_rules(policy, draft, "sample history", lambda _: samples, now)
    measured, problem = _on_the_database(url, policy, draft, now)
    return measured + [
        one for one in found if (one.file, one.line) not in {(m.file, m.line) for m in measured}
    ], problem


def _on_the_database(url: str, policy: Policy, draft: Draft, now: datetime) -> tuple[list[Fault], str]:
    from bot.flows.replay import known_histories
    from bot.rulebook.noise import noisy_rules
    from bot.store.database import Database
    from bot.store.schema import NotMigrated

    try:
        database = Database(url)
        database.check()
    except NotMigrated:
        return [], ""
    except KpiBotError as error:
        return [], str(error)
    found = noisy_rules(policy, draft, "values in the database", partial(known_histories, database, policy), now)
    database.close()
    return found, ""
