"""Node and the packages beside this file: where they are, and what to say where they are not."""

import json
import os
import shutil
import subprocess
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import pytest

HERE = Path(__file__).parent
MODULES = HERE / "node_modules"
OLDEST = 20
REMEDY = f"these judges need Node {OLDEST} or newer and their packages: npm ci --prefix tests/oracles"


def missing() -> str | None:
    """Say what to do when the judges that run on Node cannot; None when they can."""
    return None if _version() >= OLDEST and (MODULES / "typescript").is_dir() else REMEDY


@cache
def _version() -> int:
    """Give Node's major version, 0 without one."""
    node = shutil.which("node")
    if node is None:
        return 0
    said = subprocess.run([node, "--version"], check=False, capture_output=True, text=True, timeout=10).stdout
    return int(said.removeprefix("v").partition(".")[0] or 0)


def is_demanded() -> bool:
    """Say whether a missing judge is a failure."""
    return os.environ.get("CI") == "true"


def need_node() -> None:
    """Skip the test where Node or its packages are missing; where CI=true, fail it."""
    lacking = missing()
    if lacking and is_demanded():
        pytest.fail(lacking)
    if lacking:
        pytest.skip(lacking)


def answers_of(script: str, *arguments: str, lines: Iterable[Any], timeout: float = 60) -> list[Any]:
    """Run a script beside this file, JSON lines in and JSON lines out."""
    asked = "".join(json.dumps(line) + "\n" for line in lines)
    command = ["node", str(HERE / script), *arguments]
    done = subprocess.run(
        command, check=False, input=asked, capture_output=True, text=True, timeout=timeout, env=environment()
    )
    assert done.returncode == 0, f"{script} ended with {done.returncode}:\n{done.stderr}"
    return [json.loads(line) for line in done.stdout.splitlines()]


def environment(more: Mapping[str, str] | None = None) -> dict[str, str]:
    """Give this process's environment without what would lead Node's clients off the machine."""
    proxies = {"http_proxy", "https_proxy", "all_proxy"}
    return {name: value for name, value in os.environ.items() if name.lower() not in proxies} | dict(more or {})
