"""Links below a source: their files land once, whatever they point to."""

from pathlib import Path

import pytest

from ingestion.costs.report import Kind
from tests.conftest import Ingest, Lake
from tests.integration.ingestion import made

pytestmark = pytest.mark.integration


def test_a_linked_folder_is_read(exports: Path, tmp_path: Path, ingest: Ingest, lake: Lake) -> None:
    made.write(tmp_path / "archive/may/bill.csv", made.FOCUS, {})
    (exports / "archive").symlink_to(tmp_path / "archive")

    (landed,) = ingest().of(Kind.LANDED)

    assert landed.source.endswith("archive/may/bill.csv")
    assert lake.one("select count(*) from cost_lines") == 1


def test_links_in_a_circle_and_to_folders_above_end(
    exports: Path, tmp_path: Path, ingest: Ingest, lake: Lake
) -> None:
    made.write(tmp_path / "elsewhere.csv", made.FOCUS, {}, {})
    made.write(exports / "may/bill.csv", made.FOCUS, {})
    (exports / "may/again").symlink_to(exports / "may")
    (exports / "may/root").symlink_to(exports)
    (exports / "may/above").symlink_to(tmp_path)
    (exports / "may/itself").symlink_to(exports / "may/itself")

    report = ingest()

    (broken,) = report.of(Kind.FAILED)
    assert "may/itself is a link to a file that is not there" in broken.message
    assert len(report.of(Kind.LANDED)) == 1
    assert lake.one("select count(*) from cost_lines") == 1
