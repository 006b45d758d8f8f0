"""A restore brings nothing back that was taken away after the backup."""

import pytest

from control.directory import Directory
from control.privacy_records import Subject, SubjectKind
from control.roles import Role
from pipeline.backup.creating import create_backup
from pipeline.backup.restoring import restore_backup
from pipeline.privacy.erase import erase
from pipeline.settings import Settings

pytestmark = pytest.mark.integration

ADA = "ada@acme.example"
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
