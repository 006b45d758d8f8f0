"""Lists that throttle, expire or change are read again, or said to be unknown."""

import re
import time
from collections.abc import Callable

import botocore.endpoint
import pytest

from ingestion.inventory.report import ScanStatus
from ingestion.inventory.schema import UTILIZATION_TABLE
from ingestion.lake import TenantLake
from ingestion.model import ScopeStatus
from tests.integration.ingestion.aws.bad_input.support import Client, of
from tests.integration.ingestion.aws.cloud import Cloud, regions_answer
from tests.integration.ingestion.aws.conftest import (
    ScanDay,
)
from tests.integration.ingestion.aws.test_scan import make_volume, rows

pytestmark = pytest.mark.integration


@pytest.fixture
def waited(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Waits of botocore, which then take no time."""
    waits: list[float] = []

    class Clock:
        sleep = staticmethod(waits.append)
        time = staticmethod(time.time)

    monkeypatch.setattr(botocore.endpoint, "time", Clock)
    return waits


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
