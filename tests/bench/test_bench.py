"""The bench runs, and says what a script reads."""

import json
import subprocess
import sys
from pathlib import Path

import pytest


@pytest.mark.parametrize(("name", "unit"), [("P1", "ms"), ("P1b", "ms"), ("P1m", "MiB"), ("P1n", "us"), ("A1", "F1")])
def test_a_line_gives_its_figure_its_floor_and_their_ratio(name: str, unit: str) -> None:
    command = [sys.executable, "-m", "tests.bench", name, "--tiny", "--json"]
    root = Path(__file__).parents[2]
    ended = subprocess.run(command, cwd=root, capture_output=True, text=True, timeout=100, check=True)
    line = json.loads(ended.stdout)[name]
    assert line["unit"] == unit
    assert line["value"] > 0
    assert line["floor"] > 0
    assert abs(line["ratio"] - line["value"] / line["floor"]) < 0.02 * line["ratio"]
    assert "Python" in ended.stderr
