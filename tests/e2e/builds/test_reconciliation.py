"""What a partner is told of totals that differ from the provider's."""

from decimal import Decimal
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from pipeline.settings import Settings
from tests.conftest import Ingest
from tests.integration.ingestion import made
from tests.integration.pipeline.asking import Served

pytestmark = pytest.mark.e2e

RESERVATION = {
    "ReservationId": "22222222-2222-2222-2222-222222222222",
    "PricingModel": "Reservation",
}
BOUGHT = {**RESERVATION, "ChargeType": "Purchase", "ResourceId": "", "Date": "05/01/2026"}
COVERED = {**RESERVATION, "Date": "05/02/2026"}
LAST_DAY = {"Date": "05/09/2026"}


def export(folder: Path, kind: str, submitted: str, *lines: dict[str, str]) -> None:
    name = f"{kind.lower()}/part_0_0001.csv"
    made.write(folder / name, made.EA, *lines)
    manifest = folder / kind.lower() / "manifest.json"
    made.azure_manifest(manifest, [name], kind=kind, submitted=submitted)


@pytest.fixture
def of_two_moments(exports: Path, ingest: Ingest) -> None:
    """A running month of which the actual export is half a day younger."""
    export(
        exports,
        "AmortizedCost",
        "2026-05-09T04:00:00.0000000Z",
        {},
        {**COVERED, "Cost": "1"},
        {**LAST_DAY, "Cost": "1.0"},
    )
    export(
        exports,
        "ActualCost",
        "2026-05-09T16:00:00.0000000Z",
        {},
        {**COVERED, "Cost": "0"},
        {**BOUGHT, "Cost": "30"},
        {**LAST_DAY, "Cost": "1.2"},
    )
    ingest()


@pytest.mark.usefixtures("of_two_moments")
def test_azures_exports_of_different_moments_are_no_gap_while_the_month_runs(
    marts: Served,
) -> None:
    marts.build()

    billed, effective = marts.rows(
        "select cost_type, status, gap, reason from fct_reconciliation order by cost_type"
    )

    assert (billed["status"], billed["gap"]) == ("explained", Decimal("-0.2"))
    assert "delivered one after the other" in billed["reason"]
    assert (effective["status"], effective["gap"]) == ("reconciled", Decimal(0))


@pytest.mark.usefixtures("of_two_moments")
def test_totals_that_landed_before_they_told_commitments_apart_are_still_read(
    settings: Settings, marts: Served
) -> None:
    (totals,) = Path(settings.lake).rglob("bill_totals/**/*.parquet")
    former = pq.read_table(totals, partitioning=None).drop_columns("uncommitted_total")
    pq.write_table(former, totals)

    marts.build()

    assert marts.rows("select status from fct_reconciliation order by cost_type") == [
        {"status": "gap"},
        {"status": "reconciled"},
    ]
