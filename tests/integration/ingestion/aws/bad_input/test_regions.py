"""A region that is denied or disabled leaves what was known of it."""

from datetime import date, timedelta
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from ingestion.inventory.schema import SCOPES_TABLE
from ingestion.lake import TenantLake
from ingestion.model import ScopeStatus
from tests.integration.ingestion.aws.bad_input.support import TOMORROW, Client, of
from tests.integration.ingestion.aws.cloud import Cloud, regions_answer
from tests.integration.ingestion.aws.conftest import (
    ACCOUNT,
    CONNECTION,
    TODAY,
    ScanDay,
)
from tests.integration.ingestion.aws.test_scan import make_volume, rows

pytestmark = pytest.mark.integration


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


def test_a_region_that_refuses_our_sign_in_is_disabled(cloud: Cloud, scan: ScanDay) -> None:
    cloud.fail("DescribeVolumes", "AuthFailure", status=401, region="us-west-2")

    problem = of(scan(), "aws_ebs_volumes", "us-west-2")

    assert problem.status is ScopeStatus.DISABLED
