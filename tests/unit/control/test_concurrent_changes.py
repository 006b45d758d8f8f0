"""Two people change one thing at the same moment: one of them is told, and nothing is lost."""

from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, suppress
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import count
from threading import Barrier, Event

import pytest

from control import privacy_records
from control.decisions import Change, Subject
from control.directory import Directory
from control.errors import (
    ChangedMeanwhileError,
    ControlError,
    LastAdminError,
    NotInvitedError,
    ScanUnderWayError,
    UnknownParentError,
)
from control.privacy_records import PrivacyRequest, SubjectKind
from control.records import Member
from control.roles import Role
from control.sessions import Session

_ROUNDS = 10
Call = Callable[[], object]


@pytest.fixture
def pair(control_url: str) -> Iterator[tuple[Directory, Directory]]:
    """One database, open twice."""
    with closing(Directory(control_url)) as one, closing(Directory(control_url)) as other:
        one.ensure_tenant("acme", "web")
        yield one, other


def at_once(*calls: Call) -> list[type[ControlError]]:
    """Do all at the same moment; return what was refused."""
    start = Barrier(len(calls))

    def do(call: Call) -> type[ControlError] | None:
        start.wait()
        try:
            call()
        except ControlError as error:
            return type(error)
        return None

    with ThreadPoolExecutor(len(calls)) as pool:
        return [refused for refused in pool.map(do, calls) if refused]


def admin(directory: Directory, email: str) -> str:
    token = directory.invite("acme", email, Role.ADMIN, invited_by="operator")
    return directory.accept_invitation("acme", token, subject=email, email=email).member_id


def test_one_of_two_decisions_is_told(pair: tuple[Directory, Directory]) -> None:
    for number in range(_ROUNDS):
        finding = [Subject("web", f"finding-{number}")]

        refused = at_once(
            partial(pair[0].decide, "acme", finding, Change("done"), decided_by="ann"),
            partial(pair[1].decide, "acme", finding, Change("dismissed"), decided_by="bob"),
        )

        assert refused == [ChangedMeanwhileError]
        assert len(pair[0].course("acme", "web", f"finding-{number}")) == 1


def test_one_of_two_budgets_is_told(pair: tuple[Directory, Directory]) -> None:
    for number in range(_ROUNDS):
        currency = f"X{chr(65 + number)}X"

        refused = at_once(
            *(
                partial(each.put_budget, "acme", "web", currency, 5, changed_by="kim", seen=None)
                for each in pair
            )
        )

        assert refused == [ChangedMeanwhileError]


@pytest.mark.parametrize("how", ["demoted", "removed", "suspended"])
def test_one_admin_stays_where_both_go(how: str, pair: tuple[Directory, Directory]) -> None:
    for number in range(_ROUNDS):
        members = [
            kept.member_id for kept in pair[0].members("acme") if kept.status == "active"
        ] or [admin(pair[0], "first@acme.example")]
        members = [members[0], admin(pair[0], f"{number}@acme.example")]

        refused = at_once(
            *(_going(how, each, member) for each, member in zip(pair, members, strict=True))
        )

        assert refused == [LastAdminError]
        admins = [m for m in pair[0].members("acme") if (m.role, m.status) == ("admin", "active")]
        assert len(admins) == 1
        for member in pair[0].members("acme"):
            if member.member_id != admins[0].member_id:
                pair[0].remove_member("acme", member.member_id)


def _going(how: str, directory: Directory, member_id: str) -> Call:
    if how == "demoted":
        return partial(directory.set_role, "acme", member_id, Role.VIEWER)
    if how == "removed":
        return partial(directory.remove_member, "acme", member_id)
    whom = privacy_records.Subject(SubjectKind.MEMBER, "acme", subject_id=member_id)
    return partial(directory.restrict, whom)


def test_an_invitation_makes_one_member(pair: tuple[Directory, Directory]) -> None:
    for number in range(_ROUNDS):
        email = f"{number}@acme.example"
        token = pair[0].invite("acme", email, Role.VIEWER, invited_by="operator")

        refused = at_once(
            *(
                partial(each.accept_invitation, "acme", token, subject=email, email=email)
                for each in pair
            )
        )

        assert refused == [NotInvitedError]
        assert [m.email for m in pair[0].members("acme")].count(email) == 1


def test_a_partner_is_erased_whatever_its_members_do_meanwhile(
    pair: tuple[Directory, Directory],
) -> None:
    for number in range(_ROUNDS):
        partner = f"partner-{number}"
        pair[0].ensure_tenant(partner, "web")
        pair[0].record_connection(partner, "web", "aws-1", provider="aws", scope="1")
        token = pair[0].invite(partner, "ann@mail.example", Role.ADMIN, invited_by="operator")
        ann = pair[0].accept_invitation(partner, token, subject="ann", email="ann@mail.example")
        whole = privacy_records.Subject(SubjectKind.PARTNER, partner)
        asked = pair[0].request_privacy(
            whole, privacy_records.RequestKind.ERASURE, requested_by="operator"
        )
        is_busy, is_over = Event(), Event()

        refused = at_once(
            partial(_be_busy, pair[1], ann, is_busy, is_over),
            partial(_erase, pair[0], asked, is_busy, is_over),
        )

        assert refused == []
        assert partner not in {each.partner_id for each in pair[0].partners()}


def _be_busy(directory: Directory, member: Member, is_busy: Event, is_over: Event) -> None:
    """Sign in, invite and scan, again and again."""
    partner, now = member.partner_id, datetime.now(UTC)
    for number in count():
        if is_over.is_set():
            return
        session = Session(f"s{number}", now, now + timedelta(hours=1))
        for call in (
            partial(directory.begin_session, partner, member.member_id, session),
            partial(directory.invite, partner, f"{number}@x.test", Role.VIEWER, invited_by="ann"),
            partial(directory.request_scan, partner, "web", "aws-1", requested_by="ann"),
        ):
            with suppress(UnknownParentError, ScanUnderWayError):
                call()
        is_busy.set()


def _erase(directory: Directory, asked: PrivacyRequest, is_busy: Event, is_over: Event) -> None:
    try:
        is_busy.wait()
        directory.erase(asked, b"k" * 32, Counter())
    finally:
        is_over.set()
