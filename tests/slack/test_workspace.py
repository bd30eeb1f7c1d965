"""Who belongs to us: by the workspace a request names, whatever shape it comes in."""

from typing import Any

import pytest

from bot.core.errors import DeliveryClass, DeliveryError
from bot.slack.messenger import make_client
from bot.slack.workspace import Home, Workspace, WorkspaceUnknown
from tests.slack.company import Answered, Company, listening

NOWHERE = "http://127.0.0.1:1/api/"
ALONE = Home(team="T0US", enterprise=None)
IN_AN_ORGANISATION = Home(team="T0US", enterprise="E0US")

CASES: list[tuple[str, Home, dict[str, Any], bool]] = [
    ("a command of ours", ALONE, {"team_id": "T0US", "user_id": "U1"}, True),
    ("a command of a partner", ALONE, {"team_id": "T0PARTNER", "user_id": "U1"}, False),
    ("a click of ours", ALONE, {"team": {"id": "T0US"}, "user": {"id": "U1", "team_id": "T0US"}}, True),
    ("a partner's click in our channel", ALONE, {"team": {"id": "T0US"}, "user": {"team_id": "T0PARTNER"}}, False),
    ("our click in a partner's channel", ALONE, {"team": {"id": "T0PARTNER"}, "user": {"team_id": "T0US"}}, True),
    ("a click without the person's team", ALONE, {"team": {"id": "T0US"}, "user": {"id": "U1"}}, True),
    ("a command that names no team", ALONE, {"user_id": "U1"}, True),
    ("a click that names no team", ALONE, {"team": None, "user": {"id": "U1"}}, True),
    ("no team and a foreign organisation", ALONE, {"user_id": "U1", "enterprise_id": "E0OTHER"}, False),
    ("no team and our organisation", IN_AN_ORGANISATION, {"team": None, "enterprise": {"id": "E0US"}}, True),
    (
        "no team and another organisation than ours",
        IN_AN_ORGANISATION,
        {"team": None, "user": {"id": "U1"}, "enterprise": {"id": "E0OTHER"}},
        False,
    ),
    ("a team of an odd shape", ALONE, {"team": "T0US", "user": "U1"}, False),
    ("a team that is a list", ALONE, {"team_id": ["T0US"], "user_id": "U1"}, False),
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
    workspace = Workspace(make_client("xoxb-1", NOWHERE))
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


def test_an_answer_that_names_no_team_makes_nobody_a_stranger_and_is_asked_for_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    bodies = iter(
        ['{"ok": true}', '{"ok": true, "team_id": "", "enterprise_id": 7}', '{"ok": true, "team_id": "T0US"}']
    )
    monkeypatch.setattr("bot.slack.workspace.ASK_AGAIN_AFTER", 0.0)
    with listening(lambda *_: Answered(body=next(bodies))) as address:
        workspace = Workspace(make_client("xoxb-1", f"{address}/api/"))
        for _ in range(2):
            with pytest.raises(WorkspaceUnknown):
                workspace.trusts({"team_id": "T0PARTNER"})
        assert workspace.trusts({"team_id": "T0US"})


def test_what_was_asked_at_the_start_is_not_asked_again(small: Company) -> None:
    workspace = Workspace(small.client)
    assert workspace.ask() == workspace.home() == Home(team=small.sandbox.workspace.team_id, enterprise=None)
    assert len(small.sandbox.calls("auth.test")) == 1


def test_asking_at_the_start_says_whether_the_token_is_good(small: Company) -> None:
    small.sandbox.revoke_token()
    with pytest.raises(DeliveryError, match="token_revoked") as caught:
        Workspace(small.client).ask()
    assert caught.value.kind is DeliveryClass.CREDENTIALS


def test_people_of_another_workspace_are_told_of_once(small: Company, capsys: pytest.CaptureFixture[str]) -> None:
    workspace = Workspace(small.client)
    assert workspace.trusts({"team_id": small.sandbox.workspace.team_id})
    assert "another_workspace" not in capsys.readouterr().out
    assert [workspace.trusts({"team_id": other}) for other in ("T0A", "T0B", "T0A")] == [False] * 3
    assert capsys.readouterr().out.count("another_workspace") == 1
