"""An address that is corrected is corrected in the lake and in the logs, too."""

from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from control.directory import Directory
from control.errors import ErasureUnderWayError, UnknownParentError
from control.privacy_records import Subject, SubjectKind
from control.records import Member
from control.roles import Role
from ingestion.inventory.schema import SCOPES_TABLE
from ingestion.lake import TenantLake
from pipeline.connect import connect_azure
from pipeline.privacy.erase import STEPS, erase
from pipeline.privacy.found import Found
from pipeline.privacy.rectify import rectify_member
from pipeline.scan import scan_tenant
from pipeline.settings import Settings
from tests.integration.pipeline.acme import WEB, home

__all__ = ["home"]
pytestmark = pytest.mark.integration

WRONG, RIGHT, JOANN = "ann@wrong.example", "ann@right.example", "joann@wrong.example"
ID = "8f7a1c2e-0000-4000-8000-000000000000"


@pytest.fixture
def ann(home: Settings) -> Member:
    with Directory(home.control) as directory:
        directory.ensure_tenant("globex", "web")
        token = directory.invite("acme", WRONG, Role.ANALYST, invited_by="operator")
        return directory.accept_invitation("acme", token, subject="ann", email=WRONG)


def land(settings: Settings, partner: str, *askers: str) -> Path:
    """Land who asked for a scan."""
    path = Path(
        settings.lake,
        f"partner_id={partner}/tenant_id=web/scan_scopes/connection_id=aws-1",
        "snapshot_date=2026-11-01/data.parquet",
    )
    path.parent.mkdir(parents=True)
    pq.write_table(pa.table({"requested_by": list(askers)}), path)
    return path


def askers(path: Path) -> list[str]:
    """Return who asked."""
    return list(pq.ParquetFile(path).read()["requested_by"].to_pylist())


def test_an_address_is_corrected_wherever_it_stands_and_goes_with_its_member(
    home: Settings, ann: Member
) -> None:
    landed, theirs = land(home, "acme", WRONG, JOANN), land(home, "globex", WRONG)
    home.logs.mkdir(exist_ok=True)
    log = home.logs / "cloudprune.log"
    log.write_text(
        f"2026-11-01 10:00:00 INFO scan partner_id=acme requested_by={WRONG}\n"
        f"2026-11-01 10:00:00 INFO scan partner_id=globex requested_by={WRONG}\n"
        f"2026-11-01 10:00:00 INFO signed in: {WRONG.upper()}\n  a line below\n"
    )

    is_landed = rectify_member(home, "acme", WRONG, email=RIGHT, requested_by="operator")

    assert is_landed
    assert (askers(landed), askers(theirs)) == ([RIGHT, JOANN], [WRONG])
    assert log.read_text() == (
        f"2026-11-01 10:00:00 INFO scan partner_id=acme requested_by={RIGHT}\n"
        f"2026-11-01 10:00:00 INFO scan partner_id=globex requested_by={WRONG}\n"
        f"2026-11-01 10:00:00 INFO signed in: {RIGHT}\n  a line below\n"
    )

    subject = Subject(SubjectKind.MEMBER, "acme", subject_id=ann.member_id)
    erase(home, subject, confirmation=RIGHT, requested_by="operator")
    assert askers(landed) == ["erased member", JOANN]
    assert (
        log.read_text() == f"2026-11-01 10:00:00 INFO scan partner_id=globex requested_by={WRONG}\n"
    )


def test_a_scan_that_waits_meanwhile_lands_the_corrected_address(
    home: Settings, ann: Member
) -> None:
    access = connect_azure(home, "acme", "web", ID, ID, "a-secret")
    for secret in home.secrets.rglob("*.sealed"):
        secret.unlink()  # so that the scan ends at once, and lands why
    with Directory(home.control) as directory:
        scan_id = directory.request_scan(
            "acme", "web", access.connection_id, requested_by=ann.email
        )
    rectify_member(home, "acme", ann.member_id, email=RIGHT, requested_by="operator")

    scan_tenant(
        home,
        "acme",
        "web",
        connection_id=access.connection_id,
        scan_id=scan_id,
        requested_by=WRONG,
    )

    landed = TenantLake(home.lake, "acme", "web").read(SCOPES_TABLE)
    assert landed is not None
    assert set(landed["requested_by"].to_pylist()) == {RIGHT}


def test_nothing_is_corrected_beside_an_erasure(
    home: Settings, ann: Member, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever writes a file again that has just gone brings it back."""
    told: list[str] = []
    find = STEPS["secrets"]

    def meanwhile(job: Any) -> list[Found]:
        with pytest.raises(ErasureUnderWayError) as refused:
            rectify_member(home, "acme", WRONG, email=RIGHT, requested_by="operator")
        told.append(str(refused.value))
        return find(job)

    monkeypatch.setitem(STEPS, "secrets", meanwhile)
    erase(home, WEB, confirmation=WEB.name, requested_by="operator")

    assert "at this moment" in told[0]


def test_a_correction_that_was_interrupted_can_be_made_again(
    home: Settings, ann: Member, monkeypatch: pytest.MonkeyPatch
) -> None:
    landed = land(home, "acme", WRONG)

    def killed(*_: object, **__: object) -> None:
        raise UnknownParentError("killed")

    with monkeypatch.context() as patch:
        patch.setattr("control.directory.Directory.rectify", killed)
        with pytest.raises(UnknownParentError):
            rectify_member(home, "acme", WRONG, email=RIGHT, requested_by="operator")
    rectify_member(home, "acme", WRONG, email=RIGHT, requested_by="operator")

    assert askers(landed) == [RIGHT]
    with Directory(home.control) as directory:
        assert [each.message for each in directory.privacy_requests("acme")] == [
            "corrected: address"
        ]
        assert RIGHT in {each.email for each in directory.members("acme")}
