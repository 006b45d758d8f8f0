"""Auto Scaling groups. Their launch configurations are not read: those answer with user data."""

from ingestion.aws.ec2 import COUNT, INSTANT, TAGS, TEXT
from ingestion.aws.resource_type import AwsResourceType
from ingestion.model import Column

GROUPS = AwsResourceType(
    name="aws_autoscaling_groups",
    description="One row per Auto Scaling group.",
    service="autoscaling",
    operation="describe_auto_scaling_groups",
    items="AutoScalingGroups[]",
    permission="autoscaling:DescribeAutoScalingGroups",
    page_size=100,
    columns=(
        Column("resource_id", "AutoScalingGroupARN", TEXT, "ARN."),
        Column("resource_name", "AutoScalingGroupName", TEXT, "Name, unique in its region."),
        TAGS,
        Column(
            "launch_configuration_name",
            "LaunchConfigurationName",
            TEXT,
            "Launch configuration that it starts machines from, or null for a template.",
        ),
        Column(
            "started_launch_configuration_names",
            "Instances[].LaunchConfigurationName",
            TEXT,
            "What its machines were started from, as the text of a JSON list.",
        ),
        Column("min_size", "MinSize", COUNT, "Machines it has at least."),
        Column("max_size", "MaxSize", COUNT, "Machines it has at most."),
        Column("desired_capacity", "DesiredCapacity", COUNT, "Machines it is to have now."),
        Column("created_at", "CreatedTime", INSTANT, "When it was made, UTC."),
    ),
)

RESOURCE_TYPES = (GROUPS,)
