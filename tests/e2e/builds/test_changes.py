"""The warehouse: what a build does again, what it leaves alone, and what it must not keep."""

import shutil
import subprocess
import sys
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from pipeline.build import build_warehouse
from pipeline.ingest import ingest_costs
from pipeline.publish import publish_marts
from pipeline.settings import Settings
from pipeline.warehouse import Warehouse
from tests.conftest import PARTNER, Ingest
from tests.content import served
from tests.integration.ingestion import made
from tests.integration.pipeline.asking import APRIL, Served, day

pytestmark = pytest.mark.e2e

_BUILD = """
import sys
from pathlib import Path
from pipeline.build import build_warehouse
from pipeline.settings import Settings
build_warehouse(Settings(home=Path(sys.argv[1])), sys.argv[2])
sys.exit("pandas was imported" if "pandas" in sys.modules else 0)
"""


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


def test_a_home_that_moved_is_built_from_where_it_lies_now(
    marts: Served, exports: Path, ingest: Ingest, settings: Settings, tmp_path: Path
) -> None:
    made.write(exports / "may.csv", made.FOCUS, day(2))
    ingest()
    marts.build()
    moved = Settings(home=tmp_path / "moved", work_memory="1GB")
    settings.home.rename(moved.home)

    report = build_warehouse(moved, PARTNER)

    assert "stg_cost_lines" in {node.name for node in report.nodes}
    assert Served(moved).rows("select billed_cost from fct_cost_daily") == [
        {"billed_cost": Decimal("2.5")}
    ]


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
    ingest_costs(settings, "fabrikam", "initech", str(other), makes_tenant=True)
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
