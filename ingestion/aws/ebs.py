"""EBS volumes and snapshots."""

from ingestion.aws.ec2 import COUNT, FLAG, INSTANT, NAME_TAG, TAGS, TEXT
from ingestion.aws.resource_type import AwsResourceType
from ingestion.model import Column, Metric

_HOURLY = ("sum", "p95", "p99", "maximum")


def _metric(name: str, unit: str) -> Metric:
    """Return a metric whose statistics are taken over the day's hourly sums."""
    return Metric(name, "AWS/EBS", unit, _HOURLY, 3600, {"VolumeId": "resource_id"})


VOLUMES = AwsResourceType(
    name="aws_ebs_volumes",
    description="One row per EBS volume, attached or not.",
    service="ec2",
    operation="describe_volumes",
    items="Volumes[]",
    permission="ec2:DescribeVolumes",
    page_size=1000,
    columns=(
        Column("resource_id", "VolumeId", TEXT, "Identifier, `vol-…`."),
        NAME_TAG,
        TAGS,
        Column("state", "State", TEXT, "`available` when nothing uses it."),
        Column("volume_type", "VolumeType", TEXT, "gp2, gp3, io2 and so on."),
        Column("size_gib", "Size", COUNT, "Provisioned size."),
        Column("iops", "Iops", COUNT, "Provisioned or included operations per second."),
        Column("throughput_mibps", "Throughput", COUNT, "Provisioned throughput; gp3 alone."),
        Column("created_at", "CreateTime", INSTANT, "When it was made, UTC."),
        Column(
            "is_multi_attach_enabled",
            "MultiAttachEnabled",
            FLAG,
            "Whether several instances may use it; of io1 and io2 alone.",
        ),
        Column(
            "attachment_count",
            "length(Attachments || `[]`)",
            COUNT,
            "Instances that it is attached to; the first one's attachment is what follows.",
        ),
        Column("instance_id", "Attachments[0].InstanceId", TEXT, "Instance it serves, or null."),
        Column("attached_at", "Attachments[0].AttachTime", INSTANT, "Since when it does, UTC."),
        Column("device", "Attachments[0].Device", TEXT, "Device name on the instance."),
        Column(
            "is_delete_on_termination",
            "Attachments[0].DeleteOnTermination",
            FLAG,
            "Whether it goes with the instance; null when unattached.",
        ),
        Column("is_encrypted", "Encrypted", FLAG, "Whether it is encrypted."),
        Column("snapshot_id", "SnapshotId", TEXT, "Snapshot it was made from, or null."),
        Column("availability_zone", "AvailabilityZone", TEXT, "Zone it is in."),
    ),
    metrics=(
        _metric("VolumeReadOps", "Count"),
        _metric("VolumeWriteOps", "Count"),
        _metric("VolumeReadBytes", "Bytes"),
        _metric("VolumeWriteBytes", "Bytes"),
    ),
)

SNAPSHOTS = AwsResourceType(
    name="aws_ebs_snapshots",
    description="One row per EBS snapshot that the account owns.",
    service="ec2",
    operation="describe_snapshots",
    items="Snapshots[]",
    permission="ec2:DescribeSnapshots",
    page_size=1000,
    parameters={"OwnerIds": ["self"]},
    columns=(
        Column("resource_id", "SnapshotId", TEXT, "Identifier, `snap-…`."),
        NAME_TAG,
        TAGS,
        Column("volume_id", "VolumeId", TEXT, "Volume it was taken of, gone or not."),
        Column("state", "State", TEXT, "completed, pending, error and so on."),
        Column("volume_size_gib", "VolumeSize", COUNT, "Size of the volume, not of the snapshot."),
        Column("started_at", "StartTime", INSTANT, "When it was begun, UTC."),
        Column("description", "Description", TEXT, "What its maker wrote; backup services do."),
        Column("storage_tier", "StorageTier", TEXT, "standard or archive."),
        Column("owner_id", "OwnerId", TEXT, "Account that owns it."),
    ),
)

RESOURCE_TYPES = (VOLUMES, SNAPSHOTS)
