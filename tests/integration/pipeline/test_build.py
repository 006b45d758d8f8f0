"""The warehouse: what a build does again, what it leaves alone, and what it must not keep."""

import shutil
import subprocess
import sys
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from pipeline.build import build_warehouse
from pipeline.dbt_run import run_dbt
from pipeline.errors import BuildError
from pipeline.ingest import ingest_costs
from pipeline.publish import publish_marts
from pipeline.settings import Settings
from pipeline.warehouse import Warehouse
from serving.errors import PublishError
from serving.session import Session, open_session
from tests.conftest import PARTNER, Ingest
from tests.content import served
from tests.integration.ingestion import made
from tests.integration.ingestion.interruptions import killed_after

pytestmark = pytest.mark.integration

_BUILD = """
import sys
from pathlib import Path
from pipeline.build import build_warehouse
from pipeline.settings import Settings
build_warehouse(Settings(home=Path(sys.argv[1])), sys.argv[2])
sys.exit("pandas was imported" if "pandas" in sys.modules else 0)
"""

APRIL = {
    "BillingPeriodStart": "2026-04-01T00:00:00Z",
    "BillingPeriodEnd": "2026-05-01T00:00:00Z",
    "ChargePeriodStart": "2026-04-02T00:00:00Z",
    "ChargePeriodEnd": "2026-04-03T00:00:00Z",
}


def day(number: int, **cells: str) -> dict[str, str]:
    return {
        "ChargePeriodStart": f"2026-05-{number:02d}T00:00:00Z",
        "ChargePeriodEnd": f"2026-05-{number + 1:02d}T00:00:00Z",
        **cells,
    }


class Served:
    """Builds, publishes and asks."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings

    def build(self, *, full_refresh: bool = False) -> int:
        """Return how many partitions changed."""
        report = build_warehouse(self.settings, PARTNER, full_refresh=full_refresh)
        publish_marts(self.settings, PARTNER)
        return report.changed_partitions

    def session(self) -> Session:
        return open_session(self.settings.serving, self.settings.keys, PARTNER)

    def rows(self, sql: str) -> list[dict[str, Any]]:
        with self.session() as session:
            rows: list[dict[str, Any]] = session.query(sql).to_pylist()
            return rows


@pytest.fixture
def marts(settings: Settings) -> Served:
    return Served(settings)


def test_an_unchanged_lake_is_not_built_again(
    marts: Served, exports: Path, ingest: Ingest, settings: Settings
) -> None:
    made.write(exports / "focus.csv", made.FOCUS, {})
    ingest()
    marts.build()
    ingest()

    again = build_warehouse(settings, PARTNER)
    published = publish_marts(settings, PARTNER)

    assert (again.nodes, again.changed_partitions) == ((), 0)
    assert published.skipped


def test_what_a_failed_build_left_is_not_published(
    marts: Served, exports: Path, ingest: Ingest, settings: Settings
) -> None:
    made.write(exports / "april.csv", made.FOCUS, APRIL)
    made.write(exports / "may.csv", made.FOCUS, day(2))
    ingest()
    marts.build()
    before = served(settings, PARTNER)
    made.write(exports / "may.csv", made.FOCUS, day(2), day(3))
    ingest()
    (lines,) = Path(settings.lake).glob("**/cost_lines/**/billing_period=2026-04/data.parquet")
    lines.write_bytes(lines.read_bytes()[:-20])
    with pytest.raises(BuildError, match="nothing of it will be published"):
        build_warehouse(settings, PARTNER, full_refresh=True)

    with pytest.raises(PublishError, match=r"did not end.*cloudprune build --partner"):
        publish_marts(settings, PARTNER)

    assert served(settings, PARTNER) == before


def test_a_bill_whose_landing_was_killed_is_not_built(
    marts: Served,
    exports: Path,
    ingest: Ingest,
    settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    may = made.write(exports / "may.csv", made.FOCUS, day(2))
    ingest()
    marts.build()
    before = served(settings, PARTNER)
    made.write(may, made.FOCUS, day(2), day(3))
    with killed_after(monkeypatch, "cost_lines"):
        ingest()

    with pytest.raises(BuildError, match=r"landing 2026-05 of contoso .*cloudprune ingest PATH"):
        build_warehouse(settings, PARTNER)

    publish_marts(settings, PARTNER)
    assert served(settings, PARTNER) == before
    ingest()
    assert marts.build() == 1
    assert marts.rows("select sum(billed_cost) as cost from fct_cost_lines") == [
        {"cost": Decimal(5)}
    ]


@pytest.mark.parametrize("node", ["fct_cost_lines", "assert_costs_are_preserved"])
def test_what_lands_during_a_build_is_built_before_anything_is_published(
    node: str, exports: Path, ingest: Ingest, settings: Settings, marts: Served
) -> None:
    may = made.write(exports / "may.csv", made.FOCUS, day(2))
    ingest()
    told: list[str] = []

    def land_once(text: str) -> None:
        if node in text and len(told) == 0:
            made.write(may, made.FOCUS, day(2), day(3))
            told.append(ingest().outcomes[0].message)

    report = build_warehouse(settings, PARTNER, say=land_once)

    publish_marts(settings, PARTNER)
    assert report.changed_partitions == 1
    assert "landed" in told[0]
    assert build_warehouse(settings, PARTNER).nodes == ()
    assert marts.rows(
        "select sum(billed_cost) as cost, (select row_count from fct_load_freshness) as lines "
        "from fct_cost_lines"
    ) == [{"cost": Decimal(5), "lines": 2}]


def test_a_landing_that_is_killed_during_a_build_is_not_published(
    marts: Served,
    exports: Path,
    ingest: Ingest,
    settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    may = made.write(exports / "may.csv", made.FOCUS, day(2))
    ingest()
    marts.build()
    made.write(may, made.FOCUS, day(2), day(3))
    ingest()
    made.write(may, made.FOCUS, day(2), day(3), day(4))

    def kill_once(text: str) -> None:
        if "billing periods changed" in text:
            with killed_after(monkeypatch, "bill_totals"):
                ingest()

    with pytest.raises(BuildError, match=r"was interrupted.*may\.csv"):
        build_warehouse(settings, PARTNER, say=kill_once)

    with pytest.raises(PublishError, match="did not end"):
        publish_marts(settings, PARTNER)
    ingest()
    marts.build()
    assert marts.rows("select sum(billed_cost) as cost from fct_cost_lines") == [
        {"cost": Decimal("7.5")}
    ]


def test_a_warehouse_that_was_killed_at_its_very_start_is_not_published(
    settings: Settings,
) -> None:
    warehouse = Warehouse.of(settings, PARTNER)
    with warehouse.connect() as connection:
        connection.execute("drop schema warehouse.state cascade")

    with pytest.raises(PublishError, match="did not end"):
        publish_marts(settings, PARTNER)


def test_a_new_delivery_changes_its_period_alone(
    marts: Served, exports: Path, ingest: Ingest
) -> None:
    made.write(exports / "april.csv", made.FOCUS, APRIL)
    made.write(exports / "may.csv", made.FOCUS, day(2))
    ingest()
    first = marts.build()
    made.write(exports / "may.csv", made.FOCUS, day(2), day(3))
    ingest()

    assert (first, marts.build()) == (2, 1)
    assert marts.rows(
        "select billing_period, sum(billed_cost) as billed from fct_cost_daily "
        "group by 1 order by 1"
    ) == [
        {"billing_period": "2026-04", "billed": Decimal("2.5")},
        {"billing_period": "2026-05", "billed": Decimal(5)},
    ]


def test_a_day_that_vanished_from_a_delivery_vanishes_from_the_marts(
    marts: Served, exports: Path, ingest: Ingest
) -> None:
    made.write(exports / "may.csv", made.FOCUS, day(2), day(3), day(4))
    ingest()
    marts.build()
    made.write(exports / "may.csv", made.FOCUS, day(2), day(4, BilledCost="9"))
    ingest()
    marts.build()

    assert marts.rows(
        "select charge_date, sum(billed_cost) as billed from fct_cost_daily group by 1 order by 1"
    ) == [
        {"charge_date": date(2026, 5, 2), "billed": Decimal("2.5")},
        {"charge_date": date(2026, 5, 4), "billed": Decimal(9)},
    ]


def test_building_what_changed_gives_what_building_everything_gives(
    marts: Served, exports: Path, ingest: Ingest, settings: Settings
) -> None:
    made.write(exports / "april.csv", made.FOCUS, APRIL)
    made.write(exports / "may.csv", made.FOCUS, day(2), day(3, ResourceId="i-0bb"))
    ingest()
    marts.build()
    made.write(
        exports / "may.csv", made.FOCUS, day(2), day(5, Tags='{"env": "x"}'), {"ResourceId": ""}
    )
    ingest()
    marts.build()
    step_by_step = served(settings, PARTNER)

    marts.build(full_refresh=True)

    assert served(settings, PARTNER) == step_by_step


def test_a_tenant_whose_data_was_removed_leaves_the_marts(
    marts: Served, exports: Path, ingest: Ingest, settings: Settings
) -> None:
    made.write(exports / "may.csv", made.FOCUS, day(2))
    ingest()
    ingest(tenant="globex")
    marts.build()
    shutil.rmtree(Path(settings.lake) / f"partner_id={PARTNER}" / "tenant_id=globex")

    marts.build()

    for mart in ("fct_cost_daily", "fct_cost_lines", "dim_account", "dim_resource"):
        tenants = marts.rows(f"select distinct tenant_id from {mart}")
        assert tenants == [{"tenant_id": "contoso"}], mart


def test_partners_built_in_one_process_hold_what_each_alone_holds(
    marts: Served, exports: Path, ingest: Ingest, settings: Settings
) -> None:
    made.write(exports / "may.csv", made.FOCUS, day(2))
    ingest()
    other = made.write(exports / "other/may.csv", made.FOCUS, day(2, BilledCost="100"), day(3))
    ingest_costs(settings, "fabrikam", "initech", str(other))
    marts.build()

    build_warehouse(settings, "fabrikam")
    publish_marts(settings, "fabrikam")

    together = served(settings, "fabrikam")
    Warehouse.of(settings, "fabrikam").remove()
    alone = subprocess.run(
        [sys.executable, "-c", _BUILD, str(settings.home), "fabrikam"], check=False, timeout=300
    )
    publish_marts(settings, "fabrikam")
    assert alone.returncode == 0  # nor did it take the time to import pandas
    assert served(settings, "fabrikam") == together
    assert marts.rows("select distinct tenant_id from fct_cost_lines") == [{"tenant_id": "contoso"}]


def test_a_partner_without_any_data_has_empty_marts(marts: Served, settings: Settings) -> None:
    marts.build()

    assert marts.rows("select count(*) as n from fct_cost_daily") == [{"n": 0}]


@pytest.fixture(scope="module")
def two_tenants(tmp_path_factory: pytest.TempPathFactory) -> Served:
    """Two tenants of one account, built and published; read only."""
    home = tmp_path_factory.mktemp("two-tenants")
    settings = Settings(home=home / "state", work_memory="1GB")
    whole = [day(number, EffectiveCost="10") for number in range(1, 15)]
    for tenant, lines in {
        "contoso": [*whole, day(15, EffectiveCost="3")],
        "globex": [day(2, BilledCost="100")],
    }.items():
        bill = made.write(home / tenant / "may.csv", made.FOCUS, *lines)
        ingest_costs(settings, PARTNER, tenant, str(bill))
    built = Served(settings)
    built.build()
    return built


def test_tenants_with_the_same_account_stay_apart(two_tenants: Served) -> None:
    assert two_tenants.rows(
        "select tenant_id, sum(billed_cost) as billed from fct_cost_daily group by 1 order by 1"
    ) == [
        {"tenant_id": "contoso", "billed": Decimal("37.5")},
        {"tenant_id": "globex", "billed": Decimal(100)},
    ]


def test_an_incomplete_last_day_is_left_out_of_month_to_date(two_tenants: Served) -> None:
    (row,) = two_tenants.rows(
        "select as_of_date, effective_cost from fct_cost_month_to_date where tenant_id = 'contoso'"
    )
    assert row == {"as_of_date": date(2026, 5, 14), "effective_cost": Decimal(140)}


def test_every_mart_column_is_described(two_tenants: Served) -> None:
    with two_tenants.session() as session:
        nameless = [
            f"{mart}.{column.name}"
            for mart, columns in session.tables.items()
            for column in columns
            if not column.description
        ]
        assert len(session.tables) == 18
        assert all(session.descriptions.values())
    assert nameless == []


def test_unit_tests_of_the_models_pass(two_tenants: Served) -> None:
    outcome = run_dbt(
        Warehouse.of(two_tenants.settings, PARTNER),
        ["test", "--select", "test_type:unit"],
        lambda _: None,
    )

    assert {str(result.status) for result in outcome.result.results} == {"pass"}  # type: ignore[union-attr]
    assert len(outcome.result.results) >= 78  # type: ignore[union-attr]
