"""What may use an image, over HTTP: whom it is shared with, and which groups start machines."""

from collections.abc import Callable
from typing import Any

import pytest

from ingestion.lake import TenantLake
from ingestion.model import ScopeStatus
from tests.integration.ingestion.aws.cloud import Cloud
from tests.integration.ingestion.aws.conftest import ScanDay
from tests.integration.ingestion.aws.test_scan import rows

pytestmark = pytest.mark.integration

Client = Callable[..., Any]
ORGANIZATION = "arn:aws:organizations::444455556666:organization/o-example1234"


@pytest.fixture
def images(client: Client) -> dict[str, str]:
    """Images of one region by what they are."""
    ec2 = client("ec2")
    kinds = ("private", "account", "organization", "public", "backup")
    made = {kind: ec2.register_image(Name=kind)["ImageId"] for kind in kinds}
    for kind, permission in (
        ("account", {"UserId": "444455556666"}),
        ("organization", {"OrganizationArn": ORGANIZATION}),
        ("public", {"Group": "all"}),
    ):
        ec2.modify_image_attribute(ImageId=made[kind], LaunchPermission={"Add": [permission]})
    ec2.create_tags(
        Resources=[made["backup"]],
        Tags=[{"Key": "aws:backup:source-resource", "Value": "arn:aws:ec2:::instance/i-1"}],
    )
    return made


def test_private_images_tell_how_many_others_may_start_them(
    cloud: Cloud, images: dict[str, str], scan: ScanDay, lake: TenantLake
) -> None:
    scan()

    landed = rows(lake, "aws_ami_launch_permissions")
    assert {row["resource_id"]: row["launch_permission_count"] for row in landed} == {
        images["private"]: 0,
        images["account"]: 1,
        images["organization"]: 1,
    }
    assert cloud.count("DescribeImageAttribute") == 3, "one call per private image, no more"


def test_without_the_permission_images_land_and_their_sharing_is_not_known(
    cloud: Cloud, images: dict[str, str], scan: ScanDay, lake: TenantLake
) -> None:
    cloud.fail("DescribeImageAttribute", "UnauthorizedOperation", status=403)

    report = scan()

    assert len(rows(lake, "aws_amis")) == len(images)
    assert {p.table_name for p in report.problems} == {"aws_ami_launch_permissions"}
    assert {p.status for p in report.problems} == {ScopeStatus.DENIED}
    assert "ec2:DescribeImageAttribute" in report.problems[0].message


def test_an_image_that_is_gone_since_it_was_listed_is_left_out(
    cloud: Cloud, images: dict[str, str], scan: ScanDay, lake: TenantLake
) -> None:
    cloud.fail("DescribeImageAttribute", "InvalidAMIID.NotFound", contains=images["account"])

    report = scan()

    landed = {row["resource_id"] for row in rows(lake, "aws_ami_launch_permissions")}
    assert landed == {images["private"], images["organization"]}
    assert not report.problems


def test_groups_land_and_launch_configurations_are_never_asked_for(
    client: Client, cloud: Cloud, scan: ScanDay, lake: TenantLake
) -> None:
    autoscaling = client("autoscaling")
    for name, size in (("running", 1), ("at-zero", 0)):
        autoscaling.create_launch_configuration(
            LaunchConfigurationName=name,
            ImageId="ami-12c6146b",
            InstanceType="m5.large",
            UserData="export PASSWORD=secret",
        )
        autoscaling.create_auto_scaling_group(
            AutoScalingGroupName=name,
            LaunchConfigurationName=name,
            MinSize=size,
            MaxSize=2,
            AvailabilityZones=["eu-west-1a"],
        )

    scan()

    found = {row["resource_name"]: row for row in rows(lake, "aws_autoscaling_groups")}
    assert {
        name: (row["launch_configuration_name"], row["started_launch_configuration_names"])
        for name, row in found.items()
    } == {"running": ("running", '["running"]'), "at-zero": ("at-zero", "[]")}
    assert found["running"]["desired_capacity"] == 1
    assert cloud.count("DescribeLaunchConfigurations") == 0
