"""The control database of one test, once on each database that it runs on."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.postgres import Postgres, programs, running


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """A real server; tests that need it are skipped where none can be installed."""
    found = programs()
    if found is None:
        pytest.skip("PostgreSQL is not installed; sh tests/install-tools does it on Debian")
    with running(found) as server:
        yield server


@pytest.fixture(params=["sqlite", "postgresql"])
def control_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Address of an empty control database."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'state' / 'control.db'}"
    server: Postgres = request.getfixturevalue("postgres")
    return server.new_database()
