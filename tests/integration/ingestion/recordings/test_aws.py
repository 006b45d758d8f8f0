"""Recorded answers of EC2, through a real client's wire format, to rows."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from ingestion.aws import ebs, ec2, network
from ingestion.aws.listing import list_rows
from ingestion.aws.resource_type import AwsResourceType
from tests.integration.ingestion.recordings.ec2_wire import ReplayedEc2
from tests.integration.ingestion.recordings.index import found, recorded

pytestmark = pytest.mark.integration

PLACE = {"partition": "aws", "account_id": "644160558196", "region_id": "us-east-1"}
FIELDS: Mapping[str, tuple[AwsResourceType, str, Mapping[str, str]]] = {
    "DescribeInstances": (
        ec2.INSTANCES,
        "Instances",
        {
            "resource_id": "InstanceId",
            "instance_type": "InstanceType",
            "state": "State.Name",
            "state_transition_reason": "StateTransitionReason",
            "launched_at": "LaunchTime",
            "platform": "PlatformDetails",
            "architecture": "Architecture",
            "lifecycle": "InstanceLifecycle",
            "image_id": "ImageId",
            "availability_zone": "Placement.AvailabilityZone",
            "vpc_id": "VpcId",
            "root_device_name": "RootDeviceName",
            "monitoring_state": "Monitoring.State",
        },
    ),
    "DescribeVolumes": (
        ebs.VOLUMES,
        "Volumes",
        {
            "resource_id": "VolumeId",
            "state": "State",
            "volume_type": "VolumeType",
            "size_gib": "Size",
            "iops": "Iops",
            "throughput_mibps": "Throughput",
            "created_at": "CreateTime",
            "is_multi_attach_enabled": "MultiAttachEnabled",
            "instance_id": "Attachments.0.InstanceId",
            "attached_at": "Attachments.0.AttachTime",
            "device": "Attachments.0.Device",
            "is_delete_on_termination": "Attachments.0.DeleteOnTermination",
            "is_encrypted": "Encrypted",
            "snapshot_id": "SnapshotId",
            "availability_zone": "AvailabilityZone",
        },
    ),
    "DescribeSnapshots": (
        ebs.SNAPSHOTS,
        "Snapshots",
        {
            "resource_id": "SnapshotId",
            "volume_id": "VolumeId",
            "state": "State",
            "volume_size_gib": "VolumeSize",
            "started_at": "StartTime",
            "description": "Description",
            "storage_tier": "StorageTier",
            "owner_id": "OwnerId",
        },
    ),
    "DescribeImages": (
        ec2.IMAGES,
        "Images",
        {
            "resource_id": "ImageId",
            "resource_name": "Name",
            "state": "State",
            "created_at": "CreationDate",
            "last_launched_at": "LastLaunchedTime",
            "is_public": "Public",
            "architecture": "Architecture",
            "platform": "PlatformDetails",
        },
    ),
    "DescribeLaunchTemplateVersions": (
        ec2.LAUNCH_TEMPLATE_VERSIONS,
        "LaunchTemplateVersions",
        {
            "resource_name": "LaunchTemplateName",
            "launch_template_id": "LaunchTemplateId",
            "version_number": "VersionNumber",
            "is_default": "DefaultVersion",
            "image_id": "LaunchTemplateData.ImageId",
            "instance_type": "LaunchTemplateData.InstanceType",
        },
    ),
    "DescribeAddresses": (
        network.ELASTIC_IPS,
        "Addresses",
        {
            "resource_id": "AllocationId",
            "public_ip": "PublicIp",
            "association_id": "AssociationId",
            "instance_id": "InstanceId",
            "network_interface_id": "NetworkInterfaceId",
            "network_border_group": "NetworkBorderGroup",
        },
    ),
    "DescribeNatGateways": (
        network.NAT_GATEWAYS,
        "NatGateways",
        {
            "resource_id": "NatGatewayId",
            "state": "State",
            "connectivity_type": "ConnectivityType",
            "vpc_id": "VpcId",
            "subnet_id": "SubnetId",
            "created_at": "CreateTime",
        },
    ),
}
"""Of each operation: its type, its list, and where EC2 documents the fields that columns hold."""
COMPUTED = {
    "resource_name",
    "tags",
    "autoscaling_group_name",
    "snapshot_ids",
    "resource_id",
    "attachment_count",
}


@pytest.fixture(scope="module")
def folder(shared: Path) -> Path:
    return shared / "cloud_custodian_recordings"


@pytest.fixture(scope="module")
def replayed() -> ReplayedEc2:
    return ReplayedEc2()


@pytest.mark.parametrize("operation", FIELDS)
def test_every_declared_field_of_a_recording_arrives(
    folder: Path, replayed: ReplayedEc2, operation: str
) -> None:
    _, items_name, fields = FIELDS[operation]
    seen: set[str] = set()
    for answer in recorded(folder, "aws", "ec2", operation):
        items = _items(answer, items_name)
        rows = _rows(replayed, operation, answer, items)
        assert len(rows) == len(items)
        for item, row in zip(items, rows, strict=True):
            assert {name: row[name] for name in fields} == {
                name: _plain(found(item, path)) for name, path in fields.items()
            }
            assert json.loads(row["tags"]) == _tags(item)
            seen |= {name for name in fields if row[name] is not None}
    assert seen


@pytest.mark.parametrize("operation", FIELDS)
def test_no_declared_field_is_left_unchecked(operation: str) -> None:
    resource_type, _, fields = FIELDS[operation]

    assert {column.name for column in resource_type.columns} <= set(fields) | COMPUTED


def test_names_groups_and_snapshots_are_found_in_recordings(
    folder: Path, replayed: ReplayedEc2
) -> None:
    names, groups, snapshots = set(), set(), set()
    for answer in recorded(folder, "aws", "ec2", "DescribeInstances"):
        items = _items(answer, "Instances")
        rows = _rows(replayed, "DescribeInstances", answer, items)
        for item, row in zip(items, rows, strict=True):
            tags = _tags(item)
            assert row["resource_name"] == (tags.get("Name") or None)
            assert row["autoscaling_group_name"] == tags.get("aws:autoscaling:groupName")
            names.add(row["resource_name"])
            groups.add(row["autoscaling_group_name"])
    for answer in recorded(folder, "aws", "ec2", "DescribeImages"):
        items = _items(answer, "Images")
        rows = _rows(replayed, "DescribeImages", answer, items)
        for item, row in zip(items, rows, strict=True):
            mapped = [found(one, "Ebs.SnapshotId") for one in item.get("BlockDeviceMappings", ())]
            expected = [snapshot for snapshot in mapped if snapshot]
            assert json.loads(row["snapshot_ids"] or "[]") == expected
            snapshots.update(expected)

    assert len(names) > 5
    assert len(groups) > 1
    assert len(snapshots) > 5


def _items(answer: Mapping[str, Any], name: str) -> list[Any]:
    if name == "Instances":
        return [one for group in answer["Reservations"] for one in group["Instances"]]
    items: list[Any] = answer[name]
    return items


def _rows(
    replayed: ReplayedEc2, operation: str, answer: Mapping[str, Any], items: list[Any]
) -> list[dict[str, Any]]:
    templates = {one["LaunchTemplateId"] for one in items if "LaunchTemplateId" in one}
    parents = {"LaunchTemplates": [{"LaunchTemplateId": one} for one in sorted(templates)]}
    replayed.answers = {operation: answer, "DescribeLaunchTemplates": parents}
    return list(list_rows(replayed.client, FIELDS[operation][0], PLACE))


def _tags(item: Mapping[str, Any]) -> dict[str, str]:
    return {tag["Key"]: tag["Value"] for tag in item.get("Tags", ())}


def _plain(value: Any) -> Any:
    """Return an instant in UTC without its zone, as it lands."""
    if isinstance(value, str) and value[4:5] == "-" and value.endswith("Z"):
        value = datetime.fromisoformat(value)
    if isinstance(value, datetime):
        return value.astimezone(UTC).replace(tzinfo=None)
    return value
