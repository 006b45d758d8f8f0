"""Files that are parts of one delivery by their numbers, without a manifest."""

import zipfile
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
    assert "named by its day" in failed.message


@pytest.mark.parametrize("names", ["bill-2026-{}.csv.gz", "may-{}.csv"])
def test_other_numbers_are_names(names: str, exports: Path, ingest: Ingest, lake: Lake) -> None:
    first = 5 if "2026" in names else 1
    made.write(exports / names.format(first), made.CUR, line(1))
    made.write(exports / names.format(first + 1), made.CUR, line(1), line(2))

    ingest()

    assert lake.costs()[0] == Decimal(3)


def test_parts_may_be_packed_differently(exports: Path, ingest: Ingest, lake: Lake) -> None:
    made.write(exports / "may-00001.csv", made.CUR, line(1))
    made.write(exports / "may-00002.csv.gz", made.CUR, line(2))

    report = ingest()

    assert len(report.of(Kind.LANDED)) == 1
    assert lake.costs()[0] == Decimal(3)


def test_one_part_packed_twice_is_counted_once(exports: Path, ingest: Ingest, lake: Lake) -> None:
    for name in ("may-00001.csv", "may-00001.csv.gz"):
        made.write(exports / name, made.CUR, line(1))

    ingest()

    assert lake.costs()[0] == Decimal(1)


def test_deliveries_numbered_like_parts_are_no_parts(exports: Path, ingest: Ingest) -> None:
    made.write(exports / "run-10231.csv", made.CUR, line(1))
    made.write(exports / "run-10232.csv", made.CUR, line(1), line(2))

    (failed,) = ingest().outcomes

    assert failed.kind is Kind.FAILED
    assert "no parts of one delivery" in failed.message


def test_deliveries_packed_together_are_no_parts(exports: Path, ingest: Ingest) -> None:
    names = ("may-04.csv", "may-05.csv")
    for number, name in enumerate(names, start=1):
        made.write(exports / name, made.CUR, *map(line, range(1, number + 1)))
    with zipfile.ZipFile(exports / "may.zip", "w") as archive:
        for name in names:
            archive.write(exports / name, name)
            (exports / name).unlink()

    (failed,) = ingest().outcomes

    assert failed.kind is Kind.FAILED
    assert "no parts of one delivery" in failed.message


@pytest.mark.parametrize("names", [("may-1.csv.gz", "may-3.csv.gz"), ("a.csv", "b.csv")])
def test_another_part_takes_no_parts_place(
    names: tuple[str, str], exports: Path, ingest: Ingest, lake: Lake
) -> None:
    made.write(exports / names[0], made.CUR, line(1), line(2))
    ingest()
    made.write(exports / names[1], made.CUR, line(3), line(4), line(5))

    (refused,) = ingest().of(Kind.REFUSED)
    kept = lake.costs()[0]
    ingest(exports / names[1], take_over=True)

    assert "name them name-00001, name-00002" in refused.message
    assert (kept, lake.costs()[0]) == (Decimal(3), Decimal(12))


@pytest.mark.parametrize("ending", [".csv", ".txt"])
def test_a_part_that_holds_no_table_fails_the_delivery(
    ending: str, exports: Path, ingest: Ingest
) -> None:
    made.write(exports / f"may-00001{ending}", made.CUR, line(1))
    (exports / f"may-00002{ending}").write_text("<Error>Access denied</Error>\n")

    (failed,) = ingest().outcomes

    assert failed.kind is Kind.FAILED
    assert f"may-00002{ending} holds no table" in failed.message


def test_a_manifests_file_that_holds_no_table_fails_the_delivery(
    exports: Path, ingest: Ingest
) -> None:
    made.write(exports / "cur-1.csv", made.CUR, line(1))
    (exports / "cur-2.csv").write_text("<Error>Access denied</Error>\n")
    made.cur_manifest(exports / "cur-Manifest.json", ["cur-1.csv", "cur-2.csv"])

    (failed,) = ingest().outcomes

    assert failed.kind is Kind.FAILED
    assert "cur-2.csv holds no table" in failed.message
