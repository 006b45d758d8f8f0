"""The IAM actions that a scan may use: what declarations name, and nothing else.

`AwsSession` refuses to call anything else, whatever a role allows.
"""

from collections.abc import Iterable
from typing import Any

from ingestion.aws.resource_type import AwsResourceType

LIST_REGIONS = "ec2:DescribeRegions"
READ_METRICS = "cloudwatch:GetMetricData"

_IAM_PREFIXES = {"monitoring": "cloudwatch"}
"""IAM's names of services that sign by another one."""


def actions_of(resource_types: Iterable[AwsResourceType]) -> tuple[str, ...]:
    """Return the IAM actions that a scan of these types needs, in order."""
    needed = {LIST_REGIONS}
    for resource_type in resource_types:
        needed.update(resource_type.permissions)
        if resource_type.metrics:
            needed.add(READ_METRICS)
    return tuple(sorted(needed))


def action_of(model: Any) -> str:
    """Return the IAM action of a botocore operation model."""
    prefix = model.service_model.signing_name
    return f"{_IAM_PREFIXES.get(prefix, prefix)}:{model.name}"
