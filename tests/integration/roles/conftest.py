"""A partner with a member of each role, and another one with members of the same addresses."""

from pathlib import Path

import pytest

from apps.dashboard.identity import Person
from apps.dashboard.sign_in.admission import person_of
from control.directory import Directory
from control.roles import Role
from pipeline.settings import Settings
from tests.conftest import PARTNER, TENANT

OTHER = "southwind"
MEMBER_ROLES = (Role.VIEWER, Role.ANALYST, Role.ADMIN)


def address(role: Role) -> str:
    return f"{role}@mail.example"


@pytest.fixture
def home(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("CLOUDPRUNE_HOME", str(settings.home))
    with Directory(settings.control) as directory:
        for partner in (PARTNER, OTHER):
            directory.ensure_tenant(partner, TENANT)
            for role in MEMBER_ROLES:
                join(directory, partner, address(role), role)
            join(directory, partner, "second@mail.example", Role.ADMIN)
    return settings.home


def join(directory: Directory, partner: str, email: str, role: Role) -> None:
    token = directory.invite(partner, email, role, invited_by="operator")
    directory.accept_invitation(partner, token, subject=email, email=email)


@pytest.fixture
def people(settings: Settings, home: Path) -> dict[Role, Person]:
    """The partner's members by role, and the operator as if it could sign in."""
    with Directory(settings.control) as directory:
        members = {member.email: person_of(member) for member in directory.members(PARTNER)}
    found = {role: members[address(role)] for role in MEMBER_ROLES}
    return found | {Role.OPERATOR: Person(PARTNER, "operator", "", Role.OPERATOR)}
