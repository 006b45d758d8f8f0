"""Two people change one thing at the same moment: one of them is told, and nothing is lost."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from functools import partial
from threading import Barrier

import pytest

from control import privacy_records
from control.decisions import Change, Subject
from control.directory import Directory
from control.errors import ChangedMeanwhileError, ControlError, LastAdminError, NotInvitedError
from control.privacy_records import SubjectKind
from control.roles import Role

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
