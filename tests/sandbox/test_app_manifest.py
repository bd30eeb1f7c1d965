"""Anybody's Slack manifest decides what the app is called, may do and is told; mistakes are named by their place."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from bot.sandbox.app_manifest import BOT_EVENTS, read_manifest
from bot.sandbox.given_files import CannotTake
from bot.sandbox.small_company import SMALL_COMPANY, read_company
from bot.sandbox.towards_app.happenings import SENT
from bot.slack.manifest import manifest as kpi_bot

MANIFEST: dict[str, Any] = {
    "display_information": {"name": "Lunch Bot", "description": "Asks who eats what."},
    "features": {
        "app_home": {"home_tab_enabled": True, "messages_tab_enabled": False},
        "bot_user": {"display_name": "Lunch"},
        "slash_commands": [
            {"command": "/lunch", "description": "Order", "usage_hint": "[dish]", "should_escape": True}
        ],
        "shortcuts": [
            {"name": "Order", "type": "global", "callback_id": "order", "description": "Order lunch"},
            {"name": "Order the same", "type": "message", "callback_id": "copy", "description": "Order it too"},
        ],
        "unfurl_domains": ["lunch.example.com"],
    },
    "oauth_config": {"scopes": {"bot": ["commands", "chat:write"]}},
    "settings": {
        "event_subscriptions": {"request_url": "http://localhost:3000/slack/events", "bot_events": ["app_mention"]},
        "interactivity": {"is_enabled": True, "request_url": "http://localhost:3000/slack/events"},
        "socket_mode_enabled": False,
    },
}


def changed(*path: str | int, to: Any) -> dict[str, Any]:
    """The manifest with something else at one place."""
    copy: dict[str, Any] = json.loads(json.dumps(MANIFEST))
    inner: Any = copy
    for step in path[:-1]:
        inner = inner[step]
    inner[path[-1]] = to
    return copy


def test_the_app_is_what_its_manifest_says() -> None:
    read = read_manifest(MANIFEST)
    app = read.app
    assert (app.name, app.handle, app.about) == ("Lunch Bot", "lunch", "Asks who eats what.")
    assert [(hint.text, hint.description) for hint in app.hints] == [("/lunch [dish]", "Order")]
    assert (list(app.commands), set(app.subscriptions)) == (["/lunch"], {"app_mention"})
    assert (app.home_tab, app.messages_tab) == (True, False)
    assert (set(app.escaped), list(app.link_domains)) == ({"/lunch"}, ["lunch.example.com"])
    assert [(one.callback_id, one.name, one.on_message) for one in app.shortcuts] == [
        ("order", "Order", False), ("copy", "Order the same", True),
    ]  # fmt: skip
    assert read.scopes == {"commands", "chat:write"}


def test_request_urls_are_given_with_their_places_and_none_in_socket_mode() -> None:
    assert set(read_manifest(MANIFEST).request_urls) == {
        "settings.event_subscriptions.request_url", "settings.interactivity.request_url",
    }  # fmt: skip
    assert not read_manifest(changed("settings", "socket_mode_enabled", to=True)).request_urls


def test_kpi_bots_own_manifest_is_taken_both_ways() -> None:
    asked = kpi_bot(url="http://127.0.0.1:8000", history=True)
    read = read_manifest(asked)
    assert read.scopes == set(asked["oauth_config"]["scopes"]["bot"])
    assert set(read.request_urls.values()) == {"http://127.0.0.1:8000/slack/events"}
    assert read_manifest(kpi_bot(url=None)).socket_mode


def test_every_event_the_sandbox_can_send_may_be_subscribed_to() -> None:
    assert SENT <= BOT_EVENTS


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (changed("display_information", to={}), "display_information.name: Field required"),
        (changed("features", "slash_commands", 0, "command", to="lunch"), "features.slash_commands[0].command: "),
        (changed("features", "shortcuts", 0, "type", to="local"), "features.shortcuts[0].type: "),
        (
            changed("settings", "event_subscriptions", "bot_events", to=["app_mention", "app_mentoin"]),
            "settings.event_subscriptions.bot_events[1]: unknown event 'app_mentoin'; did you mean 'app_mention'?",
        ),
        (changed("oauth_config", "scopes", "bot", to="chat:write"), "oauth_config.scopes.bot: "),
        (changed("settings", "socket_mode_enabled", to="perhaps"), "settings.socket_mode_enabled: "),
    ],
)
def test_a_mistake_is_named_by_its_place(wrong: dict[str, Any], said: str) -> None:
    with pytest.raises(CannotTake) as refused:
        read_manifest(wrong)
    assert str(refused.value).startswith(f"manifest: {said}")


def test_every_mistake_is_named_at_once() -> None:
    with pytest.raises(CannotTake) as refused:
        read_manifest(changed("display_information", to={"name": "x" * 36, "description": "y" * 141}))
    assert len(refused.value.faults) == 2


def test_broken_json_is_named_by_line_and_column(tmp_path: Path) -> None:
    file = tmp_path / "manifest.json"
    file.write_text('{\n  "display_information": {"name": "Lunch"},\n  oops\n}', encoding="utf-8")
    with pytest.raises(CannotTake, match=r"^manifest\.json:3:3: no JSON from here on: "):
        read_manifest(file)


@pytest.mark.parametrize("name", ["manifest.yaml", "manifest.json"])
def test_who_brings_yaml_is_told_where_the_json_is(tmp_path: Path, name: str) -> None:
    file = tmp_path / name
    file.write_text("display_information:\n  name: Lunch\n", encoding="utf-8")
    with pytest.raises(CannotTake, match=r"this is not JSON\. .*tab JSON"):
        read_manifest(file)


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(CannotTake, match=r"nowhere\.json: it cannot be read: No such file"):
        read_manifest(tmp_path / "nowhere.json")


# -- the company -------------------------------------------------------------------------------------------------

COMPANY: dict[str, Any] = {
    "name": "Lunch & Co",
    "people": [{"id": "U0EVE", "name": "eve", "tz": "Asia/Tokyo"}, {"id": "U0TOM", "name": "tom", "deleted": True}],
    "channels": [{"id": "C0EAT", "name": "eating", "members": ["eve"]}],
    "user_groups": [{"id": "S0EAT", "handle": "eaters", "name": "Eaters", "users": ["eve"]}],
}


def company_file(folder: Path, **fields: Any) -> Path:
    file = folder / "company.json"
    file.write_text(json.dumps({**COMPANY, **fields}), encoding="utf-8")
    return file


def test_a_company_is_read_from_its_file(tmp_path: Path) -> None:
    company = read_company(company_file(tmp_path))
    assert [(person.name, person.tz, person.deleted) for person in company.people] == [
        ("eve", "Asia/Tokyo", False), ("tom", "UTC", True),
    ]  # fmt: skip
    assert (company.name, company.channels[0].members, company.user_groups[0].users) == (
        "Lunch & Co", ("eve",), ("eve",),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"people": [{"name": "eve"}]}, r"people\[0\]\.id: "),
        ({"people": [{"id": "U0EVE", "name": "eve", "zone": "UTC"}]}, r"people\[0\]\.zone: "),
        ({"channels": [{"id": "C1", "name": "x", "members": ["adam"]}]}, r"channels: #x: nobody is called adam"),
        ({"user_groups": [{"id": "S1", "handle": "h", "name": "n", "users": ["adam"]}]}, "@h: nobody is called adam"),
        ({"channels": [{"id": "U0EVE", "name": "x"}]}, "the same id is given twice: U0EVE"),
    ],
)
def test_a_mistake_in_a_company_is_named_by_its_place(tmp_path: Path, fields: dict[str, Any], said: str) -> None:
    with pytest.raises(CannotTake, match=rf"^company\.json: .*{said}"):
        read_company(company_file(tmp_path, **fields))


def test_the_small_company_holds_one_of_each_kind() -> None:
    rooms, people = SMALL_COMPANY.channels, SMALL_COMPANY.people
    assert {(room.is_private, room.is_archived, room.with_bot) for room in rooms} >= {
        (False, False, True), (False, False, False), (True, False, True), (False, True, True),
    }  # fmt: skip
    assert any(person.is_restricted for person in people) and any(person.deleted for person in people)
    assert len({person.tz for person in people}) > 2


def test_all_mistakes_are_told_at_once() -> None:
    wrong = changed("settings", "event_subscriptions", "bot_events", to=["app_menton", "app_mention"])
    del wrong["display_information"]
    with pytest.raises(CannotTake) as refused:
        read_manifest(wrong)
    assert len(refused.value.faults) == 2
    assert "did you mean 'app_mention'?" in str(refused.value)


def test_what_means_nothing_here_is_remarked_on() -> None:
    wrong = changed("settings", "event_subscriptions", "bot_events", to=["file_shared", "app_mention"])
    wrong["oauth_config"]["scopes"]["bot"] = ["chat:write", "chat:writ"]
    events, scope = read_manifest(wrong).remarks
    assert events == "these events never happen here: file_shared"
    assert "'chat:writ'" in scope
    assert read_manifest(MANIFEST).remarks == ()
