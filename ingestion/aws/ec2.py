"""EC2 instances and what they start from: images, launch templates."""

import pyarrow as pa

from ingestion.aws.resource_type import AwsResourceType, Parent
from ingestion.model import Column, Metric

TEXT, INSTANT, COUNT, FLAG = pa.string(), pa.timestamp("us"), pa.int64(), pa.bool_()

NAME_TAG = Column("resource_name", "Tags[?Key=='Name'] | [0].Value", TEXT, "Its `Name` tag.")
TAGS = Column("tags", "Tags", TEXT, "Tags as the text of a JSON object.")

_OF_INSTANCE = {"InstanceId": "resource_id"}
_DAILY = ("average", "p50", "p95", "p99", "maximum")

INSTANCES = AwsResourceType(
    name="aws_ec2_instances",
    description="One row per EC2 instance, in any state that EC2 still lists.",
    service="ec2",
    operation="describe_instances",
    items="Reservations[].Instances[]",
    permission="ec2:DescribeInstances",
    page_size=1000,
    columns=(
        Column("resource_id", "InstanceId", TEXT, "Identifier, `i-…`."),
        NAME_TAG,
        TAGS,
        Column("instance_type", "InstanceType", TEXT, "Such as `m5.xlarge`."),
        Column("state", "State.Name", TEXT, "running, stopped, terminated and so on."),
        Column(
            "state_transition_reason",
            "StateTransitionReason",
            TEXT,
            "Why the state changed last, with the time where a person stopped it.",
        ),
        Column("launched_at", "LaunchTime", INSTANT, "When it was started last, UTC."),
        Column("platform", "PlatformDetails || Platform", TEXT, "Operating system as billed."),
        Column("architecture", "Architecture", TEXT, "x86_64, arm64 and so on."),
        Column("lifecycle", "InstanceLifecycle", TEXT, "spot or scheduled; null for on-demand."),
        Column("image_id", "ImageId", TEXT, "Image it was started from."),
        Column("availability_zone", "Placement.AvailabilityZone", TEXT, "Zone it is in."),
        Column("vpc_id", "VpcId", TEXT, "Network it is in."),
        Column("root_device_name", "RootDeviceName", TEXT, "Device of the root volume."),
        Column("monitoring_state", "Monitoring.State", TEXT, "enabled: a value per minute."),
        Column(
            "autoscaling_group_name",
            "Tags[?Key=='aws:autoscaling:groupName'] | [0].Value",
            TEXT,
            "Auto Scaling group that manages it, or null.",
        ),
    ),
    metrics=(
        Metric("CPUUtilization", "AWS/EC2", "Percent", _DAILY, dimensions=_OF_INSTANCE),
        Metric("NetworkIn", "AWS/EC2", "Bytes", ("sum", "maximum"), dimensions=_OF_INSTANCE),
        Metric("NetworkOut", "AWS/EC2", "Bytes", ("sum", "maximum"), dimensions=_OF_INSTANCE),
        Metric(
            "mem_used_percent",
            "CWAgent",
            "Percent",
            ("average", "p95", "p99", "maximum"),
            dimensions=_OF_INSTANCE,
        ),
    ),
)

IMAGES = AwsResourceType(
    name="aws_amis",
    description="One row per machine image of the account, deprecated and disabled ones included.",
    service="ec2",
    operation="describe_images",
    items="Images[]",
    permission="ec2:DescribeImages",
    page_size=1000,
    parameters={"Owners": ["self"], "IncludeDeprecated": True, "IncludeDisabled": True},
    columns=(
        Column("resource_id", "ImageId", TEXT, "Identifier, `ami-…`."),
        Column("resource_name", "Name", TEXT, "Name of the image."),
        TAGS,
        Column("state", "State", TEXT, "available, disabled, failed and so on."),
        Column("created_at", "CreationDate", INSTANT, "When it was made, UTC."),
        Column(
            "last_launched_at",
            "LastLaunchedTime",
            INSTANT,
            "When an instance was last started from it, UTC, as AWS knows; null if never.",
        ),
        Column("is_public", "Public", FLAG, "Whether every account may start it."),
        Column("architecture", "Architecture", TEXT, "x86_64, arm64 and so on."),
        Column("platform", "PlatformDetails || Platform", TEXT, "Operating system as billed."),
        Column(
            "snapshot_ids",
            "BlockDeviceMappings[].Ebs.SnapshotId",
            TEXT,
            "Snapshots that it holds, as the text of a JSON list.",
        ),
    ),
)

AMI_LAUNCH_PERMISSIONS = AwsResourceType(
    name="aws_ami_launch_permissions",
    description="One row per private image: how many others may start it. No list tells it of "
    "several images, so that each is asked for; those of AWS Backup, which stay its own, are not.",
    service="ec2",
    operation="describe_image_attribute",
    items="[@]",
    permission="ec2:DescribeImageAttribute",
    parameters={"Attribute": "launchPermission"},
    parent=Parent(
        operation="describe_images",
        items="Images[?!Public && !(Tags[?Key=='aws:backup:source-resource'])].ImageId",
        parameter="ImageId",
        page_size=1000,
        permission="ec2:DescribeImages",
        gone=frozenset({"InvalidAMIID.NotFound", "InvalidAMIID.Unavailable"}),
        parameters={"Owners": ["self"], "IncludeDeprecated": True},
    ),
    columns=(
        Column("resource_id", "ImageId", TEXT, "Image, `ami-…`."),
        Column("resource_name", "@.Name", TEXT, "Not told here: null."),
        Column("tags", "@.Tags", TEXT, "Not told here: `{}`."),
        Column(
            "launch_permission_count",
            "length(LaunchPermissions || `[]`)",
            COUNT,
            "Other accounts, organizations and their units that may start it.",
        ),
    ),
)

LAUNCH_TEMPLATE_VERSIONS = AwsResourceType(
    name="aws_launch_template_versions",
    description="One row per version of a launch template: each may start instances.",
    service="ec2",
    operation="describe_launch_template_versions",
    items="LaunchTemplateVersions[]",
    permission="ec2:DescribeLaunchTemplateVersions",
    page_size=200,
    parent=Parent(
        operation="describe_launch_templates",
        items="LaunchTemplates[].LaunchTemplateId",
        parameter="LaunchTemplateId",
        page_size=200,
        permission="ec2:DescribeLaunchTemplates",
        gone=frozenset({"InvalidLaunchTemplateId.NotFound"}),
    ),
    columns=(
        Column(
            "resource_id",
            "join(':', [LaunchTemplateId, to_string(VersionNumber)])",
            TEXT,
            "Template and version, `lt-…:3`.",
        ),
        Column("resource_name", "LaunchTemplateName", TEXT, "Name of the template."),
        Column("tags", "@.Tags", TEXT, "Versions have none: `{}`."),
        Column("launch_template_id", "LaunchTemplateId", TEXT, "Template it is a version of."),
        Column("version_number", "VersionNumber", COUNT, "Number within the template."),
        Column("is_default", "DefaultVersion", FLAG, "Whether starts without a number take it."),
        Column("image_id", "LaunchTemplateData.ImageId", TEXT, "Image it starts, or null."),
        Column("instance_type", "LaunchTemplateData.InstanceType", TEXT, "Type, or null."),
    ),
)

RESOURCE_TYPES = (INSTANCES, IMAGES, AMI_LAUNCH_PERMISSIONS, LAUNCH_TEMPLATE_VERSIONS)
