"""A restore brings nothing back that was taken away after the backup."""

from datetime import UTC, datetime
from functools import partial
from typing import Any

import pytest

from control import cascade
from control.cascade import Counts
from control.directory import Directory
from control.keyring import issuer_key_files
from control.privacy_records import RequestKind, Subject, SubjectKind
from control.roles import Role
from pipeline import issuer_keys
from pipeline.backup.creating import create_backup
from pipeline.backup.restoring import restore_backup
from pipeline.disconnect import disconnect
from pipeline.privacy.erase import STEPS, erase
from pipeline.privacy.found import Found
from pipeline.privacy.subjects import member_of
from pipeline.privacy.work import work_requests
from pipeline.settings import Settings
from tests.integration.pipeline.acme import ACCOUNTS, ACME, ADA, WEB, home, land, opened

__all__ = ["home"]
pytestmark = pytest.mark.integration


BOB = "bob@acme.example"


def leftovers(settings: Settings) -> list[str]:
    """Return the key files of the partner."""
    return sorted(path.name for path in settings.keys.glob("acme*"))


def test_every_erased_connection_of_a_tenant_stays_erased(home: Settings) -> None:
    backup = create_backup(home)
    for account in ACCOUNTS[:2]:
        subject = Subject(SubjectKind.CONNECTION, "acme", "web", f"aws-{account}")
        erase(home, subject, confirmation=subject.name, requested_by="operator")

    report = restore_backup(home, backup.backup_id, is_replacing=True)

    assert report.erased_again == 2
    assert opened(home) == [f"aws-{ACCOUNTS[2]}"]


@pytest.mark.parametrize("subject", [WEB, ACME], ids=lambda subject: subject.kind.value)
def test_a_backup_inside_an_erasure_is_older_than_it(
    home: Settings, subject: Subject, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[str] = []

    def erase_rows(*args: Any, **options: Any) -> Counts:
        made.append(create_backup(home, passphrase="correct horse battery").backup_id)
        return cascade.erase_rows(*args, **options)

    monkeypatch.setattr("control.erasure.erase_rows", erase_rows)
    erase(home, subject, confirmation=subject.name, requested_by="operator")
    restore_backup(home, made[0], is_replacing=True)

    with Directory(home.control) as directory:
        assert directory.tenants("acme") == ()
    assert leftovers(home) == ([] if subject is ACME else ["acme.backup-key"])


def test_a_backup_makes_no_key_of_a_partner_that_is_erased_meanwhile(home: Settings) -> None:
    land(home)
    erased: list[object] = []

    def at_the_lake(told: str) -> None:
        if told == "acme/web" and not erased:
            erased.append(erase(home, ACME, confirmation="acme", requested_by="operator"))

    backup = create_backup(home, passphrase="correct horse battery", say=at_the_lake)

    assert leftovers(home) == []
    assert not (home.work("acme")).exists()
    assert restore_backup(home, backup.backup_id, is_replacing=True).partners == ()


@pytest.mark.parametrize("deletes_data", [False, True])
def test_what_was_disconnected_stays_so(home: Settings, deletes_data: bool) -> None:
    bill, gone = land(home), f"aws-{ACCOUNTS[0]}"
    backup = create_backup(home)
    disconnect(home, "acme", "web", gone, actor=ADA, deletes_data=deletes_data)

    restore_backup(home, backup.backup_id, is_replacing=True)

    assert opened(home) == [f"aws-{account}" for account in ACCOUNTS[1:]]
    assert bill.exists() is not deletes_data
    with Directory(home.control) as directory:
        left = [each.connection_id for each in directory.connections("acme")]
    assert (gone in left) is not deletes_data


def test_a_connection_made_again_after_its_data_went_comes_back(home: Settings) -> None:
    connection = ("acme", "web", f"aws-{ACCOUNTS[0]}")
    disconnect(home, *connection, actor=ADA, deletes_data=True)
    with Directory(home.control) as directory:
        directory.record_connection(*connection, provider="aws", scope=ACCOUNTS[0])
    backup = create_backup(home)

    restore_backup(home, backup.backup_id, is_replacing=True)

    with Directory(home.control) as directory:
        assert connection[2] in [each.connection_id for each in directory.connections("acme")]


def test_a_consent_that_was_withdrawn_stays_so(home: Settings) -> None:
    with Directory(home.control) as directory:
        ada = member_of(directory, "acme", ADA).member_id
        answered = partial(directory.decide_consent, "acme", ada, "statistics", notice_version="1")
        answered(is_given=True)
        backup = create_backup(home)
        answered(is_given=False)

        restore_backup(home, backup.backup_id, is_replacing=True)

        assert not directory.has_consented("acme", ada, "statistics")


def test_requests_are_carried_over_as_they_are_by_now(home: Settings) -> None:
    with Directory(home.control) as directory:
        answered = directory.request_privacy(ACME, RequestKind.OBJECTION, requested_by=ADA)
        backup = create_backup(home)
        directory.close_request(answered, message="answered")
        asked = directory.request_privacy(WEB, RequestKind.RESTRICTION, requested_by=ADA)

        restore_backup(home, backup.backup_id, is_replacing=True)

        found = {each.request_id: each.state for each in directory.privacy_requests("acme")}
        assert found == {answered.request_id: "done", asked.request_id: "received"}


@pytest.mark.parametrize("kind", [SubjectKind.TENANT, SubjectKind.CONNECTION, SubjectKind.MEMBER])
def test_what_was_asked_about_who_was_erased_stays_erased(
    home: Settings, kind: SubjectKind
) -> None:
    with Directory(home.control) as directory:
        token = directory.invite("acme", BOB, Role.ANALYST, invited_by=ADA)
        bob = directory.accept_invitation("acme", token, subject=BOB, email=BOB).member_id
        subject = {
            SubjectKind.TENANT: WEB,
            SubjectKind.CONNECTION: Subject(kind, "acme", "web", f"aws-{ACCOUNTS[0]}"),
            SubjectKind.MEMBER: Subject(kind, "acme", subject_id=bob),
        }[kind]
        directory.request_privacy(subject, RequestKind.ACCESS, requested_by=ADA, note="please")
        backup = create_backup(home)
        typed = BOB if kind is SubjectKind.MEMBER else subject.name
        erase(home, subject, confirmation=typed, requested_by="operator")

        restore_backup(home, backup.backup_id, is_replacing=True)

        (kept,) = directory.privacy_requests("acme")
        assert (kept.kind, kept.tenant_id, kept.subject_id) == ("erasure", "", "")


def test_a_signing_key_that_was_taken_out_stays_out(home: Settings) -> None:
    passphrase = "correct horse battery"
    (leaked,) = issuer_keys.key_files(home.keys)
    backup = create_backup(home, passphrase=passphrase)
    issuer_keys.rotate(home.keys, datetime.now(UTC))
    leaked.unlink()

    restore_backup(home, backup.backup_id, passphrase=passphrase, is_replacing=True)
    assert leaked not in issuer_key_files(home.keys)

    for key in issuer_key_files(home.keys):
        key.unlink()  # all are lost
    restore_backup(home, backup.backup_id, passphrase=passphrase, is_replacing=True)
    assert issuer_key_files(home.keys) == [leaked]


def test_an_erasure_under_way_begins_anew_after_a_restore(
    home: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    bill = land(home)
    backup = create_backup(home)
    with Directory(home.control) as directory:
        directory.request_privacy(WEB, RequestKind.ERASURE, requested_by="operator")

    def killed(_: object) -> list[Found]:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setitem(STEPS, "secrets", killed)
        with pytest.raises(KeyboardInterrupt):
            work_requests(home)
    restore_backup(home, backup.backup_id, is_replacing=True)
    assert bill.exists()

    assert work_requests(home).done == 1
    assert not bill.exists()
    with Directory(home.control) as directory:
        assert directory.restricted_since("acme") is None
        assert directory.tenants("acme") == ()
