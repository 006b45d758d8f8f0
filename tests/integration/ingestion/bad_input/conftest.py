"""A good delivery beside every bad one."""

from pathlib import Path

import pytest

from tests.integration.ingestion import made
from tests.integration.ingestion.bad_input.support import GOOD


@pytest.fixture
def good(exports: Path) -> Path:
    """A sound export beside whatever is wrong."""
    return made.write(exports / "good.csv", made.FOCUS, GOOD, GOOD)
