"""Scanning an AWS account over HTTP: what is there lands, region by region, day by day."""

import json
import urllib.parse
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any, cast

import pytest

from ingestion.aws.operations import actions_of
from ingestion.inventory.days import UtilizationDays
from ingestion.inventory.report import ScanStatus
from ingestion.inventory.schema import SCOPES_TABLE, UTILIZATION_TABLE
from ingestion.lake import TenantLake
from ingestion.model import Place
from ingestion.registry import resource_types_of
from tests.integration.ingestion.aws.cloud import Cloud
from tests.integration.ingestion.aws.conftest import ACCOUNT, CONNECTION, TODAY, ScanDay

pytestmark = pytest.mark.integration

Client = Callable[..., Any]
HOSTILE = """<script>alert("x")</script> 'q' "d" `; drop table` \U0001f4b8 line\nbreak\ttab"""


def rows(lake: TenantLake, table: str, day: date = TODAY) -> list[dict[str, Any]]:
    opened = lake.open(table, CONNECTION.connection_id, day.isoformat())
    assert opened is not None, f"{table} has no file for {day}"
    return list(opened.read().to_pylist())


def make_volume(client: Client, region: str = "eu-west-1", **tags: str) -> str:
    tagging = [{"Key": key, "Value": value} for key, value in tags.items()]
    specified = [{"ResourceType": "volume", "Tags": tagging}] if tagging else []
    made = client("ec2", region).create_volume(
        AvailabilityZone=f"{region}a", Size=8, VolumeType="gp3", TagSpecifications=specified
    )
    return str(made["VolumeId"])


def put_reads(client: Client, volume: str, values: list[tuple[datetime, float]]) -> None:
    client("cloudwatch").put_metric_data(
        Namespace="AWS/EBS",
        MetricData=[
            {
                "MetricName": "VolumeReadOps",
                "Dimensions": [{"Name": "VolumeId", "Value": volume}],
                "Timestamp": moment,
                "Value": value,
            }
            for moment, value in values
        ],
    )


def test_every_table_lands_even_when_it_is_empty(scan: ScanDay, lake: TenantLake) -> None:
    report = scan()

    assert report.status is ScanStatus.COMPLETE
    for kind in resource_types_of("aws"):
        opened = lake.open(kind.name, CONNECTION.connection_id, TODAY.isoformat())
        assert opened is not None
        assert opened.schema_arrow.names[:5] == [
            "sub_account_id",
            "region_id",
            "resource_id",
            "resource_name",
            "tags",
        ]


def test_resources_of_all_regions_land_with_hostile_names(
    client: Client, scan: ScanDay, lake: TenantLake
) -> None:
    here = make_volume(client, "eu-west-1", Name=HOSTILE, **{HOSTILE[:40]: HOSTILE})
    there = make_volume(client, "us-west-2")

    scan()

    found = {row["resource_id"]: row for row in rows(lake, "aws_ebs_volumes")}
    assert {(r["resource_id"], r["region_id"]) for r in found.values()} == {
        (here, "eu-west-1"),
        (there, "us-west-2"),
    }
    assert found[here]["resource_name"] == HOSTILE
    assert json.loads(found[here]["tags"]) == {"Name": HOSTILE, HOSTILE[:40]: HOSTILE}
    assert found[there]["tags"] == "{}"
    assert found[there]["resource_name"] is None
    assert {row["sub_account_id"] for row in found.values()} == {ACCOUNT}


def test_load_balancers_have_their_tags_and_bill_like_ids(
    client: Client, scan: ScanDay, lake: TenantLake
) -> None:
    subnet = client("ec2").describe_subnets()["Subnets"][0]["SubnetId"]
    arn = client("elbv2").create_load_balancer(
        Name="front", Subnets=[subnet], Tags=[{"Key": "owner", "Value": "web"}]
    )["LoadBalancers"][0]["LoadBalancerArn"]
    client("elb").create_load_balancer(
        LoadBalancerName="old",
        Listeners=[{"Protocol": "http", "LoadBalancerPort": 80, "InstancePort": 80}],
        AvailabilityZones=["eu-west-1a"],
        Tags=[{"Key": "owner", "Value": "ops"}],
    )

    scan()

    (new,) = rows(lake, "aws_load_balancers")
    assert (new["resource_id"], json.loads(new["tags"])) == (arn, {"owner": "web"})
    (old,) = rows(lake, "aws_classic_load_balancers")
    expected = f"arn:aws:elasticloadbalancing:eu-west-1:{ACCOUNT}:loadbalancer/old"
    assert (old["resource_id"], json.loads(old["tags"])) == (expected, {"owner": "ops"})


def test_every_version_of_a_launch_template_lands(
    client: Client, scan: ScanDay, lake: TenantLake
) -> None:
    ec2 = client("ec2")
    made = ec2.create_launch_template(
        LaunchTemplateName="web",
        LaunchTemplateData={"ImageId": "ami-1", "InstanceType": "m5.large"},
    )["LaunchTemplate"]["LaunchTemplateId"]
    for image in ("ami-2", "ami-3"):
        ec2.create_launch_template_version(
            LaunchTemplateId=made, LaunchTemplateData={"ImageId": image}
        )

    scan()

    found = {row["resource_id"]: row for row in rows(lake, "aws_launch_template_versions")}
    assert {key: row["image_id"] for key, row in found.items()} == {
        f"{made}:1": "ami-1",
        f"{made}:2": "ami-2",
        f"{made}:3": "ami-3",
    }
    assert [row["is_default"] for _, row in sorted(found.items())] == [True, False, False]


def test_hourly_sums_become_daily_statistics_and_missing_days_stay_missing(
    client: Client, scan: ScanDay, lake: TenantLake
) -> None:
    volume = make_volume(client)
    yesterday = datetime(2026, 11, 23, tzinfo=UTC)
    hours = [(yesterday + timedelta(hours=hour), float(hour)) for hour in range(24)]
    put_reads(client, volume, hours)

    scan()

    (day,) = rows(lake, UTILIZATION_TABLE, date(2026, 11, 23))
    assert (day["resource_id"], day["metric_name"]) == (volume, "VolumeReadOps")
    assert (day["sum"], day["maximum"], day["sample_count"]) == (276.0, 23.0, 24)
    assert day["p95"] == pytest.approx(21.85)
    assert day["average"] is None
    assert rows(lake, UTILIZATION_TABLE, date(2026, 11, 22)) == []


def test_a_later_scan_asks_for_missing_days_alone(
    cloud: Cloud, client: Client, scan: ScanDay, lake: TenantLake
) -> None:
    make_volume(client)
    scan()
    first = [body for name, body in cloud.bodies if name == "GetMetricData"]
    cloud.bodies.clear()

    scan()
    assert not [body for name, body in cloud.bodies if name == "GetMetricData"]

    scan(TODAY + timedelta(days=1))
    later = [body for name, body in cloud.bodies if name == "GetMetricData"]
    assert len(first) == len(later) == 1
    assert days_asked(first[0]) == 35
    assert days_asked(later[0]) == 1


def test_days_are_asked_for_again_where_other_metrics_are_declared(
    client: Client, scan: ScanDay, lake: TenantLake
) -> None:
    make_volume(client)
    scan()
    (declared,) = [kind for kind in resource_types_of("aws") if kind.name == "aws_ebs_volumes"]
    more: Any = replace(cast(Any, declared), metrics=declared.metrics[:-1])
    yesterday = TODAY - timedelta(days=1)
    days = UtilizationDays(lake, CONNECTION.connection_id, [yesterday])

    missing = [list(days.missing(Place(ACCOUNT, "eu-west-1"), kind)) for kind in (declared, more)]

    assert missing == [[], [(yesterday, yesterday)]]


def days_asked(body: str) -> int:
    """Return for how many days a request for metrics asks."""
    asked = json.loads(body) if body.startswith("{") else urllib.parse.parse_qs(body)

    def moment(name: str) -> datetime:
        value: Any = asked[name] if isinstance(asked[name], int | float) else asked[name][0]
        if isinstance(value, int | float):
            return datetime.fromtimestamp(value, UTC)
        return datetime.fromisoformat(value)

    return (moment("EndTime") - moment("StartTime")).days


def test_a_rerun_of_a_day_leaves_the_same_rows(
    client: Client, scan: ScanDay, lake: TenantLake
) -> None:
    make_volume(client, Name="a")
    scan(scan_id="scan-1")
    before = {kind.name: rows(lake, kind.name) for kind in resource_types_of("aws")}

    scan(scan_id="scan-2")

    assert before == {kind.name: rows(lake, kind.name) for kind in resource_types_of("aws")}
    assert {row["scan_id"] for row in rows(lake, SCOPES_TABLE)} == {"scan-2"}


def test_nothing_but_declared_actions_is_called(
    cloud: Cloud, client: Client, scan: ScanDay
) -> None:
    make_volume(client)
    cloud.calls.clear()

    scan()

    kinds: Any = resource_types_of("aws")
    names = {action.partition(":")[2] for action in actions_of(kinds)}
    assert {operation for operation, _ in cloud.calls} - {"AssumeRole"} <= names
