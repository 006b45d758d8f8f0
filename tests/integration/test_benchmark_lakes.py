"""The larger warehouse that benchmarks measure is one that a build takes and that adds up."""

from decimal import Decimal
from pathlib import Path

import pytest

from benchmarks.lakes import multiply
from pipeline.ingest import ingest_costs
from pipeline.settings import Settings
from tests.conftest import PARTNER, TENANT
from tests.integration.ingestion import made
from tests.integration.pipeline.asking import APRIL, Served, day

pytestmark = pytest.mark.integration

FACTOR = 3


def test_a_multiplied_lake_builds_and_reconciles(tmp_path: Path) -> None:
    landed, larger = (Settings(home=tmp_path / name) for name in ("landed", "larger"))
    lines = [APRIL, day(1), day(2, ResourceId="second")]
    bill = made.write(tmp_path / "bills" / "bill.csv", made.FOCUS, *lines)
    ingest_costs(landed, PARTNER, TENANT, str(bill), makes_tenant=True)

    multiply(landed.home, larger.home, PARTNER, FACTOR)

    served = Served(larger)
    assert served.build() == 2
    (row,) = served.rows(
        "select sum(line_count) as lines, count(distinct resource_id) as resources "
        "from fct_cost_daily"
    )
    assert row == {"lines": 3 * FACTOR, "resources": 2 * FACTOR}
    states = served.rows("select distinct status, gap from fct_reconciliation")
    assert states == [{"status": "reconciled", "gap": Decimal(0)}]
    multiply(landed.home, larger.home, PARTNER, FACTOR)
    assert served.build() == 0
