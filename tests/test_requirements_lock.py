"""requirements.lock fits pyproject.toml; that newer versions exist is no reason to fail."""

import re
import tomllib
from pathlib import Path

import pytest
from packaging.markers import default_environment
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[1]
_PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
_LOCKED_EXTRAS = re.findall(r"--extra (\w+)", (ROOT / ".ci" / "lock").read_text(encoding="utf-8"))
_EXTRAS = [one for extra in _LOCKED_EXTRAS for one in _PROJECT["optional-dependencies"][extra]]
DIRECT = [Requirement(line) for line in (*_PROJECT["dependencies"], *_EXTRAS)]
MEND = "run .ci/lock"

_TEXT = (ROOT / "requirements.lock").read_text(encoding="utf-8")
_ENTRY = re.compile(r"^(?P<name>[a-z0-9-]+)(\[[a-z,]+\])?==(?P<version>\S+)(?P<rest>(?:.*\\\n)*.*)$", re.MULTILINE)
LOCKED = {match["name"]: match for match in _ENTRY.finditer(_TEXT)}


@pytest.mark.parametrize("wanted", DIRECT, ids=str)
def test_every_direct_dependency_is_locked_at_a_version_we_ask_for(wanted: Requirement) -> None:
    entry = LOCKED.get(canonicalize_name(wanted.name))
    assert entry is not None, MEND
    assert wanted.specifier.contains(entry["version"]), MEND


def test_every_line_is_a_pinned_version_a_hash_or_a_comment() -> None:
    strange = [
        line
        for line in _TEXT.splitlines()
        if not re.fullmatch(
            r"[a-z0-9-]+(\[[a-z,]+\])?==\S+( ; [^\\]+)? \\| +--hash=sha256:[0-9a-f]{64}( \\)?| *#.*", line
        )
    ]
    assert strange == []


def test_every_locked_version_has_a_hash() -> None:
    assert len(LOCKED) > len(DIRECT)
    assert [name for name, entry in LOCKED.items() if "--hash=sha256:" not in entry["rest"]] == []


def test_lock_names_no_address() -> None:
    assert "://" not in _TEXT


@pytest.mark.parametrize("python", ["3.11.2", "3.12.0", "3.13.0", "3.14.0"])
def test_lock_serves_every_python_we_promise(python: str) -> None:
    """A marker may give each Python a version of its own, and leave out what is not ours; never what we ask for."""
    minor = python.rpartition(".")[0]
    there = default_environment() | {"python_version": minor, "python_full_version": python}
    environment = {str(key): str(value) for key, value in there.items()}
    for wanted in DIRECT:
        lines = [match.group(0).split("\\", 1)[0].strip() for match in _ENTRY.finditer(_TEXT)]
        ours = [Requirement(line) for line in lines if Requirement(line).name == canonicalize_name(wanted.name)]
        serving = [one for one in ours if one.marker is None or one.marker.evaluate(environment)]
        assert len(serving) == 1, f"{wanted.name} on Python {python}"
