"""The printed policies hold what is declared, all of it and nothing else."""

from fnmatch import fnmatch
from typing import Any, cast

import botocore.session
import pytest

from ingestion.aws.operations import actions_of
from ingestion.aws.resource_type import AwsResourceType
from ingestion.azure.operations import OPERATIONS
from ingestion.permissions import DENIED_CONTENTS, aws_policy, azure_role, grants_of
from ingestion.registry import RESOURCE_TYPES, resource_types_of

SUBSCRIPTION = "00000000-0000-4000-8000-000000000001"
MODELS = {
    "autoscaling": ("autoscaling",),
    "elasticloadbalancing": ("elb", "elbv2"),
    "cloudwatch": ("cloudwatch",),
    "ec2": ("ec2",),
}


def statement(effect: str) -> list[str]:
    (found,) = (s for s in aws_policy()["Statement"] if s["Effect"] == effect)
    actions: list[str] = found["Action"]
    return actions


def declared(provider: str) -> set[str]:
    return {p for kind in RESOURCE_TYPES if kind.provider == provider for p in kind.permissions}


def test_the_aws_policy_allows_what_a_scan_may_call_and_nothing_else() -> None:
    aws = cast(tuple[AwsResourceType, ...], resource_types_of("aws"))

    assert declared("aws") < set(statement("Allow"))
    assert set(statement("Allow")) == set(actions_of(aws))
    assert len(statement("Allow")) == len(set(statement("Allow")))


def test_the_azure_role_allows_the_declared_and_our_own_operations() -> None:
    ours = {permission for operation in OPERATIONS for permission in operation.permissions}
    role = azure_role([SUBSCRIPTION])

    assert set(role["Actions"]) == declared("azure") | ours
    assert role["DataActions"] == []
    assert role["AssignableScopes"] == [f"/subscriptions/{SUBSCRIPTION}"]


@pytest.mark.parametrize("kind", RESOURCE_TYPES, ids=lambda kind: kind.name)
def test_every_declaration_is_a_purpose_of_its_permissions(kind: Any) -> None:
    purposes = {grant.permission: grant.purposes for grant in grants_of(kind.provider)}

    assert kind.permissions
    assert all(kind.name in purposes[permission] for permission in kind.permissions)


def test_nothing_that_is_allowed_is_denied() -> None:
    both = [
        (allowed, denied)
        for allowed in statement("Allow")
        for denied in DENIED_CONTENTS
        if fnmatch(allowed.lower(), denied.lower())
    ]

    assert both == []
    assert set(DENIED_CONTENTS) == set(statement("Deny"))


@pytest.mark.parametrize("action", statement("Allow"))
def test_an_allowed_action_exists_and_only_reads(action: str) -> None:
    service, _, operation = action.partition(":")
    session = botocore.session.get_session()

    known = {
        name
        for model in MODELS[service]
        for name in session.get_service_model(model).operation_names
    }

    assert operation in known
    assert operation.startswith(("Describe", "Get", "List"))


def test_every_action_of_the_azure_role_reads() -> None:
    assert all(action.lower().endswith("/read") for action in azure_role([])["Actions"])


def test_a_policy_fits_into_a_role() -> None:
    text = "".join(str(aws_policy()).split())

    assert len(text) <= 6144  # characters of a managed policy, white space not counted
