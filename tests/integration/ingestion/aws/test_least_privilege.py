"""The policy that `cloudprune permissions aws` prints is enough; nothing else is ever called."""

import json
import urllib.request
from collections.abc import Callable, Iterator
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError

from ingestion.aws.operations import actions_of
from ingestion.aws.session import AwsSession
from ingestion.errors import ForbiddenOperationError
from ingestion.inventory.report import ScanStatus
from ingestion.model import ScopeStatus
from ingestion.permissions import aws_policy
from ingestion.registry import resource_types_of
from tests.integration.ingestion.aws.cloud import Cloud
from tests.integration.ingestion.aws.conftest import ACCESS, ACCOUNT, ScanDay
from tests.integration.ingestion.aws.test_scan import make_volume

PERMITTED = {
    "autoscaling:DescribeAutoScalingGroups",
    "cloudwatch:GetMetricData",
    "ec2:DescribeAddresses",
    "ec2:DescribeImageAttribute",
    "ec2:DescribeImages",
    "ec2:DescribeInstances",
    "ec2:DescribeLaunchTemplateVersions",
    "ec2:DescribeLaunchTemplates",
    "ec2:DescribeNatGateways",
    "ec2:DescribeRegions",
    "ec2:DescribeSnapshots",
    "ec2:DescribeVolumes",
    "elasticloadbalancing:DescribeLoadBalancers",
    "elasticloadbalancing:DescribeTags",
}
"""Metadata only: whoever adds an action here says in the change why it reads no content."""

Enforce = Callable[[dict[str, Any]], None]


def test_the_permitted_actions_are_these() -> None:
    kinds: Any = resource_types_of("aws")

    assert set(actions_of(kinds)) == PERMITTED
    assert set(aws_policy()["Statement"][0]["Action"]) == PERMITTED


@pytest.fixture
def enforce(
    cloud: Cloud, client: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> Iterator[Enforce]:
    """Let the cloud check every call against the policy of the role that a scan assumes."""

    def switch(policy: dict[str, Any]) -> None:
        policy["Statement"][0]["Action"] += [
            action.replace("cloudwatch:", "monitoring:")  # moto's name of the service
            for action in policy["Statement"][0]["Action"]
            if action.startswith("cloudwatch:")
        ]
        iam = client("iam")
        iam.create_role(RoleName="cloudprune", AssumeRolePolicyDocument="{}")
        iam.put_role_policy(
            RoleName="cloudprune", PolicyName="scan", PolicyDocument=json.dumps(policy)
        )
        own = boto3.client("iam", region_name="us-east-1")
        own.create_user(UserName="scanner")
        allowed = {"Effect": "Allow", "Action": "sts:AssumeRole", "Resource": "*"}
        own.put_user_policy(
            UserName="scanner",
            PolicyName="assume",
            PolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": [allowed]}),
        )
        key = own.create_access_key(UserName="scanner")["AccessKey"]
        monkeypatch.setenv("AWS_ACCESS_KEY_ID", key["AccessKeyId"])
        monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", key["SecretAccessKey"])
        _unchecked_calls(cloud, 0)

    yield switch
    _unchecked_calls(cloud, 10**9)


def _unchecked_calls(cloud: Cloud, count: int) -> None:
    request = urllib.request.Request(
        f"{cloud.url}/moto-api/reset-auth",
        data=str(count).encode(),
        headers={"Content-Type": "text/plain"},
    )
    urllib.request.urlopen(request)


@pytest.mark.integration
def test_a_role_with_exactly_the_printed_policy_can_scan(
    enforce: Enforce, client: Callable[..., Any], scan: ScanDay
) -> None:
    make_volume(client)
    enforce(aws_policy())

    report = scan()

    assert report.status is ScanStatus.COMPLETE, [p.message for p in report.problems]
    assert report.resource_count > 0


@pytest.mark.integration
def test_an_action_less_is_a_denied_table(enforce: Enforce, scan: ScanDay) -> None:
    policy = aws_policy()
    policy["Statement"][0]["Action"].remove("ec2:DescribeVolumes")
    enforce(policy)

    report = scan()

    assert {p.table_name for p in report.problems} == {"aws_ebs_volumes"}
    assert {p.status for p in report.problems} == {ScopeStatus.DENIED}
    assert f"lacks ec2:DescribeVolumes in {ACCOUNT}" in report.problems[0].message


@pytest.mark.integration
def test_what_no_declaration_names_is_never_sent(cloud: Cloud) -> None:
    session = AwsSession(
        ACCESS, session_name="test", allowed=["ec2:DescribeVolumes"], parallel=1, attempts=1
    )
    session.open()
    ec2 = session.client("ec2", "eu-west-1")
    ec2.describe_volumes(MaxResults=5)
    cloud.calls.clear()

    with pytest.raises(ForbiddenOperationError, match=r"ec2:TerminateInstances"):
        ec2.terminate_instances(InstanceIds=["i-1"])

    assert not cloud.calls
    session.close()


@pytest.mark.integration
def test_the_simulated_cloud_does_refuse_what_the_policy_lacks(
    enforce: Enforce, cloud: Cloud
) -> None:
    enforce(aws_policy())
    session = AwsSession(
        ACCESS, session_name="test", allowed=["ec2:CreateVolume"], parallel=1, attempts=1
    )
    session.open()

    with pytest.raises(ClientError, match=r"UnauthorizedOperation|AccessDenied"):
        session.client("ec2", "eu-west-1").create_volume(AvailabilityZone="eu-west-1a", Size=1)

    session.close()
