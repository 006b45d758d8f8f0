"""Opens what reads a connection; the one place that knows all clouds' collectors."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, cast

from ingestion.aws.collector import AwsCollector
from ingestion.aws.connection_test import probe_account
from ingestion.aws.resource_type import AwsResourceType
from ingestion.azure.access import AzureEndpoints
from ingestion.azure.collector import AzureCollector
from ingestion.azure.connection_test import probe_directory
from ingestion.inventory.history import History
from ingestion.model import AwsAccess, Collector, Connection
from ingestion.permissions import grants_of
from ingestion.probes import ConnectionTest
from ingestion.registry import resource_types_of


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


def probe_connection(connection: Connection, limits: CloudLimits) -> ConnectionTest:
    """Test a connection: who it is, who else gets in, what it may and may not do.

    Args:
        connection: What is tested.
        limits: Where the clouds answer.
    """
    purposes = {g.permission: g.purposes for g in grants_of(connection.provider)}
    if isinstance(connection.access, AwsAccess):
        kinds = cast(Sequence[AwsResourceType], resource_types_of("aws"))
        return probe_account(connection.access, kinds, purposes)
    return probe_directory(connection.access, limits.azure, purposes)
