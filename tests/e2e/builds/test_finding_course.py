"""What becomes of findings whose ground changes: lists, accounts and exemptions around them."""

from contextlib import closing
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from control.directory import Directory
from pipeline.settings import Settings
from tests.conftest import PARTNER, Ingest
from tests.e2e.builds.scanned import ATTACHED, OLD, SCANNED, Findings
from tests.integration.pipeline.scans import Row, Scans

pytestmark = pytest.mark.e2e

IMAGE = {
    "resource_id": "ami-1",
    "state": "available",
    "is_public": False,
    "created_at": OLD,
    "snapshot_ids": '["snap-1"]',
}
UNSHARED = {"resource_id": "ami-1", "launch_permission_count": 0}
SHARED = {"resource_id": "ami-1", "launch_permission_count": 1}
GROUP = {
    "resource_id": "group-1",
    "launch_configuration_name": "web",
    "started_launch_configuration_names": '["web"]',
}
SNAPSHOT = {
    "resource_id": "snap-1",
    "state": "completed",
    "storage_tier": "standard",
    "volume_id": "vol-1",
    "volume_size_gib": 100,
    "started_at": OLD,
}


@pytest.fixture
def findings(settings: Settings, exports: Path, ingest: Ingest, tmp_path: Path) -> Findings:
    return Findings(settings, exports, ingest, tmp_path)


def status_of(findings: Findings) -> tuple[Any, ...]:
    """Return status and reason of the only finding there ever was."""
    (row,) = findings.rows(
        "select status, realized_unknown_reason as reason, reopened_date from fct_finding_history"
    )
    return tuple(row.values())


def test_findings_of_an_account_that_is_not_read_any_more_are_unverified(
    findings: Findings, settings: Settings, tmp_path: Path
) -> None:
    findings.bill(SCANNED - timedelta(days=1), {"vol-1": "0.4"})
    other = Scans(settings, tmp_path, account="333344445555")
    findings.scans.land(SCANNED, {"aws_ebs_volumes": [ATTACHED]})
    course = []
    for day in (0, 14, 15):
        other.land(SCANNED + timedelta(days=day), {"aws_ebs_volumes": []})
        findings.build()
        course.append((status_of(findings), len(findings.rows("select * from fct_findings"))))
    findings.scans.land(SCANNED + timedelta(days=16), {"aws_ebs_volumes": [ATTACHED]})

    findings.build()

    is_open = ("open", "The finding is open.", None)
    (status, reason, reopened), open_count = course.pop()
    assert course == [(is_open, 1), (is_open, 1)]
    assert (status, reopened, open_count) == ("unverified", None, 0)
    assert reason.startswith(
        f"Its account or subscription was read last on {SCANNED}: it was closed"
    )
    assert status_of(findings) == is_open


def test_an_image_of_a_group_that_hides_its_image_is_unverified_until_it_is_known(
    findings: Findings,
) -> None:
    hiding = {**GROUP, "started_launch_configuration_names": "[]"}
    course = []
    steps: tuple[tuple[list[Row], list[Row]], ...] = (
        ([GROUP], [UNSHARED]),
        ([hiding], [UNSHARED]),
        ([GROUP], [UNSHARED]),
        ([], [SHARED]),
    )
    findings.bill(SCANNED - timedelta(days=1), {"snap-1": "0.4"})
    for day, (groups, permissions) in enumerate(steps):
        findings.scans.land(
            SCANNED + timedelta(days=day),
            {
                "aws_amis": [IMAGE],
                "aws_ami_launch_permissions": permissions,
                "aws_autoscaling_groups": groups,
                "aws_ec2_instances": [],
                "aws_launch_template_versions": [],
            },
        )
        findings.build()
        course.append(status_of(findings)[0])

    assert course == ["open", "unverified", "open", "resolved"]


def test_a_snapshot_that_a_tag_exempts_stays_so_that_its_chain_saves_nothing_known(
    findings: Findings, settings: Settings
) -> None:
    findings.bill(SCANNED - timedelta(days=1), {"snap-1": "0.4", "snap-2": "0.1"})
    kept = {**SNAPSHOT, "resource_id": "snap-2", "tags": '{"Backup": "keep"}'}
    findings.scans.land(SCANNED, {"aws_ebs_snapshots": [SNAPSHOT, kept], "aws_amis": []})
    findings.build()
    savings = (
        "select resource_id, estimated_monthly_savings as savings, savings_unknown_reason as reason"
        " from fct_findings order by resource_id"
    )
    both = findings.rows(savings)
    with closing(Directory(settings.control)) as directory:
        directory.add_rule_exemption(
            PARTNER, "", "*", tag_key="backup", tag_value="keep", reason="law", created_by="test"
        )

    findings.build()

    assert [(row["resource_id"], row["savings"]) for row in both] == [
        ("snap-1", Decimal("12.00")),
        ("snap-2", Decimal("3.00")),
    ]
    (other,) = findings.rows(savings)
    assert (other["resource_id"], other["savings"]) == ("snap-1", None)
    assert other["reason"].startswith("Other snapshots of the same disk stay")
