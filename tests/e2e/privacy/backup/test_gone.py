"""What was erased or withdrawn after a backup stays so when it is restored."""

import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from control.directory import Directory
from control.privacy_records import Subject, SubjectKind
from control.records import Invitation
from control.roles import Role
from control.sessions import Session
from pipeline.backup.creating import create_backup
from pipeline.backup.errors import BackupError
from pipeline.backup.opening import OpenBackup
from pipeline.backup.restoring import check_backup, restore_backup
from pipeline.backup.retention import cut_backups
from pipeline.privacy.erase import erase
from pipeline.privacy.subjects import member_of
from pipeline.settings import Settings
from tests.e2e.privacy.backup.state import PARTNER, PASSPHRASE, TENANT, lake
from tests.e2e.privacy.estate import (
    ALONE,
    ALONE_ACCOUNT,
    CONNECTION,
    GONE,
    KEPT,
    SHARED,
    YAN,
    ZOE,
    found_in,
)

pytestmark = pytest.mark.e2e

EVE = "eve@else.test"


def test_an_erased_partner_stays_erased_after_an_older_backup_is_restored(
    home: Settings, empty: Settings, tmp_path: Path
) -> None:
    backup = create_backup(home, passphrase=PASSPHRASE)
    copy = tmp_path / "copy-in-a-vault"
    shutil.copytree(Path(home.backups) / backup.backup_id, copy)
    erase(home, PARTNER, confirmation=GONE, requested_by="operator")
    shutil.copytree(copy, Path(home.backups) / backup.backup_id, dirs_exist_ok=True)

    here = restore_backup(home, backup.backup_id, is_replacing=True)
    elsewhere = restore_backup(empty, backup.backup_id, passphrase=PASSPHRASE)

    assert here.partners == elsewhere.partners == (KEPT,)
    for settings in (home, empty):
        assert found_in(settings, GONE, ALONE, ALONE_ACCOUNT, ZOE) == []
    assert [p for p in lake(empty) if GONE in p] == []


def test_the_parts_of_an_erased_partner_leave_the_backups(home: Settings) -> None:
    backup = create_backup(home)
    before = len(list((Path(home.backups) / backup.backup_id).iterdir()))

    receipt = erase(home, PARTNER, confirmation=GONE, requested_by="operator")

    left = len(list((Path(home.backups) / backup.backup_id).iterdir()))
    assert receipt.counts["parts of backups"] == before - left == 3
    assert check_backup(home, backup.backup_id) == 3


def test_what_a_copy_still_holds_of_an_erased_partner_no_key_opens(
    home: Settings, tmp_path: Path
) -> None:
    backup = create_backup(home)
    folder = Path(home.backups) / backup.backup_id
    shutil.copytree(folder, tmp_path / "copy")
    erase(home, PARTNER, confirmation=GONE, requested_by="operator")
    shutil.rmtree(Path(home.backups) / "tombstones")
    (home.home / "control.db").unlink()
    shutil.copytree(tmp_path / "copy", folder, dirs_exist_ok=True)

    with pytest.raises(BackupError, match="key of a partner in backup"):
        restore_backup(home, backup.backup_id, is_replacing=True)


def test_an_erased_tenant_stays_erased_and_its_siblings_come_back(
    home: Settings, empty: Settings
) -> None:
    backup = create_backup(home, passphrase=PASSPHRASE)
    erase(home, TENANT, confirmation=TENANT.name, requested_by=YAN)

    report = restore_backup(empty, backup.backup_id, passphrase=PASSPHRASE)

    assert report.erased_again == 1
    assert found_in(empty, ALONE_ACCOUNT, f"tenant_id={ALONE}", f"'{ALONE}'") == []
    with Directory(empty.control) as directory:
        assert [tenant.tenant_id for tenant in directory.tenants(GONE)] == [SHARED]


def test_an_erased_connection_and_an_erased_member_stay_erased(
    home: Settings, empty: Settings
) -> None:
    backup = create_backup(home, passphrase=PASSPHRASE)
    with Directory(home.control) as directory:
        zoe = member_of(directory, GONE, ZOE)
    connection = Subject(SubjectKind.CONNECTION, GONE, SHARED, CONNECTION)
    member = Subject(SubjectKind.MEMBER, GONE, subject_id=zoe.member_id)
    erase(home, connection, confirmation=connection.name, requested_by=YAN)
    erase(home, member, confirmation=ZOE, requested_by=YAN)

    report = restore_backup(empty, backup.backup_id, passphrase=PASSPHRASE)

    assert report.erased_again == 2
    assert found_in(empty, ZOE, zoe.member_id) == []
    assert not list(Path(empty.lake, f"partner_id={GONE}").rglob(f"connection_id={CONNECTION}"))
    assert list(Path(empty.lake, f"partner_id={KEPT}").rglob(f"connection_id={CONNECTION}"))


def test_a_name_that_is_used_again_after_an_erasure_comes_back_from_a_later_backup(
    home: Settings, empty: Settings, template: Path
) -> None:
    erase(home, PARTNER, confirmation=GONE, requested_by="operator")
    with Directory(home.control) as directory:
        directory.ensure_tenant(GONE, "fresh")
    backup = create_backup(home, passphrase=PASSPHRASE)

    report = restore_backup(empty, backup.backup_id, passphrase=PASSPHRASE)

    assert report.partners == (GONE, KEPT)


def test_backups_older_than_thirty_days_go_and_tombstones_stay(home: Settings) -> None:
    backup = create_backup(home)
    erase(home, TENANT, confirmation=TENANT.name, requested_by=YAN)
    now = datetime.now(UTC)
    unfinished = Path(home.backups) / f"{now - timedelta(days=3):%Y%m%dT%H%M%SZ}-abc123"
    unfinished.mkdir()
    (unfinished / "half.sealed").write_bytes(b"half")

    assert cut_backups(home, now + timedelta(days=29)) == 1
    assert check_backup(home, backup.backup_id)
    assert cut_backups(home, now + timedelta(days=31)) == 1
    assert [path.name for path in Path(home.backups).iterdir() if path.name[0] != "."] == [
        "tombstones"
    ]


def test_the_keys_of_an_erased_partner_leave_the_backups(home: Settings, empty: Settings) -> None:
    backup = create_backup(home, passphrase=PASSPHRASE)
    erase(home, PARTNER, confirmation=GONE, requested_by="operator")

    kept = OpenBackup(empty, backup.backup_id, PASSPHRASE).keys

    assert sorted({name.partition(".")[0] for name in kept}) == ["_installation", KEPT]


def test_who_was_removed_or_signed_out_after_a_backup_stays_so(home: Settings) -> None:
    with Directory(home.control) as directory:
        zoe, yan = (member_of(directory, GONE, email) for email in (ZOE, YAN))
        directory.invite(GONE, EVE, Role.VIEWER, invited_by=YAN)
        backup = create_backup(home)
        now = datetime.now(UTC)
        session = Session("of-yan", now, now + timedelta(hours=1))
        directory.begin_session(GONE, yan.member_id, session)
        directory.leave_session(GONE, "of-yan")
        directory.sign_out_everywhere(GONE, yan.member_id)
        directory.remove_member(GONE, zoe.member_id)
        directory.revoke_invitation(GONE, invited(directory).invitation_id)
        directory.restrict(TENANT)

    report = restore_backup(home, backup.backup_id, is_replacing=True)

    assert report.closed_again == 1
    with Directory(home.control) as directory:
        assert [member.email for member in directory.members(GONE)] == [YAN]
        assert member_of(directory, GONE, YAN).signed_out_at is not None
        assert directory.is_session_left(GONE, "of-yan")
        assert invited(directory).revoked_at is not None
        assert list(directory.restricted_tenants(GONE)) == [TENANT.tenant_id]


def invited(directory: Directory) -> Invitation:
    (found,) = (each for each in directory.invitations(GONE) if each.email == EVE)
    return found
