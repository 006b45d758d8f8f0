"""A scan's session in a tenant's account.

Credentials are those of an assumed role, in memory alone: botocore renews them minutes before they
end, and `close` forgets them. Limits of one call: up to `attempts` tries of botocore's adaptive
mode, which waits up to 20 s between two and slows all calls of a client down once AWS throttles
it; 10 s to connect and 60 s for an answer.
"""

import logging
import threading
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from typing import Any

import boto3
import botocore.session
from botocore.config import Config
from botocore.credentials import CredentialProvider, CredentialResolver, RefreshableCredentials
from botocore.exceptions import BotoCoreError, ClientError

from ingestion.aws.operations import action_of
from ingestion.errors import ForbiddenOperationError
from ingestion.model import AwsAccess

SESSION_SECONDS = 3600
_HOME_REGIONS = {"aws": "us-east-1", "aws-cn": "cn-north-1", "aws-us-gov": "us-gov-west-1"}
_TALKATIVE = ("botocore", "boto3", "urllib3")
"""Loggers that would write keys and tokens at DEBUG."""


CALL_LIMITS = Config(retries={"total_max_attempts": 3}, connect_timeout=10, read_timeout=60)
"""Of single calls that decide whether anything else is asked."""


def home_region(role_arn: str) -> str:
    """Return the region whose STS knows the accounts of the role's partition."""
    return _HOME_REGIONS.get(role_arn.split(":")[1], "us-east-1")


class _AssumedRole(CredentialProvider):  # type: ignore[misc]  # botocore has no types
    """Gives a session the credentials that `assume` answers, and renews them the same way."""

    METHOD = "assume-role"

    def __init__(self, assume: Callable[[], dict[str, str]]) -> None:
        super().__init__()
        self._assume = assume

    def load(self) -> RefreshableCredentials:
        """Return credentials that renew themselves."""
        return RefreshableCredentials.create_from_metadata(
            self._assume(), refresh_using=self._assume, method=self.METHOD
        )


class AwsSession:
    """Clients in one account, under one role.

    Args:
        access: The role and its External ID.
        session_name: What the account's audit log calls us.
        allowed: IAM actions that may be called.
        parallel: Connections per client.
        attempts: Tries of one call.
    """

    def __init__(
        self,
        access: AwsAccess,
        *,
        session_name: str,
        allowed: Collection[str],
        parallel: int,
        attempts: int,
    ) -> None:
        for name in _TALKATIVE:
            logger = logging.getLogger(name)
            logger.setLevel(max(logger.level, logging.INFO))
        self.access = access
        self.partition = access.role_arn.split(":")[1]
        self.home_region = home_region(access.role_arn)
        self._session_name = session_name
        self._allowed = frozenset(allowed)
        self._config = Config(
            retries={"mode": "adaptive", "total_max_attempts": attempts},
            connect_timeout=10,
            read_timeout=60,
            max_pool_connections=parallel,
        )
        self._lock = threading.Lock()
        self._counts = threading.local()
        self._clients: dict[tuple[str, str], Any] = {}
        self._session: Any = None
        self.generation = 0

    def open(self) -> None:
        """Assume the role.

        Raises:
            BotoCoreError, ClientError: It cannot be assumed.
        """
        session = botocore.session.Session()
        provider = _AssumedRole(self._assume)
        session.register_component("credential_provider", CredentialResolver([provider]))
        session.register("before-call", self._refuse_others)
        session.register("before-send", self._count)
        session.get_credentials()
        self._session = boto3.Session(botocore_session=session)
        self._clients = {}
        self.generation += 1

    def renewed(self, generation: int) -> bool:
        """Assume the role anew, unless somebody did since that generation.

        Returns:
            Whether there are other credentials now.
        """
        with self._lock:
            if self.generation == generation:
                try:
                    self.open()
                except (BotoCoreError, ClientError):
                    return False
            return True

    def close(self) -> None:
        """Forget clients and credentials."""
        for client in self._clients.values():
            client.close()
        self._clients = {}
        self._session = None

    def client(self, service: str, region_id: str) -> Any:
        """Return the one client of a service and region; boto3 cannot make two at a time."""
        with self._lock:
            if (service, region_id) not in self._clients:
                made = self._session.client(service, region_name=region_id, config=self._config)
                self._clients[service, region_id] = made
            return self._clients[service, region_id]

    @contextmanager
    def counted(self) -> Iterator[Callable[[], int]]:
        """Give what counts the calls that this thread sends within the block."""
        before = getattr(self._counts, "sent", 0)
        yield lambda: getattr(self._counts, "sent", 0) - before

    def _assume(self) -> dict[str, str]:
        client = boto3.Session().client("sts", region_name=self.home_region, config=self._config)
        answer = client.assume_role(
            RoleArn=self.access.role_arn,
            RoleSessionName=self._session_name,
            ExternalId=self.access.external_id,
            DurationSeconds=SESSION_SECONDS,
        )
        client.close()
        given = answer["Credentials"]
        return {
            "access_key": given["AccessKeyId"],
            "secret_key": given["SecretAccessKey"],
            "token": given["SessionToken"],
            "expiry_time": given["Expiration"].isoformat(),
        }

    def _refuse_others(self, model: Any, **_: Any) -> None:
        action = action_of(model)
        if action not in self._allowed:
            raise ForbiddenOperationError(f"{action} is called and no declaration names it")

    def _count(self, **_: Any) -> None:
        self._counts.sent = getattr(self._counts, "sent", 0) + 1
