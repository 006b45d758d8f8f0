"""Secrets of connections in AWS Secrets Manager, each under a path of its own.

The path begins with the connection, so that an IAM policy can let one reader at one connection;
partner and tenant follow, for two of them may connect the same directory.
"""

from typing import Any

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from control.errors import SecretUnreadableError
from ingestion.names import checked_name

_LIMITS = Config(retries={"total_max_attempts": 4}, connect_timeout=10, read_timeout=20)
_ABSENT = "ResourceNotFoundException"
_BEING_DELETED = "InvalidRequestException"


class AwsSecretStore:
    """The secrets of all partners.

    Args:
        environment: Name of this installation in paths.
    """

    def __init__(self, environment: str) -> None:
        self._environment = checked_name(environment, what="environment")

    def path(self, partner_id: str, tenant_id: str, connection_id: str) -> str:
        """Return the name of a connection's secret."""
        own = f"{checked_name(partner_id, what='partner')}/{checked_name(tenant_id, what='tenant')}"
        return f"cloudprune/{self._environment}/connections/{connection_id}/{own}/client-secret"

    def put(self, partner_id: str, tenant_id: str, connection_id: str, secret: str) -> None:
        """Keep a connection's secret, instead of what was kept before.

        Raises:
            SecretUnreadableError: AWS does not take it.
        """
        name = self.path(partner_id, tenant_id, connection_id)
        kept = secret or _NO_SECRET
        try:
            client = _client()
            try:
                client.put_secret_value(SecretId=name, SecretString=kept)
            except ClientError as error:
                if _code(error) != _ABSENT:
                    raise
                client.create_secret(Name=name, SecretString=kept)
        except (BotoCoreError, ClientError) as error:
            raise _failure("kept", name, error) from error

    def get(self, partner_id: str, tenant_id: str, connection_id: str) -> str:
        """Return a connection's secret.

        Raises:
            SecretUnreadableError: There is none, or we may not read it.
        """
        name = self.path(partner_id, tenant_id, connection_id)
        try:
            found = str(_client().get_secret_value(SecretId=name)["SecretString"])
        except (BotoCoreError, ClientError) as error:
            raise _failure("read", name, error) from error
        return "" if found == _NO_SECRET else found

    def remove(self, partner_id: str, tenant_id: str, connection_id: str) -> None:
        """Forget a connection's secret at once, if there is one.

        Raises:
            SecretUnreadableError: AWS does not let us.
        """
        name = self.path(partner_id, tenant_id, connection_id)
        try:
            _client().delete_secret(SecretId=name, ForceDeleteWithoutRecovery=True)
        except (BotoCoreError, ClientError) as error:
            if _code(error) not in (_ABSENT, _BEING_DELETED):
                raise _failure("removed", name, error) from error


_NO_SECRET = "signs-in-without-a-secret"  # noqa: S105 - Secrets Manager takes no empty text


def _client() -> Any:
    return boto3.Session().client("secretsmanager", config=_LIMITS)


def _code(error: BaseException) -> str:
    if isinstance(error, ClientError):
        return str(error.response.get("Error", {}).get("Code", ""))
    return type(error).__name__


def _failure(what: str, name: str, error: BaseException) -> SecretUnreadableError:
    """Return the failure in our words; AWS's own text is not passed on."""
    return SecretUnreadableError(
        f"secret {name} cannot be {what} in AWS Secrets Manager ({_code(error)}); the operator of "
        "this installation checks its AWS credentials and region and that they may do so, or the "
        "secret is given again: cloudprune connect azure"
    )
