"""Accounts of customers that run our templates, in a cloud that checks trust and every action."""

import json
import re
import urllib.parse
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import boto3
import yaml
from moto.iam.access_control import IAMPolicy, PermissionResult
from moto.iam.models import iam_backends
from werkzeug.wrappers import Response

from onboarding.aws_role import member_template
from onboarding.catalogue import aws_template
from tests.integration.ingestion.aws.cloud import Cloud

OWN_ACCOUNT = "123456789012"
PRINCIPAL = f"arn:aws:iam::{OWN_ACCOUNT}:user/scanner"
ROLE_NAME = "CloudPruneReadOnly"
_MOTO_NAMES = {"Effect": "Allow", "Action": "monitoring:GetMetricData", "Resource": "*"}


def role_of(account_id: str) -> str:
    """Return the role that our template makes."""
    return f"arn:aws:iam::{account_id}:role/{ROLE_NAME}"


def inside(account_id: str, service: str) -> Any:
    """Return a client of an administrator of the account."""
    client = boto3.client(service, region_name="us-east-1")
    client.meta.events.register(
        "before-sign",
        lambda request, **_: request.headers.__setitem__("x-moto-account-id", account_id),
    )
    return client


def create_role(account_id: str, external_id: str, *, template: str = "aws") -> str:
    """Run our template in an account, as its administrator; return the role's ARN."""
    document = yaml.safe_load(aws_template(template, PRINCIPAL, external_id).text)
    defaults = {name: given.get("Default") for name, given in document["Parameters"].items()}
    return _create(account_id, document, defaults)


def create_member_role(account_id: str, external_id: str) -> str:
    """Do what the StackSet does in a member account."""
    given = {"Principal": PRINCIPAL, "ExternalId": external_id, "RoleName": ROLE_NAME}
    return _create(account_id, json.loads(member_template()), given)


def _create(account_id: str, document: Mapping[str, Any], given: Mapping[str, Any]) -> str:
    """Make the template's role; moto's CloudFormation needs packages that are not here."""
    known = {**given, "AWS::AccountId": account_id, "AWS::Partition": "aws"}
    role = _resolved(document["Resources"]["ReadOnlyRole"]["Properties"], known)
    iam = inside(account_id, "iam")
    made = iam.create_role(
        RoleName=role["RoleName"],
        MaxSessionDuration=role["MaxSessionDuration"],
        AssumeRolePolicyDocument=json.dumps(role["AssumeRolePolicyDocument"]),
    )
    moto_names = {"Version": "2012-10-17", "Statement": [_MOTO_NAMES]}
    for policy in (*role["Policies"], {"PolicyName": "moto", "PolicyDocument": moto_names}):
        iam.put_role_policy(
            RoleName=role["RoleName"],
            PolicyName=policy["PolicyName"],
            PolicyDocument=json.dumps(policy["PolicyDocument"]),
        )
    return str(made["Role"]["Arn"])


def _resolved(value: Any, known: Mapping[str, Any]) -> Any:
    if isinstance(value, list):
        return [_resolved(each, known) for each in value]
    if not isinstance(value, dict):
        return value
    if "Ref" in value:
        return known[value["Ref"]]
    if "Fn::Sub" in value:
        return re.sub(r"\$\{([^}]+)\}", lambda found: known[found[1]], value["Fn::Sub"])
    return {name: _resolved(each, known) for name, each in value.items()}


def open_trust(account_id: str) -> None:
    """Take the condition out of the trust policy, as a careless administrator would."""
    iam = inside(account_id, "iam")
    policy = iam.get_role(RoleName=ROLE_NAME)["Role"]["AssumeRolePolicyDocument"]
    for statement in policy["Statement"]:
        statement.pop("Condition")
    iam.update_assume_role_policy(RoleName=ROLE_NAME, PolicyDocument=json.dumps(policy))


def change_policy(account_id: str, *, without: str = "", besides: str = "") -> None:
    """Take an action away from the role, or grant one besides."""
    iam = inside(account_id, "iam")
    named = {"RoleName": ROLE_NAME, "PolicyName": "cloudprune-reading"}
    policy = iam.get_role_policy(**named)["PolicyDocument"]
    for statement in policy["Statement"]:
        if statement["Effect"] == "Allow":
            statement["Action"] = [action for action in statement["Action"] if action != without]
    policy["Statement"] = [found for found in policy["Statement"] if found["Action"]]
    if besides:
        policy["Statement"].append({"Effect": "Allow", "Action": besides, "Resource": "*"})
    iam.put_role_policy(**named, PolicyDocument=json.dumps(policy))


@contextmanager
def enforcing(cloud: Cloud, monkeypatch: Any) -> Iterator[None]:
    """Check every call against the caller's policies, and every assumption against the trust."""
    own = boto3.client("iam", region_name="us-east-1")
    own.create_user(UserName="scanner")
    allowed = {"Effect": "Allow", "Action": "sts:AssumeRole", "Resource": "*"}
    own.put_user_policy(
        UserName="scanner",
        PolicyName="assume",
        PolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": [allowed]}),
    )
    key = own.create_access_key(UserName="scanner")["AccessKey"]
    cloud.prepared["SimulatePrincipalPolicy"] = simulate
    with monkeypatch.context() as patch:
        patch.setenv("AWS_ACCESS_KEY_ID", key["AccessKeyId"])
        patch.setenv("AWS_SECRET_ACCESS_KEY", key["SecretAccessKey"])
        cloud.enforces_trust = True
        unchecked_calls(cloud, 0)
        try:
            yield
        finally:
            cloud.enforces_trust = False
            unchecked_calls(cloud, 10**9)


def unchecked_calls(cloud: Cloud, count: int) -> None:
    """Let so many calls pass unchecked from now on."""
    request = urllib.request.Request(
        f"{cloud.url}/moto-api/reset-auth",
        data=str(count).encode(),
        headers={"Content-Type": "text/plain"},
    )
    urllib.request.urlopen(request)


def simulate(text: str) -> str | Response:
    """Answer SimulatePrincipalPolicy, which moto lacks, with moto's own evaluation."""
    asked = urllib.parse.parse_qs(text)
    role_arn = asked["PolicySourceArn"][0]
    actions = [values[0] for name, values in asked.items() if name.startswith("ActionNames.")]
    policies = _policies(role_arn)
    if not _is_allowed(policies, "iam:SimulatePrincipalPolicy", role_arn):
        return Response(
            "<ErrorResponse><Error><Code>AccessDenied</Code><Message>no</Message></Error>"
            "</ErrorResponse>",
            403,
            content_type="text/xml",
        )
    results = "".join(
        f"<member><EvalActionName>{action}</EvalActionName><EvalResourceName>*</EvalResourceName>"
        f"<EvalDecision>{'allowed' if _is_allowed(policies, action) else 'implicitDeny'}"
        "</EvalDecision></member>"
        for action in actions
    )
    return (
        '<SimulatePrincipalPolicyResponse xmlns="https://iam.amazonaws.com/doc/2010-05-08/">'
        f"<SimulatePrincipalPolicyResult><IsTruncated>false</IsTruncated><EvaluationResults>"
        f"{results}</EvaluationResults></SimulatePrincipalPolicyResult>"
        "</SimulatePrincipalPolicyResponse>"
    )


def _policies(role_arn: str) -> list[IAMPolicy]:
    role = iam_backends[role_arn.split(":")[4]]["aws"].get_role_by_arn(role_arn)
    return [IAMPolicy(document) for document in role.policies.values()]


def _is_allowed(policies: list[IAMPolicy], action: str, resource: str = "*") -> bool:
    found = {policy.is_action_permitted(action, resource) for policy in policies}
    return PermissionResult.PERMITTED in found and PermissionResult.DENIED not in found
