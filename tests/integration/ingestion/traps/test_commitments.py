"""A commitment is counted once in each kind of cost."""

from decimal import Decimal
from pathlib import Path

import pytest

from tests.conftest import Ingest, Lake
from tests.integration.ingestion import made
from tests.integration.ingestion.traps.support import CUR, RESERVATION, line

pytestmark = pytest.mark.integration

PLAN = "arn:aws:savingsplans::000011112222:savingsplan/0bb"


def test_a_commitment_is_counted_once_in_each_kind_of_cost(
    exports: Path, ingest: Ingest, lake: Lake
) -> None:
    made.write(
        exports / "cur.csv",
        CUR,
        line("RIFee", UnblendedCost="10", ReservationARN=RESERVATION, UnusedRecurringFee="4"),
        line("DiscountedUsage", UnblendedCost="0", ReservationARN=RESERVATION, EffectiveCost="6"),
    )

    ingest()

    billed, effective, _, _ = lake.costs()
    assert (billed, effective) == (Decimal(10), Decimal(10))
    assert lake.rows(
        "select charge_category, commitment_discount_status, effective_cost from cost_lines "
        "order by 3"
    ) == [
        ("Purchase", None, Decimal(0)),
        ("Usage", "Unused", Decimal(4)),
        ("Usage", "Used", Decimal(6)),
    ]


def test_azures_actual_and_amortized_cost_are_one_bill(
    exports: Path, ingest: Ingest, lake: Lake
) -> None:
    benefit = {
        "PricingModel": "Reservation",
        "benefitId": "/providers/Microsoft.Capacity/reservationOrders/o/reservations/r",
        "benefitName": "VM_RI",
    }
    made.write(
        exports / "actual/part_0_0001.csv",
        made.EA,
        {},
        {**benefit, "Cost": "0", "EffectivePrice": "0"},
        {**benefit, "ChargeType": "Purchase", "Cost": "30", "Quantity": "1", "ResourceId": ""},
    )
    made.azure_manifest(exports / "actual/manifest.json", ["actual/part_0_0001.csv"])
    made.write(
        exports / "amortized/part_0_0001.csv",
        made.EA,
        {},
        {**benefit, "Cost": "0.6", "EffectivePrice": "0.025"},
        {**benefit, "ChargeType": "UnusedReservation", "Cost": "0.4", "ResourceId": ""},
    )
    made.azure_manifest(
        exports / "amortized/manifest.json", ["amortized/part_0_0001.csv"], kind="AmortizedCost"
    )

    ingest()

    billed, effective, _, _ = lake.costs()
    assert billed == Decimal("2.4") + 30
    assert effective == Decimal("2.4") + Decimal("0.6") + Decimal("0.4")
    assert lake.one("select count(*) from cost_lines") == 4


def test_actual_cost_alone_says_that_effective_cost_is_unknown(
    exports: Path, ingest: Ingest, lake: Lake
) -> None:
    made.write(exports / "ea.csv", made.EA, {}, {"PricingModel": "Reservation", "Cost": "0"})
    ingest()

    assert lake.rows("select effective_cost from cost_lines order by 1 nulls last") == [
        (Decimal("2.4"),),
        (None,),
    ]


def test_a_savings_plan_negation_goes_with_what_it_negates(
    exports: Path, ingest: Ingest, lake: Lake
) -> None:
    made.write(
        exports / "cur.csv",
        CUR,
        line(
            "SavingsPlanCoveredUsage",
            UnblendedCost="8",
            SavingsPlanARN=PLAN,
            SavingsPlanEffectiveCost="5",
        ),
        line("SavingsPlanNegation", UnblendedCost="-8", SavingsPlanARN=PLAN, ResourceId=""),
        line(
            "SavingsPlanRecurringFee",
            UnblendedCost="6",
            SavingsPlanARN=PLAN,
            TotalCommitmentToDate="6",
            UsedCommitment="5",
        ),
    )

    ingest()

    billed, effective, _, _ = lake.costs()
    assert (billed, effective) == (Decimal(6), Decimal(6))
    assert lake.one("select provider_total from bill_totals") == Decimal(6)


def test_reserved_usage_costs_its_share_not_nothing(
    exports: Path, ingest: Ingest, lake: Lake
) -> None:
    made.write(
        exports / "cur.csv",
        CUR,
        line("DiscountedUsage", UnblendedCost="0", ReservationARN=RESERVATION, EffectiveCost="1.4"),
    )

    ingest()

    assert lake.costs()[:2] == (Decimal(0), Decimal("1.4"))


def test_net_columns_come_and_go(exports: Path, ingest: Ingest, lake: Lake) -> None:
    made.write(exports / "cur.csv", made.CUR, {"lineItem/NetUnblendedCost": "2"})
    ingest()
    with_net = lake.costs()[0]
    made.write(exports / "cur.csv", made.CUR, {}, {})
    ingest()

    assert with_net == Decimal(2)
    assert lake.costs()[0] == Decimal("4.608")


@pytest.mark.parametrize(
    ("kind", "cells", "commitment"),
    [
        ("Usage", {}, (None, None)),
        ("DiscountedUsage", {"EffectiveCost": "1.4"}, ("123444518", "Reserved Instance")),
        (
            "DiscountedUsage",
            {"EffectiveCost": "1.4", "ReservationARN": RESERVATION},
            (RESERVATION, "Reserved Instance"),
        ),
        ("RIFee", {"UnusedRecurringFee": "0"}, ("123444518", "Reserved Instance")),
    ],
)
def test_a_subscription_id_on_usage_on_demand_is_no_commitment(
    kind: str,
    cells: dict[str, str],
    commitment: tuple[str | None, str | None],
    exports: Path,
    ingest: Ingest,
    lake: Lake,
) -> None:
    subscribed = {**line(kind, **cells), "reservation/SubscriptionId": "123444518"}
    made.write(exports / "cur.csv", CUR, subscribed)

    ingest()

    assert lake.rows("select commitment_discount_id, commitment_discount_type from cost_lines") == [
        commitment
    ]


def test_real_usage_on_demand_is_not_reserved(shared: Path, ingest: Ingest, lake: Lake) -> None:
    ingest(shared / "aws_cur_legacy_real")

    assert lake.one("select count(*) from cost_lines where x_charge_type = 'Usage'") == 635
    assert lake.one("select count(commitment_discount_type) from cost_lines") == 0
