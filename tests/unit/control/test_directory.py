"""The directory: what it records comes back, within its partner, on every platform's types."""

import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest

from control.directory import Directory
from control.engine import writing
from control.errors import ControlUnavailableError, ErasureUnderWayError, UnknownParentError
from control.privacy_records import RequestKind, Subject, SubjectKind

NOON = datetime(2026, 5, 2, 12, tzinfo=UTC)


@pytest.fixture
def directory(control_url: str) -> Iterator[Directory]:
    with Directory(control_url) as opened:
        opened.ensure_tenant("acme", "retail")
        opened.ensure_tenant("globex", "retail")
        yield opened


def record_load(directory: Directory, partner_id: str = "acme", **changes: object) -> None:
    values: dict[str, object] = {
        "load_id": "load-1",
        "dataset": "cur",
        "status": "landed",
        "row_count": 3,
        "rejected_row_count": 0,
        "byte_count": 2**40,
        "delivered_at": NOON,
        "loaded_at": NOON,
        "message": "landed 3 rows",
    }
    directory.record_load(
        partner_id,
        "retail",
        "aws-1",
        "2026-05",
        **{**values, **changes},  # type: ignore[arg-type]
    )


def connect(directory: Directory, partner_id: str = "acme", name: str | None = None) -> None:
    directory.record_connection(partner_id, "retail", "aws-1", provider="aws", scope="1", name=name)


def test_a_tenant_ensured_twice_exists_once(directory: Directory) -> None:
    created_at = directory.tenants("acme")[0].created_at

    directory.ensure_tenant("acme", "retail")

    assert [tenant.tenant_id for tenant in directory.tenants("acme")] == ["retail"]
    assert directory.tenants("acme")[0].created_at == created_at
    assert [partner.partner_id for partner in directory.partners()] == ["acme", "globex"]


def test_a_tenant_is_added_to_a_partner_that_is_there(directory: Directory) -> None:
    directory.add_tenant("acme", "shop")
    directory.add_tenant("acme", "shop")

    assert [tenant.tenant_id for tenant in directory.tenants("acme")] == ["retail", "shop"]


def test_a_tenant_brings_no_partner_back(directory: Directory) -> None:
    with pytest.raises(UnknownParentError, match="partner gone does not exist"):
        directory.add_tenant("gone", "shop")

    assert [partner.partner_id for partner in directory.partners()] == ["acme", "globex"]


def test_a_tenant_is_not_added_to_a_partner_that_is_being_erased(directory: Directory) -> None:
    asked = directory.request_privacy(
        Subject(SubjectKind.PARTNER, "acme"), RequestKind.ERASURE, requested_by="operator"
    )
    directory.start_request(asked)

    with pytest.raises(ErasureUnderWayError, match="being erased"):
        directory.add_tenant("acme", "shop")


def test_a_partner_sees_none_of_another_with_equal_names(directory: Directory) -> None:
    connect(directory, "globex")
    directory.add_source("globex", "retail", "s3://globex/exports")
    record_load(directory, "globex")

    assert directory.connections("acme") == ()
    assert directory.sources("acme", "retail") == []
    assert directory.loads("acme") == ()
    assert directory.loads("acme", "retail") == ()
    assert len(directory.loads("globex", "retail")) == 1


def test_sources_keep_their_order_and_appear_once(directory: Directory) -> None:
    for uri in ("/z", "/a", "/z"):
        directory.add_source("acme", "retail", uri)

    assert directory.sources("acme", "retail") == ["/z", "/a"]


def test_a_load_recorded_again_replaces_itself_only(directory: Directory) -> None:
    connect(directory)
    record_load(directory)
    record_load(directory, load_id="load-2")
    record_load(directory, status="superseded", row_count=5)

    loads = {load.load_id: (load.status, load.row_count) for load in directory.loads("acme")}

    assert loads == {"load-1": ("superseded", 5), "load-2": ("landed", 3)}


def test_a_connection_keeps_its_name_and_first_day(directory: Directory) -> None:
    connect(directory, name="production")
    before = directory.connections("acme")[0]

    directory.record_connection("acme", "retail", "aws-1", provider="aws", scope="2")

    (after,) = directory.connections("acme", "retail")
    assert (after.name, after.scope, after.created_at) == ("production", "2", before.created_at)


def test_instants_come_back_in_utc(directory: Directory) -> None:
    connect(directory)
    local = datetime(2026, 5, 2, 14, tzinfo=timezone(timedelta(hours=2)))
    record_load(directory, delivered_at=local)

    assert directory.loads("acme")[0].delivered_at.isoformat() == "2026-05-02T12:00:00+00:00"


def test_an_instant_without_a_zone_is_refused(directory: Directory) -> None:
    connect(directory)

    with pytest.raises(Exception, match="needs a time zone"):
        record_load(directory, delivered_at=NOON.replace(tzinfo=None))

    assert directory.loads("acme") == ()


def test_a_missing_parent_is_named(directory: Directory) -> None:
    with pytest.raises(UnknownParentError, match="tenant nobody of partner acme does not exist"):
        directory.add_source("acme", "nobody", "/exports")
    with pytest.raises(UnknownParentError, match="connection aws-1 of tenant retail"):
        record_load(directory)


def test_another_partners_connection_is_no_parent(directory: Directory) -> None:
    connect(directory, "globex")

    with pytest.raises(UnknownParentError):
        record_load(directory, "acme")


def test_what_was_recorded_is_there_when_opened_again(
    directory: Directory, control_url: str
) -> None:
    connect(directory)
    directory.close()

    with Directory(control_url) as again:
        assert [found.connection_id for found in again.connections("acme")] == ["aws-1"]


def test_a_damaged_file_is_told_in_a_sentence(tmp_path: Path) -> None:
    path = tmp_path / "control.db"
    path.write_bytes(b"no database at all, but long enough to be read as one" * 100)

    with pytest.raises(ControlUnavailableError, match=r"control\.db cannot be used"):
        Directory(f"sqlite:///{path}")


@pytest.mark.parametrize("address", ["nonsense", "sqlite://", "madeup://host/name"])
def test_an_unusable_address_is_refused(address: str) -> None:
    with pytest.raises(ControlUnavailableError):
        Directory(address)


def test_a_database_of_a_newer_version_is_left_alone(
    directory: Directory, control_url: str
) -> None:
    with writing(directory._engine).begin() as transaction:
        transaction.exec_driver_sql("update alembic_version set version_num = '9999'")
    directory.close()

    with pytest.raises(ControlUnavailableError, match="newer version"):
        Directory(control_url)


def test_processes_open_and_write_a_new_database_at_once(control_url: str) -> None:
    writer = (
        "import sys\n"
        "from control.directory import Directory\n"
        "with Directory(sys.argv[1]) as directory:\n"
        "    for number in range(10):\n"
        "        directory.ensure_tenant('acme', f'tenant-{sys.argv[2]}-{number}')\n"
    )
    processes = [
        subprocess.Popen([sys.executable, "-c", writer, control_url, str(number)])
        for number in range(3)
    ]

    assert [process.wait(timeout=120) for process in processes] == [0, 0, 0]

    with Directory(control_url) as directory:
        assert len(directory.tenants("acme")) == 30
