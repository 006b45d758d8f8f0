"""What happened after a backup is not undone for people's rights, nor left where none finds it."""

from contextlib import closing
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from control.copying import ControlCopy
from control.directory import Directory
from control.onboarding import RequestKind as ConnectionRequestKind
from control.privacy_records import RequestKind, Subject, SubjectKind
from control.records import Member
from control.roles import Role
from pipeline.backup.creating import create_backup
from pipeline.backup.restoring import restore_backup
from pipeline.privacy.erase import erase
from pipeline.privacy.rectify import rectify_member
from pipeline.privacy.subjects import member_of
from pipeline.secret_stores import handed_over
from pipeline.settings import Settings
from tests.integration.pipeline.acme import ACCOUNTS, ADA, home, land, opened

__all__ = ["home"]
pytestmark = pytest.mark.integration

EVE, BOB, LATE = "eve@acme.example", "bob@acme.example", "late@acme.example"
WEB = ("acme", "web")
NEW = Subject(SubjectKind.CONNECTION, *WEB, "azure-new")
NEWCOMER = Subject(SubjectKind.PARTNER, "newcomer")


def join(directory: Directory, partner: str, email: str, role: Role = Role.ADMIN) -> Member:
    """Let somebody join."""
    token = directory.invite(partner, email, role, invited_by="operator")
    return directory.accept_invitation(partner, token, subject=email, email=email)


@pytest.mark.parametrize(
    ("then", "now", "kept"),
    [
        ((Role.ADMIN, ["*"]), (Role.VIEWER, ["web"]), ("viewer", '["web"]')),
        ((Role.VIEWER, ["web"]), (Role.ADMIN, ["*"]), ("viewer", '["web"]')),
        ((Role.ANALYST, ["web", "shop"]), (Role.VIEWER, ["shop"]), ("viewer", '["shop"]')),
        ((Role.ANALYST, ["web"]), (Role.ANALYST, ["shop"]), ("analyst", "[]")),
    ],
)
def test_a_member_keeps_the_lower_role_and_the_tenants_of_both(
    home: Settings, then: tuple[Role, list[str]], now: tuple[Role, list[str]], kept: tuple[str, str]
) -> None:
    with Directory(home.control) as directory:
        directory.ensure_tenant("acme", "shop")
        eve = join(directory, "acme", EVE)
        directory.set_role("acme", eve.member_id, *then)
        backup = create_backup(home)
        directory.set_role("acme", eve.member_id, *now)

        report = restore_backup(home, backup.backup_id, is_replacing=True)

        found = member_of(directory, "acme", EVE)
    assert (found.role, found.tenants) == kept
    assert report.narrowed_again == (0 if then == (Role.VIEWER, ["web"]) else 1)
    assert report.without_admin == ()


def test_a_partner_that_has_no_admin_by_both_is_told(home: Settings) -> None:
    with Directory(home.control) as directory:
        eve, ada = join(directory, "acme", EVE, Role.VIEWER), member_of(directory, "acme", ADA)
        backup = create_backup(home)
        directory.set_role("acme", eve.member_id, Role.ADMIN)
        directory.set_role("acme", ada.member_id, Role.VIEWER)

    assert restore_backup(home, backup.backup_id, is_replacing=True).without_admin == ("acme",)


def test_the_access_log_goes_on(home: Settings) -> None:
    with Directory(home.control) as directory:
        directory.log_access("acme", EVE, "export data", detail="before")
        backup = create_backup(home)
        directory.log_access("acme", EVE, "export data", detail="after")
        directory.log_access("", EVE, "sign in", is_refused=True, detail="of nobody")

        restore_backup(home, backup.backup_id, is_replacing=True)

        assert [e.detail for e in directory.access_log("acme") if e.actor == EVE] == [
            "after",
            "before",
        ]
        assert [e.detail for e in directory.access_log("")] == ["of nobody"]


def test_a_name_and_an_address_that_were_corrected_stay_so(home: Settings) -> None:
    with Directory(home.control) as directory:
        eve, bob = (join(directory, "acme", each) for each in (EVE, BOB))
        directory.log_access("acme", EVE, "see costs")
        scopes = land(home).parent.parent.parent / "scan_scopes/connection_id=aws-1/data.parquet"
        scopes.parent.mkdir(parents=True)
        pq.write_table(pa.table({"requested_by": [EVE, BOB]}), scopes)
        backup = create_backup(home)
    for member, address in ((bob, LATE), (eve, BOB)):  # who moves into another's place
        rectify_member(
            home, "acme", member.member_id, email=address, name="Right", requested_by="operator"
        )

    restore_backup(home, backup.backup_id, is_replacing=True)

    with Directory(home.control) as directory:
        found = {m.member_id: (m.email, m.name) for m in directory.members("acme")}
        actors = {e.actor for e in directory.access_log("acme") if e.action == "see costs"}
    assert found[eve.member_id] == (BOB, "Right")
    assert found[bob.member_id] == (LATE, "Right")
    assert actors == {BOB}
    assert pq.ParquetFile(scopes).read()["requested_by"].to_pylist() == [BOB, LATE]


def test_who_was_only_invited_at_the_backup_is_called_by_the_corrected_address(
    home: Settings,
) -> None:
    with Directory(home.control) as directory:
        token = directory.invite("acme", BOB, Role.VIEWER, invited_by=ADA)
        directory.log_access("acme", ADA, "invite member", target=BOB)
        backup = create_backup(home)
        bob = directory.accept_invitation("acme", token, subject=BOB, email=BOB)
        rectify_member(home, "acme", bob.member_id, email=LATE, requested_by="operator")

        restore_backup(home, backup.backup_id, is_replacing=True)

        assert BOB not in str(directory.partner_extract("acme"))


def test_a_correction_stays_where_a_newer_backup_follows_an_older_one(
    home: Settings, tmp_path: Path
) -> None:
    with Directory(home.control) as directory, closing(ControlCopy(home.control)) as lost:
        eve = join(directory, "acme", EVE)
        older = create_backup(home)
        rectify_member(
            home, "acme", eve.member_id, email=LATE, name="Right", requested_by="operator"
        )
        newer = create_backup(home)
        with closing(ControlCopy.empty(tmp_path / "empty.db")) as empty:
            lost.replace_by(empty)

        for backup in (older, newer):
            restore_backup(home, backup.backup_id, is_replacing=True)

        found = member_of(directory, "acme", LATE)
        assert (found.member_id, found.name) == (eve.member_id, "Right")


def test_who_was_suspended_at_the_backup_and_removed_since_stays_removed(home: Settings) -> None:
    with Directory(home.control) as directory:
        eve = join(directory, "acme", EVE)
        directory.restrict(Subject(SubjectKind.MEMBER, "acme", subject_id=eve.member_id))
        backup = create_backup(home)
        directory.remove_member("acme", eve.member_id)

        assert restore_backup(home, backup.backup_id, is_replacing=True).closed_again == 0

        assert [each.email for each in directory.members("acme")] == [ADA]
        assert directory.member("acme", EVE) is None


def test_who_joined_later_may_not_enter_and_can_be_erased(home: Settings) -> None:
    with Directory(home.control) as directory:
        backup = create_backup(home)
        late = join(directory, "acme", LATE)
        own = Subject(SubjectKind.MEMBER, "acme", subject_id=late.member_id)
        directory.request_privacy(
            own, RequestKind.OBJECTION, requested_by=LATE, member_id=late.member_id
        )

        report = restore_backup(home, backup.backup_id, is_replacing=True)

        assert report.newer.members == (("acme", LATE),)
        assert [each.email for each in directory.members("acme")] == [ADA]
        assert directory.member("acme", LATE) is None
        assert [each.requested_by for each in directory.privacy_requests("acme")] == [LATE]
        erase(home, own, confirmation=LATE, requested_by="operator")
        assert LATE not in str(directory.partner_extract("acme"))


def test_what_a_newer_partner_and_connection_left_is_told_and_can_be_erased(
    home: Settings,
) -> None:
    backup = create_backup(home)
    store = handed_over(home)
    with Directory(home.control) as directory:
        directory.ensure_tenant("newcomer", "shop")
        directory.set_organization("newcomer", "org_new")
        join(directory, "newcomer", "n@new.example")
        directory.record_connection(
            *WEB, NEW.subject_id, provider="azure", scope="new", name="the new one"
        )
        directory.set_azure_access(
            *WEB, NEW.subject_id, directory_id="new", client_id="app", subscriptions=()
        )
    store.put(*WEB, NEW.subject_id, "its secret")
    store.put("newcomer", "shop", "azure-1", "its secret")
    archive = home.archives / "newcomer" / "r.zip.sealed"
    archive.parent.mkdir(parents=True)
    archive.write_bytes(b"an archive")

    report = restore_backup(home, backup.backup_id, is_replacing=True)

    assert report.partners == ("acme",)
    assert report.newer.partners == ("newcomer",)
    assert report.newer.connections == ((*WEB, NEW.subject_id),)
    assert opened(home) == [f"aws-{account}" for account in ACCOUNTS]
    assert store.get(*WEB, NEW.subject_id) == "its secret"
    with Directory(home.control) as directory:
        assert directory.partner_of_organization("org_new") is None
    for subject in (NEW, NEWCOMER):
        erase(home, subject, confirmation=subject.name, requested_by="operator")
    left = [
        path.relative_to(home.home).as_posix()
        for path in home.home.rglob("*")
        if path.is_file() and ("newcomer" in str(path) or path.suffix == ".sealed")
    ]
    assert [path for path in left if not path.startswith("backups/")] == []


def test_nobody_of_a_partner_s_former_organization_enters_again(home: Settings) -> None:
    with Directory(home.control) as directory:
        for partner, organization in (("acme", "org_a"), ("bolt", "org_b"), ("cog", "org_c")):
            directory.ensure_partner(partner)
            directory.set_organization(partner, organization)
        backup = create_backup(home)
        directory.set_organization("acme", "org_new")
        directory.set_organization("bolt", "org_a")

    restore_backup(home, backup.backup_id, is_replacing=True)

    with Directory(home.control) as directory:
        found = {
            organization: directory.partner_of_organization(organization)
            for organization in ("org_a", "org_b", "org_c", "org_new")
        }
    assert found == {"org_a": "bolt", "org_b": None, "org_c": "cog", "org_new": "acme"}


def test_what_was_to_be_disconnected_still_is_and_a_secret_left_for_a_worker_goes(
    home: Settings,
) -> None:
    backup, secret = create_backup(home), "handed-over-1"
    gone = {"connection_id": f"aws-{ACCOUNTS[0]}", "deletes_data": True}
    handed_over(home).put(*WEB, secret, "a secret")
    with Directory(home.control) as directory:
        kinds = ConnectionRequestKind
        directory.request_connection(*WEB, kinds.DISCONNECT, gone, requested_by=ADA)
        directory.request_connection(*WEB, kinds.CONNECT, {"secret_name": secret}, requested_by=ADA)

        restore_backup(home, backup.backup_id, is_replacing=True)

        (waiting,) = directory.connection_requests_waiting()
    assert waiting.kind == kinds.DISCONNECT
    assert list(home.secrets.rglob("*.sealed")) == []


def test_what_the_replaced_database_does_not_know_to_be_erased_is_not_carried_over(
    home: Settings, tmp_path: Path
) -> None:
    backup = create_backup(home)
    with Directory(home.control) as directory:
        late = join(directory, "acme", LATE)
        directory.ensure_tenant("newcomer", "shop")
    with (
        closing(ControlCopy(home.control)) as here,
        closing(ControlCopy.empty(tmp_path / "image.db")) as image,
    ):
        image.replace_by(here)
        own = Subject(SubjectKind.MEMBER, "acme", subject_id=late.member_id)
        erase(home, own, confirmation=LATE, requested_by="operator")
        erase(home, NEWCOMER, confirmation="newcomer", requested_by="operator")
        here.replace_by(image)  # as from an image of the disk, which knows of no erasure

    restore_backup(home, backup.backup_id, is_replacing=True)

    with Directory(home.control) as directory:
        assert [each.partner_id for each in directory.partners()] == ["acme"]
        assert LATE not in str(directory.partner_extract("acme"))
