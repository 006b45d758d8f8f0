"""Disconnecting takes away what it says, and nothing else."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from sqlalchemy import update

from control.directory import Directory
from control.errors import SecretUnreadableError
from control.models import ConnectionRequestRow
from control.onboarding import LONGEST, RequestKind
from control.scoping import EVERYONE, scope
from control.secrets import FileSecretStore
from control.store import writes
from ingestion.errors import InvalidAccessError, NothingToScanError
from ingestion.lake import TenantLake
from pipeline.connect import connect_aws, connect_azure
from pipeline.connection_worker import work
from pipeline.disconnect import disconnect
from pipeline.ingest import ingest_costs
from pipeline.scan import scan_tenant
from pipeline.settings import Settings
from tests.integration.connecting.asked import CONNECTION, IDENTIFIER, ask, outcome
from tests.integration.connecting.conftest import ACCOUNT, ROLE, A, B
from tests.integration.ingestion import made
from tests.integration.ingestion.aws import customers

pytestmark = pytest.mark.integration


OTHER_ROLE = customers.role_of("555566667777")


def test_what_a_worker_that_died_was_disconnecting_is_disconnected(
    settings: Settings, directory: Directory
) -> None:
    connect_azure(settings, *A, IDENTIFIER, IDENTIFIER, "s3cret")
    name = f"azure-{IDENTIFIER}"
    directory.remove_access(*A, name)  # as the page does at once: nobody could ask again
    request_id = ask(directory, RequestKind.DISCONNECT, connection_id=name, deletes_data=False)
    directory.take_connection_request(A[0], request_id)
    with scope(EVERYONE), writes(directory._engine) as transaction:
        long_ago = datetime.now(UTC) - LONGEST - timedelta(minutes=1)
        transaction.execute(update(ConnectionRequestRow).values(started_at=long_ago))

    work(settings)

    assert outcome(directory, request_id)[0] == "done"
    assert not list(Path(settings.secrets).rglob("*.sealed"))


def test_disconnecting_goes_on_until_the_secret_is_gone(
    settings: Settings, directory: Directory, monkeypatch: pytest.MonkeyPatch
) -> None:
    connect_azure(settings, *A, IDENTIFIER, IDENTIFIER, "s3cret")
    name = f"azure-{IDENTIFIER}"
    directory.remove_access(*A, name)  # as the page does at once
    request_id = ask(directory, RequestKind.DISCONNECT, connection_id=name, deletes_data=False)

    def down(*_: object) -> None:
        raise SecretUnreadableError("the secret cannot be removed (ThrottlingException)")

    with monkeypatch.context() as patched:
        patched.setattr(FileSecretStore, "remove", down)
        work(settings)
        work(settings)
    status, message = outcome(directory, request_id)
    assert (status, "tried again" in message) == ("requested", True)
    told = [e for e in directory.access_log(A[0]) if "ThrottlingException" in e.detail]
    assert len(told) == 1

    work(settings)

    assert outcome(directory, request_id)[0] == "done"
    assert not list(Path(settings.secrets).rglob("*.sealed"))


@pytest.fixture
def landed(settings: Settings, tmp_path: Path, directory: Directory) -> Callable[[], list[str]]:
    """Two connections of A and one of B with data; return the files that are there."""
    for whose, role in ((A, ROLE), (A, OTHER_ROLE), (B, ROLE)):
        access = connect_aws(settings, *whose, role)
        directory.request_scan(*whose, access.connection_id, requested_by="ada")
        for table, partition in (("cost_lines", "2026-05"), ("aws_ebs_volumes", "2026-05-20")):
            file = tmp_path / "written.parquet"
            pq.write_table(pa.table({"resource_id": ["vol-1"]}), file)
            lake = TenantLake(settings.lake, *whose)
            lake.replace(file, table, access.connection_id, partition)

    def files() -> list[str]:
        root = Path(settings.lake)
        return sorted(p.relative_to(root).as_posix() for p in root.rglob("*.parquet"))

    return files


def test_disconnecting_keeps_the_data_and_nothing_scans_any_more(
    settings: Settings, landed: Callable[[], list[str]], directory: Directory
) -> None:
    before = landed()

    done = disconnect(settings, *A, CONNECTION, actor="ada", deletes_data=False)

    assert done.had_access
    assert landed() == before
    assert CONNECTION not in [a.connection_id for a in directory.accesses(A[0])]
    assert CONNECTION in [c.connection_id for c in directory.connections(A[0])]
    with pytest.raises(NothingToScanError):
        scan_tenant(settings, *A, connection_id=CONNECTION)
    waiting = {(s.partner_id, s.connection_id) for s in directory.requested_scans()}
    assert waiting == {(A[0], "aws-555566667777"), (B[0], CONNECTION)}


def test_disconnecting_with_its_data_touches_no_other(
    settings: Settings, landed: Callable[[], list[str]], directory: Directory
) -> None:
    before = landed()

    done = disconnect(settings, *A, CONNECTION, actor="ada", deletes_data=True)

    own = [f for f in before if f"partner_id={A[0]}/" in f and f"connection_id={CONNECTION}/" in f]
    assert len(own) == done.file_count == 2
    assert landed() == [f for f in before if f not in own]
    assert [c.connection_id for c in directory.connections(A[0])] == ["aws-555566667777"]
    assert {s.connection_id for s in directory.scans(A[0])} == {"aws-555566667777"}
    assert [c.connection_id for c in directory.connections(B[0])] == [CONNECTION]
    assert directory.accesses(B[0])
    assert "disconnected" in directory.access_log(A[0])[0].detail


def test_what_delivered_the_data_alone_is_asked_no_more(
    settings: Settings, exports: Path, directory: Directory
) -> None:
    """Or the next schedule would land again what was deleted."""
    for name in ("first", "second"):
        account = {"first": ACCOUNT, "second": "555566667777"}[name]
        cells = {"BillingAccountId": account, "SubAccountId": account}
        made.write(exports / name / "may.csv", made.FOCUS, cells)
        ingest_costs(settings, *A, str(exports / name), makes_tenant=True)
    assert len(directory.sources(*A)) == 2

    disconnect(settings, *A, CONNECTION, actor="ada", deletes_data=True)

    assert directory.sources(*A) == [str(exports / "second")]
    assert [c.connection_id for c in directory.connections(*A)] == ["aws-555566667777"]


def test_disconnecting_somebody_elses_connection_names_none_of_theirs(
    settings: Settings, landed: Callable[[], list[str]], directory: Directory
) -> None:
    before = landed()

    with pytest.raises(InvalidAccessError) as refusal:
        disconnect(settings, *B, "aws-555566667777", actor="eve", deletes_data=True)

    assert A[0] not in str(refusal.value)
    assert landed() == before


def test_disconnecting_again_finishes_what_was_interrupted(
    settings: Settings, landed: Callable[[], list[str]], directory: Directory
) -> None:
    disconnect(settings, *A, CONNECTION, actor="ada", deletes_data=False)

    again = disconnect(settings, *A, CONNECTION, actor="ada", deletes_data=True)

    assert not again.had_access
    assert again.file_count == 2
