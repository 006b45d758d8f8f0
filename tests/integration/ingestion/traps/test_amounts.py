"""Amounts are what their provider meant, in the currency and month of the bill."""

from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from ingestion.costs.report import Kind
from tests.conftest import Ingest, Lake
from tests.integration.ingestion import made
from tests.integration.ingestion.traps.support import CUR, line

pytestmark = pytest.mark.integration


def test_charges_without_a_resource_survive(exports: Path, ingest: Ingest, lake: Lake) -> None:
    made.write(
        exports / "cur.csv",
        CUR,
        line("Tax", UnblendedCost="1.9", ResourceId=""),
        line("Credit", UnblendedCost="-5", ResourceId=""),
        line("Refund", UnblendedCost="-0.4", ResourceId=""),
        line("Fee", UnblendedCost="100", ResourceId=""),
        line("EdpDiscount", UnblendedCost="-0.2", ResourceId=""),
    )

    ingest()

    assert lake.rows(
        "select x_charge_type, charge_category, charge_class, billed_cost, effective_cost "
        "from cost_lines order by 1"
    ) == [
        ("Credit", "Credit", None, Decimal(-5), Decimal(-5)),
        ("EdpDiscount", "Usage", None, Decimal("-0.2"), Decimal("-0.2")),
        ("Fee", "Purchase", None, Decimal(100), Decimal(100)),
        ("Refund", "Usage", "Correction", Decimal("-0.4"), Decimal("-0.4")),
        ("Tax", "Tax", None, Decimal("1.9"), Decimal("1.9")),
    ]


def test_taxes_support_and_credits_of_one_cloud_stay_apart_from_the_other(
    exports: Path, ingest: Ingest, lake: Lake
) -> None:
    made.write(
        exports / "cur.csv",
        CUR,
        line("Usage", UnblendedCost="10"),
        line("Tax", UnblendedCost="1.9", ResourceId=""),
        line("Credit", UnblendedCost="-5", ResourceId=""),
        line("Fee", UnblendedCost="100", ProductCode="AWSSupportBusiness", ResourceId=""),
    )
    made.write(exports / "ea.csv", made.EA, {})

    ingest()

    assert lake.rows(
        "select x_provider, charge_category, sum(billed_cost) from cost_lines group by all "
        "order by all"
    ) == [
        ("aws", "Credit", Decimal(-5)),
        ("aws", "Purchase", Decimal(100)),
        ("aws", "Tax", Decimal("1.9")),
        ("aws", "Usage", Decimal(10)),
        ("azure", "Usage", Decimal("2.4")),
    ]


def test_azure_rounding_and_refunds_keep_their_kind(
    exports: Path, ingest: Ingest, lake: Lake
) -> None:
    made.write(
        exports / "mca.csv",
        made.MCA,
        {"chargeType": "RoundingAdjustment", "costInBillingCurrency": "0.004", "ResourceId": ""},
        {"chargeType": "Refund", "costInBillingCurrency": "-9", "ResourceId": ""},
    )

    ingest()

    assert lake.rows(
        "select charge_category, charge_class, billed_cost from cost_lines order by 1"
    ) == [
        ("Adjustment", None, Decimal("0.004")),
        ("Purchase", "Correction", Decimal(-9)),
    ]


def test_high_prices_in_another_currency_are_multiplied(
    exports: Path, ingest: Ingest, lake: Lake
) -> None:
    made.write(
        exports / "mca.csv",
        made.MCA,
        {"unitPrice": "128.4115", "effectivePrice": "0"},
        {"unitPrice": "12.84", "effectivePrice": "0"},
        {"unitPrice": "99999999", "effectivePrice": "0", "quantity": "9999999999999"},
    )

    ingest()

    assert lake.rows(
        "select contracted_unit_price, contracted_cost from cost_lines order by 1"
    ) == [
        (Decimal("12.84"), Decimal("283.5072")),
        (Decimal("128.4115"), Decimal("2835.32592")),
        (Decimal(99999999), None),
    ]


def test_the_bill_is_in_billing_currency_not_in_dollars(
    exports: Path, ingest: Ingest, lake: Lake
) -> None:
    made.write(exports / "mca.csv", made.MCA, {})

    ingest()

    assert lake.costs() == (
        Decimal("2.208"),
        Decimal("2.208"),
        Decimal("2.76"),
        Decimal("2.208"),
    )
    assert lake.rows("select billing_currency, pricing_currency from cost_lines") == [
        ("EUR", "USD")
    ]


@pytest.mark.parametrize(
    "written",
    [
        "05/02/2026",
        "5/2/2026",
        "2026-05-02",
        "20260502",
        "2026-05-02T00:00:00Z",
        "2026-05-02T02:00:00+02:00",
        "2026-05-02 00:00:00",
        "2026-05-02T00:00:00.000Z",
    ],
)
def test_every_way_to_write_a_day_is_that_day_in_utc(
    written: str, exports: Path, ingest: Ingest, lake: Lake
) -> None:
    made.write(exports / "ea.csv", made.EA, {"Date": written})

    report = ingest()

    assert report.exit_status == 0
    read = lake.one("select strftime(charge_period_start, '%Y-%m-%dT%H:%M:%S') from cost_lines")
    assert read == "2026-05-02T00:00:00"


def test_a_billing_month_need_not_be_a_calendar_month(
    exports: Path, ingest: Ingest, lake: Lake
) -> None:
    period = {"BillingPeriodStartDate": "05/14/2026", "BillingPeriodEndDate": "06/13/2026"}
    made.write(exports / "payg.csv", made.EA, {**period, "Date": "06/02/2026"})

    ingest()

    assert lake.rows(
        "select billing_period, charge_period_start::date::varchar from cost_lines"
    ) == [("2026-05", "2026-06-02")]


def test_text_in_a_number_column_is_counted_not_dropped(
    exports: Path, ingest: Ingest, lake: Lake
) -> None:
    made.write(exports / "cur.csv", made.CUR, {"pricing/publicOnDemandCost": "convertible"}, {})

    report = ingest()

    (outcome,) = report.of(Kind.LANDED)
    assert (outcome.row_count, outcome.noted_row_count) == (2, 1)
    assert lake.costs() == (
        Decimal("4.608"),
        Decimal("4.608"),
        Decimal("2.304"),
        Decimal("4.608"),
    )
    assert "publicOnDemandCost is no number: convertible" in lake.one("select reason from rejected")


@pytest.mark.parametrize("cost", ["1E-9", "2.5e-07", "-1.25E+2"])
def test_scientific_notation_is_a_number(
    cost: str, exports: Path, ingest: Ingest, lake: Lake
) -> None:
    made.write(exports / "cur.csv", made.CUR, {"lineItem/UnblendedCost": cost})

    ingest()

    assert lake.costs()[0] == Decimal(cost)


def test_a_double_in_parquet_is_what_its_writer_meant(
    exports: Path, ingest: Ingest, lake: Lake
) -> None:
    columns = {name: pa.array([value]) for name, value in made.FOCUS.items()}
    columns["BilledCost"] = pa.array([0.1 + 0.2])
    columns["ListCost"] = pa.array([1e-9])
    pq.write_table(pa.table(columns), exports / "focus.parquet")

    ingest()

    assert lake.costs()[0] == Decimal("0.30000000000000004")
    assert lake.costs()[2] == Decimal("0.000000001")
