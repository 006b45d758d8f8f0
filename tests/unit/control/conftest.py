"""The control database of one test."""

from pathlib import Path

import pytest


@pytest.fixture
def control_url(tmp_path: Path) -> str:
    """Address of an empty control database."""
    return f"sqlite:///{tmp_path / 'control.db'}"
