"""The files of the rules that took force last, kept for a start that finds the folder broken."""

import json
from collections.abc import Mapping

from bot.core.errors import KpiBotError
from bot.store import notes
from bot.store.database import Database, Transaction

_FILES = "policy_files"
"""Note of the files by name, as JSON; they hold no secret, for none stands in the rules."""


def keep_files(tx: Transaction, contents: Mapping[str, bytes], *, taken: bool) -> None:
    """Keep files in place of those before; when they were not taken into force just now, only where there are none."""
    if taken or notes.get(tx, _FILES) is None:
        notes.put(tx, _FILES, json.dumps({name: content.decode("utf-8") for name, content in contents.items()}))


def kept_files(database: Database) -> dict[str, bytes]:
    """Give the files that were kept, none where there is no database that can be read yet."""
    try:
        database.check()
    except KpiBotError:
        return {}
    with database.reading() as tx:
        kept = notes.get(tx, _FILES)
    return {name: content.encode() for name, content in json.loads(kept or "{}").items()}
