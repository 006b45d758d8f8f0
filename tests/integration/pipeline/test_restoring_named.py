"""A restore brings nobody back who was erased and whom the backup only names."""

import pytest

from control.directory import Directory
from control.errors import NotInvitedError
from control.onboarding import RequestKind, SetupKind
from control.privacy_records import Subject, SubjectKind
from control.roles import Role
from pipeline.backup.creating import create_backup
from pipeline.backup.restoring import restore_backup
from pipeline.privacy.erase import erase
from pipeline.privacy.rectify import rectify_member
from pipeline.settings import Settings
from tests.integration.pipeline.acme import ADA, home

__all__ = ["home"]
pytestmark = pytest.mark.integration

BOB, EVE, ACCOUNT = "bob@acme.example", "eve@acme.example", "444444444444"
WEB = ("acme", "web")


def said(settings: Settings) -> str:
    """Return all that the control database says of the partner."""
    with Directory(settings.control) as directory:
        return str(directory.partner_extract("acme"))


def test_who_was_invited_at_the_backup_and_erased_since_stays_erased(home: Settings) -> None:
    with Directory(home.control) as directory:
        token = directory.invite("acme", BOB, Role.ADMIN, invited_by=ADA)
        directory.invite("acme", EVE, Role.ADMIN, invited_by=ADA)
        directory.log_access("acme", ADA, "invite member", target=BOB.title())
        backup = create_backup(home)
        bob = directory.accept_invitation("acme", token, subject="bob", email=BOB)
    subject = Subject(SubjectKind.MEMBER, "acme", subject_id=bob.member_id)
    erase(home, subject, confirmation=BOB, requested_by="operator")

    report = restore_backup(home, backup.backup_id, is_replacing=True)

    assert report.erased_again == 1
    assert BOB not in said(home).lower()
    with Directory(home.control) as directory:
        with pytest.raises(NotInvitedError):
            directory.accept_invitation("acme", token, subject="bob", email=BOB)
        assert [each.email for each in directory.members("acme")] == [ADA]
        assert [each.email for each in directory.invitations("acme") if each.email != ADA] == [EVE]


def test_a_link_to_a_former_address_of_who_was_erased_leads_nowhere(home: Settings) -> None:
    with Directory(home.control) as directory:
        token = directory.invite("acme", BOB, Role.ADMIN, invited_by=ADA)
        backup = create_backup(home)
        bob = directory.accept_invitation("acme", token, subject="bob", email=BOB)
        rectify_member(home, "acme", bob.member_id, email=EVE, requested_by="operator")
        subject = Subject(SubjectKind.MEMBER, "acme", subject_id=bob.member_id)
        erase(home, subject, confirmation=EVE, requested_by="operator")

        restore_backup(home, backup.backup_id, is_replacing=True)

        with pytest.raises(NotInvitedError):
            directory.accept_invitation("acme", token, subject="bob", email=BOB)
        assert [each.email for each in directory.invitations("acme")] == [ADA]


@pytest.mark.parametrize("taken", [False, True], ids=["waits", "runs"])
def test_what_was_asked_for_at_the_backup_and_erased_since_stays_erased(
    home: Settings, taken: bool
) -> None:
    with Directory(home.control) as directory:
        setup = directory.begin_setup(*WEB, SetupKind.ACCOUNT, started_by=ADA)
        inputs = {
            "provider": "aws",
            "role_arn": f"arn:aws:iam::{ACCOUNT}:role/reader",
            "setup_id": setup.setup_id,
        }
        asked = directory.request_connection(*WEB, RequestKind.CONNECT, inputs, requested_by=ADA)
        if taken:
            directory.take_connection_request("acme", asked)
        backup = create_backup(home)
        directory.finish_setup("acme", setup.setup_id)
        directory.finish_connection_request(
            "acme", asked, is_done=True, message="connected", results={}
        )
        connection = (*WEB, f"aws-{ACCOUNT}")
        directory.record_connection(*connection, provider="aws", scope=ACCOUNT)
        directory.set_aws_access(
            *connection, role_arn=inputs["role_arn"], external_id=setup.external_id
        )
    subject = Subject(SubjectKind.CONNECTION, *connection)
    erase(home, subject, confirmation=subject.name, requested_by="operator")

    restore_backup(home, backup.backup_id, is_replacing=True)

    assert ACCOUNT not in said(home)
    assert setup.external_id not in said(home)
    with Directory(home.control) as directory:
        assert directory.connection_requests_waiting() == ()


def test_a_worker_does_nothing_that_waited_at_the_backup(home: Settings) -> None:
    with Directory(home.control) as directory:
        inputs = {"connection_id": "aws-111111111111"}
        asked = directory.request_connection(*WEB, RequestKind.TEST, inputs, requested_by=ADA)
        backup = create_backup(home)

        restore_backup(home, backup.backup_id, is_replacing=True)

        ended = directory.connection_request("acme", asked)
        assert ended is not None
        assert (ended.status, "ask again" in ended.message) == ("failed", True)
