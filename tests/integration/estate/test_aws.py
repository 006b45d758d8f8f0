"""The simulated AWS, asked through boto3: what a scan reads is what the estate holds."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

import boto3
import jmespath
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError

from estate.clouds.aws.server import AwsConnection, RunningAws, running_aws
from estate.model import BillingScope, Partner, Resource
from estate.utilization import BYTES_PER_GB, billed_quantity, hourly
from estate.world import build_partners, calendar

pytestmark = pytest.mark.integration

THROUGH = date(2026, 5, 20)
SCAN_DAY = THROUGH + timedelta(days=1)
PARTNERS = build_partners(11, "small", calendar(THROUGH, 2))
ONCE = Config(retries={"total_max_attempts": 1})
BALANCERS = {
    "aws_load_balancer": (
        ("AWS/ApplicationELB", "LoadBalancer"),
        ("RequestCount", "ProcessedBytes"),
    ),
    "aws_network_load_balancer": (("AWS/NetworkELB", "LoadBalancer"), ("ProcessedBytes",)),
    "aws_classic_load_balancer": (
        ("AWS/ELB", "LoadBalancerName"),
        ("RequestCount", "EstimatedProcessedBytes"),
    ),
}


@dataclass(frozen=True)
class Scanner:
    """One account, read with its role."""

    aws: RunningAws
    connection: AwsConnection
    keys: dict[str, str]

    def client(self, service: str, region: str) -> Any:
        return boto3.client(
            service, region_name=region, endpoint_url=self.aws.url, config=ONCE, **self.keys
        )

    @property
    def scope(self) -> BillingScope:
        return next(
            scope
            for partner in PARTNERS
            for tenant in partner.tenants
            for scope in tenant.scopes
            if self.connection.account_id in {each.account_id for each in scope.accounts}
        )

    def resources(self, *kinds: str) -> list[Resource]:
        return [
            found
            for found in self.scope.resources
            if found.account.account_id == self.connection.account_id
            and found.kind in kinds
            and found.exists_on(SCAN_DAY)
        ]


def assume(aws: RunningAws, role_arn: str, **external: str) -> dict[str, str]:
    key, secret = aws.access_key
    sts = boto3.client(
        "sts",
        region_name="us-east-1",
        endpoint_url=aws.url,
        aws_access_key_id=key,
        aws_secret_access_key=secret,
        config=ONCE,
    )
    found = sts.assume_role(RoleArn=role_arn, RoleSessionName="scan", **external)["Credentials"]
    return {
        "aws_access_key_id": found["AccessKeyId"],
        "aws_secret_access_key": found["SecretAccessKey"],
        "aws_session_token": found["SessionToken"],
    }


@pytest.fixture(scope="module")
def aws() -> Iterator[RunningAws]:
    with running_aws(PARTNERS[:1], THROUGH) as running:
        yield running


@pytest.fixture
def scanner(aws: RunningAws) -> Iterator[Scanner]:
    aws.reset()
    connection = aws.connections[0]
    keys = assume(aws, connection.role_arn, ExternalId=connection.external_id)
    yield Scanner(aws, connection, keys)
    aws.reset()


def balancers_of(partner: Partner) -> Iterator[Resource]:
    for tenant in partner.tenants:
        for scope in tenant.scopes:
            yield from (found for found in scope.resources if found.kind in BALANCERS)


def refusal(call: Any, **arguments: Any) -> str:
    with pytest.raises(ClientError) as caught:
        call(**arguments)
    return str(caught.value.response["Error"]["Code"])


def series(scanner: Scanner, resource: Resource, where: tuple[str, str], metric: str, stat: str,
           period: int = 86400, days: int = 14) -> dict[date, float]:  # fmt: skip
    namespace, dimension = where
    name = resource.resource_id.rpartition(":loadbalancer/")[2]
    stat_of = {
        "Metric": {
            "Namespace": namespace,
            "MetricName": metric,
            "Dimensions": [{"Name": dimension, "Value": name}],
        },
        "Period": period,
        "Stat": stat,
    }
    end = datetime.combine(SCAN_DAY, time(), UTC)
    answer = scanner.client("cloudwatch", resource.region).get_metric_data(
        MetricDataQueries=[{"Id": "q", "MetricStat": stat_of}],
        StartTime=end - timedelta(days=days),
        EndTime=end,
    )
    (found,) = answer["MetricDataResults"]
    days_of = [at.astimezone(UTC).date() for at in found["Timestamps"]]
    return dict(zip(days_of, found["Values"], strict=True))


def test_a_role_is_assumed_with_its_external_id_alone(aws: RunningAws) -> None:
    connection = aws.connections[0]

    for external in ({}, {"ExternalId": "wrong"}, {"ExternalId": aws.connections[1].external_id}):
        with pytest.raises(ClientError, match="AccessDenied"):
            assume(aws, connection.role_arn, **external)
    with pytest.raises(ClientError, match="AccessDenied"):
        assume(aws, connection.role_arn + "x", ExternalId=connection.external_id)
    assert assume(aws, connection.role_arn, ExternalId=connection.external_id)


@pytest.mark.parametrize(
    ("kinds", "service", "operation", "arguments", "path"),
    [
        ("aws_instance", "ec2", "describe_instances", {}, "Reservations[].Instances[].InstanceId"),
        ("aws_volume", "ec2", "describe_volumes", {}, "Volumes[].VolumeId"),
        ("aws_snapshot", "ec2", "describe_snapshots", {"OwnerIds": ["self"]},
         "Snapshots[].SnapshotId"),
        ("aws_image", "ec2", "describe_images", {"Owners": ["self"]}, "Images[].ImageId"),
        ("aws_address", "ec2", "describe_addresses", {}, "Addresses[].AllocationId"),
        ("aws_nat_gateway", "ec2", "describe_nat_gateways", {}, "NatGateways[].NatGatewayId"),
        ("aws_launch_template", "ec2", "describe_launch_templates", {},
         "LaunchTemplates[].LaunchTemplateId"),
        ("aws_autoscaling_group", "autoscaling", "describe_auto_scaling_groups", {},
         "AutoScalingGroups[].AutoScalingGroupARN"),
        ("aws_load_balancer aws_network_load_balancer", "elbv2", "describe_load_balancers", {},
         "LoadBalancers[].LoadBalancerArn"),
    ],
)  # fmt: skip
def test_every_resource_is_listed_where_it_lies(
    scanner: Scanner, kinds: str, service: str, operation: str, arguments: Any, path: str
) -> None:
    listed = {
        (region["RegionName"], found)
        for region in scanner.client("ec2", "us-east-1").describe_regions()["Regions"]
        for found in jmespath.search(
            path, getattr(scanner.client(service, region["RegionName"]), operation)(**arguments)
        )
    }

    expected = {(found.region, found.resource_id) for found in scanner.resources(*kinds.split())}
    assert listed == expected
    assert expected


def test_times_sizes_and_tags_are_the_estates(scanner: Scanner) -> None:
    compared = Counter[str]()
    for volume in scanner.resources("aws_volume"):
        (found,) = scanner.client("ec2", volume.region).describe_volumes(
            VolumeIds=[volume.resource_id]
        )["Volumes"]
        assert found["CreateTime"].date() == volume.created
        assert (found["VolumeType"], found["Size"]) == (volume.size, volume.size_gib)
        assert {tag["Key"]: tag["Value"] for tag in found.get("Tags", ())} == dict(volume.tags)
        assert [each["InstanceId"] for each in found["Attachments"]] == (
            [volume.attached_to] if volume.attached_to else []
        )
        compared["volumes"] += 1
    for machine in scanner.resources("aws_instance"):
        reservations = scanner.client("ec2", machine.region).describe_instances(
            InstanceIds=[machine.resource_id]
        )["Reservations"]
        found = reservations[0]["Instances"][0]
        assert found["State"]["Name"] == machine.state
        assert found["LaunchTime"].date() == machine.created
        assert (found["InstanceType"], found["PlatformDetails"]) == (machine.size, "Linux/UNIX")
        if machine.stopped_on:
            assert f"({machine.stopped_on.isoformat()}" in found["StateTransitionReason"]
            compared["stopped"] += 1
    assert compared["volumes"] > 10
    assert compared["stopped"] > 1


def test_bytes_of_a_gateway_are_those_of_its_bill(scanner: Scanner) -> None:
    gateways = scanner.resources("aws_nat_gateway")
    where = ("AWS/NATGateway", "NatGatewayId")

    for gateway in gateways:
        sent = series(scanner, gateway, where, "BytesInFromSource", "Sum")
        received = series(scanner, gateway, where, "BytesInFromDestination", "Sum")
        for day, value in sent.items():
            billed = int(billed_quantity(gateway, day, "nat.bytes") * BYTES_PER_GB)
            assert Decimal(value) + Decimal(received[day]) == billed
    assert any(gateway.findings for gateway in gateways) or len(gateways) > 1


def test_namespaces_are_kept_apart_and_idle_balancers_report_nothing(scanner: Scanner) -> None:
    machine = next(
        found
        for found in scanner.resources("aws_instance")
        if found.load.memory and not found.stopped_on and found.load.coverage == 1
    )

    assert series(scanner, machine, ("AWS/EC2", "InstanceId"), "CPUUtilization", "p95")
    assert not series(scanner, machine, ("CWAgent", "InstanceId"), "CPUUtilization", "p95")
    assert series(scanner, machine, ("CWAgent", "InstanceId"), "mem_used_percent", "Maximum")
    compared = Counter[tuple[str, bool]]()
    for balancer in scanner.resources(*BALANCERS):
        where, metrics = BALANCERS[balancer.kind]
        first_day = max(balancer.created, SCAN_DAY - timedelta(days=14))
        is_idle = balancer.quiet_since is not None and balancer.quiet_since <= first_day
        for metric in metrics:
            assert bool(series(scanner, balancer, where, metric, "Sum")) is not is_idle
        compared[balancer.kind, is_idle] += 1
    assert len(compared) > 2


def test_balancers_that_answer_requests_report_their_bytes() -> None:
    compared = Counter[tuple[str, bool]]()
    busy_day = THROUGH - timedelta(days=30)
    for balancer in (found for partner in PARTNERS for found in balancers_of(partner)):
        (_, metrics) = BALANCERS[balancer.kind]
        reported = {any(hourly(balancer, metric, busy_day)) for metric in metrics}
        (is_reported,) = reported
        compared[balancer.kind, is_reported] += 1

    assert {kind for kind, is_reported in compared if is_reported} == set(BALANCERS)


def test_statistics_are_those_of_the_hours(scanner: Scanner) -> None:
    machine = next(
        found
        for found in scanner.resources("aws_instance")
        if "aws_ec2_instance_idle" in found.findings
    )
    where = ("AWS/EC2", "InstanceId")
    found = {
        stat: series(scanner, machine, where, "CPUUtilization", stat)
        for stat in ("Average", "p50", "p95", "p99", "Maximum", "Minimum", "SampleCount")
    }

    for day, p95 in found["p95"].items():
        ordered = [found[stat][day] for stat in ("Minimum", "p50", "p95", "p99", "Maximum")]
        assert ordered == sorted(ordered)
        assert found["SampleCount"][day] == 288
        if day.weekday() < 5:
            assert p95 == pytest.approx(machine.load.cpu)
    assert max(found["Maximum"].values()) == machine.load.cpu_peak
    assert len(found["p95"]) == 14


def test_points_beyond_the_limit_come_on_further_pages(scanner: Scanner) -> None:
    machines = [found for found in scanner.resources("aws_instance") if not found.stopped_on]
    region = machines[0].region
    queries = [
        {
            "Id": f"q{number}",
            "MetricStat": {
                "Metric": {
                    "Namespace": "AWS/EC2",
                    "MetricName": metric,
                    "Dimensions": [{"Name": "InstanceId", "Value": machine.resource_id}],
                },
                "Period": 3600,
                "Stat": "Average",
            },
        }
        for number, (machine, metric) in enumerate(
            (machine, metric)
            for machine in machines
            if machine.region == region
            for metric in ("CPUUtilization", "NetworkIn")
        )
    ]
    end = datetime.combine(SCAN_DAY, time(), UTC)
    window = {"StartTime": end - timedelta(days=10), "EndTime": end}
    cloudwatch = scanner.client("cloudwatch", region)

    whole = cloudwatch.get_metric_data(MetricDataQueries=queries, **window)
    pages = list(
        cloudwatch.get_paginator("get_metric_data").paginate(
            MetricDataQueries=queries, MaxDatapoints=100, **window
        )
    )

    by_query = Counter[str]()
    for page in pages:
        assert sum(len(each["Values"]) for each in page["MetricDataResults"]) <= 100
        for each in page["MetricDataResults"]:
            by_query[each["Id"]] += len(each["Values"])
    assert "NextToken" not in whole
    assert by_query == {each["Id"]: len(each["Values"]) for each in whole["MetricDataResults"]}
    too_many = queries[:1] * 501
    assert refusal(cloudwatch.get_metric_data, MetricDataQueries=too_many, **window) == (
        "ValidationError"
    )


def test_lists_come_in_pages_of_the_size_asked_for(scanner: Scanner) -> None:
    region = scanner.resources("aws_volume")[0].region
    ec2 = scanner.client("ec2", region)

    pages = list(ec2.get_paginator("describe_volumes").paginate(PaginationConfig={"PageSize": 5}))

    assert [len(page["Volumes"]) for page in pages[:-1]] == [5] * (len(pages) - 1)
    found = {volume["VolumeId"] for page in pages for volume in page["Volumes"]}
    assert len(found) == len(ec2.describe_volumes()["Volumes"]) > 5


def test_faults_meet_the_calls_that_they_name(scanner: Scanner) -> None:
    region = scanner.resources("aws_volume")[0].region
    aws, ec2 = scanner.aws, scanner.client("ec2", region)

    aws.deny("ec2:DescribeVolumes", scanner.connection.account_id, region)
    assert refusal(ec2.describe_volumes) == "UnauthorizedOperation"
    assert ec2.describe_snapshots(OwnerIds=["self"])
    other = "us-west-2" if region != "us-west-2" else "us-east-1"
    assert scanner.client("ec2", other).describe_volumes()

    aws.reset()
    aws.throttle("ec2:DescribeVolumes", calls=2)
    codes = [refusal(ec2.describe_volumes) for _ in range(2)]
    assert codes == ["RequestLimitExceeded"] * 2
    assert ec2.describe_volumes()

    aws.reset()
    aws.expire_page_tokens("ec2:DescribeVolumes")
    first = ec2.describe_volumes(MaxResults=5)
    again = {"MaxResults": 5, "NextToken": first["NextToken"]}
    assert refusal(ec2.describe_volumes, **again) == "InvalidNextToken"

    aws.reset()
    aws.disable_region(scanner.connection.account_id, region)
    assert refusal(ec2.describe_volumes) == "AuthFailure"
    aws.reset()
    aws.throttle("cloudwatch:GetMetricData", calls=1)
    machine = scanner.resources("aws_instance")[0]
    with pytest.raises(ClientError, match="Throttling"):
        series(scanner, machine, ("AWS/EC2", "InstanceId"), "CPUUtilization", "Average")


def test_a_role_that_is_refused_and_a_session_that_expires(scanner: Scanner) -> None:
    aws, connection = scanner.aws, scanner.connection
    ec2 = scanner.client("ec2", "us-east-1")

    aws.refuse_role(connection.role_arn)
    with pytest.raises(ClientError, match="AccessDenied"):
        assume(aws, connection.role_arn, ExternalId=connection.external_id)
    other = aws.connections[1]
    assert assume(aws, other.role_arn, ExternalId=other.external_id)

    assert ec2.describe_addresses()
    aws.expire_sessions()
    assert refusal(ec2.describe_addresses) == "RequestExpired"


def test_calls_are_counted_by_account_and_region(scanner: Scanner) -> None:
    ec2 = scanner.client("ec2", "eu-west-1")
    for _ in range(3):
        ec2.describe_addresses()

    (found,) = [
        each
        for each in scanner.aws.calls()
        if each["operation"] == "ec2:DescribeAddresses" and each["region"] == "eu-west-1"
    ]
    assert found["calls"] == 3
    assert found["account_id"] == scanner.connection.account_id
