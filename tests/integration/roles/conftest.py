"""A partner with a member of each role, and another one with members of the same addresses."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from apps.dashboard.data.connections import Connecting
from apps.dashboard.data.scanning import Scanning
from apps.dashboard.data.source import Source
from apps.dashboard.identity import Person
from apps.dashboard.sign_in.admission import person_of
from control.directory import Directory
from control.roles import Role
from pipeline.settings import Settings
from tests.conftest import PARTNER, TENANT
from tests.integration.roles.open_page import SESSION, OpenPage

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


@pytest.fixture
def page(settings: Settings, people: dict[Role, Person]) -> OpenPage:
    admin = replace(people[Role.ADMIN], session=SESSION)
    with Directory(settings.control) as directory:
        directory.begin_session(PARTNER, admin.member_id, SESSION)
    source = Source(settings.home, PARTNER, 1, datetime.now(UTC))
    return OpenPage(
        settings,
        Directory(settings.control),
        admin,
        Connecting(settings, admin),
        Scanning(settings, admin),
        source,
    )
