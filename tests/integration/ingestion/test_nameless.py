"""Lines and files that name no billing account, no account or neither are counted once."""

from decimal import Decimal
from pathlib import Path

import pytest

from ingestion.costs.report import Kind
from tests.conftest import Ingest, Lake
from tests.integration.ingestion import made

pytestmark = pytest.mark.integration

NO_PAYER = ["BillingAccountId"]
NOBODY = ["BillingAccountId", "SubAccountId"]
TAX = {"SubAccountId": "", "ResourceId": "", "ChargeCategory": "Tax", "BilledCost": "7"}
BOUGHT = {
    "ReservationId": "22222222-2222-2222-2222-222222222222",
    "PricingModel": "Reservation",
    "ChargeType": "Purchase",
    "SubscriptionId": "",
    "SubscriptionName": "",
    "ResourceId": "",
    "Cost": "100",
    "Date": "05/01/2026",
}


def of_day(number: int, **cells: str) -> dict[str, str]:
    return {
        "ChargePeriodStart": f"2026-05-{number:02}T00:00:00Z",
        "ChargePeriodEnd": f"2026-05-{number + 1:02}T00:00:00Z",
        **cells,
    }


def test_a_tax_without_an_account_is_of_the_bill_it_stands_in(
    exports: Path, ingest: Ingest, lake: Lake
) -> None:
    for day in range(2, 5):
        lines = [of_day(number) for number in range(2, day + 1)]
        made.write(exports / f"bill-{day}.csv", made.FOCUS, *lines, TAX, without=NO_PAYER)
        report = ingest()

    assert report.exit_status == 0
    assert lake.one("select sum(billed_cost) from cost_lines where charge_category = 'Tax'") == 7
    assert lake.one("select count(distinct connection_id) from cost_lines") == 1


def test_a_purchase_without_a_subscription_is_of_the_bill_it_stands_in(
    exports: Path, ingest: Ingest, lake: Lake
) -> None:
    for day in (2, 3):
        used = [{"Date": f"05/{number:02}/2026"} for number in range(2, day + 1)]
        made.write(exports / f"guid-{day}a.csv", made.EA, BOUGHT, *used, without=NO_PAYER)
        ingest()

    assert lake.costs()[0] == Decimal(100) + 2 * Decimal("2.4")


def test_of_files_that_name_nobody_the_charges_tell_a_bill_from_its_next_delivery(
    exports: Path, ingest: Ingest, lake: Lake
) -> None:
    first, second, third = ({"BilledCost": cost} for cost in ("1", "2", "4"))
    made.write(exports / "monday.csv", made.FOCUS, first, second, without=NOBODY)
    ingest()
    made.write(exports / "tuesday.csv", made.FOCUS, first, second, third, without=NOBODY)
    ingest(exports / "tuesday.csv")
    grown = lake.costs()[0]
    made.write(exports / "another.csv", made.FOCUS, {"BilledCost": "50"}, without=NOBODY)
    ingest(exports / "another.csv")

    assert (grown, lake.costs()[0]) == (Decimal(7), Decimal(57))


def test_a_file_that_names_nobody_and_holds_some_charges_of_another_is_refused(
    exports: Path, ingest: Ingest, lake: Lake
) -> None:
    first, second, third = ({"BilledCost": cost} for cost in ("1", "2", "4"))
    made.write(exports / "monday.csv", made.FOCUS, first, second, without=NOBODY)
    ingest()
    made.write(exports / "tuesday.csv", made.FOCUS, first, third, without=NOBODY)

    (refused,) = ingest().of(Kind.REFUSED)
    kept = lake.costs()[0]
    ingest(exports / "tuesday.csv", take_over=True)

    assert "names no billing account and no account" in refused.message
    assert (kept, lake.costs()[0]) == (Decimal(3), Decimal(5))


def test_usage_follows_a_purchase_that_names_no_account(
    exports: Path, ingest: Ingest, lake: Lake
) -> None:
    made.write(exports / "first.csv", made.EA, BOUGHT)
    ingest()
    made.write(exports / "second.csv", made.EA, BOUGHT, {})

    report = ingest(exports / "second.csv")

    assert len(report.of(Kind.LANDED)) == 1
    assert lake.costs()[0] == Decimal(100) + Decimal("2.4")


def test_a_purchase_of_nobody_is_counted_once_whichever_account_comes_first(
    exports: Path, ingest: Ingest, lake: Lake
) -> None:
    first, second = (
        {"SubscriptionId": f"{digit * 8}-0000-4000-8000-000000000000"} for digit in "12"
    )
    benefit = {**second, "ReservationId": "r", "PricingModel": "Reservation", "benefitId": "/r"}
    fee = {**BOUGHT, "PricingModel": "", "ReservationId": ""}
    actual = (first, second, fee, {**benefit, "Cost": "0"})
    made.write(exports / "actual.csv", made.EA, *actual, without=NO_PAYER)
    ingest()
    amortized = (second, fee, {**benefit, "Cost": "7"})
    made.write(exports / "amortized.csv", made.EA, *amortized, without=NO_PAYER)

    (refused,) = ingest().of(Kind.REFUSED)

    assert "of 2026-05-01, which costs 100 and names no account" in refused.message
    assert lake.costs()[0] == Decimal(100) + 2 * Decimal("2.4")
