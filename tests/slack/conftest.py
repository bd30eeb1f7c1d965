"""What the tests of the Slack edge share: the small company, served."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.slack.company import Company, company


@pytest.fixture
def small(tmp_path: Path) -> Iterator[Company]:
    """The small company in a sandbox of its own; nothing is connected yet."""
    with company(tmp_path) as built:
        yield built


@pytest.fixture
def served(small: Company) -> Iterator[Company]:
    """The small company, reached by signed HTTP."""
    with small.over_http():
        yield small
