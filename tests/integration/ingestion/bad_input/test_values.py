"""Values that no calendar or figure of ours can hold are told, and stop neither line nor file."""

from datetime import datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from ingestion.costs.report import Kind
from tests.conftest import Ingest, Lake
from tests.integration.ingestion import made
from tests.integration.ingestion.bad_input.support import good_landed

pytestmark = pytest.mark.integration

DATES = ["20260-05-02", "290000-01-01", "infinity", "-infinity", "2026-05-02 (BC)"]
START = datetime(2026, 5, 1)  # noqa: DTZ001 - as the column without a time zone holds it


def write_parquet(path: Path, column: str, value: pa.Array) -> None:
    """Write one line with a column of another type than text."""
    cells = {name: pa.array([text]) for name, text in made.FOCUS.items()}
    pq.write_table(pa.table(cells | {column: value}), path)


@pytest.mark.parametrize("column", ["BillingPeriodStart", "ChargePeriodStart", "ChargePeriodEnd"])
@pytest.mark.parametrize("date", DATES)
def test_a_date_of_no_calendar_is_told_and_its_line_lands_in_the_month_that_it_names(
    column: str, date: str, good: Path, exports: Path, ingest: Ingest, lake: Lake
) -> None:
    made.write(exports / "a.csv", made.FOCUS, {column: date}, {})

    report = ingest()

    assert {outcome.kind for outcome in report.outcomes} == {Kind.LANDED}
    assert {outcome.billing_period for outcome in report.outcomes} == {"2026-05"}
    assert lake.one("select count(*) from cost_lines where x_note is not null") == 1
    ((line, name, reason),) = lake.rows("select line_number, column_name, reason from rejected")
    assert (line, name) == (2, column)
    assert f"is no date we read: {date}" in reason
    assert good_landed(lake)


def test_a_date_of_no_calendar_in_parquet_is_told(
    exports: Path, ingest: Ingest, lake: Lake
) -> None:
    write_parquet(exports / "a.parquet", "ChargePeriodStart", pa.array([2**62], pa.timestamp("us")))

    ingest()

    assert lake.one("select charge_period_start from cost_lines") == START
    assert "ChargePeriodStart is no date we read" in lake.one("select reason from rejected")


@pytest.mark.parametrize(
    ("cost", "why"),
    [
        (1e20, "has more than 18 digits before the point"),
        (float("nan"), "is no number"),
        (float("inf"), "is no number"),
    ],
)
def test_a_cost_in_parquet_that_cannot_be_held_rejects_its_line_as_in_text(
    cost: float, why: str, good: Path, exports: Path, ingest: Ingest, lake: Lake
) -> None:
    write_parquet(exports / "a.parquet", "BilledCost", pa.array([cost]))

    report = ingest()

    assert report.exit_status == 3
    assert lake.one("select count(*) from cost_lines where billed_cost is null") == 0
    assert f"BilledCost {why}: " in lake.one(
        "select reason from rejected where is_row_rejected and column_name = 'BilledCost'"
    )
    assert good_landed(lake)
