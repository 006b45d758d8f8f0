"""Sessions: told apart by their own id, over for every process, and gone with their tokens."""

from datetime import UTC, datetime, timedelta

import pytest

from control.cascade import erase_rows
from control.directory import Directory
from control.errors import ErasureUnderWayError, NotPermittedError, UnknownParentError
from control.membership import invite
from control.permission import Actor, is_present, operator, require
from control.privacy_records import RequestKind, Subject, SubjectKind
from control.records import Member
from control.roles import Action, Role
from control.scoping import EVERYONE, scope
from control.sessions import Session
from control.store import writes

NOW = datetime.now(UTC)
HERE = Session("a" * 64, NOW, NOW + timedelta(hours=1))
THERE = Session("b" * 64, NOW, NOW + timedelta(hours=1))


@pytest.fixture
def directory(control_url: str) -> Directory:
    opened = Directory(control_url)
    for partner in ("acme", "globex"):
        opened.ensure_partner(partner)
        for email in ("ada@acme.test", "bob@acme.test"):
            token = opened.invite(partner, email, Role.ADMIN, invited_by="op")
            opened.accept_invitation(partner, token, subject=email, email=email)
    return opened


def ada(directory: Directory) -> Member:
    return directory.members("acme")[0]


def acting(directory: Directory, session: Session | None) -> Actor:
    member = ada(directory)
    return Actor("acme", member.email, Role.ADMIN, member.member_id, session)


def end(directory: Directory, how: str) -> Session:
    """End the session in one of the ways there are; return it as a page would hold it."""
    member_id = ada(directory).member_id
    directory.begin_session("acme", member_id, HERE)
    if how == "everywhere":
        directory.sign_out_everywhere("acme", member_id)
    elif how == "here":
        directory.leave_session("acme", HERE.session_id)
    else:
        return Session(HERE.session_id, NOW - timedelta(hours=2), NOW - timedelta(hours=1))
    return HERE


def test_a_sign_in_is_new_once_and_another_of_the_same_instant_is_new_too(
    directory: Directory,
) -> None:
    member_id = ada(directory).member_id

    begun = [directory.begin_session("acme", member_id, each) for each in (HERE, HERE, THERE)]

    assert begun == [True, False, True]


@pytest.mark.parametrize("how", ["everywhere", "here", "token"])
def test_whose_session_is_over_does_nothing(how: str, directory: Directory) -> None:
    actor = acting(directory, end(directory, how))

    with pytest.raises(NotPermittedError, match="sign in again"):
        invite(directory, actor, "eve@acme.test", Role.ADMIN)

    assert not is_present(directory, actor)
    assert [each.email for each in directory.invitations("acme") if not each.accepted_at] == []
    (entry,) = directory.access_log("acme")
    assert (entry.outcome, entry.detail) == ("refused", "session is over")


def test_only_the_session_that_was_left_is_over(directory: Directory) -> None:
    end(directory, "here")

    require(directory, acting(directory, THERE), Action.CONNECT)
    require(directory, acting(directory, None), Action.CONNECT)
    assert is_present(directory, operator("acme"))
    assert not directory.is_session_left("globex", HERE.session_id)


def test_a_session_is_left_once_and_of_its_partner_alone(directory: Directory) -> None:
    directory.begin_session("acme", ada(directory).member_id, HERE)

    assert not directory.leave_session("globex", HERE.session_id)
    assert directory.leave_session("acme", HERE.session_id)
    assert not directory.leave_session("acme", HERE.session_id)


def test_a_session_is_forgotten_when_its_token_has_ended(directory: Directory) -> None:
    member_id = ada(directory).member_id
    over = Session(HERE.session_id, NOW - timedelta(hours=2), NOW - timedelta(hours=1))
    directory.begin_session("acme", member_id, over)

    directory.begin_session("acme", member_id, THERE)

    assert directory.begin_session("acme", member_id, HERE)


def test_a_stranger_has_no_session(directory: Directory) -> None:
    with pytest.raises(UnknownParentError, match="member nobody of acme"):
        directory.begin_session("acme", "nobody", HERE)


@pytest.mark.parametrize("kind", [SubjectKind.MEMBER, SubjectKind.PARTNER])
def test_sessions_go_with_the_member_and_with_the_partner(
    kind: SubjectKind, directory: Directory
) -> None:
    member_id = ada(directory).member_id
    directory.begin_session("acme", member_id, HERE)
    subject_id = member_id if kind is SubjectKind.MEMBER else ""

    with scope(EVERYONE), writes(directory._engine) as transaction:
        counts = erase_rows(transaction, Subject(kind, "acme", subject_id=subject_id))

    assert counts["sign_ins"] == 1
    assert not directory.leave_session("acme", HERE.session_id)


def test_nobody_signs_in_or_is_invited_while_the_partner_is_erased(directory: Directory) -> None:
    whole = Subject(SubjectKind.PARTNER, "acme")
    asked = directory.request_privacy(whole, RequestKind.ERASURE, requested_by="op")
    assert directory.begin_session("acme", ada(directory).member_id, HERE)

    directory.start_request(asked)

    with pytest.raises(ErasureUnderWayError):
        directory.begin_session("acme", ada(directory).member_id, THERE)
    with pytest.raises(ErasureUnderWayError):
        directory.invite("acme", "eve@acme.test", Role.VIEWER, invited_by="op")
    assert directory.invite("globex", "eve@acme.test", Role.VIEWER, invited_by="op")
