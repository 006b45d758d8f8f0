"""A partner with an admin and three accounts, to be backed up, changed and restored."""

from pathlib import Path

import pytest

from control.directory import Directory
from control.privacy_records import Subject, SubjectKind
from control.roles import Role
from pipeline.settings import Settings

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


def land(settings: Settings) -> Path:
    """Put a file into the lake."""
    path = Path(
        settings.lake,
        "partner_id=acme",
        "tenant_id=web",
        "cost_lines",
        f"connection_id=aws-{ACCOUNTS[0]}",
        "a",
    )
    path.parent.mkdir(parents=True)
    path.write_bytes(b"a bill")
    return path
