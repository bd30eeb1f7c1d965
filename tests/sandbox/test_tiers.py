"""Each method is as fast as Slack's method reference allows: the tiers of August 2026, written down by hand."""

import pytest

from bot.sandbox.methods.rates import PER_MINUTE
from bot.sandbox.methods.registry import METHODS

TIERS = {
    4: "chat.postEphemeral conversations.members files.completeUploadExternal files.getUploadURLExternal files.info "
    "users.info views.open views.publish views.push views.update api.test",
    3: "apps.connections.open bookmarks.list bots.info chat.delete chat.update conversations.history "
    "conversations.info conversations.invite conversations.join conversations.leave conversations.open "
    "conversations.replies dnd.info files.delete files.list reactions.add reactions.get team.info users.getPresence "
    "users.lookupByEmail",
    2: "bookmarks.add bookmarks.remove canvases.create conversations.list dnd.teamInfo pins.add pins.list pins.remove "
    "reactions.remove usergroups.list usergroups.users.list users.conversations users.list",
    None: "auth.test blocks.validate chat.getPermalink chat.postMessage",
}


@pytest.mark.parametrize(("tier", "names"), TIERS.items())
def test_each_method_is_of_its_tier(tier: int | None, names: str) -> None:
    assert {name for name, found in METHODS.items() if found.tier == tier} == set(names.split())


def test_a_tier_is_so_many_calls_a_minute() -> None:
    assert PER_MINUTE == {1: 1, 2: 20, 3: 50, 4: 100}
