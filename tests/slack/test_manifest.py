"""The manifest asks for what is used and for nothing else, and the set-up document says the same."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from bot.core.errors import DeliveryError
from bot.core.speech import Speech
from bot.slack.manifest import HISTORY_SCOPES, SCOPES, manifest
from bot.slack.messenger import SlackMessenger
from tests.slack.company import ANA, EXECUTIVE, NOW, OPERATIONS, REVENUE, Company, company

PUBLIC = "https://kpi.example.com"
URL = f"{PUBLIC}/slack/events"
SPEECH = Speech(text="Hello", body="Hello")
DOCUMENT = Path(__file__).parents[2] / "docs" / "slack-setup.md"


def post(messenger: SlackMessenger, destination: str) -> None:
    messenger.post(destination, SPEECH, token="t", thread=None, loud=False)


def find(messenger: SlackMessenger, destination: str) -> None:
    messenger.find(destination, "t", since=NOW, thread=None)


def edit(messenger: SlackMessenger) -> None:
    posted = messenger.post(REVENUE, SPEECH, token="t", thread=None, loud=False)
    messenger.edit(posted.channel, posted.ts, SPEECH)


NEEDS: dict[str, Callable[[SlackMessenger], None]] = {
    "chat:write": edit,
    "chat:write.public": lambda messenger: post(messenger, OPERATIONS),
    "channels:history": lambda messenger: find(messenger, REVENUE),
    "groups:history": lambda messenger: find(messenger, EXECUTIVE),
    "im:history": lambda messenger: find(messenger, ANA),
    "im:write": lambda messenger: find(messenger, ANA),
}
"""What cannot be done without a scope. (`commands` is what registers ``/kpi``; see the test of its own.)"""


def asked(history: bool) -> frozenset[str]:
    return frozenset(manifest(url=None, history=history)["oauth_config"]["scopes"]["bot"])


def without_history(messenger: SlackMessenger) -> None:
    edit(messenger)
    post(messenger, OPERATIONS)
    post(messenger, ANA)


def test_the_bot_works_with_exactly_the_scopes_it_asks_for(tmp_path: Path) -> None:
    with company(tmp_path, scopes=asked(history=False)) as small, small.over_http():
        small.record("churn_rate", 4.3, "2026-10")
        without_history(SlackMessenger(small.client))
        small.deliver()
        answer = small.sandbox.user("ana").command("/kpi churn", "revenue")
        assert "is on its way" in small.sandbox.user("ana").click(answer, "Share").plain
        small.deliver()
        assert not [call for call in small.sandbox.calls() if not call.ok]


def test_a_look_up_works_with_exactly_the_history_scopes(tmp_path: Path) -> None:
    with company(tmp_path, scopes=asked(history=True)) as small:
        for scope in HISTORY_SCOPES:
            NEEDS[scope](SlackMessenger(small.client))


@pytest.mark.parametrize("scope", [scope for scope in (*SCOPES, *HISTORY_SCOPES) if scope != "commands"])
def test_without_any_one_of_them_something_is_refused(tmp_path: Path, scope: str) -> None:
    with (
        company(tmp_path, scopes=asked(history=True) - {scope}) as small,
        pytest.raises(DeliveryError, match=r"missing_scope|not_in_channel"),
    ):
        NEEDS[scope](SlackMessenger(small.client))


def test_a_slash_command_needs_the_scope_of_commands(small: Company) -> None:
    (command,) = manifest(url=None)["features"]["slash_commands"]
    assert (command["command"], command["should_escape"]) == ("/kpi", True)
    assert command["command"] in small.sandbox.workspace.app.commands
    assert "commands" in asked(history=False)


def test_history_is_asked_for_only_when_wanted() -> None:
    assert asked(history=False) == set(SCOPES)
    assert asked(history=True) == {*SCOPES, *HISTORY_SCOPES}


def test_with_an_address_requests_come_there_and_without_one_over_the_socket() -> None:
    over_http, over_socket = manifest(url=PUBLIC), manifest(url=None)
    assert manifest(url=f"{PUBLIC}/") == manifest(url=URL) == over_http
    assert over_http["settings"]["interactivity"] == {"is_enabled": True, "request_url": URL}
    assert over_http["features"]["slash_commands"][0]["url"] == URL
    assert over_http["settings"]["socket_mode_enabled"] is False
    assert over_socket["settings"]["socket_mode_enabled"] is True
    assert "http" not in str(over_socket)


def test_words_fit_where_slack_shows_them() -> None:
    shown = manifest(url=URL)
    assert len(shown["display_information"]["name"]) <= 35
    assert len(shown["display_information"]["description"]) <= 140
    assert len(shown["features"]["bot_user"]["display_name"]) <= 80
    assert len(shown["features"]["slash_commands"][0]["description"]) <= 2000


def test_the_document_gives_every_scope_with_its_reason_and_no_other() -> None:
    rows = re.findall(r"^\| `([a-z:.]+)` \| (.+?) \|$", DOCUMENT.read_text(encoding="utf-8"), re.MULTILINE)
    assert dict(rows) == {**SCOPES, **HISTORY_SCOPES}
