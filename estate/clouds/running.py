"""Runs both simulated clouds of an estate, and tells how they are reached."""

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import date

from estate.clouds.aws.server import AwsConnection, RunningAws, running_aws
from estate.clouds.azure.server import AzureConnection, RunningAzure, running_azure
from estate.model import Partner


@dataclass(frozen=True, slots=True)
class CloudConnection:
    """What a tenant would hand over so that one of its clouds can be read.

    Attributes:
        scope: AWS account id, or id of the Entra directory.
        role_arn: AWS only, as is external_id; the rest is Azure's.
    """

    partner_id: str
    tenant_id: str
    provider: str
    scope: str
    role_arn: str = ""
    external_id: str = ""
    directory_id: str = ""
    client_id: str = ""
    client_secret: str = ""
    subscriptions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Clouds:
    """Both clouds while they answer."""

    aws: RunningAws
    azure: RunningAzure

    @property
    def environment(self) -> dict[str, str]:
        """Environment variables that lead clients here."""
        return {**self.aws.environment, **self.azure.environment}

    @property
    def connections(self) -> tuple[CloudConnection, ...]:
        """All that can be read, AWS accounts first."""
        return (
            *map(_aws_connection, self.aws.connections),
            *map(_azure_connection, self.azure.connections),
        )


@contextmanager
def running_clouds(partners: Sequence[Partner], through: date) -> Iterator[Clouds]:
    """Run the clouds of partners' estates, as they are on the day after `through`.

    Args:
        partners: Who owns the estates.
        through: Last day with charges.

    Raises:
        RuntimeError: One of them did not start.
    """
    with ExitStack() as stack:
        azure = stack.enter_context(running_azure(partners, through))
        aws = stack.enter_context(running_aws(partners, through))
        yield Clouds(aws, azure)


def _aws_connection(found: AwsConnection) -> CloudConnection:
    return CloudConnection(
        found.partner_id,
        found.tenant_id,
        "aws",
        found.account_id,
        role_arn=found.role_arn,
        external_id=found.external_id,
    )


def _azure_connection(found: AzureConnection) -> CloudConnection:
    return CloudConnection(
        found.partner_id,
        found.tenant_id,
        "azure",
        found.directory_id,
        directory_id=found.directory_id,
        client_id=found.client_id,
        client_secret=found.client_secret,
        subscriptions=found.subscriptions,
    )
