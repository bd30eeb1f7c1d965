"""Who belongs to us: by the workspace a request names, whatever shape it comes in."""

from typing import Any

import pytest

from bot.slack.messenger import make_client
from bot.slack.workspace import Home, Workspace, WorkspaceUnknown
from tests.slack.company import Company

ALONE = Home(team="T0US", enterprise=None, bot=None, user=None)
IN_AN_ORGANISATION = Home(team="T0US", enterprise="E0US", bot=None, user=None)

CASES: list[tuple[str, Home, dict[str, Any], bool]] = [
    ("a command of ours", ALONE, {"team_id": "T0US", "user_id": "U1"}, True),
    ("a command of a partner", ALONE, {"team_id": "T0PARTNER", "user_id": "U1"}, False),
    ("a click of ours", ALONE, {"team": {"id": "T0US"}, "user": {"id": "U1", "team_id": "T0US"}}, True),
    ("a partner's click in our channel", ALONE, {"team": {"id": "T0US"}, "user": {"team_id": "T0PARTNER"}}, False),
    ("our click in a partner's channel", ALONE, {"team": {"id": "T0PARTNER"}, "user": {"team_id": "T0US"}}, True),
    ("a click without the person's team", ALONE, {"team": {"id": "T0US"}, "user": {"id": "U1"}}, True),
    ("nothing said about a team", ALONE, {"user": {"id": "U1"}}, False),
    ("teams of an odd shape", ALONE, {"team": "T0US", "user": "U1"}, False),
    ("an organisation's id where we have none", ALONE, {"team_id": "T0OTHER", "enterprise_id": None}, False),
    ("another workspace of ours", IN_AN_ORGANISATION, {"team_id": "T0SISTER", "enterprise_id": "E0US"}, True),
    ("the organisation itself", IN_AN_ORGANISATION, {"team": {"id": "T0US"}, "user": {"team_id": "E0US"}}, True),
    (
        "a partner's click in our organisation",
        IN_AN_ORGANISATION,
        {"team": {"id": "T0US", "enterprise_id": "E0US"}, "user": {"team_id": "T0PARTNER"}},
        False,
    ),
    ("another organisation", IN_AN_ORGANISATION, {"team_id": "T0OTHER", "enterprise_id": "E0OTHER"}, False),
]


@pytest.mark.parametrize(("case", "home", "payload", "ours"), CASES, ids=[case[0] for case in CASES])
def test_only_people_of_our_workspace_are_trusted(
    monkeypatch: pytest.MonkeyPatch, case: str, home: Home, payload: dict[str, Any], ours: bool
) -> None:
    workspace = Workspace(make_client("xoxb-1"))
    monkeypatch.setattr(workspace, "home", lambda: home)
    assert workspace.trusts(payload) is ours


def test_slack_is_asked_again_only_after_a_while(small: Company, monkeypatch: pytest.MonkeyPatch) -> None:
    workspace = Workspace(small.client)
    small.sandbox.faults.plan("server_error", method="auth.test")
    for _ in range(3):
        with pytest.raises(WorkspaceUnknown):
            workspace.home()
    assert len(small.sandbox.calls("auth.test")) == 1
    monkeypatch.setattr("bot.slack.workspace.ASK_AGAIN_AFTER", 0.0)
    assert workspace.home().team == small.sandbox.workspace.team_id
    assert len(small.sandbox.calls("auth.test")) == 2
