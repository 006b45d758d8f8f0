"""Who may do what with members: permitted, done and logged; refused and logged."""

from collections.abc import Callable

import pytest

from control import membership
from control.access_log import AccessFilter
from control.directory import Directory
from control.errors import (
    ControlError,
    LastAdminError,
    LimitedAdminError,
    NotPermittedError,
    UnknownMemberError,
)
from control.permission import Actor, operator, require
from control.roles import ALLOWED, Action, Role

Change = Callable[[Directory, Actor], object]
LONG = "x" * 300 + "@b.test"
CHANGES: dict[str, Change] = {
    "invite member": lambda directory, actor: membership.invite(
        directory, actor, "new@acme.test", Role.VIEWER
    ),
    "change member": lambda directory, actor: membership.change_member(
        directory, actor, "vic@acme.test", Role.ANALYST, ["web"]
    ),
    "remove member": lambda directory, actor: membership.remove_member(
        directory, actor, "vic@acme.test"
    ),
    "sign out everywhere": lambda directory, actor: membership.sign_out_member(
        directory, actor, "vic@acme.test"
    ),
    "revoke invitation": lambda directory, actor: membership.revoke_invitation(
        directory, actor, directory.invitations("acme")[0].invitation_id
    ),
}


@pytest.fixture
def directory(control_url: str) -> Directory:
    opened = Directory(control_url)
    for partner in ("acme", "globex"):
        opened.ensure_tenant(partner, "web")
        for name, role in (("ada", Role.ADMIN), ("vic", Role.VIEWER)):
            email = f"{name}@acme.test"
            token = opened.invite(partner, email, role, invited_by="op")
            opened.accept_invitation(partner, token, subject=name, email=email)
        opened.invite(partner, "open@acme.test", Role.VIEWER, invited_by="op")
    return opened


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("change", CHANGES)
def test_every_role_does_what_the_table_permits(
    change: str, role: Role, directory: Directory
) -> None:
    actor = Actor("acme", "somebody", role)
    before = directory.members("acme"), directory.invitations("acme")

    if Action.MANAGE_MEMBERS in ALLOWED[role]:
        CHANGES[change](directory, actor)
        wanted = AccessFilter(actions=(change,), outcome="done")
        assert (directory.members("acme"), directory.invitations("acme")) != before
    else:
        with pytest.raises(NotPermittedError, match=f"the role {role} may not manage members"):
            CHANGES[change](directory, actor)
        wanted = AccessFilter(actions=("manage members",), outcome="refused")
        assert (directory.members("acme"), directory.invitations("acme")) == before

    (entry,) = directory.search_access("acme", wanted)
    assert (entry.actor, entry.member_id) == ("somebody", "")


@pytest.mark.parametrize("change", CHANGES)
def test_nothing_of_another_partner_changes(change: str, directory: Directory) -> None:
    before = directory.members("globex"), directory.invitations("globex")

    CHANGES[change](directory, operator("acme"))

    assert (directory.members("globex"), directory.invitations("globex")) == before
    assert directory.access_log("globex") == ()


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("action", Action)
def test_every_action_is_asked_for_with_every_role(
    action: Action, role: Role, directory: Directory
) -> None:
    actor = Actor("acme", "somebody", role)

    if action in ALLOWED[role]:
        require(directory, actor, action)
        assert directory.access_log("acme") == ()
    else:
        with pytest.raises(NotPermittedError):
            require(directory, actor, action, "a page")
        (entry,) = directory.access_log("acme")
        assert (entry.action, entry.outcome, entry.target) == (action.value, "refused", "a page")


def test_everybody_ends_their_own_sessions(directory: Directory) -> None:
    vic = membership.find_member(directory, "acme", "vic@acme.test")

    membership.sign_out_member(
        directory, Actor("acme", vic.email, Role.VIEWER, vic.member_id), vic.member_id
    )

    assert membership.find_member(directory, "acme", "VIC@acme.test ").signed_out_at


@pytest.mark.parametrize(
    ("change", "error"),
    [
        (lambda d, a: membership.invite(d, a, "no address", Role.VIEWER), UnknownMemberError),
        (lambda d, a: membership.invite(d, a, "a@b.c\nCc: d@e.f", Role.VIEWER), UnknownMemberError),
        (lambda d, a: membership.invite(d, a, LONG, Role.VIEWER), UnknownMemberError),
        (lambda d, a: membership.invite(d, a, "vic@acme.test", Role.VIEWER), UnknownMemberError),
        (lambda d, a: membership.invite(d, a, "n@b.test", Role.VIEWER, ["no"]), UnknownMemberError),
        (lambda d, a: membership.invite(d, a, "n@b.test", Role.VIEWER, []), UnknownMemberError),
        (lambda d, a: membership.invite(d, a, "n@b.test", Role.ADMIN, ["web"]), LimitedAdminError),
        (lambda d, a: membership.change_member(d, a, "eve", Role.VIEWER), UnknownMemberError),
        (lambda d, a: membership.change_member(d, a, "ada@acme.test", Role.VIEWER), LastAdminError),
        (lambda d, a: membership.remove_member(d, a, "ada@acme.test"), LastAdminError),
        (lambda d, a: membership.remove_member(d, a, "' or 1=1 --"), UnknownMemberError),
    ],
)  # fmt: skip
def test_what_cannot_be_done_is_told_and_changes_nothing(
    change: Change, error: type[ControlError], directory: Directory
) -> None:
    before = directory.members("acme"), directory.invitations("acme")

    with pytest.raises(error):
        change(directory, operator("acme"))

    assert (directory.members("acme"), directory.invitations("acme")) == before
