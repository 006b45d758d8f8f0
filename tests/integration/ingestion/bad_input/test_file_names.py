"""What a file is called hides no bill: what is left for its name is told."""

import zipfile
from pathlib import Path

import pytest

from ingestion.costs.report import Kind
from tests.conftest import Ingest, Lake
from tests.integration.ingestion import made
from tests.integration.ingestion.bad_input.support import good_landed, message

pytestmark = pytest.mark.integration


@pytest.mark.parametrize("name", ["bill.txt", "bill.log"])
def test_a_bill_lands_under_the_name_of_a_text(
    name: str, exports: Path, ingest: Ingest, lake: Lake
) -> None:
    made.write(exports / name, made.FOCUS, {})
    (exports / f"read me {name}").write_text("Dear colleague, these are the bills, as asked.\n")

    report = ingest()

    assert report.exit_status == 0
    assert "is no cost export" in message(report, Kind.SKIPPED)
    assert lake.one("select count(*) from cost_lines") == 1


@pytest.mark.parametrize(
    "content",
    [b"", b"a\tb\tc\td\te\n1\t2\t3\t4\t5\n", b"Dear all; first; second; third\n", b"a,b\x00c\n"],
    ids=["empty", "tabs", "semicolons", "nul"],
)
def test_a_text_that_is_no_table_is_no_loss(
    content: bytes, good: Path, exports: Path, ingest: Ingest, lake: Lake
) -> None:
    (exports / "run.log").write_bytes(content)

    report = ingest()

    assert report.exit_status == 0
    assert "run.log" in message(report, Kind.SKIPPED)
    assert good_landed(lake)


def test_a_text_that_is_nearly_a_bill_is_a_loss(
    good: Path, exports: Path, ingest: Ingest, lake: Lake
) -> None:
    made.write(exports / "bill.txt", made.FOCUS, {}, without=["BilledCost"])

    report = ingest()

    assert "lacks the column" in message(report, Kind.UNRECOGNISED)
    assert good_landed(lake)


def test_a_bill_under_a_documents_name_is_told(
    good: Path, exports: Path, ingest: Ingest, lake: Lake
) -> None:
    made.write(exports / "bill.xlsx", made.FOCUS, {})

    report = ingest()

    assert "bill.xlsx was not read" in message(report, Kind.SKIPPED)
    assert "name it .csv" in message(report, Kind.SKIPPED)
    assert good_landed(lake)


@pytest.mark.parametrize("beside", ["README.txt", "cur-Manifest.json"])
def test_a_zip_file_lands_whatever_document_is_packed_beside_its_table(
    beside: str, exports: Path, ingest: Ingest, lake: Lake
) -> None:
    table = made.write(exports.parent / "may.csv", made.FOCUS, {})
    with zipfile.ZipFile(exports / "may.zip", "w") as archive:
        archive.write(table, "may.csv")
        archive.writestr(beside, "Read me, please\n")

    report = ingest()

    assert report.exit_status == 0
    assert lake.one("select count(*) from cost_lines") == 1
