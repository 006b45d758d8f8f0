"""The control database of one test, once on each database that it runs on."""

from pathlib import Path

import pytest

from tests.postgres import Postgres


@pytest.fixture(params=["sqlite", "postgresql"])
def control_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Address of an empty control database."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'state' / 'control.db'}"
    server: Postgres = request.getfixturevalue("postgres")
    return server.new_database()
