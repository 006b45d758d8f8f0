"""The simulated AWS as its clients see it."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError

from estate.clouds.aws.server import AwsConnection, RunningAws
from estate.model import BillingScope, Resource
from estate.world import build_partners, calendar

THROUGH = date(2026, 5, 20)
SCAN_DAY = THROUGH + timedelta(days=1)
PARTNERS = build_partners(11, "small", calendar(THROUGH, 2))
ONCE = Config(retries={"total_max_attempts": 1})


@dataclass(frozen=True)
class Scanner:
    """One account, read with its role."""

    aws: RunningAws
    connection: AwsConnection
    keys: dict[str, str]

    def client(self, service: str, region: str) -> Any:
        return boto3.client(
            service, region_name=region, endpoint_url=self.aws.url, config=ONCE, **self.keys
        )

    @property
    def scope(self) -> BillingScope:
        return next(
            scope
            for partner in PARTNERS
            for tenant in partner.tenants
            for scope in tenant.scopes
            if self.connection.account_id in {each.account_id for each in scope.accounts}
        )

    def resources(self, *kinds: str) -> list[Resource]:
        return [
            found
            for found in self.scope.resources
            if found.account.account_id == self.connection.account_id
            and found.kind in kinds
            and found.exists_on(SCAN_DAY)
        ]


def assume(aws: RunningAws, role_arn: str, **external: str) -> dict[str, str]:
    key, secret = aws.access_key
    sts = boto3.client(
        "sts",
        region_name="us-east-1",
        endpoint_url=aws.url,
        aws_access_key_id=key,
        aws_secret_access_key=secret,
        config=ONCE,
    )
    found = sts.assume_role(RoleArn=role_arn, RoleSessionName="scan", **external)["Credentials"]
    return {
        "aws_access_key_id": found["AccessKeyId"],
        "aws_secret_access_key": found["SecretAccessKey"],
        "aws_session_token": found["SessionToken"],
    }


def refusal(call: Any, **arguments: Any) -> str:
    with pytest.raises(ClientError) as caught:
        call(**arguments)
    return str(caught.value.response["Error"]["Code"])


def series(scanner: Scanner, resource: Resource, where: tuple[str, str], metric: str, stat: str,
           period: int = 86400, days: int = 14) -> dict[date, float]:  # fmt: skip
    namespace, dimension = where
    name = resource.resource_id.rpartition(":loadbalancer/")[2]
    stat_of = {
        "Metric": {
            "Namespace": namespace,
            "MetricName": metric,
            "Dimensions": [{"Name": dimension, "Value": name}],
        },
        "Period": period,
        "Stat": stat,
    }
    end = datetime.combine(SCAN_DAY, time(), UTC)
    answer = scanner.client("cloudwatch", resource.region).get_metric_data(
        MetricDataQueries=[{"Id": "q", "MetricStat": stat_of}],
        StartTime=end - timedelta(days=days),
        EndTime=end,
    )
    (found,) = answer["MetricDataResults"]
    days_of = [at.astimezone(UTC).date() for at in found["Timestamps"]]
    return dict(zip(days_of, found["Values"], strict=True))
