"""The test of a connection against roles that our own template made, with IAM enforced."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import boto3
import pytest
from werkzeug.wrappers import Response

from ingestion.aws.organization import member_accounts
from ingestion.collectors import CloudLimits, probe_connection
from ingestion.errors import AccessDeniedError
from ingestion.model import AwsAccess, Connection
from ingestion.permissions import grants_of
from ingestion.probes import ConnectionTest, Outcome, Probe
from tests.integration.ingestion.aws import customers
from tests.integration.ingestion.aws.cloud import Cloud
from tests.integration.ingestion.aws.conftest import ACCOUNT
from tests.integration.ingestion.aws.test_scan import make_volume

pytestmark = pytest.mark.integration

EXTERNAL_ID = "0123456789abcdef0123456789abcdef"
ANOTHER_ID = "fedcba9876543210fedcba9876543210"

Enforce = Callable[[], None]


@pytest.fixture
def enforce(cloud: Cloud, monkeypatch: pytest.MonkeyPatch) -> Iterator[Enforce]:
    with ExitStack() as entered:
        yield lambda: entered.enter_context(customers.enforcing(cloud, monkeypatch))


def probe(external_id: str = EXTERNAL_ID, role_arn: str = "") -> ConnectionTest:
    access = AwsAccess(role_arn or customers.role_of(ACCOUNT), external_id)
    connection = Connection("northwind", "contoso", f"aws-{ACCOUNT}", "aws", access)
    return probe_connection(connection, CloudLimits())


def outcomes(probes: tuple[Probe, ...]) -> dict[str, Outcome]:
    return {found.subject: found.outcome for found in probes}


def test_a_role_of_our_template_is_good(enforce: Enforce, client: Callable[..., Any]) -> None:
    make_volume(client, region="us-east-1")
    customers.create_role(ACCOUNT, EXTERNAL_ID)
    enforce()

    found = probe()

    assert found.verdict == "good", found.as_values()
    assert found.identity.note == f"it is account {ACCOUNT}"
    assert set(outcomes(found.trust).values()) == {Outcome.OK}
    assert set(outcomes(found.changes).values()) == {Outcome.OK}
    assert set(outcomes(found.permissions)) == {g.permission for g in grants_of("aws")}
    assert Outcome.DENIED not in outcomes(found.permissions).values()


def test_each_permission_says_which_tables_it_unlocks(enforce: Enforce) -> None:
    customers.create_role(ACCOUNT, EXTERNAL_ID)
    enforce()

    purposes = {found.subject: found.purposes for found in probe().permissions}

    assert purposes["ec2:DescribeVolumes"] == ("aws_ebs_volumes",)
    assert len(purposes["elasticloadbalancing:DescribeLoadBalancers"]) == 2


def test_a_missing_permission_is_named_with_its_table_and_who_acts(enforce: Enforce) -> None:
    customers.create_role(ACCOUNT, EXTERNAL_ID)
    customers.change_policy(ACCOUNT, without="ec2:DescribeVolumes")
    enforce()

    found = probe()

    (denied,) = (p for p in found.permissions if p.outcome is Outcome.DENIED)
    assert (denied.subject, denied.purposes) == ("ec2:DescribeVolumes", ("aws_ebs_volumes",))
    assert f"an administrator of account {ACCOUNT}" in denied.note
    assert found.verdict == "partial"


def test_what_there_is_nothing_to_try_on_is_told_and_not_claimed(enforce: Enforce) -> None:
    customers.create_role(ACCOUNT, EXTERNAL_ID)
    enforce()

    found = {p.subject: p for p in probe().permissions}

    told = found["ec2:DescribeLaunchTemplateVersions"]
    assert told.outcome is Outcome.UNKNOWN
    assert "nothing in us-east-1" in told.note


def test_a_trust_policy_without_external_id_is_open(enforce: Enforce) -> None:
    customers.create_role(ACCOUNT, EXTERNAL_ID)
    customers.open_trust(ACCOUNT)
    enforce()

    found = probe()

    assert set(outcomes(found.trust).values()) == {Outcome.OPEN}
    assert found.verdict == "open"
    assert not found.is_proved
    assert "sts:ExternalId in the trust policy" in found.trust[0].note


def test_another_connections_external_id_opens_nothing(enforce: Enforce) -> None:
    customers.create_role(ACCOUNT, EXTERNAL_ID)
    enforce()

    found = probe(ANOTHER_ID)

    assert (found.verdict, found.is_proved) == ("bad", False)
    assert found.permissions == found.trust == ()
    assert EXTERNAL_ID not in str(found.as_values())


def test_a_role_that_is_not_there_is_bad(enforce: Enforce) -> None:
    enforce()

    found = probe()

    assert found.verdict == "bad"
    assert "cannot be assumed with its External ID" in found.identity.note


@pytest.mark.parametrize(
    ("action", "subject"),
    [
        ("ec2:TerminateInstances", "change or delete something"),
        ("iam:CreateUser", "give itself or others more rights"),
        ("*", "change or delete something"),
    ],
)
def test_a_permission_that_nobody_needs_is_named(
    enforce: Enforce, action: str, subject: str
) -> None:
    customers.create_role(ACCOUNT, EXTERNAL_ID)
    customers.change_policy(ACCOUNT, besides=action)
    enforce()

    found = probe()

    held = {p.subject: p for p in found.changes}
    assert held[subject].outcome is Outcome.HELD
    assert "ec2:TerminateInstances" in held[subject].note or action in held[subject].note
    assert held["read contents or secrets"].outcome is Outcome.OK  # our Deny holds
    assert found.verdict == "partial"


def test_where_iam_may_not_be_asked_that_is_told(enforce: Enforce) -> None:
    customers.create_role(ACCOUNT, EXTERNAL_ID)
    customers.change_policy(ACCOUNT, without="iam:SimulatePrincipalPolicy")
    enforce()

    found = probe()

    assert set(outcomes(found.changes).values()) == {Outcome.UNKNOWN}
    assert "not checked, because role" in found.changes[0].note
    assert "lacks iam:SimulatePrincipalPolicy" in found.changes[0].note
    assert found.verdict == "good"


def test_a_trust_test_that_was_throttled_proves_nothing(enforce: Enforce, cloud: Cloud) -> None:
    customers.create_role(ACCOUNT, EXTERNAL_ID)
    enforce()
    cloud.fail("AssumeRole", "Throttling", contains="trust-test")

    found = probe()

    assert set(outcomes(found.trust).values()) == {Outcome.UNKNOWN}
    assert (found.verdict, found.is_proved) == ("partial", False)
    cloud.faults.clear()


def test_a_test_changes_nothing_and_calls_only_what_it_names(
    enforce: Enforce, cloud: Cloud
) -> None:
    customers.create_role(ACCOUNT, EXTERNAL_ID)
    enforce()
    cloud.calls.clear()

    probe()

    called = {operation for operation, _ in cloud.calls} - {""}
    assert all(
        operation.startswith(("Describe", "Get", "List", "AssumeRole", "Simulate"))
        for operation in called
    ), called


def organization(*names: str) -> list[str]:
    made = customers.inside(ACCOUNT, "organizations")
    made.create_organization(FeatureSet="ALL")
    return [
        made.create_account(Email=f"{name}@example.com", AccountName=name)["CreateAccountStatus"][
            "AccountId"
        ]
        for name in names
    ]


def test_the_management_role_lists_member_accounts(enforce: Enforce) -> None:
    members = organization("web", "data")
    customers.create_role(ACCOUNT, EXTERNAL_ID, template="aws-organization")
    enforce()

    found = member_accounts(AwsAccess(customers.role_of(ACCOUNT), EXTERNAL_ID))

    assert set(members) < set(found)
    assert {"web", "data"} < set(found.values())


def test_the_role_of_one_account_lists_no_others(enforce: Enforce) -> None:
    organization("web")
    customers.create_role(ACCOUNT, EXTERNAL_ID)
    enforce()

    with pytest.raises(AccessDeniedError, match="organizations:ListAccounts"):
        member_accounts(AwsAccess(customers.role_of(ACCOUNT), EXTERNAL_ID))


def test_the_simulated_cloud_enforces_the_trust_policy(enforce: Enforce) -> None:
    role = customers.create_role(ACCOUNT, EXTERNAL_ID)
    enforce()
    sts = boto3.Session().client("sts", region_name="us-east-1")

    assert sts.assume_role(RoleArn=role, RoleSessionName="test", ExternalId=EXTERNAL_ID)
    for wrong in ({}, {"ExternalId": ANOTHER_ID}):
        with pytest.raises(sts.exceptions.ClientError, match="AccessDenied"):
            sts.assume_role(RoleArn=role, RoleSessionName="test", **wrong)


def test_an_answer_that_cannot_be_read_fails_no_other_question(
    enforce: Enforce, cloud: Cloud
) -> None:
    customers.create_role(ACCOUNT, EXTERNAL_ID)
    enforce()
    cloud.prepared["SimulatePrincipalPolicy"] = lambda _: Response(
        "<!doctype html><title>proxy", 502, content_type="text/html"
    )

    found = probe()

    assert found.verdict == "good"
    assert set(outcomes(found.changes).values()) == {Outcome.UNKNOWN}
    assert "cannot be read (ResponseParserError)" in found.changes[0].note
