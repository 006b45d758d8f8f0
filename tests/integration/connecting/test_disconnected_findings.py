"""What was found of a connection goes with its data: observations, decisions and comments."""

import json

import pyarrow as pa
import pytest

from control.decisions import Change, Subject
from control.directory import Directory
from ingestion.lake import TenantLake
from pipeline.disconnect import disconnect
from pipeline.observations import SCHEMA, TABLE
from pipeline.settings import Settings
from pipeline.small_tables import land_small
from tests.integration.connecting.conftest import ACCOUNT, A

pytestmark = pytest.mark.integration

OTHER, DAY = "555566667777", "2026-05-01"


def observe(settings: Settings, directory: Directory, account: str) -> None:
    """Let a volume of an account be found, and somebody decide on it."""
    resource = f"arn:aws:ec2:eu-west-1:{account}:volume/vol-1"
    directory.record_connection(*A, f"aws-{account}", provider="aws", scope=account)
    finding = Subject(A[1], f"finding-{account}")
    directory.decide(A[0], [finding], Change("dismissed", reason=resource), decided_by="ada")
    lake = TenantLake(settings.lake, *A)
    row = dict.fromkeys(SCHEMA.names) | {
        "finding_id": finding.finding_id,
        "resource_id": resource,
        "claimed_resource_ids": json.dumps([resource]),
    }
    landed = lake.open(TABLE, DAY)
    rows = [*(landed.read().to_pylist() if landed else []), row]
    land_small(lake, TABLE, pa.Table.from_pylist(rows, SCHEMA), DAY)


def test_findings_of_a_connection_go_with_its_data_and_no_others(
    settings: Settings, directory: Directory
) -> None:
    directory.ensure_tenant(*A)
    for account in (ACCOUNT, OTHER):
        observe(settings, directory, account)

    done = disconnect(settings, *A, f"aws-{ACCOUNT}", actor="ada", deletes_data=True)

    landed = TenantLake(settings.lake, *A).open(TABLE, DAY)
    assert landed is not None
    assert landed.read(["finding_id"]).to_pydict() == {"finding_id": [f"finding-{OTHER}"]}
    assert directory.course(*A, f"finding-{ACCOUNT}") == ()
    assert len(directory.course(*A, f"finding-{OTHER}")) == 1
    assert done.row_count == 3
