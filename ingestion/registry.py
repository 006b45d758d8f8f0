"""The one list of what is collected. A new resource type is declared, then named here."""

from ingestion.aws import autoscaling, ebs, ec2
from ingestion.aws import network as aws_network
from ingestion.azure import compute
from ingestion.azure import network as azure_network
from ingestion.model import ResourceType

RESOURCE_TYPES: tuple[ResourceType, ...] = (
    *ec2.RESOURCE_TYPES,
    *autoscaling.RESOURCE_TYPES,
    *ebs.RESOURCE_TYPES,
    *aws_network.RESOURCE_TYPES,
    *compute.RESOURCE_TYPES,
    *azure_network.RESOURCE_TYPES,
)
"""All inventory tables, in the order they are read."""


def resource_types_of(provider: str) -> tuple[ResourceType, ...]:
    """Return the resource types of one cloud."""
    return tuple(kind for kind in RESOURCE_TYPES if kind.provider == provider)
