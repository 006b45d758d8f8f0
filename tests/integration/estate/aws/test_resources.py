"""Roles, lists, pages and faults are those of the provider."""

from collections import Counter
from typing import Any

import jmespath
import pytest
from botocore.exceptions import ClientError

from estate.clouds.aws.server import RunningAws
from tests.integration.estate.aws.support import Scanner, assume, refusal, series

pytestmark = pytest.mark.integration


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
