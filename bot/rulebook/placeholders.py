"""The starter's Slack ids, which belong to nobody: whoever keeps them gets no message."""

from bot.core.errors import Fault
from bot.core.organisation import Channel, Person
from bot.core.words import Frozen
from bot.rulebook.draft import Draft

_MARK = "REPLACE"


def placeholder_ids(draft: Draft) -> list[Fault]:
    """Give one fault for each person and channel whose Slack id is still the starter's."""
    ids: list[tuple[type[Frozen], str, str]] = []
    ids += ((Person, key, person.slack) for key, person in draft.all(Person).items())
    ids += ((Channel, key, channel.slack) for key, channel in draft.all(Channel).items())
    return [
        draft.place(model, key, ("slack",)).fault(f"'{slack}' is the starter's; write the id of your workspace")
        for model, key, slack in ids
        if _MARK in slack
    ]
