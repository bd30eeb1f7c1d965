"""The small company's folder, fresh for each test."""

from pathlib import Path

import pytest

from tests.rulebook.small_company import write_small_company


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The rules folder of the small company."""
    return write_small_company(tmp_path / "rules")
