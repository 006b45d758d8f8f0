"""What AWS refuses: each refusal says who must do what, and stops nothing else."""

import itertools
import json
import logging
import re
import time
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import boto3
import botocore.endpoint
import pyarrow.parquet as pq
import pytest

from ingestion.inventory.report import ScanReport, ScanStatus, ScopeOutcome
from ingestion.inventory.schema import SCOPES_TABLE, UTILIZATION_TABLE
from ingestion.lake import TenantLake
from ingestion.model import ScopeStatus
from ingestion.registry import resource_types_of
from tests.integration.ingestion.aws.cloud import Cloud, regions_answer
from tests.integration.ingestion.aws.conftest import (
    ACCOUNT,
    CONNECTION,
    NOON,
    ROLE,
    TODAY,
    ScanDay,
)
from tests.integration.ingestion.aws.test_scan import days_asked, make_volume, rows

pytestmark = pytest.mark.integration

Client = Callable[..., Any]
TOMORROW = TODAY + timedelta(days=1)


@pytest.fixture
def waited(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Waits of botocore, which then take no time."""
    waits: list[float] = []

    class Clock:
        sleep = staticmethod(waits.append)
        time = staticmethod(time.time)

    monkeypatch.setattr(botocore.endpoint, "time", Clock)
    return waits


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


def of(report: ScanReport, table: str, region: str) -> ScopeOutcome:
    (found,) = (s for s in report.scopes if (s.table_name, s.region_id) == (table, region))
    return found


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


def test_a_denied_region_keeps_what_was_known_of_it_this_day(
    cloud: Cloud, client: Client, scan: ScanDay, lake: TenantLake
) -> None:
    here, there = make_volume(client, "eu-west-1"), make_volume(client, "us-west-2")
    scan(scan_id="morning")
    cloud.fail("DescribeVolumes", "UnauthorizedOperation", status=403, region="us-west-2")

    scan(scan_id="evening")

    assert {row["resource_id"] for row in rows(lake, "aws_ebs_volumes")} == {here, there}
    scopes = [r for r in rows(lake, SCOPES_TABLE) if r["table_name"] == "aws_ebs_volumes"]
    assert {(s["scan_id"], s["region_id"], s["status"]) for s in scopes} == {
        ("evening", "eu-west-1", "complete"),
        ("morning", "us-west-2", "complete"),
        ("evening", "us-west-2", "denied"),
    }


def test_utilization_of_what_a_denied_list_held_is_still_asked_for(
    cloud: Cloud, client: Client, scan: ScanDay, lake: TenantLake
) -> None:
    volume = make_volume(client)
    scan()
    cloud.fail("DescribeVolumes", "UnauthorizedOperation", status=403)
    cloud.bodies.clear()

    report = scan(TOMORROW)

    asked = [body for name, body in cloud.bodies if name == "GetMetricData"]
    assert len(asked) == 1
    assert volume in asked[0]
    assert of(report, UTILIZATION_TABLE, "eu-west-1").is_complete
    assert rows(lake, "aws_ebs_volumes", TOMORROW) == []


@pytest.mark.parametrize("day", [TODAY, TOMORROW])
def test_a_denied_list_is_known_from_a_file_older_than_a_column(
    cloud: Cloud, client: Client, scan: ScanDay, lake: TenantLake, tmp_path: Path, day: date
) -> None:
    volume = make_volume(client)
    scan(scan_id="before")
    where = ("aws_ebs_volumes", CONNECTION.connection_id, TODAY.isoformat())
    landed = lake.open(*where)
    assert landed is not None
    older = tmp_path / "older.parquet"
    pq.write_table(landed.read().drop_columns(["attachment_count"]), older)
    lake.replace(older, *where)
    cloud.fail("DescribeVolumes", "UnauthorizedOperation", status=403)
    cloud.bodies.clear()

    report = scan(day, scan_id="after")

    assert of(report, "aws_ebs_volumes", "eu-west-1").status is ScopeStatus.DENIED
    (row,) = rows(lake, "aws_ebs_volumes", TODAY)
    assert row["resource_id"] == volume
    assert row.get("attachment_count") is None


def test_a_region_that_is_not_enabled_any_more_is_told(
    cloud: Cloud, client: Client, scan: ScanDay
) -> None:
    make_volume(client, "us-west-2")
    scan()
    cloud.prepared["DescribeRegions"] = lambda _: regions_answer(
        ["eu-west-1"], ["us-west-2", "me-south-1"]
    )

    report = scan(TOMORROW)

    problem = of(report, "aws_ebs_volumes", "us-west-2")
    assert problem.status is ScopeStatus.DISABLED
    assert ACCOUNT in problem.message
    assert not [scope for scope in report.scopes if scope.region_id == "me-south-1"]
    assert of(scan(TOMORROW + timedelta(days=1)), "aws_ebs_volumes", "us-west-2") is not None


def test_a_region_that_was_denied_and_is_then_disabled_is_told(
    cloud: Cloud, client: Client, scan: ScanDay
) -> None:
    make_volume(client, "us-west-2")
    scan()
    cloud.fail("*", "UnauthorizedOperation", status=403, region="us-west-2")
    scan(TOMORROW)
    cloud.prepared["DescribeRegions"] = lambda _: regions_answer(["eu-west-1"], ["us-west-2"])

    report = scan(TOMORROW + timedelta(days=1))

    assert of(report, "aws_ebs_volumes", "us-west-2").status is ScopeStatus.DISABLED


def test_days_of_which_the_list_was_denied_are_asked_for_again(
    cloud: Cloud, client: Client, scan: ScanDay
) -> None:
    make_volume(client)
    scan()
    cloud.fail("DescribeVolumes", "UnauthorizedOperation", status=403)
    scan(TOMORROW)
    cloud.faults.clear()
    later = make_volume(client)
    cloud.bodies.clear()

    scan(TOMORROW + timedelta(days=1))

    (asked,) = [body for name, body in cloud.bodies if name == "GetMetricData"]
    assert later in asked
    assert days_asked(asked) == 2


def test_a_region_that_refuses_our_sign_in_is_disabled(cloud: Cloud, scan: ScanDay) -> None:
    cloud.fail("DescribeVolumes", "AuthFailure", status=401, region="us-west-2")

    problem = of(scan(), "aws_ebs_volumes", "us-west-2")

    assert problem.status is ScopeStatus.DISABLED


def test_throttling_for_minutes_ends_in_a_throttled_scope(
    cloud: Cloud, waited: list[float], scan: ScanDay, client: Client
) -> None:
    make_volume(client, "eu-west-1")
    slow = {"status": 503, "region": "us-west-2"}
    cloud.fail("DescribeInstances", "RequestLimitExceeded", **slow)

    report = scan(attempts=6)

    problem = of(report, "aws_ec2_instances", "us-west-2")
    assert (problem.status, problem.call_count) == (ScopeStatus.THROTTLED, 6)
    assert "scan again later" in problem.action
    assert len(waited) == 5
    assert report.is_transient
    assert of(report, "aws_ebs_volumes", "eu-west-1").resource_count == 1


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


def test_a_list_whose_page_token_expires_is_begun_again(
    cloud: Cloud, client: Client, scan: ScanDay, lake: TenantLake
) -> None:
    cloud.prepared["DescribeVolumes"] = volume_pages(2500)
    cloud.fail("GetMetricData", "AccessDenied", status=403)
    cloud.fail(
        "DescribeVolumes",
        "InvalidParameterValue",
        message="the pagination token has expired",
        contains="NextToken=1000",
        region="eu-west-1",
        times=1,
    )

    report = scan()

    assert of(report, "aws_ebs_volumes", "eu-west-1").resource_count == 2500
    assert of(report, "aws_ebs_volumes", "eu-west-1").call_count == 2 + 3


def test_a_page_token_that_always_expires_leaves_the_scope_unknown(
    cloud: Cloud, scan: ScanDay, lake: TenantLake
) -> None:
    cloud.prepared["DescribeVolumes"] = volume_pages(2500)
    cloud.fail("DescribeVolumes", "InvalidPaginationToken", contains="NextToken=", status=400)

    problem = of(scan(), "aws_ebs_volumes", "eu-west-1")

    assert (problem.status, problem.resource_count) == (ScopeStatus.FAILED, None)
    assert rows(lake, "aws_ebs_volumes") == []


def test_what_disappears_between_two_calls_is_left_out(
    cloud: Cloud, client: Client, scan: ScanDay, lake: TenantLake
) -> None:
    subnet = client("ec2").describe_subnets()["Subnets"][0]["SubnetId"]
    names = ("one", "two", "three")
    for name in names:
        client("elbv2").create_load_balancer(Name=name, Subnets=[subnet])
        client("ec2").create_launch_template(
            LaunchTemplateName=name, LaunchTemplateData={"ImageId": "ami-1"}
        )
    gone = client("ec2").describe_launch_templates(LaunchTemplateNames=["two"])
    gone_id = gone["LaunchTemplates"][0]["LaunchTemplateId"]
    cloud.fail("DescribeTags", "LoadBalancerNotFound", contains="two")
    missing = "InvalidLaunchTemplateId.NotFound"
    cloud.fail("DescribeLaunchTemplateVersions", missing, contains=gone_id)

    report = scan()

    assert report.status is ScanStatus.COMPLETE
    for table in ("aws_load_balancers", "aws_launch_template_versions"):
        assert sorted(row["resource_name"] for row in rows(lake, table)) == ["one", "three"]


def test_fifty_thousand_volumes_take_one_call_per_page(
    cloud: Cloud, scan: ScanDay, lake: TenantLake
) -> None:
    cloud.prepared["DescribeRegions"] = lambda _: regions_answer(["eu-west-1"])
    cloud.prepared["DescribeVolumes"] = volume_pages(50_000)
    cloud.fail("GetMetricData", "AccessDenied", status=403)

    report = scan()

    scope = of(report, "aws_ebs_volumes", "eu-west-1")
    assert (scope.resource_count, scope.call_count) == (50_000, 50)
    assert len({row["resource_id"] for row in rows(lake, "aws_ebs_volumes")}) == 50_000
    assert of(report, UTILIZATION_TABLE, "eu-west-1").status is ScopeStatus.DENIED


def test_metrics_that_come_in_part_are_asked_for_again(
    cloud: Cloud, client: Client, scan: ScanDay, lake: TenantLake
) -> None:
    make_volume(client)
    cloud.prepared["GetMetricData"] = metric_answers("InternalError", "PartialData", "Complete")

    report = scan()

    assert of(report, UTILIZATION_TABLE, "eu-west-1").is_complete
    assert cloud.count("GetMetricData") == 3


def test_metrics_that_never_come_whole_leave_their_days_missing(
    cloud: Cloud, client: Client, scan: ScanDay, lake: TenantLake
) -> None:
    make_volume(client)
    cloud.prepared["GetMetricData"] = metric_answers("InternalError")

    problem = of(scan(), UTILIZATION_TABLE, "eu-west-1")

    assert (problem.status, problem.error_code) == (ScopeStatus.FAILED, "InternalError")
    assert lake.partitions(UTILIZATION_TABLE) == []
    cloud.prepared.pop("GetMetricData")
    cloud.bodies.clear()
    assert of(scan(), UTILIZATION_TABLE, "eu-west-1").is_complete
    assert [name for name, _ in cloud.bodies].count("GetMetricData") == 1


def test_a_day_that_has_just_ended_is_asked_for_once_more(
    cloud: Cloud, client: Client, scan: ScanDay
) -> None:
    make_volume(client)
    scan(now=NOON.replace(hour=1))
    cloud.calls.clear()

    scan(now=NOON)
    scan(now=NOON)

    assert cloud.count("GetMetricData") == 1


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


def volume_pages(count: int) -> Callable[[str], str]:
    """Return what answers DescribeVolumes with prepared pages."""

    def answer(body: str) -> str:
        size = int(re.findall(r"MaxResults=(\d+)", body)[0])
        first = int((re.findall(r"NextToken=(\d+)", body) or ["0"])[0])
        last = min(first + size, count)
        items = "".join(
            f"<item><volumeId>vol-{number:017x}</volumeId><size>8</size><status>available</status>"
            "<volumeType>gp3</volumeType><createTime>2026-01-01T06:00:00Z</createTime></item>"
            for number in range(first, last)
        )
        token = f"<nextToken>{last}</nextToken>" if last < count else ""
        return (
            '<DescribeVolumesResponse xmlns="http://ec2.amazonaws.com/doc/2016-11-15/">'
            f"<requestId>1</requestId><volumeSet>{items}</volumeSet>{token}"
            "</DescribeVolumesResponse>"
        )

    return answer


def metric_answers(*states: str) -> Callable[[str], str]:
    """Return what answers GetMetricData with one state after the other; the last repeats."""
    left: Iterator[str] = itertools.chain(states, itertools.repeat(states[-1]))

    def answer(body: str) -> str:
        state = next(left)
        names = [query["Id"] for query in json.loads(body)["MetricDataQueries"]]
        results = [
            {"Id": name, "Label": name, "Timestamps": [], "Values": [], "StatusCode": state}
            for name in names
        ]
        return json.dumps({"MetricDataResults": results})

    return answer
