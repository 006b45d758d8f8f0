"""What opens connections, their secrets, and the record of scans."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from control.directory import Directory
from control.errors import SecretUnreadableError, UnknownParentError
from control.records import ScanProblem
from control.scan_states import ScanState
from control.secrets import FileSecretStore

ROLE = "arn:aws:iam::222233334444:role/cloudprune"
DAY = date(2026, 11, 24)


@pytest.fixture
def directory(control_url: str) -> Iterator[Directory]:
    with Directory(control_url) as opened:
        for partner in ("acme", "globex"):
            opened.ensure_tenant(partner, "retail")
            opened.record_connection(partner, "retail", "aws-1", provider="aws", scope="1")
        yield opened


@pytest.fixture
def store(tmp_path: Path) -> FileSecretStore:
    return FileSecretStore(tmp_path / "secrets", tmp_path / "keys")


def grant(directory: Directory, partner: str = "acme", **changes: str) -> None:
    given = {"role_arn": ROLE, "external_id": f"id-of-{partner}"} | changes
    directory.set_aws_access(partner, "retail", "aws-1", **given)


def test_access_comes_back_to_its_partner_alone(directory: Directory) -> None:
    grant(directory, "globex")

    (access,) = directory.accesses("globex", "retail")
    assert (access.role_arn, access.external_id) == (ROLE, "id-of-globex")
    assert directory.accesses("acme") == ()


def test_two_connections_never_share_an_external_id(directory: Directory) -> None:
    grant(directory, "acme", external_id="same")

    with pytest.raises(UnknownParentError):
        grant(directory, "globex", external_id="same")


def test_an_access_key_is_no_role(directory: Directory) -> None:
    with pytest.raises(UnknownParentError):
        grant(directory, role_arn="AKIAIOSFODNN7EXAMPLE")

    assert directory.accesses("acme") == ()


def test_a_scan_asked_for_twice_waits_once_and_is_taken_over(directory: Directory) -> None:
    first = directory.request_scan("acme", "retail", "aws-1", requested_by="ada")
    again = directory.request_scan("acme", "retail", "aws-1", requested_by="bob")
    directory.request_scan("globex", "retail", "aws-1", requested_by="eve")

    assert first == again
    assert [scan.partner_id for scan in directory.requested_scans()] == ["acme", "globex"]
    directory.start_scan("acme", first, snapshot_date=DAY)
    assert [scan.partner_id for scan in directory.requested_scans()] == ["globex"]


def test_a_scan_that_ended_says_what_it_saw_and_could_not_read(directory: Directory) -> None:
    scan_id = directory.request_scan("acme", "retail", "aws-1", requested_by="ada")
    directory.start_scan("acme", scan_id, snapshot_date=DAY)
    directory.note_progress(
        "acme", scan_id, done_count=3, total_count=4, resource_count=7, call_count=9
    )
    problem = ScanProblem(
        "acme", scan_id, "1", "*", "aws_amis", "denied", "Code", "lacks", "add", datetime.now(UTC)
    )
    directory.finish_scan(
        "acme", scan_id, status=ScanState.PARTIAL, message="partly", problems=[problem]
    )

    (scan,) = directory.scans("acme", "retail")
    assert (scan.status, scan.requested_by, scan.snapshot_date) == ("partial", "ada", DAY)
    assert (scan.done_count, scan.total_count, scan.resource_count, scan.call_count) == (3, 4, 7, 9)
    assert scan.finished_at is not None
    assert directory.scan_problems("acme", scan_id) == (problem,)
    assert directory.scan_problems("globex", scan_id) == ()


def test_running_scans_of_one_tenant_are_marked_as_interrupted(directory: Directory) -> None:
    for partner in ("acme", "globex"):
        scan_id = directory.request_scan(partner, "retail", "aws-1", requested_by="ada")
        directory.start_scan(partner, scan_id, snapshot_date=DAY)

    assert directory.interrupt_scans("acme", "retail") == 1

    assert [scan.status for scan in directory.scans("acme")] == ["interrupted"]
    assert [scan.status for scan in directory.scans("globex")] == ["running"]


def test_a_secret_comes_back_and_lies_nowhere_in_the_clear(
    store: FileSecretStore, tmp_path: Path
) -> None:
    store.put("acme", "retail", "azure-1", "s3cret-value")

    assert store.get("acme", "retail", "azure-1") == "s3cret-value"
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert len(files) == 2
    assert not [path for path in files if b"s3cret-value" in path.read_bytes()]
    assert {path.stat().st_mode & 0o077 for path in files} == {0}


def test_a_secret_put_in_anothers_place_does_not_open(
    store: FileSecretStore, tmp_path: Path
) -> None:
    store.put("acme", "retail", "azure-1", "one")
    store.put("acme", "retail", "azure-2", "two")
    folder = tmp_path / "secrets" / "acme" / "retail"
    (folder / "azure-1.sealed").replace(folder / "azure-2.sealed")

    with pytest.raises(SecretUnreadableError, match="connect azure"):
        store.get("acme", "retail", "azure-2")


def test_a_secret_that_is_not_there_says_what_to_do(store: FileSecretStore) -> None:
    with pytest.raises(SecretUnreadableError, match="connect azure"):
        store.get("acme", "retail", "azure-1")
