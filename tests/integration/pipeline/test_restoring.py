"""A restore brings nothing back that was taken away after the backup."""

from pathlib import Path
from typing import Any

import pytest

from control import cascade
from control.cascade import Counts
from control.directory import Directory
from control.privacy_records import Subject, SubjectKind
from control.roles import Role
from pipeline.backup.creating import create_backup
from pipeline.backup.restoring import restore_backup
from pipeline.privacy.erase import erase
from pipeline.settings import Settings

pytestmark = pytest.mark.integration

ADA = "ada@acme.example"
ACME = Subject(SubjectKind.PARTNER, "acme")
WEB = Subject(SubjectKind.TENANT, "acme", "web")
ACCOUNTS = ("111111111111", "222222222222", "333333333333")


@pytest.fixture
def home(settings: Settings) -> Settings:
    """A partner with an admin and three accounts of one tenant that open."""
    with Directory(settings.control) as directory:
        directory.ensure_tenant("acme", "web")
        token = directory.invite("acme", ADA, Role.ADMIN, invited_by="operator")
        directory.accept_invitation("acme", token, subject=ADA, email=ADA)
        for account in ACCOUNTS:
            connection = ("acme", "web", f"aws-{account}")
            directory.record_connection(*connection, provider="aws", scope=account)
            role = f"arn:aws:iam::{account}:role/reader"
            directory.set_aws_access(*connection, role_arn=role, external_id=f"of-{account}")
    return settings


def opened(settings: Settings) -> list[str]:
    """Return the connections that something opens."""
    with Directory(settings.control) as directory:
        return [each.connection_id for each in directory.accesses("acme")]


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


def land(settings: Settings) -> Path:
    """Put a file into the lake."""
    path = Path(settings.lake, "partner_id=acme", "tenant_id=web", "cost_lines", "a.parquet")
    path.parent.mkdir(parents=True)
    path.write_bytes(b"a bill")
    return path


def leftovers(settings: Settings) -> list[str]:
    """Return the key files of the partner."""
    return sorted(path.name for path in settings.keys.glob("acme*"))
