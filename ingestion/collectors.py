"""Opens what reads a connection; the one place that knows all clouds' collectors."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from ingestion.aws.collector import AwsCollector
from ingestion.azure.access import AzureEndpoints
from ingestion.azure.collector import AzureCollector
from ingestion.inventory.history import History
from ingestion.model import AwsAccess, Collector, Connection


@dataclass(frozen=True, slots=True)
class CloudLimits:
    """How much of a cloud's patience a scan takes, and where the clouds answer.

    Attributes:
        parallel: Calls in flight per account.
        attempts: Tries of one call to AWS.
        azure: Where Azure answers.
    """

    parallel: int = 8
    attempts: int = 10
    azure: AzureEndpoints = field(default_factory=AzureEndpoints)


def open_collector(
    connection: Connection,
    resource_types: Sequence[Any],
    *,
    history: History | None = None,
    limits: CloudLimits | None = None,
) -> Collector:
    """Return what reads a connection.

    Args:
        connection: What is read.
        resource_types: What may be asked for.
        history: What earlier scans knew, if there were any.
        limits: How much of the cloud's patience it takes.
    """
    limits = limits or CloudLimits()
    if not isinstance(connection.access, AwsAccess):
        return AzureCollector(
            connection.access,
            limits.azure,
            known_subscriptions=history.sub_accounts() if history else (),
            parallel=limits.parallel,
        )
    return AwsCollector(
        connection.access,
        resource_types,
        session_name=f"cloudprune-{connection.partner_id}-{connection.tenant_id}"[:64],
        used_regions=history.used_regions() if history else (),
        parallel=limits.parallel,
        attempts=limits.attempts,
    )
