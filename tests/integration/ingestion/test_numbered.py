"""Files that are numbered from one, without a manifest."""

from decimal import Decimal
from pathlib import Path

import pytest

from ingestion.costs.report import Kind
from tests.conftest import Ingest, Lake
from tests.integration.ingestion import made

pytestmark = pytest.mark.integration


def line(number: int) -> dict[str, str]:
    return {"lineItem/ResourceId": f"i-{number}", "lineItem/UnblendedCost": str(number)}


def test_parts_of_a_report_are_one_delivery(exports: Path, ingest: Ingest, lake: Lake) -> None:
    for number in (1, 2, 3):
        made.write(exports / f"may-cur-{number}.csv.gz", made.CUR, line(number), line(number + 10))

    report = ingest()

    assert len(report.of(Kind.LANDED)) == 1
    assert lake.costs()[0] == Decimal(1 + 11 + 2 + 12 + 3 + 13)


def test_deliveries_that_hold_each_other_are_no_parts(exports: Path, ingest: Ingest) -> None:
    restated = {**line(1), "lineItem/UnblendedCost": "1.5"}
    made.write(exports / "may-1.csv.gz", made.CUR, line(1), line(2))
    made.write(exports / "may-2.csv.gz", made.CUR, restated, line(2), line(3))

    report = ingest()

    (failed,) = report.outcomes
    assert failed.kind is Kind.FAILED
    assert "name deliveries by their day" in failed.message


@pytest.mark.parametrize("names", ["bill-2026-{}.csv.gz", "may-{}.csv"])
def test_other_numbers_are_names(names: str, exports: Path, ingest: Ingest, lake: Lake) -> None:
    first = 5 if "2026" in names else 1
    made.write(exports / names.format(first), made.CUR, line(1))
    made.write(exports / names.format(first + 1), made.CUR, line(1), line(2))

    ingest()

    assert lake.costs()[0] == Decimal(3)
