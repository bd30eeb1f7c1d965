"""Ways tests read a folder: with one edit, and expecting refusal."""

from pathlib import Path

import pytest

from bot.core.errors import Fault, PolicyRefused
from bot.rulebook import read_policy


def edit(folder: Path, file: str, old: str, new: str) -> None:
    """Replace a text that must be in the file, once."""
    path = folder / file
    text = path.read_text(encoding="utf-8")
    assert old in text, f"{file} has no {old!r}"
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def faults_of(folder: Path) -> list[Fault]:
    """Read a folder that must be refused and give its faults."""
    with pytest.raises(PolicyRefused) as refused:
        read_policy(folder)
    return refused.value.faults
