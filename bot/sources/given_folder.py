"""A folder that a connection names, and the only way to a file in it: no path leads out, none to what is no file."""

import os
import stat
from pathlib import Path

from bot.sources.rows import SourceFailed

_READ = os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW | os.O_NONBLOCK


def open_inside(folder: Path, name: str, *, most_bytes: int) -> int:
    """Open a file inside the folder for reading and give its descriptor, which the caller closes.

    name: relative to the folder. Links may lead about inside the folder, not out of it: the file is opened step by
    step by its real path and no link is followed on the way, so a link changed meanwhile leads nowhere.
    Raises SourceFailed.
    """
    root, steps = _steps(folder, name)
    opened = _open_steps(root, steps)
    try:
        _check(opened, most_bytes)
    except SourceFailed:
        os.close(opened)
        raise
    return opened


def read_inside(folder: Path, name: str, *, most_bytes: int) -> bytes:
    """Give the bytes of a file inside the folder; as ``open_inside`` otherwise."""
    with os.fdopen(open_inside(folder, name, most_bytes=most_bytes), "rb") as file:
        body = file.read(most_bytes + 1)
    if len(body) > most_bytes:
        raise _too_large(most_bytes)
    return body


def _steps(folder: Path, name: str) -> tuple[Path, tuple[str, ...]]:
    if "\0" in name or "\\" in name or name.startswith("/") or ".." in name.split("/"):
        raise _outside()
    try:
        root = folder.resolve(strict=True)
    except (OSError, RuntimeError, ValueError):
        raise SourceFailed("no_folder", "the connection's folder is not there", passing=True) from None
    try:
        real = (root / name).resolve(strict=True)
    except FileNotFoundError:
        raise _missing() from None
    except (OSError, RuntimeError, ValueError):
        raise SourceFailed("file", "the file's name leads nowhere", passing=False) from None
    if real == root or not real.is_relative_to(root):
        raise _outside()
    return root, real.relative_to(root).parts


def _open_steps(root: Path, steps: tuple[str, ...]) -> int:
    try:
        here = os.open(root, _READ | os.O_DIRECTORY)
        for number, step in enumerate(steps, 1):
            outer, kind = here, (os.O_DIRECTORY if number < len(steps) else 0)
            try:
                here = os.open(step, _READ | kind, dir_fd=outer)
            finally:
                os.close(outer)
    except FileNotFoundError:
        raise _missing() from None
    except OSError as error:
        problem = f"the file cannot be opened ({error.strerror}); let the bot's user read it"
        raise SourceFailed("file", problem, passing=True) from None
    return here


def _check(opened: int, most_bytes: int) -> None:
    """Raise SourceFailed unless it is a regular file within the cap: no folder, pipe, socket or device."""
    found = os.fstat(opened)
    if not stat.S_ISREG(found.st_mode):
        raise SourceFailed("file", "the name leads to a folder or device, not to a file", passing=False)
    if found.st_size > most_bytes:
        raise _too_large(most_bytes)


def _too_large(most_bytes: int) -> SourceFailed:
    problem = f"the file is larger than {most_bytes // 2**20} MiB; keep in it what is needed"
    return SourceFailed("too_large", problem, passing=False)


def _outside() -> SourceFailed:
    problem = "the file lies outside the connection's folder; name it relative to that folder"
    return SourceFailed("outside", problem, passing=False)


def _missing() -> SourceFailed:
    return SourceFailed("missing", "the file is not in the connection's folder (yet)", passing=True)
