"""Files that are damaged inside, or that the disk does not give: each fails alone, by name."""

import os
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


@pytest.mark.parametrize("name", ["a.csv", "manifest.json"])
def test_a_file_that_the_disk_does_not_give_fails_alone(
    name: str, good: Path, exports: Path, ingest: Ingest, lake: Lake
) -> None:
    (exports / name).symlink_to("/proc/self/mem")

    report = ingest()

    assert f"{name} cannot be read (Input/output error)" in message(report, Kind.FAILED)
    assert report.exit_status == 3
    assert good_landed(lake)


def test_a_manifest_fails_alone_where_the_disk_does_not_give_its_file(
    good: Path, exports: Path, ingest: Ingest, lake: Lake
) -> None:
    made.azure_manifest(exports / "run/manifest.json", ["run/part_0_0001.csv"])
    (exports / "run/part_0_0001.csv").symlink_to("/proc/self/mem")

    report = ingest()

    assert "run/part_0_0001.csv" in message(report, Kind.FAILED)
    assert good_landed(lake)


@pytest.mark.skipif(os.geteuid() == 0, reason="the superuser may read everything")
def test_a_file_and_a_folder_that_may_not_be_read_fail_alone(
    good: Path, exports: Path, ingest: Ingest, lake: Lake
) -> None:
    closed = made.write(exports / "closed.csv", made.FOCUS, {})
    hidden = made.write(exports / "folder/hidden.csv", made.FOCUS, {}).parent
    closed.chmod(0)
    hidden.chmod(0)

    try:
        report = ingest()
    finally:
        hidden.chmod(0o700)

    told = " ".join(outcome.message for outcome in report.of(Kind.FAILED))
    assert "closed.csv may not be read (Permission denied)" in told
    assert "folder is a folder that may not be read" in told
    assert good_landed(lake)


def test_a_file_that_a_manifest_names_twice_lands_once(
    exports: Path, ingest: Ingest, lake: Lake
) -> None:
    made.write(exports / "cur/cur-1.csv", made.CUR, {})
    made.cur_manifest(exports / "cur/cur-Manifest.json", ["cur/cur-1.csv", "cur/cur-1.csv"])

    report = ingest()

    assert report.exit_status == 0
    assert lake.one("select count(*) from cost_lines") == 1


def test_two_files_of_a_manifest_of_which_one_is_there_are_no_whole_delivery(
    good: Path, exports: Path, ingest: Ingest, lake: Lake
) -> None:
    made.write(exports / "cur/a/cur.csv", made.CUR, {})
    made.cur_manifest(exports / "cur/cur-Manifest.json", ["cur/a/cur.csv", "cur/b/cur.csv"])

    report = ingest()

    assert "cur/b/cur.csv, which is not there" in message(report, Kind.FAILED)
    assert good_landed(lake)


def test_a_file_that_another_delivery_has_of_that_name_is_none_of_this_one(
    exports: Path, ingest: Ingest, lake: Lake
) -> None:
    month = "cur/20260501-20260601"
    for assembly, cost in (("old", "1"), ("new", "10")):
        keys = [f"prefix/{month}/{assembly}/cur-{number}.csv" for number in (1, 2)]
        for key in keys:
            path = exports / key.removeprefix("prefix/")
            made.write(path, made.CUR, {"lineItem/UnblendedCost": cost})
        made.cur_manifest(path.parent / "cur-Manifest.json", keys, assembly=assembly)
        made.cur_manifest(exports / month / "cur-Manifest.json", keys, assembly=assembly)
    path.unlink()

    report = ingest()

    assert "new/cur-2.csv, which is not there" in report.of(Kind.FAILED)[0].message
    assert lake.costs()[0] == 2
