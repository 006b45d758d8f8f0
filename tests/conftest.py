"""What tests of several packages share: a state folder of their own, exports to land, real data."""

import os
from collections.abc import Callable, Iterator
from contextlib import closing
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest

from ingestion.costs.report import IngestReport
from pipeline.ingest import ingest_costs
from pipeline.settings import Settings
from tests.postgres import Postgres, programs, running

PARTNER, TENANT = "northwind", "contoso"
_SHARED = Path(os.environ.get("CLOUDPRUNE_SHARED", Path(__file__).parents[2] / "shared")) / "data"

Ingest = Callable[..., IngestReport]


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of real exports beside the checkout; tests that need it are skipped without it."""
    if not _SHARED.is_dir():
        pytest.skip(f"real exports are not here: {_SHARED} is absent")
    return _SHARED


@pytest.fixture(autouse=True)
def _no_state_of_the_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in list(os.environ):
        if name.startswith("CLOUDPRUNE_"):
            monkeypatch.delenv(name)


def pytest_addoption(parser: pytest.Parser) -> None:
    """Let the suite run on the other control database, too."""
    parser.addoption(
        "--control",
        choices=["sqlite", "postgresql"],
        default="sqlite",
        help="what the control database of a test's `settings` is kept in",
    )


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """A real server; tests that need it are skipped where none can be installed."""
    found = programs()
    if found is None:
        pytest.skip("PostgreSQL is not installed; sh tests/install-tools does it on Debian")
    with running(found) as server:
        yield server


@pytest.fixture
def settings(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Settings:
    """State of its own for one test, and for the commands that it runs."""
    if request.config.getoption("--control") == "postgresql":
        server: Postgres = request.getfixturevalue("postgres")
        monkeypatch.setenv("CLOUDPRUNE_CONTROL_URL", server.new_database())
    return Settings(home=tmp_path / "state", work_memory="1GB")


@pytest.fixture
def exports(tmp_path: Path) -> Path:
    """An empty folder for exports."""
    folder = tmp_path / "exports"
    folder.mkdir()
    return folder


@pytest.fixture
def ingest(settings: Settings, exports: Path) -> Ingest:
    """Land the exports folder, or another source, for one tenant."""

    def land(
        source: Path | str | None = None, tenant: str = TENANT, **options: Any
    ) -> IngestReport:
        options = {"makes_tenant": True} | options
        return ingest_costs(settings, PARTNER, tenant, str(source or exports), **options)

    return land


class Lake:
    """What landed for the test's tenant, asked with SQL."""

    def __init__(self, settings: Settings) -> None:
        self._root = Path(settings.lake)

    def rows(self, sql: str, tenant: str = TENANT) -> list[tuple[Any, ...]]:
        """Return the rows of a query over `cost_lines`, `loads`, `bill_totals` and `rejected`."""
        with closing(duckdb.connect()) as con:
            con.execute("set timezone = 'UTC'")
            for table in ("cost_lines", "loads", "bill_totals", "rejected"):
                files = self._root / f"partner_id={PARTNER}/tenant_id={tenant}/{table}"
                if files.exists():
                    con.execute(
                        f"create view {table} as select * from read_parquet("
                        f"'{files}/*/*/data.parquet', hive_types_autocast = false)"
                    )
            return con.execute(sql).fetchall()

    def one(self, sql: str, tenant: str = TENANT) -> Any:
        """Return the only value of a query."""
        ((value,),) = self.rows(sql, tenant)
        return value

    def costs(self, condition: str = "true", tenant: str = TENANT) -> tuple[Decimal | None, ...]:
        """Return the sums of billed, effective, list and contracted cost."""
        (sums,) = self.rows(
            "select sum(billed_cost), sum(effective_cost), sum(list_cost), sum(contracted_cost) "
            f"from cost_lines where {condition}",
            tenant,
        )
        return sums


@pytest.fixture
def lake(settings: Settings) -> Lake:
    """The lake that `ingest` fills."""
    return Lake(settings)
