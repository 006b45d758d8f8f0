"""Roles and sessions that are refused say who must do what, and leave no secret behind."""

import logging
from datetime import UTC, datetime, timedelta
from pathlib import Path

import boto3
import pytest

from ingestion.inventory.report import ScanStatus
from ingestion.inventory.schema import SCOPES_TABLE
from ingestion.lake import TenantLake
from ingestion.model import ScopeStatus
from ingestion.registry import resource_types_of
from tests.integration.ingestion.aws.bad_input.support import Client, of
from tests.integration.ingestion.aws.cloud import Cloud, regions_answer
from tests.integration.ingestion.aws.conftest import (
    ACCOUNT,
    ROLE,
    ScanDay,
)
from tests.integration.ingestion.aws.test_scan import make_volume, rows

pytestmark = pytest.mark.integration


def ends_soon(assumed: dict[str, str]) -> str:
    """Return what AssumeRole answers, with credentials that are renewed before every call."""
    soon = datetime.now(UTC) + timedelta(minutes=5)
    return (
        '<AssumeRoleResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><AssumeRoleResult>'
        f"<Credentials><AccessKeyId>{assumed['AccessKeyId']}</AccessKeyId>"
        f"<SecretAccessKey>{assumed['SecretAccessKey']}</SecretAccessKey>"
        f"<SessionToken>{assumed['SessionToken']}</SessionToken>"
        f"<Expiration>{soon.isoformat()}</Expiration></Credentials>"
        "</AssumeRoleResult></AssumeRoleResponse>"
    )


def test_a_role_that_cannot_be_assumed_names_the_account_and_its_administrator(
    cloud: Cloud, scan: ScanDay, lake: TenantLake
) -> None:
    cloud.fail("AssumeRole", "AccessDenied", status=403)

    report = scan()

    assert report.status is ScanStatus.FAILED
    assert not report.is_transient
    assert len(report.problems) == len(resource_types_of("aws"))
    (message,) = {scope.message for scope in report.problems}
    (action,) = {scope.action for scope in report.problems}
    assert ROLE in message
    assert f"an administrator of account {ACCOUNT}" in action
    assert {row["region_id"] for row in rows(lake, SCOPES_TABLE)} == {"*"}


def test_a_missing_permission_is_named_and_the_rest_lands(
    cloud: Cloud, client: Client, scan: ScanDay, lake: TenantLake
) -> None:
    volume = make_volume(client)
    cloud.fail("DescribeSnapshots", "UnauthorizedOperation", status=403, region="eu-west-1")

    report = scan()

    (problem,) = report.problems
    assert (problem.table_name, problem.status) == ("aws_ebs_snapshots", ScopeStatus.DENIED)
    assert problem.message == f"role {ROLE} lacks ec2:DescribeSnapshots in {ACCOUNT} eu-west-1"
    assert "cloudprune permissions aws" in problem.action
    assert report.status is ScanStatus.PARTIAL
    assert [row["resource_id"] for row in rows(lake, "aws_ebs_volumes")] == [volume]


def test_a_service_control_policy_sends_to_the_organization(cloud: Cloud, scan: ScanDay) -> None:
    words = "not authorized, with an explicit deny in a service control policy"
    cloud.fail("*", "UnauthorizedOperation", status=403, message=words, region="us-west-2")

    report = scan()

    problem = of(report, "aws_ebs_volumes", "us-west-2")
    assert "administrator of the AWS organization" in problem.action
    assert of(report, "aws_ebs_volumes", "eu-west-1").is_complete


def test_a_session_that_ends_midway_is_renewed(
    cloud: Cloud, client: Client, scan: ScanDay, lake: TenantLake
) -> None:
    volume = make_volume(client)
    cloud.fail("DescribeVolumes", "ExpiredToken", region="eu-west-1", times=1)

    report = scan()

    assert report.status is ScanStatus.COMPLETE
    assert [row["resource_id"] for row in rows(lake, "aws_ebs_volumes")] == [volume]
    assert cloud.count("AssumeRole") == 2


def test_credentials_are_renewed_before_they_end(
    cloud: Cloud, client: Client, scan: ScanDay, lake: TenantLake
) -> None:
    volume = make_volume(client)
    assumed = boto3.client("sts", region_name="us-east-1").assume_role(
        RoleArn=ROLE, RoleSessionName="test"
    )["Credentials"]
    cloud.prepared["AssumeRole"] = lambda _: ends_soon(assumed)
    cloud.calls.clear()

    report = scan()

    assert report.status is ScanStatus.COMPLETE
    assert [row["resource_id"] for row in rows(lake, "aws_ebs_volumes")] == [volume]
    assert cloud.count("AssumeRole") > 1


def test_a_role_that_is_taken_back_midway_names_its_trust_and_no_permission(
    cloud: Cloud, scan: ScanDay
) -> None:
    assumed = boto3.client("sts", region_name="us-east-1").assume_role(
        RoleArn=ROLE, RoleSessionName="test"
    )["Credentials"]
    cloud.prepared["AssumeRole"] = lambda _: ends_soon(assumed)

    def take_back(_: str) -> str:
        cloud.fail("AssumeRole", "AccessDenied", status=403)
        return regions_answer(["eu-west-1"])

    cloud.prepared["DescribeRegions"] = take_back

    report = scan()

    problem = of(report, "aws_ebs_volumes", "eu-west-1")
    assert problem.status is ScopeStatus.DENIED
    assert problem.message == f"role {ROLE} cannot be assumed with its External ID"
    assert "its trust policy" in problem.action
    assert "lacks" not in report.message


def test_a_session_that_is_revoked_again_and_again_is_told(cloud: Cloud, scan: ScanDay) -> None:
    cloud.fail("DescribeVolumes", "ExpiredToken", region="eu-west-1")

    problem = of(scan(), "aws_ebs_volumes", "eu-west-1")

    assert (problem.status, problem.error_code) == (ScopeStatus.FAILED, "ExpiredToken")
    assert "revokes sessions" in problem.action


def test_no_key_or_token_is_left_behind(
    client: Client,
    scan: ScanDay,
    cloud: Cloud,
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    monkeypatch.setenv("TMPDIR", str(temporary))
    caplog.set_level(logging.DEBUG)
    given = _given_secrets(monkeypatch)
    make_volume(client)
    cloud.fail("DescribeImages", "UnauthorizedOperation", status=403)

    scan()

    assert len(given) >= 3
    kept = [path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()]
    assert kept
    for secret in (*given, "base-secret"):
        assert secret not in caplog.text
        assert not [content for content in kept if secret.encode() in content]


def _given_secrets(monkeypatch: pytest.MonkeyPatch) -> set[str]:
    """Note the credentials that the scan is given."""
    from ingestion.aws.session import AwsSession

    given: set[str] = set()
    assume = AwsSession._assume

    def noting(session: AwsSession) -> dict[str, str]:
        found = assume(session)
        given.update((found["access_key"], found["secret_key"], found["token"]))
        return found

    monkeypatch.setattr(AwsSession, "_assume", noting)
    return given
