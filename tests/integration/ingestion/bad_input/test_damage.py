"""Files that are damaged inside, or that the disk does not give: each fails alone, by name."""

import zipfile
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from ingestion.costs.report import Kind
from tests.conftest import Ingest, Lake
from tests.integration.ingestion import made
from tests.integration.ingestion.bad_input.support import good_landed, message

pytestmark = pytest.mark.integration


@pytest.mark.parametrize("at", [5, 20, 40])
def test_a_damaged_page_of_parquet_fails_alone(
    at: int, good: Path, exports: Path, ingest: Ingest, lake: Lake
) -> None:
    path = exports / "a-damaged.parquet"
    pq.write_table(pa.table({name: [value] for name, value in made.FOCUS.items()}), path)
    content = bytearray(path.read_bytes())
    content[at : at + 4] = b"\xff" * 4
    path.write_bytes(content)

    report = ingest()

    assert "a-damaged.parquet cannot be read" in message(report, Kind.FAILED)
    assert "fetch or export it again" in message(report, Kind.FAILED)
    assert report.exit_status == 3
    assert good_landed(lake)


def test_a_damaged_name_in_a_zip_file_fails_alone(
    good: Path, exports: Path, ingest: Ingest, lake: Lake
) -> None:
    path = exports / "a.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("März.csv", "a,b\n")
    path.write_bytes(path.read_bytes().replace("ä".encode(), b"\xff\xff"))

    report = ingest()

    assert "a.zip is a damaged or protected zip file" in message(report, Kind.FAILED)
    assert good_landed(lake)
