"""Who the people are: profiles, emails, guests, other workspaces, groups, presence and do-not-disturb."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from slack_sdk import WebClient

from bot.sandbox import Channel, Person, Sandbox, serve
from tests.sandbox.asking import asked, error
from tests.sandbox.fixtures import PEOPLE, TUESDAY, client, client_of, sandbox, small_sandbox

__all__ = ["client", "sandbox"]


def test_people_are_found_with_zone_guest_mark_and_email(client: WebClient) -> None:
    ana = asked(client, "users.info", user="U0ANA")["user"]
    assert (ana["tz"], ana["tz_offset"], ana["profile"]["email"]) == ("Europe/Madrid", 3600, "ana@example.com")
    assert asked(client, "users.info", user="U0CAT")["user"]["is_restricted"] is True
    assert asked(client, "users.info", user="U0SANDBOX")["user"]["is_bot"] is True
    assert error(client, "users.info", user="U0NONE") == "user_not_found"


def test_a_language_is_told_only_when_asked_for(client: WebClient) -> None:
    assert "locale" not in asked(client, "users.info", user="U0ANA")["user"]
    assert asked(client, "users.info", user="U0ANA", include_locale=True)["user"]["locale"] == "es-ES"


def test_who_has_left_is_marked_and_has_no_zone_and_no_address(client: WebClient) -> None:
    gone = asked(client, "users.info", user="U0GON", include_locale=True)["user"]
    assert gone["deleted"] is True
    assert not {"tz", "tz_offset", "locale"} & gone.keys()
    assert error(client, "users.lookupByEmail", email="gone@example.com") == "users_not_found"


def test_who_leaves_is_gone_from_the_groups(sandbox: Sandbox, client: WebClient) -> None:
    sandbox.workspace.deactivate("U0BOB")
    assert asked(client, "usergroups.users.list", usergroup="S0REV")["users"] == ["U0ANA"]


def test_people_are_found_by_email_in_any_letters(client: WebClient) -> None:
    assert asked(client, "users.lookupByEmail", email="BOB@example.com")["user"]["id"] == "U0BOB"
    assert error(client, "users.lookupByEmail", email="nobody@example.com") == "users_not_found"


def test_an_email_is_kept_back_without_its_scope() -> None:
    sandbox = small_sandbox(scopes={"users:read"})
    with serve(sandbox):
        assert "email" not in asked(client_of(sandbox), "users.info", user="U0ANA")["user"]["profile"]


def test_everybody_is_listed_at_once_or_in_pages(client: WebClient) -> None:
    whole = asked(client, "users.list")
    assert [user["name"] for user in whole["members"]] == ["ana", "bob", "cat", "gone", "kpi-bot"]
    first = asked(client, "users.list", limit="3")
    rest = asked(client, "users.list", limit="3", cursor=first["response_metadata"]["next_cursor"])
    assert first["members"] + rest["members"] == whole["members"]
    assert rest["response_metadata"]["next_cursor"] == ""


def test_user_groups_name_their_people_and_number_when_asked(client: WebClient) -> None:
    (bare,) = asked(client, "usergroups.list")["usergroups"]
    assert (bare["handle"], "users" in bare, "user_count" in bare) == ("revenue-team", False, False)
    (group,) = asked(client, "usergroups.list", include_users=True, include_count=True)["usergroups"]
    assert (group["users"], group["user_count"]) == (["U0ANA", "U0BOB"], 2)
    assert error(client, "usergroups.users.list", usergroup="S0NONE") == "no_such_subteam"


# -- guests and other workspaces -----------------------------------------------------------------------------

WIDER = (
    *PEOPLE,
    Person("U0ONE", "one", is_ultra_restricted=True),
    Person("U0EVE", "eve", email="eve@partner.example", is_stranger=True),
    Person("U0FAR", "far", is_stranger=True),
)
WIDER_CHANNELS = (
    Channel("C0REV", "revenue", ("ana", "bob")),
    Channel("C0PAR", "partners", ("ana", "eve", "one"), is_shared=True),
)


@pytest.fixture
def wider() -> Iterator[Sandbox]:
    """The small company with a guest of one channel, a partner in a shared channel, and one in none."""
    built = small_sandbox(people=WIDER, channels=WIDER_CHANNELS)
    with serve(built):
        yield built


def test_a_partner_is_of_another_team_without_email_and_cannot_be_looked_up(wider: Sandbox) -> None:
    client = client_of(wider)
    eve = asked(client, "users.info", user="U0EVE")["user"]
    assert (eve["team_id"], eve["is_stranger"], "email" in eve["profile"]) == ("T0STRANGER", False, False)
    assert error(client, "users.lookupByEmail", email="eve@partner.example") == "users_not_found"


def test_a_person_from_elsewhere_without_a_common_channel_is_a_stranger(wider: Sandbox) -> None:
    client = client_of(wider)
    assert asked(client, "users.info", user="U0FAR")["user"]["is_stranger"] is True
    assert "far" not in [user["name"] for user in asked(client, "users.list")["members"]]
    assert "eve" in [user["name"] for user in asked(client, "users.list")["members"]]
    assert error(client, "chat.postMessage", channel="U0FAR", text="a") == "channel_not_found"
    assert error(client, "conversations.open", users="U0FAR") == "user_not_visible"
    assert asked(client, "chat.postMessage", channel="U0EVE", text="a")["channel"] == "D0EVE"


def test_partners_are_invited_to_shared_channels_only(wider: Sandbox) -> None:
    client = client_of(wider)
    assert error(client, "conversations.invite", channel="C0REV", users="U0EVE") == "cant_invite"
    asked(client, "conversations.invite", channel="C0PAR", users="U0FAR")
    assert asked(client, "users.info", user="U0FAR")["user"]["is_stranger"] is False


def test_a_guest_of_one_channel_is_in_no_other(wider: Sandbox) -> None:
    client = client_of(wider)
    one = asked(client, "users.info", user="U0ONE")["user"]
    assert (one["is_restricted"], one["is_ultra_restricted"]) == (True, True)
    assert error(client, "conversations.invite", channel="C0REV", users="U0ONE") == "ura_max_channels"
    with pytest.raises(ValueError, match="guest of one channel"):
        small_sandbox(people=WIDER, channels=[Channel("C1", "a", ("one",)), Channel("C2", "b", ("one",))])


def test_guests_and_partners_see_only_the_channels_they_are_in(wider: Sandbox) -> None:
    workspace = wider.workspace
    seen = {
        name: [room.name for room in workspace.rooms.values() if workspace.sees(workspace.person(name).id, room)]
        for name in ("bob", "cat", "one", "eve")
    }
    assert seen == {"bob": ["revenue", "partners"], "cat": [], "one": ["partners"], "eve": ["partners"]}


# -- presence and do-not-disturb -----------------------------------------------------------------------------


def test_presence_follows_the_person(sandbox: Sandbox, client: WebClient) -> None:
    assert asked(client, "users.getPresence", user="U0ANA") == {"ok": True, "presence": "active"}
    sandbox.workspace.set_presence("U0ANA", "away")
    assert asked(client, "users.getPresence", user="U0ANA")["presence"] == "away"
    assert asked(client, "users.getPresence", user="U0GON")["presence"] == "away"
    assert asked(client, "users.getPresence")["online"] is True
    assert error(client, "users.getPresence", user="U0NONE") == "user_not_found"
    with pytest.raises(ValueError, match="active or away"):
        sandbox.workspace.set_presence("U0ANA", "asleep")


def window(answer: dict[str, Any]) -> tuple[datetime, datetime]:
    start, end = (answer[f"next_dnd_{name}_ts"] for name in ("start", "end"))
    return datetime.fromtimestamp(start, UTC), datetime.fromtimestamp(end, UTC)


def test_a_person_without_quiet_hours_can_always_be_disturbed(client: WebClient) -> None:
    answer = asked(client, "dnd.info", user="U0ANA")
    assert answer == {"ok": True, "dnd_enabled": False, "next_dnd_start_ts": 1, "next_dnd_end_ts": 1}
    assert asked(client, "dnd.info")["snooze_enabled"] is False
    assert error(client, "dnd.info", user="U0NONE") == "user_not_found"


def test_quiet_hours_are_told_in_the_persons_own_zone() -> None:
    people = [Person("U0ANA", "ana", tz="Europe/Madrid", quiet_hours=("22:00", "08:00"))]
    sandbox = small_sandbox(people=people, channels=[], user_groups=())
    with serve(sandbox):
        answer = asked(client_of(sandbox), "dnd.info", user="U0ANA")
        assert (answer["dnd_enabled"], sandbox.workspace.is_quiet("U0ANA")) == (True, False)
        assert window(answer) == (TUESDAY.replace(hour=21), TUESDAY.replace(day=25, hour=7))
        sandbox.clock.move_to(TUESDAY.replace(day=25, hour=6))
        assert sandbox.workspace.is_quiet("U0ANA")
        assert window(asked(client_of(sandbox), "dnd.info", user="U0ANA")) == window(answer)


def test_a_pause_runs_until_its_end(sandbox: Sandbox, client: WebClient) -> None:
    until = TUESDAY + timedelta(hours=2)
    sandbox.workspace.set_dnd("U0ANA", until)
    assert window(asked(client, "dnd.info", user="U0ANA")) == (TUESDAY, until)
    sandbox.clock.advance(timedelta(hours=3))
    assert asked(client, "dnd.info", user="U0ANA")["dnd_enabled"] is False
    sandbox.workspace.set_dnd("U0ANA", until + timedelta(hours=5))
    sandbox.workspace.set_dnd("U0ANA", None)
    assert asked(client, "dnd.info", user="U0ANA")["dnd_enabled"] is False


def test_several_people_are_asked_about_at_once(sandbox: Sandbox, client: WebClient) -> None:
    sandbox.workspace.set_dnd("U0BOB", TUESDAY + timedelta(hours=1))
    answer = asked(client, "dnd.teamInfo", users="U0ANA,U0BOB,U0NONE")["users"]
    assert {user: told["dnd_enabled"] for user, told in answer.items()} == {"U0ANA": False, "U0BOB": True}
    assert error(client, "dnd.teamInfo", users="") == "no_users_provided"
    assert error(client, "dnd.teamInfo", users=",".join(["U0ANA"] * 51)) == "too_many_users"


PICTURES = {f"image_{size}" for size in (24, 32, 48, 72, 192, 512)}
NAMES = {"real_name", "display_name", "first_name", "last_name", "title", "phone", "avatar_hash", "status_expiration"}


@pytest.mark.parametrize("user", ["U0ANA", "U0SANDBOX"])
def test_a_profile_holds_what_apps_read_without_asking(client: WebClient, user: str) -> None:
    member = client.users_info(user=user)["user"]
    assert member["profile"].keys() >= PICTURES | NAMES
    assert member.keys() >= {"color", "is_email_confirmed", "who_can_share_contact_card"}
    assert all(member["profile"][picture].startswith("http://127.0.0.1:") for picture in PICTURES)


def test_a_bot_and_a_workspace_have_pictures_too(client: WebClient) -> None:
    assert client.bots_info(bot="B0SANDBOX")["bot"]["icons"].keys() == {"image_36", "image_48", "image_72"}
    assert "image_132" in client.team_info()["team"]["icon"]
    posted = client.chat_postMessage(channel="C0REV", text="hello", icon_url="https://x.example/a.png")
    assert posted["message"]["icons"] == {"image_64": "https://x.example/a.png"}
