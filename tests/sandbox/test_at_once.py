"""Many at once: no two messages have the same time, and nobody stumbles over what another changes."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable, Iterator

import pytest

from bot.sandbox.state.records import Room
from tests.sandbox.fixtures import small_sandbox


@pytest.fixture(autouse=True)
def _hurried() -> Iterator[None]:
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(before)


def all_at_once(count: int, act: Callable[[int], object]) -> list[BaseException]:
    problems: list[BaseException] = []
    start = threading.Barrier(count)

    def run(number: int) -> None:
        start.wait()
        try:
            act(number)
        except BaseException as problem:  # noqa: BLE001 - told to the test
            problems.append(problem)

    threads = [threading.Thread(target=run, args=(number,)) for number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return problems


def test_no_two_messages_have_the_same_time() -> None:
    workspace, found = small_sandbox().workspace, list[str]()
    assert all_at_once(8, lambda _: found.extend([workspace.next_ts() for _ in range(2000)])) == []
    assert len(set(found)) == len(found) == 16_000


def test_rooms_are_found_while_others_are_made() -> None:
    workspace = small_sandbox().workspace

    def act(number: int) -> None:
        for turn in range(1500):
            if number % 2:
                name = f"room-{number}-{turn}"
                workspace.rooms[name] = Room(name, name, "public", [])
            elif turn % 10 == 0:
                assert workspace.find_room("nowhere") is None
                workspace.channels_of("U0ANA")

    assert all_at_once(4, act) == []


def test_a_person_and_the_app_have_one_direct_conversation() -> None:
    for _ in range(200):
        workspace, found = small_sandbox().workspace, list[Room]()
        all_at_once(4, lambda _: found.append(workspace.direct_room("U0ANA")))  # noqa: B023 - done before the next turn
        assert len({id(room) for room in found}) == 1
