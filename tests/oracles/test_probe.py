"""The probe: Slack's own clients, in Python and JavaScript, get the answers Slack's method reference gives."""

from collections.abc import Iterator

import pytest

from bot.sandbox import serve
from tests.oracles.node import need_node
from tests.oracles.probe.clients import Client, Python, javascript
from tests.oracles.probe.story import TOKENS, Story, told
from tests.oracles.probe.table import STORIES
from tests.sandbox.fixtures import small_sandbox

METHODS = frozenset(
    {
        "auth.test", "chat.postMessage", "chat.update", "chat.delete", "chat.postEphemeral", "chat.getPermalink",
        "conversations.list", "conversations.info", "conversations.members", "conversations.open",
        "conversations.join", "conversations.history", "conversations.replies", "users.list", "users.info",
        "users.lookupByEmail", "users.getPresence", "dnd.info", "dnd.teamInfo", "usergroups.list",
        "usergroups.users.list", "views.open", "views.push", "views.update", "views.publish",
        "files.getUploadURLExternal", "files.completeUploadExternal", "files.info", "reactions.add", "pins.add",
        "bookmarks.add", "team.info", "apps.connections.open", "blocks.validate", "canvases.create",
    }
)  # fmt: skip


@pytest.fixture(scope="module", params=["python", "javascript"])
def client(request: pytest.FixtureRequest) -> Iterator[Client]:
    if request.param == "python":
        yield Python()
        return
    need_node()
    with javascript() as started:
        yield started


def test_the_table_asks_every_method_well_and_badly() -> None:
    steps = [step for story in STORIES for step in story.steps]
    assert len(steps) >= 100
    assert {step.method for step in steps if not step.error} >= METHODS - {"files.completeUploadExternal"}
    assert {step.method for step in steps if step.error} >= METHODS


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.name)
def test_the_answers_are_those_of_the_reference(client: Client, story: Story) -> None:
    wrong = told(story, client)
    assert not wrong, "\n".join(wrong)


def test_a_client_is_told_how_long_to_wait(client: Client) -> None:
    sandbox = small_sandbox(rate_limits=True)
    with serve(sandbox):
        post = {"channel": "C0REV", "text": "again"}
        answers = [client.call(sandbox.api_url, TOKENS["bot"], "chat.postMessage", post) for _ in range(10)]
    assert answers[0].body["ok"]
    last = answers[-1]
    assert (last.status, last.body["error"]) == (429, "ratelimited")
    assert last.retry_after is not None and last.retry_after >= 1
