"""Where people live, as far as the workspace tells it."""

from collections.abc import Iterator
from contextlib import contextmanager
from zoneinfo import ZoneInfo

from bot.sandbox import Person, Sandbox, serve
from bot.slack.messenger import make_client
from bot.slack.profiles import Profiles

MIA = Person("U0MIA0001", "mia", "Mia Moss", tz="America/New_York")


@contextmanager
def workspace(*scopes: str) -> Iterator[tuple[Sandbox, Profiles]]:
    sandbox = Sandbox((MIA,), (), scopes=scopes)
    with serve(sandbox):
        yield sandbox, Profiles(make_client("xoxb-sandbox", sandbox.api_url))
    sandbox.close()


def test_somebodys_time_zone_is_asked_for_once_and_kept() -> None:
    with workspace("users:read") as (sandbox, profiles):
        assert [profiles.zone(MIA.id) for _ in range(3)] == [ZoneInfo("America/New_York")] * 3
        assert len(sandbox.calls("users.info")) == 1


def test_a_workspace_that_does_not_tell_leaves_the_zone_unknown() -> None:
    with workspace("chat:write") as (sandbox, profiles):
        assert profiles.zone(MIA.id) is None
        assert profiles.zone(MIA.id) is None
        assert len(sandbox.calls("users.info")) == 1


def test_a_stranger_has_no_zone() -> None:
    with workspace("users:read") as (_, profiles):
        assert profiles.zone("U0NOBODY1") is None


def test_who_has_left_has_no_account_and_is_asked_about_each_time() -> None:
    with workspace("users:read") as (sandbox, profiles):
        assert profiles.present(MIA.id)
        sandbox.deactivate(MIA.id)
        assert not profiles.present(MIA.id)
        assert not profiles.present("U0NOBODY1")


def test_a_workspace_that_does_not_tell_is_taken_to_have_everybody() -> None:
    with workspace("chat:write") as (sandbox, profiles):
        sandbox.deactivate(MIA.id)
        assert profiles.present(MIA.id)
