"""Ids, tags and names have one form, however an export writes them."""

import json
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tests.conftest import Ingest, Lake
from tests.integration.ingestion import made

pytestmark = pytest.mark.integration

ARM = "/subscriptions/11111111-1111-1111-1111-111111111111/resourcegroups/rg-shop/providers/"


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


KEYS = {"user_group": "finance", "group": "eng", "user:team": "search", "team": "shop"}


@pytest.mark.parametrize(
    ("defaults", "column"), [(made.FOCUS, "Tags"), (made.EA, "Tags"), (made.MCA, "tags")]
)
def test_keys_that_customers_chose_are_kept(
    defaults: made.Cells, column: str, exports: Path, ingest: Ingest, lake: Lake
) -> None:
    made.write(exports / "bill.csv", defaults, {column: json.dumps(KEYS, separators=(",", ":"))})

    ingest()

    assert json.loads(lake.one("select tags from cost_lines")) == KEYS


@pytest.mark.parametrize("prefix", ["user:", "user_"])
def test_cur_2_keys_lose_what_aws_puts_before_them(
    prefix: str, exports: Path, ingest: Ingest, lake: Lake
) -> None:
    written = f'{{"{prefix}group":"finance","{prefix}team":"search"}}'
    made.write(exports / "cur.csv", made.CUR_2, {"resource_tags": written})

    ingest()

    assert lake.one("select tags from cost_lines") == '{"group":"finance","team":"search"}'


def test_cur_2_keys_lose_one_prefix_alone(exports: Path, ingest: Ingest, lake: Lake) -> None:
    written = '{"user:user_team": "a, \\"user_x\\"",  "user:team": "b", "user_env":"c"}'
    made.write(exports / "cur.csv", made.CUR_2, {"resource_tags": written})

    ingest()

    tags = json.loads(lake.one("select tags from cost_lines"))
    assert tags == {"user_team": 'a, "user_x"', "team": "b", "env": "c"}


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
