"""A rules folder that is edited while the bot runs: read again once it has changed and then stood still."""

import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from bot.core.errors import Fault, PolicyRefused
from bot.core.policy import Policy
from bot.rulebook.folder import file_names, hashes_of, read_files
from bot.rulebook.policy import policy_from

SETTLES = 2.0
"""Seconds for which nothing may change before the folder is read: a copy of many files is not told as broken."""

Stamp = tuple[tuple[str, ...], ...]
"""What the file system says of each file without opening it; any write, rename, link or mode changes it."""


class Reading(NamedTuple):
    """A folder as it was read: its policy, or None and what is wrong; of each file by name its hash and its bytes.

    origins: of each file who owns it and when it was written, as the file system says.
    """

    policy: Policy | None
    faults: tuple[Fault, ...]
    files: dict[str, str]
    contents: dict[str, bytes]
    origins: dict[str, str]


def read_folder(folder: Path) -> Reading:
    """Read a rules folder; whatever is in it, the answer is a policy or faults."""
    contents, unread = read_files(folder)
    return _reading(contents, unread, {name: _origin(folder / name) for name in contents})


def read_contents(contents: dict[str, bytes]) -> Reading:
    """Read the files of a folder that were kept, by name."""
    return _reading(contents, [], {})


def _reading(contents: dict[str, bytes], unread: list[Fault], origins: dict[str, str]) -> Reading:
    try:
        policy, _ = policy_from(contents, unread)
    except PolicyRefused as refused:
        return Reading(None, tuple(refused.faults), hashes_of(contents), contents, origins)
    return Reading(policy, (), hashes_of(contents), contents, origins)


def _origin(file: Path) -> str:
    try:
        seen = file.stat()
    except OSError as error:
        return f"cannot be told: {error.strerror}"
    try:
        owner = file.owner()
    except (KeyError, OSError):
        owner = str(seen.st_uid)
    return f"{owner} {datetime.fromtimestamp(seen.st_mtime, UTC).isoformat(timespec='seconds')}"


def rules_stamp(folder: Path) -> Stamp:
    """Stamp the files of a rules folder."""
    try:
        names = file_names(folder)
    except OSError as error:
        return (("", str(error.errno)),)
    return tuple(_stamps(folder, names))


def messages_stamp(folder: Path) -> Stamp:
    """Stamp the templates of a messages folder."""
    try:
        names = sorted(path.relative_to(folder).as_posix() for path in folder.glob("*/*.j2"))
    except OSError as error:
        return (("", str(error.errno)),)
    return tuple(_stamps(folder, names))


def _stamps(folder: Path, names: list[str]) -> Iterator[tuple[str, ...]]:
    for name in names:
        try:
            seen = (folder / name).stat()
        except OSError as error:
            yield name, str(error.errno)
            continue
        told = (seen.st_mtime_ns, seen.st_ctime_ns, seen.st_size, seen.st_ino, seen.st_dev, seen.st_mode)
        yield (name, *map(str, told))


class Stillness:
    """Says when something has changed and then stood still for so many seconds."""

    def __init__(self, stamp: Callable[[], Stamp], settles: float, clock: Callable[[], float]) -> None:
        self._stamp, self._settles, self._clock = stamp, settles, clock
        self._seen = self._moving = stamp()
        self._since = clock()

    def settled(self) -> bool:
        """Look once; True only once for each change, as soon as it is over."""
        stamp, now = self._stamp(), self._clock()
        if stamp != self._moving:
            self._moving, self._since = stamp, now
        if stamp == self._seen or now - self._since < self._settles:
            return False
        self._seen = stamp
        return True

    def holds(self) -> bool:
        """Say whether everything still is as it was when it had settled."""
        return self._stamp() == self._seen


class FolderWatch:
    """A rules folder, read again when it has changed; looking costs no more than asking for the state of its files."""

    def __init__(self, folder: Path, *, settles: float = SETTLES, clock: Callable[[], float] = time.monotonic) -> None:
        """clock: seconds that only ever grow. What is in the folder now counts as seen."""
        self._folder = folder
        self._stillness = Stillness(lambda: rules_stamp(folder), settles, clock)

    def look(self) -> Reading | None:
        """Give the folder as it is now, when it has changed and settled; None when there is nothing new.

        What changed while it was being read is not taken, half old and half new, but read again later.
        """
        if not self._stillness.settled():
            return None
        reading = read_folder(self._folder)
        return reading if self._stillness.holds() else None
