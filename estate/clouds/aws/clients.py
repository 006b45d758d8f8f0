"""Clients that fill the simulated AWS: of any account, and of the user that scans start from."""

from dataclasses import dataclass, field
from typing import Any

import boto3
from botocore.config import Config

from estate.clouds.aws.roles import SCANNING_ACCOUNT

_CLIENT = Config(retries={"total_max_attempts": 1}, parameter_validation=False)


@dataclass
class Clients:
    """Clients that work in any account; only moto knows the header that says which.

    Attributes:
        account_id: The account in which calls act.
    """

    account_id: str = SCANNING_ACCOUNT
    _made: dict[tuple[str, str], Any] = field(default_factory=dict)

    def get(self, service: str, region: str = "us-east-1") -> Any:
        """Return the client of a service in a region, made once for all accounts."""
        if (service, region) not in self._made:
            self._made[service, region] = self._make(service, region)
        return self._made[service, region]

    def _make(self, service: str, region: str) -> Any:
        made = boto3.client(
            service,
            region_name=region,
            aws_access_key_id="filling",
            aws_secret_access_key="filling",  # noqa: S106 - nobody checks it
            config=_CLIENT,
        )
        made.meta.events.register("before-sign", self._name_account)
        return made

    def _name_account(self, request: Any, **_: Any) -> None:
        request.headers["x-moto-account-id"] = self.account_id


def create_scanner(clients: Clients) -> tuple[str, str]:
    """Create the user whose key a scan starts from; return the key and its secret."""
    clients.account_id = SCANNING_ACCOUNT
    iam = clients.get("iam")
    iam.create_user(UserName="scanner")
    key = iam.create_access_key(UserName="scanner")["AccessKey"]
    return key["AccessKeyId"], key["SecretAccessKey"]
