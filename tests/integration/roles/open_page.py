"""What a page holds that an admin has left open, and what may change meanwhile."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from apps.dashboard.data.connections import Connecting
from apps.dashboard.data.scanning import Scanning
from apps.dashboard.data.source import Source
from apps.dashboard.identity import Person
from control.directory import Directory
from control.privacy_records import Subject, SubjectKind
from control.roles import Role
from control.sessions import Session
from pipeline.settings import Settings
from tests.conftest import PARTNER

WHOLE = Subject(SubjectKind.PARTNER, PARTNER)


GUID = "8f7a1c2e-0000-4000-8000-000000000000"


CHANGES = ("demoted", "suspended", "removed")


SESSION = Session("a" * 64, datetime.now(UTC), datetime.now(UTC) + timedelta(hours=1))


@dataclass(frozen=True)
class OpenPage:
    """What a page holds that an admin has left open."""

    settings: Settings
    directory: Directory
    admin: Person
    connecting: Connecting
    scanning: Scanning
    source: Source


def change(directory: Directory, person: Person, how: str) -> None:
    member = Subject(SubjectKind.MEMBER, PARTNER, subject_id=person.member_id)
    if how == "demoted":
        directory.set_role(PARTNER, person.member_id, Role.VIEWER)
    elif how == "suspended":
        directory.restrict(member)
    elif how == "signed out":
        directory.leave_session(PARTNER, SESSION.session_id)
    elif how == "signed out everywhere":
        directory.sign_out_everywhere(PARTNER, person.member_id)
    else:
        directory.remove_member(PARTNER, person.member_id)
