"""Files that are damaged, empty or something else are named, and the rest lands."""

import gzip
from decimal import Decimal
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from pyarrow import csv as pa_csv

from ingestion.costs.report import Kind
from ingestion.errors import InvalidNameError, SourceError
from tests.conftest import Ingest, Lake
from tests.integration.ingestion import made
from tests.integration.ingestion.bad_input.support import good_landed, message

pytestmark = pytest.mark.integration


def test_a_wrong_delimiter_is_named(good: Path, exports: Path, ingest: Ingest, lake: Lake) -> None:
    made.write(exports / "semicolons.csv", made.FOCUS, {}, delimiter=";")

    report = ingest()

    assert "semicolons.csv is separated by semicolons" in message(report, Kind.FAILED)
    assert report.exit_status == 3
    assert good_landed(lake)


def test_a_truncated_gzip_fails_alone(
    good: Path, exports: Path, ingest: Ingest, lake: Lake
) -> None:
    path = made.write(exports / "cut.csv.gz", made.FOCUS, *([{}] * 500))
    path.write_bytes(path.read_bytes()[:-60])

    report = ingest()

    assert "cut.csv.gz" in message(report, Kind.FAILED)
    assert "again" in message(report, Kind.FAILED)
    assert lake.one("select count(*) from cost_lines") == 2
    assert good_landed(lake)


@pytest.mark.parametrize("column", ["BilledCost", "ChargeCategory"])
def test_a_missing_required_column_is_named(
    column: str, good: Path, exports: Path, ingest: Ingest, lake: Lake
) -> None:
    made.write(exports / "lacking.csv", made.FOCUS, {}, without=[column])

    report = ingest()

    assert column.lower() in message(report, Kind.UNRECOGNISED)
    assert good_landed(lake)


def test_a_missing_cost_column_makes_that_cost_unknown_not_zero(
    exports: Path, ingest: Ingest, lake: Lake
) -> None:
    made.write(exports / "lacking.csv", made.FOCUS, {}, without=["EffectiveCost"])

    report = ingest()

    (outcome,) = report.of(Kind.LANDED)
    assert "effective cost is unknown" in outcome.message
    assert lake.costs() == (Decimal("2.5"), None, Decimal(3), Decimal("2.75"))


def test_unknown_columns_do_no_harm(exports: Path, ingest: Ingest, lake: Lake) -> None:
    made.write(exports / "wide.csv", made.FOCUS, {"x_Surprise": "1", "Entirely New": "2"})

    report = ingest()

    assert report.exit_status == 0
    assert lake.costs()[0] == Decimal("2.5")


def test_a_manifest_that_names_a_missing_file_fails_alone(
    good: Path, exports: Path, ingest: Ingest, lake: Lake
) -> None:
    made.write(exports / "cur/cur-1.csv", made.CUR, {})
    made.cur_manifest(exports / "cur/cur-Manifest.json", ["cur/cur-1.csv", "cur/cur-2.csv"])

    report = ingest()

    assert "cur-2.csv, which is not there" in message(report, Kind.FAILED)
    assert lake.one("select count(*) from cost_lines where x_dataset = 'cur'") == 0
    assert good_landed(lake)


def test_a_manifest_that_counts_more_rows_fails_alone(
    good: Path, exports: Path, ingest: Ingest, lake: Lake
) -> None:
    made.write(exports / "run/part_0_0001.csv", made.EA, {}, {})
    made.azure_manifest(exports / "run/manifest.json", ["run/part_0_0001.csv"], rows=3)

    report = ingest()

    assert "3" in message(report, Kind.FAILED)
    assert "2" in message(report, Kind.FAILED)
    assert good_landed(lake)


def test_a_damaged_manifest_is_named(good: Path, exports: Path, ingest: Ingest, lake: Lake) -> None:
    (exports / "cur-Manifest.json").write_text('{"assemblyId": ', encoding="utf-8")

    report = ingest()

    assert "cur-Manifest.json is no readable JSON" in message(report, Kind.FAILED)
    assert good_landed(lake)


def test_duplicate_headers_are_named(good: Path, exports: Path, ingest: Ingest, lake: Lake) -> None:
    path = made.write(exports / "twice.csv", made.FOCUS, {})
    header, line = path.read_text().splitlines()
    path.write_text(f"{header},BilledCost\n{line},99\n")

    report = ingest()

    assert "twice.csv" in message(report, Kind.FAILED)
    assert "BilledCost" in message(report, Kind.FAILED)
    assert good_landed(lake)


@pytest.mark.parametrize("name", ["empty.csv", "empty.csv.gz", "empty.parquet"])
def test_an_empty_file_is_named(
    name: str, good: Path, exports: Path, ingest: Ingest, lake: Lake
) -> None:
    (exports / name).write_bytes(gzip.compress(b"") if name.endswith(".gz") else b"")

    report = ingest()

    (outcome,) = [found for found in report.outcomes if found.kind is not Kind.LANDED]
    assert name in outcome.message
    assert good_landed(lake)


def test_a_folder_of_unrelated_files_is_told_apart(
    good: Path, exports: Path, ingest: Ingest, lake: Lake
) -> None:
    (exports / "notes.md").write_text("# notes")
    (exports / "photo.png").write_bytes(b"\x89PNG")
    (exports / "people.csv").write_text("name,age\nAda,36\n")
    (exports / "not-really.parquet").write_bytes(b"hello")

    report = ingest()

    messages = " ".join(outcome.message for outcome in report.outcomes)
    assert "people.csv is no cost export we know" in messages
    assert "not-really.parquet" in messages
    assert good_landed(lake)


@pytest.mark.parametrize("tenant", ["../evil", "..", "", "a/b", "Über", "a" * 64, "-x", "a\nb"])
def test_a_name_that_is_no_folder_is_refused(
    tenant: str, good: Path, ingest: Ingest, tmp_path: Path
) -> None:
    before = sorted(tmp_path.rglob("*"))

    with pytest.raises(InvalidNameError, match="cannot be used"):
        ingest(tenant=tenant)

    assert sorted(tmp_path.rglob("*")) == before


def test_a_source_that_is_not_there_is_named(ingest: Ingest, tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="neither a file nor a folder"):
        ingest(tmp_path / "nowhere")


def test_a_nul_byte_fails_its_file_and_names_the_line(
    good: Path, exports: Path, ingest: Ingest, lake: Lake
) -> None:
    path = made.write(exports / "nul.csv", made.FOCUS, {}, {"ServiceName": "a@b"})
    path.write_bytes(path.read_bytes().replace(b"a@b", b"a\x00b"))

    report = ingest()

    assert "nul.csv holds a NUL byte in line 3" in message(report, Kind.FAILED)
    assert report.exit_status == 3
    assert good_landed(lake)


def test_line_ends_of_another_age_fail_their_file_alone(
    good: Path, exports: Path, ingest: Ingest, lake: Lake
) -> None:
    path = made.write(exports / "mac.csv", made.FOCUS, {}, {})
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r"))

    report = ingest()

    assert "mac.csv" in message(report, Kind.FAILED)
    assert good_landed(lake)


def test_a_gzip_that_is_none_is_damaged_not_skipped(
    good: Path, exports: Path, ingest: Ingest, lake: Lake
) -> None:
    (exports / "damaged.csv.gz").write_bytes(b"\x00\x01\x02" * 100)

    report = ingest()

    assert "damaged.csv.gz is no gzip file" in message(report, Kind.FAILED)
    assert good_landed(lake)


def test_a_link_to_nothing_is_named(good: Path, exports: Path, ingest: Ingest, lake: Lake) -> None:
    (exports / "june").mkdir()
    (exports / "june/bill.csv").symlink_to(exports / "unmounted/bill.csv")

    report = ingest()

    assert message(report, Kind.FAILED) == (
        "june/bill.csv is a link to a file that is not there; restore the file or remove the link"
    )
    assert good_landed(lake)


@pytest.mark.parametrize("name", ["bill[1].csv", "bill*.csv", "bill?.csv"])
def test_a_name_that_looks_like_a_pattern_is_a_file(
    name: str, exports: Path, ingest: Ingest, lake: Lake
) -> None:
    made.write(exports / "bill1.csv", made.FOCUS, {"BilledCost": "1"})
    payer = {"BillingAccountId": "999900001111", "SubAccountId": "999900001111"}
    made.write(
        exports / name, made.FOCUS, {**payer, "BilledCost": "100"}, {**payer, "BilledCost": "a"}
    )

    ingest()

    assert lake.rows("select billed_cost, x_source_file from cost_lines order by 1") == [
        (Decimal(1), "bill1.csv"),
        (Decimal(100), name),
    ]
    assert lake.rows("select source_file, line_number from rejected") == [(name, 3)]


@pytest.mark.parametrize("suffix", ["csv", "parquet"])
def test_a_folder_named_like_a_column_changes_no_line(
    suffix: str, exports: Path, ingest: Ingest, lake: Lake
) -> None:
    folder = exports / "BillingCurrency=EUR/BILLING_PERIOD=2026-05"
    written = made.write(folder / "bill.csv", made.FOCUS, {})
    if suffix == "parquet":
        pq.write_table(pa_csv.read_csv(written), folder / "bill.parquet")
        written.unlink()

    (landed,) = ingest().of(Kind.LANDED)

    assert lake.one("select billing_currency from cost_lines") == "USD"
    assert "were not read" not in landed.message
