"""The loopback AWS for scale: complete lists, in pages of the provider's maximum size."""

from datetime import UTC, datetime
from typing import Any

import boto3
import pytest

from estate.clouds.aws.prepared import ACCOUNT_ID, RunningPages, running_pages

pytestmark = pytest.mark.integration


def client(pages: RunningPages, service: str, region: str = "us-east-1") -> Any:
    return boto3.client(
        service,
        region_name=region,
        endpoint_url=pages.url,
        aws_access_key_id="prepared",
        aws_secret_access_key="prepared",
    )


def test_a_long_list_takes_one_call_for_each_full_page() -> None:
    with running_pages(volumes=2500, instances=1000) as pages:
        ec2 = client(pages, "ec2")
        volumes = [
            volume
            for page in ec2.get_paginator("describe_volumes").paginate()
            for volume in page["Volumes"]
        ]
        reservations = ec2.describe_instances()["Reservations"]
        elsewhere = client(pages, "ec2", "eu-west-1").describe_volumes()["Volumes"]
        calls = pages.calls()

    assert len({volume["VolumeId"] for volume in volumes}) == len(volumes) == 2500
    assert sum(volume["State"] == "available" for volume in volumes) == 50
    assert volumes[1]["Attachments"][0]["InstanceId"] == f"i-{1:017x}"
    assert len(reservations) == 1000
    assert elsewhere == []
    assert calls == {"DescribeVolumes": 4, "DescribeInstances": 1}


def test_it_answers_all_that_a_scan_asks() -> None:
    with running_pages(volumes=3) as pages:
        assumed = client(pages, "sts").assume_role(RoleArn=pages.role_arn, RoleSessionName="scan")
        ec2 = client(pages, "ec2")
        regions = ec2.describe_regions()["Regions"]
        answers = [
            ec2.describe_snapshots(OwnerIds=["self"])["Snapshots"],
            ec2.describe_images(Owners=["self"])["Images"],
            ec2.describe_addresses()["Addresses"],
            ec2.describe_nat_gateways()["NatGateways"],
            ec2.describe_launch_templates()["LaunchTemplates"],
            client(pages, "autoscaling").describe_auto_scaling_groups()["AutoScalingGroups"],
            client(pages, "elbv2").describe_load_balancers()["LoadBalancers"],
            client(pages, "elb").describe_load_balancers()["LoadBalancerDescriptions"],
        ]
        query = {
            "Id": "q1",
            "MetricStat": {
                "Metric": {"Namespace": "AWS/EBS", "MetricName": "VolumeReadOps"},
                "Period": 3600,
                "Stat": "Sum",
            },
        }
        found = client(pages, "cloudwatch").get_metric_data(
            MetricDataQueries=[query],
            StartTime=datetime(2026, 5, 1, tzinfo=UTC),
            EndTime=datetime(2026, 5, 3, tzinfo=UTC),
        )["MetricDataResults"]

    assert ACCOUNT_ID in assumed["AssumedRoleUser"]["Arn"]
    assert "us-east-1" in {region["RegionName"] for region in regions}
    assert not any(answers)
    assert len(found[0]["Values"]) == 48
