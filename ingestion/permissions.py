"""The least that a cloud has to grant for a scan, collected from what is declared.

Nothing is listed here that a declaration does not name, but for what must never be read: the role
in AWS carries an explicit Deny on contents, which no other policy of the account can lift.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ingestion.aws.operations import LIST_REGIONS
from ingestion.aws.operations import READ_METRICS as READ_AWS_METRICS
from ingestion.azure.operations import (
    READ_EXPORTS,
    READ_GRAPH,
    READ_METRICS,
    READ_PERMISSIONS,
    READ_SUBSCRIPTIONS,
)
from ingestion.registry import resource_types_of

PROVIDERS = ("aws", "azure")
_UTILIZATION = "utilization_daily"
_EVERY_SCAN: Mapping[str, Mapping[str, str]] = {
    "aws": {
        LIST_REGIONS: "which regions the account uses",
        READ_AWS_METRICS: _UTILIZATION,
    },
    "azure": {
        READ_SUBSCRIPTIONS: "which subscriptions there are",
        READ_GRAPH: "every inventory table",
        READ_METRICS: _UTILIZATION,
        READ_EXPORTS: "whether costs can be read",
        READ_PERMISSIONS: "whether anything could be changed",
    },
}
AWS_OWN_POLICY = "iam:SimulatePrincipalPolicy"
"""Lets a connection test ask what the role may do; granted on the role itself alone."""
AWS_MEMBER_ACCOUNTS = "organizations:ListAccounts"
"""Finds the accounts of an organization; granted in its management account alone."""
DENIED_CONTENTS = (
    "autoscaling:DescribeLaunchConfigurations",
    "cloudtrail:LookupEvents",
    "dynamodb:BatchGetItem",
    "dynamodb:GetItem",
    "dynamodb:GetRecords",
    "dynamodb:PartiQL*",
    "dynamodb:Query",
    "dynamodb:Scan",
    "ebs:GetSnapshotBlock",
    "ebs:ListChangedBlocks",
    "ebs:ListSnapshotBlocks",
    "ec2:DescribeInstanceAttribute",
    "ec2:GetConsoleOutput",
    "ec2:GetConsoleScreenshot",
    "ec2:GetPasswordData",
    "ecr:BatchGetImage",
    "ecr:GetAuthorizationToken",
    "ecr:GetDownloadUrlForLayer",
    "eks:AccessKubernetesApi",
    "iam:PassRole",
    "kms:Decrypt",
    "lambda:GetFunction",
    "lambda:GetLayerVersion",
    "lambda:Invoke*",
    "logs:FilterLogEvents",
    "logs:GetLogEvents",
    "logs:GetLogRecord",
    "logs:GetQueryResults",
    "logs:StartLiveTail",
    "logs:StartQuery",
    "logs:Unmask",
    "rds-data:*",
    "rds:DownloadCompleteDBLogFile",
    "rds:DownloadDBLogFilePortion",
    "s3:GetObject*",
    "s3:ListBucket",
    "s3:ListBucketMultipartUploads",
    "s3:ListBucketVersions",
    "secretsmanager:BatchGetSecretValue",
    "secretsmanager:GetSecretValue",
    "ssm:GetParameter*",
    "sts:AssumeRole",
)
"""What reads contents or secrets, or leads to another role."""


@dataclass(frozen=True, slots=True)
class Grant:
    """One permission, and what it is for.

    Attributes:
        permission: IAM action, or operation of Azure's.
        purposes: Tables that are read with it, or what else needs it.
    """

    permission: str
    purposes: tuple[str, ...]


def grants_of(provider: str) -> tuple[Grant, ...]:
    """Return every permission that a scan of a cloud needs, in order."""
    purposes: dict[str, list[str]] = {}
    for permission, purpose in _needs(provider):
        purposes.setdefault(permission, []).append(purpose)
    return tuple(Grant(name, tuple(dict.fromkeys(purposes[name]))) for name in sorted(purposes))


def aws_policy() -> dict[str, Any]:
    """Return the IAM policy of the role that a scan assumes."""
    return {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Sid": "ReadWhatExistsAndHowMuchItIsUsed",
                "Effect": "Allow",
                "Action": [grant.permission for grant in grants_of("aws")],
                "Resource": "*",
            },
            {
                "Sid": "NeverReadContentsOrSecrets",
                "Effect": "Deny",
                "Action": list(DENIED_CONTENTS),
                "Resource": "*",
            },
        ],
    }


def azure_role(subscriptions: Sequence[str]) -> dict[str, Any]:
    """Return the custom role of the application that scans, narrower than the built-in Reader.

    Args:
        subscriptions: Where it can be assigned.
    """
    return {
        "Name": "CloudPrune Inventory Reader",
        "IsCustom": True,
        "Description": "Lists resources and their metrics; reads no content, changes nothing.",
        "Actions": [grant.permission for grant in grants_of("azure")],
        "NotActions": [],
        "DataActions": [],
        "NotDataActions": [],
        "AssignableScopes": [f"/subscriptions/{subscription}" for subscription in subscriptions],
    }


def _needs(provider: str) -> Iterator[tuple[str, str]]:
    yield from _EVERY_SCAN[provider].items()
    for resource_type in resource_types_of(provider):
        for permission in resource_type.permissions:
            yield permission, resource_type.name
