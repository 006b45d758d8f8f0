"""The accounts of the estate as a customer connects them: a role each, with its External ID."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from estate.dice import guid
from estate.model import Account, BillingScope, Partner, Resource

ROLE_NAME = "CloudPruneReadOnly"
SCANNING_ACCOUNT = "000000009999"


@dataclass(frozen=True, slots=True)
class ConnectedAccount:
    """An AWS account with the role that a scan assumes."""

    account: Account
    external_id: str
    scope: BillingScope

    @property
    def role_arn(self) -> str:
        """ARN of the role."""
        return f"arn:aws:iam::{self.account.account_id}:role/{ROLE_NAME}"

    @property
    def trust_policy(self) -> str:
        """Who may assume the role, as JSON: the scanning account, with the External ID."""
        return json.dumps(
            {
                "Version": "2012-10-17",
                "Statement": [
                    {
                        "Effect": "Allow",
                        "Principal": {"AWS": f"arn:aws:iam::{SCANNING_ACCOUNT}:root"},
                        "Action": "sts:AssumeRole",
                        "Condition": {"StringEquals": {"sts:ExternalId": self.external_id}},
                    }
                ],
            }
        )

    @property
    def resources(self) -> tuple[Resource, ...]:
        """What lies in the account."""
        return tuple(
            found
            for found in self.scope.resources
            if found.account.account_id == self.account.account_id
        )


def connected_accounts(partners: Sequence[Partner]) -> tuple[ConnectedAccount, ...]:
    """Return the accounts of all AWS bills."""
    return tuple(
        ConnectedAccount(account, guid("external id", scope.partner_id, account.account_id), scope)
        for scope in _aws_scopes(partners)
        for account in scope.accounts
    )


def _aws_scopes(partners: Sequence[Partner]) -> Iterator[BillingScope]:
    for partner in partners:
        for tenant in partner.tenants:
            yield from (scope for scope in tenant.scopes if scope.provider == "aws")
