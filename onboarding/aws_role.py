"""CloudFormation: the role of one account, and of every account of an organization.

Parameters carry our principal and the External ID, so that a quick-create link can fill them in.
"""

import json
import re
from typing import Any

import yaml

from onboarding.aws_policy import ROLE_NAME, SESSION_SECONDS, reading, trust

FORMAT_VERSION = "2010-09-09"
_HEXADECIMAL = re.compile("[0-9a-f]+")
_OWN_ROLE = {"Fn::Sub": "arn:${AWS::Partition}:iam::${AWS::AccountId}:role/${RoleName}"}
_MEMBER_EXTERNAL_ID = {"Fn::Sub": "${ExternalId}-${AWS::AccountId}"}


def member_external_id(external_id: str, account_id: str) -> str:
    """Return the External ID of one account of an organization: each has its own."""
    return f"{external_id}-{account_id}"


def role_template(principal: str, external_id: str) -> str:
    """Return the template of one account's role.

    Args:
        principal: ARN of the role that scans run as.
        external_id: Of this connection.
    """
    return _text(
        "Lets CloudPrune read what exists in this account and how much it is used. No contents, "
        "no secrets, no changes.",
        parameters(principal, external_id),
        {"ReadOnlyRole": _role({"Ref": "ExternalId"})},
    )


def organization_template(principal: str, external_id: str) -> str:
    """Return the template of an organization's management account.

    It makes the role there, which lists the member accounts, and a StackSet that makes the role in
    each of them, later ones included.
    """
    taken = parameters(principal, external_id) | {
        "OrganizationalUnitIds": {
            "Type": "CommaDelimitedList",
            "Description": "The organization's root (r-...), or organizational units (ou-...).",
        }
    }
    resources = {
        "ReadOnlyRole": _role({"Ref": "ExternalId"}, lists_accounts=True),
        "MemberRoles": {"Type": "AWS::CloudFormation::StackSet", "Properties": _stack_set()},
    }
    return _text(
        "Lets CloudPrune read what exists in every account of this organization and how much it "
        "is used. Create it in the management account.",
        taken,
        resources,
    )


def _stack_set() -> dict[str, Any]:
    passed = ("Principal", "ExternalId", "RoleName")
    return {
        "StackSetName": {"Ref": "RoleName"},
        "Description": "The read-only role of CloudPrune in each member account.",
        "PermissionModel": "SERVICE_MANAGED",
        "AutoDeployment": {"Enabled": True, "RetainStacksOnAccountRemoval": False},
        "Capabilities": ["CAPABILITY_NAMED_IAM"],
        "OperationPreferences": {"FailureTolerancePercentage": 100, "MaxConcurrentPercentage": 100},
        "Parameters": [{"ParameterKey": name, "ParameterValue": {"Ref": name}} for name in passed],
        "StackInstancesGroup": [
            {
                "DeploymentTargets": {"OrganizationalUnitIds": {"Ref": "OrganizationalUnitIds"}},
                "Regions": [{"Ref": "AWS::Region"}],
            }
        ],
        "TemplateBody": member_template(),
    }


def member_template() -> str:
    """Return what the StackSet creates in each member account, as JSON."""
    return json.dumps(
        {
            "AWSTemplateFormatVersion": FORMAT_VERSION,
            "Description": "The read-only role of CloudPrune in a member account.",
            "Parameters": {name: {"Type": "String"} for name in parameters("", "")},
            "Resources": {"ReadOnlyRole": _role(_MEMBER_EXTERNAL_ID)},
        },
        indent=1,
    )


def _role(external_id: dict[str, str], *, lists_accounts: bool = False) -> dict[str, Any]:
    return {
        "Type": "AWS::IAM::Role",
        "Properties": {
            "RoleName": {"Ref": "RoleName"},
            "Description": "Read by CloudPrune: metadata only.",
            "MaxSessionDuration": SESSION_SECONDS,
            "AssumeRolePolicyDocument": trust({"Ref": "Principal"}, external_id),
            "Policies": [
                {
                    "PolicyName": "cloudprune-reading",
                    "PolicyDocument": reading(_OWN_ROLE, lists_accounts=lists_accounts),
                }
            ],
        },
    }


def parameters(principal: str, external_id: str, role_name: str = ROLE_NAME) -> dict[str, Any]:
    """Return the parameters that a quick-create link fills in."""
    return {
        "Principal": {
            "Type": "String",
            "Default": principal,
            "AllowedPattern": "arn:aws[a-z-]*:iam::[0-9]{12}:(role/.+|user/.+|root)",
            "Description": "Who may assume the role: the identity that CloudPrune's scans run as.",
        },
        "ExternalId": {
            "Type": "String",
            "Default": external_id,
            "AllowedPattern": "[0-9a-f]{32}",
            "Description": "Made by CloudPrune for this connection; leave it as it is.",
        },
        "RoleName": {
            "Type": "String",
            "Default": role_name,
            "AllowedPattern": r"[\w+=,.@-]{1,64}",
            "Description": "Name of the role.",
        },
    }


def _text(description: str, taken: dict[str, Any], resources: dict[str, Any]) -> str:
    arn = {"Description": "Give this to CloudPrune.", "Value": {"Fn::GetAtt": "ReadOnlyRole.Arn"}}
    document = {
        "AWSTemplateFormatVersion": FORMAT_VERSION,
        "Description": description,
        "Parameters": taken,
        "Resources": resources,
        "Outputs": {"RoleArn": arn},
    }
    return template_text(document)


class _Dumper(yaml.SafeDumper):  # type: ignore[misc]  # PyYAML has no types
    """Writes long texts as blocks, and repeats nothing by reference."""

    def ignore_aliases(self, data: Any) -> bool:  # noqa: ARG002 - PyYAML's signature
        """Write everything out."""
        return True


def _write_text(dumper: yaml.SafeDumper, value: str) -> Any:
    style = "|" if "\n" in value else None
    if _HEXADECIMAL.fullmatch(value):
        style = "'"  # some readers would take 123e4 for a number
    return dumper.represent_scalar("tag:yaml.org,2002:str", value, style=style)


_Dumper.add_representer(str, _write_text)


def template_text(document: dict[str, Any]) -> str:
    """Return a CloudFormation document as YAML."""
    return str(yaml.dump(document, Dumper=_Dumper, sort_keys=False, width=100))
