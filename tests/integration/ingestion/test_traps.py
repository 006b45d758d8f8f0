"""The traps that real exports hold: each is walked into here, and nothing is counted wrongly."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from ingestion.costs.report import Kind
from tests.conftest import Ingest, Lake
from tests.integration.ingestion import made

pytestmark = pytest.mark.integration

RESERVATION = "arn:aws:ec2:us-east-1:000011112222:reserved-instances/0aa"
PLAN = "arn:aws:savingsplans::000011112222:savingsplan/0bb"
CUR = {**made.CUR, **made.RESERVATION}
ARM = "/subscriptions/11111111-1111-1111-1111-111111111111/resourcegroups/rg-shop/providers/"


def line(kind: str, **cells: str) -> dict[str, str]:
    """Return a report line of a kind, with other cells by the last part of their name."""
    full = {name.rsplit("/", 1)[-1]: name for name in CUR}
    return {"lineItem/LineItemType": kind, **{full[name]: value for name, value in cells.items()}}


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


def test_azure_ids_differ_in_case_and_aws_ids_do_not(
    exports: Path, ingest: Ingest, lake: Lake
) -> None:
    vm = f"{ARM}microsoft.compute/virtualmachines/web01"
    made.write(
        exports / "ea.csv", made.EA, {"ResourceId": vm.upper()}, {"ResourceId": vm + "/"}, {}
    )
    made.write(exports / "cur.csv", made.CUR, {"lineItem/ResourceId": "My-Bucket"})

    ingest()

    assert lake.rows(
        "select x_provider, resource_id, count(*) from cost_lines group by 1, 2 order by 1"
    ) == [("aws", "My-Bucket", 1), ("azure", vm, 3)]


@pytest.mark.parametrize(
    ("written", "canonical"),
    [
        ("i-0a1b2c3d4e5f60718", "i-0a1b2c3d4e5f60718"),
        ("arn:aws:ec2:us-east-1:000011112222:instance/i-0a1b2c3d", "i-0a1b2c3d"),
        ("arn:aws:ec2:us-east-1:000011112222:natgateway/nat-0aa", "nat-0aa"),
        (
            "arn:aws:lambda:us-east-1:000011112222:function:Checkout",
            "arn:aws:lambda:us-east-1:000011112222:function:Checkout",
        ),
    ],
)
def test_an_aws_resource_has_one_id_however_it_is_written(
    written: str, canonical: str, exports: Path, ingest: Ingest, lake: Lake
) -> None:
    made.write(exports / "cur.csv", made.CUR, {"lineItem/ResourceId": written})

    ingest()

    assert lake.one("select resource_id from cost_lines") == canonical


def test_a_reservation_id_that_ends_empty_is_the_orders(
    exports: Path, ingest: Ingest, lake: Lake
) -> None:
    order = "/providers/Microsoft.Capacity/reservationOrders/49ed0e4d/reservations/"
    made.write(
        exports / "ea.csv",
        made.EA,
        {"ChargeType": "Purchase", "PricingModel": "Reservation", "benefitId": order},
    )

    ingest()

    ((found, kind),) = lake.rows(
        "select commitment_discount_id, commitment_discount_type from cost_lines"
    )
    assert found.startswith("/providers/microsoft.capacity/reservationorders/49ed0e4d")
    assert kind == "Reservation"


@pytest.mark.parametrize(
    ("written", "tags"),
    [
        ('"env": "prod","org": "trey"', '{"env":"prod","org":"trey"}'),
        ('{"env": "prod"}', '{"env":"prod"}'),
        ('" org": "trey","org": "x"', '{" org":"trey","org":"x"}'),
        ('"note": "a \\"b\\" {c}"', '{"note":"a \\"b\\" {c}"}'),
        ("", "{}"),
    ],
)
def test_damaged_azure_tags_are_read(
    written: str, tags: str, exports: Path, ingest: Ingest, lake: Lake
) -> None:
    made.write(exports / "ea.csv", made.EA, {"Tags": written})

    report = ingest()

    assert report.exit_status == 0
    assert json.loads(lake.one("select tags from cost_lines")) == json.loads(tags)


def test_tags_that_cannot_be_read_are_told_and_the_line_lands(
    exports: Path, ingest: Ingest, lake: Lake
) -> None:
    made.write(exports / "ea.csv", made.EA, {"Tags": "env=prod; org"})

    ingest()

    assert lake.costs()[0] == Decimal("2.4")
    assert "tags" in lake.one("select reason from rejected").lower()


def test_aws_tags_are_read_in_each_of_their_forms(
    exports: Path, ingest: Ingest, lake: Lake
) -> None:
    made.write(exports / "legacy.csv", made.CUR, {"resourceTags/user:Team": "search"})
    made.write(
        exports / "two.csv",
        made.CUR_2,
        {"bill_payer_account_id": "000099998888", "line_item_usage_account_id": "000099998888"},
    )

    ingest()

    found = lake.rows("select billing_account_id, tags from cost_lines order by 1")
    assert [(account, json.loads(tags)) for account, tags in found] == [
        ("000011112222", {"Team": "search"}),
        ("000099998888", {"team": "search"}),
    ]


def test_cur_2_maps_in_parquet_are_read(exports: Path, ingest: Ingest, lake: Lake) -> None:
    pairs = pa.map_(pa.string(), pa.string())
    columns = {
        name: pa.array([value]) for name, value in made.CUR_2.items() if name not in _PARQUET
    } | {
        "line_item_unblended_cost": pa.array([2.304]),
        "product": pa.array([[("product_name", "Amazon EC2"), ("region", "eu-west-1")]], pairs),
        "resource_tags": pa.array([[("user_team", "search")]], pairs),
        "bill_billing_period_start_date": pa.array(
            [datetime(2026, 5, 1, tzinfo=UTC)], pa.timestamp("ms", "UTC")
        ),
    }
    pq.write_table(pa.table(columns), exports / "cur.parquet")

    ingest()

    assert lake.rows("select billed_cost, tags, region_id, service_name from cost_lines") == [
        (Decimal("2.304"), '{"team":"search"}', "eu-west-1", "Amazon EC2")
    ]


_PARQUET = frozenset({"line_item_unblended_cost", "product", "resource_tags"})


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


@pytest.mark.parametrize("nothing", ["NULL", "null", ""])
def test_words_for_nothing_are_nothing(
    nothing: str, exports: Path, ingest: Ingest, lake: Lake
) -> None:
    made.write(
        exports / "focus.csv", made.FOCUS, {"ResourceId": nothing, "ContractedCost": nothing}
    )

    ingest()

    assert lake.rows("select resource_id, contracted_cost from cost_lines") == [(None, None)]


@pytest.mark.parametrize(
    ("column", "nothing"),
    [
        ("SubscriptionId", "00000000-0000-0000-0000-000000000000"),
        ("ResourceLocation", "Unassigned"),
        ("ReservationName", "Not applicable"),
        ("ResourceGroup", "Unassigned"),
    ],
)
def test_azures_placeholders_are_nothing(
    column: str, nothing: str, exports: Path, ingest: Ingest, lake: Lake
) -> None:
    made.write(exports / "ea.csv", made.EA, {column: nothing, "ResourceId": ""})

    ingest()

    assert (
        lake.one(
            "select count(*) from cost_lines where coalesce(sub_account_id, '') like '00000000-%' "
            "or region_id = 'unassigned' or commitment_discount_name = 'Not applicable' "
            "or x_resource_group_name = 'unassigned'"
        )
        == 0
    )


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


def test_a_service_keeps_its_code_when_it_is_renamed(
    exports: Path, ingest: Ingest, lake: Lake
) -> None:
    rds = {"lineItem/ProductCode": "AmazonRDS"}
    made.write(
        exports / "cur.csv",
        made.CUR,
        {**rds, "product/ProductName": "RDS Service"},
        {**rds, "product/ProductName": "Relational Database Service"},
    )

    ingest()

    assert lake.rows("select distinct x_service_code, service_category from cost_lines") == [
        ("AmazonRDS", "Databases")
    ]


@pytest.mark.parametrize(
    ("name", "provider"),
    [
        ("AWS", "aws"),
        ("Amazon Web Services", "aws"),
        ("Microsoft", "azure"),
        ("Microsoft Azure", "azure"),
        ("Oracle", "other"),
    ],
)
def test_a_provider_is_known_by_each_of_its_names(
    name: str, provider: str, exports: Path, ingest: Ingest, lake: Lake
) -> None:
    made.write(exports / "focus.csv", made.FOCUS, {"ProviderName": name})

    ingest()

    assert lake.one("select x_provider from cost_lines") == provider


def test_internal_rows_of_another_tool_are_no_costs(shared: Path, ingest: Ingest) -> None:
    report = ingest(shared / "real_daily_cost_2017")

    assert not report.of(Kind.LANDED)
    assert report.of(Kind.UNRECOGNISED)


def test_an_anonymised_sample_lands_as_it_is(shared: Path, ingest: Ingest, lake: Lake) -> None:
    ingest(shared / "focus_1_0_sample")

    assert lake.one(
        "select count(*) filter (effective_cost = 0) > 900 or count(*) = 600 from cost_lines"
    )
