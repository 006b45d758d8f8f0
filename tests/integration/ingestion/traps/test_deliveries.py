"""Deliveries replace each other, drift, and come empty."""

import json
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest

from ingestion.costs.report import Kind
from tests.conftest import Ingest, Lake
from tests.integration.ingestion import made
from tests.integration.ingestion.test_replacing import written

pytestmark = pytest.mark.integration


def test_cumulative_deliveries_replace_each_other(
    exports: Path, ingest: Ingest, lake: Lake
) -> None:
    for day in range(1, 4):
        made.write(exports / "cur-1.csv", made.CUR, *([{}] * day))
        made.cur_manifest(exports / "cur-Manifest.json", ["cur-1.csv"], assembly=f"a{day}")
        ingest()

    assert lake.costs()[0] == Decimal("2.304") * 3
    assert lake.one("select count(*) from loads where is_current") == 1


def test_snapshots_of_equal_part_numbers_are_not_parts_of_one_delivery(
    exports: Path, ingest: Ingest, lake: Lake
) -> None:
    made.write(exports / "cost-part1-2026-05-05.csv", made.CUR, {})
    made.write(exports / "cost-part1-2026-05-06.csv", made.CUR, {}, {})

    ingest()

    assert lake.one("select count(*) from cost_lines") == 2


@pytest.mark.parametrize("change", [str.upper, str.lower, str.title])
def test_headers_differ_in_case_and_start_with_a_mark(
    change: Callable[[str], str], exports: Path, ingest: Ingest, lake: Lake
) -> None:
    cells = {change(name): value for name, value in made.EA.items()}
    made.write(exports / "ea.csv", cells, {}, encoding="utf-8-sig")

    report = ingest()

    assert report.exit_status == 0
    assert lake.costs()[0] == Decimal("2.4")


def test_a_german_header_is_recognised_or_named(shared: Path, ingest: Ingest, lake: Lake) -> None:
    report = ingest(shared / "azure_header_variants")

    assert len(report.of(Kind.LANDED)) + len(report.of(Kind.UNRECOGNISED)) == 2


def test_a_header_alone_is_no_record_not_zero_cost(
    exports: Path, ingest: Ingest, lake: Lake
) -> None:
    made.write(exports / "ea.csv", made.EA, {})
    ingest()
    made.write(exports / "ea.csv", made.EA)

    report = ingest()

    assert len(report.of(Kind.SKIPPED)) == 1
    assert lake.costs()[0] == Decimal("2.4")


def test_a_delivery_whose_manifest_says_it_is_empty_empties_its_month(
    exports: Path, ingest: Ingest, lake: Lake
) -> None:
    made.write(exports / "run/part_0_0001.csv", made.EA, {})
    made.azure_manifest(exports / "run/manifest.json", ["run/part_0_0001.csv"])
    ingest()
    made.write(exports / "run/part_0_0001.csv", made.EA)
    made.azure_manifest(
        exports / "run/manifest.json",
        ["run/part_0_0001.csv"],
        submitted="2026-05-11T05:00:00.0000000Z",
    )

    ingest()

    assert lake.one("select count(*) from cost_lines") == 0
    assert lake.one("select row_count from loads where is_current") == 0


def test_columns_drift_between_deliveries(exports: Path, ingest: Ingest, lake: Lake) -> None:
    made.write(exports / "cur.csv", made.CUR, {"resourceTags/user:Team": "search"})
    ingest()
    made.write(
        exports / "cur.csv",
        made.CUR,
        {"resourceTags/user:Owner": "ada"},
        {},
        without=["product/ProductName", "pricing/unit"],
    )

    report = ingest()

    assert report.exit_status == 0
    assert lake.rows("select tags, service_name from cost_lines order by 1 nulls last") == [
        ('{"Owner":"ada"}', "Amazon Elastic Compute Cloud"),
        ("{}", "Amazon Elastic Compute Cloud"),
    ]


def test_parts_of_one_delivery_may_differ_in_columns(
    exports: Path, ingest: Ingest, lake: Lake
) -> None:
    made.write(exports / "cur-1.csv", made.CUR, {"resourceTags/user:Team": "search"})
    made.write(exports / "cur-2.csv", made.CUR, {})
    made.cur_manifest(exports / "cur-Manifest.json", ["cur-1.csv", "cur-2.csv"])

    report = ingest()

    assert report.exit_status == 0
    assert lake.one("select count(*) from cost_lines") == 2


@pytest.mark.parametrize(
    "renamed",
    [
        {"Cost": "CostInBillingCurrency"},
        {"BillingCurrency": "BillingCurrencyCode"},
        {"Product": "ProductName"},
        {"ResourceGroup": "ResourceGroupName"},
        {"ResourceId": "InstanceId"},
        {"Date": "UsageDateTime"},
        {"Quantity": "UsageQuantity"},
    ],
)
def test_a_column_of_another_name_is_the_same_column(
    renamed: dict[str, str], exports: Path, ingest: Ingest, lake: Lake
) -> None:
    cells = {renamed.get(name, name): value for name, value in made.EA.items()}
    made.write(exports / "ea.csv", cells, {})

    ingest()

    assert lake.rows(
        "select billed_cost, billing_currency, resource_name, pricing_quantity from cost_lines"
    ) == [(Decimal("2.4"), "EUR", "Web01", Decimal(24))]


def test_internal_rows_of_another_tool_are_no_costs(shared: Path, ingest: Ingest) -> None:
    report = ingest(shared / "real_daily_cost_2017")

    assert not report.of(Kind.LANDED)
    assert report.of(Kind.UNRECOGNISED)


def test_an_anonymised_sample_lands_as_it_is(shared: Path, ingest: Ingest, lake: Lake) -> None:
    ingest(shared / "focus_1_0_sample")

    assert lake.one(
        "select count(*) filter (effective_cost = 0) > 900 or count(*) = 600 from cost_lines"
    )


def test_an_older_file_put_back_in_its_place_is_not_called_unchanged(
    exports: Path, ingest: Ingest, lake: Lake
) -> None:
    for cost, hour in (("7", 1), ("9", 2), ("7", 1)):
        written(exports / "may.csv", cost, day=2, at=hour)
        report = ingest()

    assert "repeat with --take-over" in report.of(Kind.SUPERSEDED)[0].message
    assert report.exit_status == 3
    assert lake.costs()[0] == Decimal(9)


def data_export(exports: Path, prefix: str, month: str, *lines: made.Cells) -> None:
    """Write a delivery of an AWS data export, whose manifest names no account."""
    folder = f"BILLING_PERIOD={month}"
    key = f"{prefix}/data/{folder}/cur2-00001.csv.gz"
    made.write(exports / key, made.CUR_2, *lines)
    manifest = exports / prefix / "metadata" / folder / "cur2-Manifest.json"
    manifest.parent.mkdir(parents=True, exist_ok=True)
    manifest.write_text(json.dumps({"dataFiles": [key], "executionId": f"{prefix}-{month}"}))


def test_an_empty_delivery_empties_no_other_payers_month(
    exports: Path, ingest: Ingest, lake: Lake
) -> None:
    data_export(exports, "first", "2026-05", {})
    ingest()
    data_export(exports, "second", "2026-05")
    data_export(exports, "first", "2026-06")

    report = ingest(take_over=True)

    (skipped,) = report.of(Kind.SKIPPED)
    assert "second" in skipped.message
    assert "has a header and no records" in skipped.message
    assert lake.rows("select billing_period, row_count from loads order by 1") == [
        ("2026-05", 1),
        ("2026-06", 0),
    ]
    assert lake.costs()[0] == Decimal("2.304")
