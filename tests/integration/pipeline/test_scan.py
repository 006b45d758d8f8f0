"""Scanning a tenant: its connections one after the other, and the record of it."""

from collections.abc import Iterator
from contextlib import closing
from datetime import date
from typing import Any

import pytest

from control.directory import Directory
from ingestion.aws.collector import AwsCollector
from ingestion.errors import (
    ForbiddenOperationError,
    InvalidAccessError,
    NothingToScanError,
    SourceError,
)
from ingestion.inventory.scan import Scan
from ingestion.inventory.schema import SCOPES_TABLE
from ingestion.lake import TenantLake
from ingestion.registry import resource_types_of
from pipeline.connect import check_access, connect_aws, connect_azure
from pipeline.scan import scan_tenant
from pipeline.settings import Settings
from tests.conftest import PARTNER, TENANT
from tests.integration.ingestion.aws import cloud as clouds
from tests.integration.ingestion.aws.cloud import Cloud, regions_answer

pytestmark = pytest.mark.integration

ROLE = "arn:aws:iam::222233334444:role/cloudprune"
OTHER_ROLE = "arn:aws:iam::555566667777:role/cloudprune"
IDENTIFIER = "8f7a1c2e-0000-4000-8000-000000000000"
TODAY = date(2026, 11, 24)


@pytest.fixture
def cloud(monkeypatch: pytest.MonkeyPatch) -> Iterator[Cloud]:
    with clouds.running() as running:
        monkeypatch.setenv("AWS_ENDPOINT_URL", running.url)
        monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIABASEBASEBASEBASE")
        monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "base-secret")
        running.prepared["DescribeRegions"] = lambda _: regions_answer(["eu-west-1"])
        yield running


def scans(settings: Settings) -> list[tuple[str, str, str]]:
    """Return connection, state and who asked, of every scan."""
    with closing(Directory(settings.control)) as directory:
        return [(s.connection_id, s.status, s.requested_by) for s in directory.scans(PARTNER)]


def scopes(settings: Settings) -> list[dict[str, Any]]:
    """Return what the lake says of the places of all scans."""
    landed = TenantLake(settings.lake, PARTNER, TENANT).read(SCOPES_TABLE)
    return [] if landed is None else list(landed.to_pylist())


def test_one_connection_that_cannot_be_opened_stops_no_other(
    cloud: Cloud, settings: Settings
) -> None:
    connect_aws(settings, PARTNER, TENANT, ROLE)
    connect_aws(settings, PARTNER, TENANT, OTHER_ROLE)
    cloud.fail("AssumeRole", "AccessDenied", status=403, contains="222233334444")

    done = scan_tenant(settings, PARTNER, TENANT, snapshot_date=TODAY, requested_by="ada")

    assert done.exit_status == 3
    assert not done.is_transient
    assert set(scans(settings)) == {
        ("aws-222233334444", "failed", "ada"),
        ("aws-555566667777", "complete", "ada"),
    }
    with closing(Directory(settings.control)) as directory:
        failed = next(s for s in directory.scans(PARTNER) if s.status == "failed")
        problems = directory.scan_problems(PARTNER, failed.scan_id)
    assert {problem.status for problem in problems} == {"denied"}
    assert all("an administrator of account 222233334444" in p.action for p in problems)


def test_a_connection_whose_secret_is_gone_is_told_to_readers_of_the_lake(
    settings: Settings,
) -> None:
    connect_azure(settings, PARTNER, TENANT, IDENTIFIER, IDENTIFIER, "s3cret-value")
    for secret in settings.secrets.rglob("*.sealed"):
        secret.unlink()

    done = scan_tenant(settings, PARTNER, TENANT, snapshot_date=TODAY, requested_by="ada")

    assert done.exit_status == 1
    told = scopes(settings)
    assert {scope["table_name"] for scope in told} == {
        kind.name for kind in resource_types_of("azure")
    }
    assert {(s["provider"], s["sub_account_id"], s["region_id"], s["status"]) for s in told} == {
        ("azure", "*", "*", "failed")
    }
    assert {(scope["error_code"], scope["action"]) for scope in told} == {
        ("SecretUnreadableError", "give it again: cloudprune connect azure")
    }
    assert "cannot be read" in told[0]["message"]
    assert {scope["requested_by"] for scope in told} == {"ada"}


def test_a_failure_leaves_what_an_earlier_scan_of_the_day_read(
    cloud: Cloud, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    connect_aws(settings, PARTNER, TENANT, ROLE)
    scan_tenant(settings, PARTNER, TENANT, snapshot_date=TODAY)
    before = [scope for scope in scopes(settings) if scope["status"] == "complete"]

    def refuse(_: Scan) -> None:
        raise ForbiddenOperationError("ec2:StopInstances is called and no declaration names it")

    monkeypatch.setattr(Scan, "run", refuse)
    scan_tenant(settings, PARTNER, TENANT, snapshot_date=TODAY)

    after = scopes(settings)
    assert [scope for scope in after if scope["status"] == "complete"] == before
    assert {scope["region_id"] for scope in after if scope["status"] == "failed"} == {"*"}


def test_a_failure_after_the_inventory_landed_leaves_it_known(
    cloud: Cloud, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    connect_aws(settings, PARTNER, TENANT, ROLE)

    def refuse(*_: object) -> None:
        raise ForbiddenOperationError("logs:GetLogEvents is called and no declaration names it")

    monkeypatch.setattr(AwsCollector, "utilization", refuse)
    done = scan_tenant(settings, PARTNER, TENANT, snapshot_date=TODAY)

    assert [failure.connection_id for failure in done.failures] == ["aws-222233334444"]
    assert {scope["status"] for scope in scopes(settings)} == {"complete"}


def test_a_lake_that_takes_nothing_fails_the_scan_alone(
    cloud: Cloud, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    connect_aws(settings, PARTNER, TENANT, ROLE)

    def refuse(*_: object) -> None:
        raise SourceError("the lake cannot be written")

    monkeypatch.setattr(TenantLake, "replace", refuse)
    done = scan_tenant(settings, PARTNER, TENANT, snapshot_date=TODAY)

    assert [failure.message for failure in done.failures] == ["the lake cannot be written"]


def test_a_scan_that_was_asked_for_is_taken_over(cloud: Cloud, settings: Settings) -> None:
    access = connect_aws(settings, PARTNER, TENANT, ROLE)
    with closing(Directory(settings.control)) as directory:
        directory.request_scan(PARTNER, TENANT, access.connection_id, requested_by="dashboard")

    assert scan_tenant(settings, PARTNER, TENANT, snapshot_date=TODAY).exit_status == 0

    assert scans(settings) == [("aws-222233334444", "complete", "dashboard")]


def test_an_interrupted_scan_is_marked_so(
    cloud: Cloud, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    connect_aws(settings, PARTNER, TENANT, ROLE)

    def stop(_: Scan) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(Scan, "run", stop)
    with pytest.raises(KeyboardInterrupt):
        scan_tenant(settings, PARTNER, TENANT, snapshot_date=TODAY)

    assert [status for _, status, _ in scans(settings)] == ["interrupted"]


def test_a_scan_that_was_killed_is_marked_by_the_next(cloud: Cloud, settings: Settings) -> None:
    access = connect_aws(settings, PARTNER, TENANT, ROLE)
    with closing(Directory(settings.control)) as directory:
        killed = directory.request_scan(PARTNER, TENANT, access.connection_id, requested_by="ada")
        directory.start_scan(PARTNER, killed, snapshot_date=TODAY)

    scan_tenant(settings, PARTNER, TENANT, snapshot_date=TODAY, requested_by="bob")

    assert {(status, who) for _, status, who in scans(settings)} == {
        ("interrupted", "ada"),
        ("complete", "bob"),
    }


def test_a_tenant_without_connection_says_how_to_connect(settings: Settings) -> None:
    with Directory(settings.control) as directory:
        directory.ensure_tenant(PARTNER, TENANT)

    with pytest.raises(NothingToScanError, match="cloudprune connect aws"):
        scan_tenant(settings, PARTNER, TENANT)


def test_an_external_id_is_made_once_and_is_128_random_bits(settings: Settings) -> None:
    first = connect_aws(settings, PARTNER, TENANT, ROLE)
    again = connect_aws(settings, PARTNER, TENANT, ROLE)
    other = connect_aws(settings, PARTNER, TENANT, OTHER_ROLE)

    assert first.external_id == again.external_id != other.external_id
    assert len(bytes.fromhex(str(first.external_id))) * 8 == 128


@pytest.mark.parametrize("given", ["AKIAIOSFODNN7EXAMPLE", "arn:aws:iam::1:user/x", ""])
def test_only_a_role_is_taken(settings: Settings, given: str) -> None:
    with pytest.raises(InvalidAccessError, match="never taken"):
        connect_aws(settings, PARTNER, TENANT, given)


def test_a_role_that_is_open_without_external_id_is_told(cloud: Cloud, settings: Settings) -> None:
    access = connect_aws(settings, PARTNER, TENANT, ROLE)  # this cloud accepts any External ID

    found = check_access(settings, access)

    assert found.is_good
    assert "sts:ExternalId" in found.warning


def test_a_role_that_is_closed_is_told_with_what_to_do(cloud: Cloud, settings: Settings) -> None:
    access = connect_aws(settings, PARTNER, TENANT, ROLE)
    cloud.fail("AssumeRole", "AccessDenied", status=403)

    found = check_access(settings, access)

    assert not found.is_good
    assert "cloudprune connect show" in found.problems[0]


def test_an_azure_secret_is_in_no_database(settings: Settings) -> None:
    connect_azure(settings, PARTNER, TENANT, IDENTIFIER, IDENTIFIER, "s3cret-value")

    files = [path for path in settings.home.rglob("*") if path.is_file()]
    assert [path for path in files if path.suffix == ".sealed"]
    assert not [path for path in files if b"s3cret-value" in path.read_bytes()]
