"""Members and invitations: who may enter, as what, and how that ends."""

from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import update

from control.access_log import AccessFilter
from control.directory import Directory
from control.errors import (
    LastAdminError,
    LimitedAdminError,
    NotInvitedError,
    UnknownParentError,
)
from control.models import InvitationRow
from control.privacy_records import RequestKind, Subject, SubjectKind
from control.records import Member
from control.roles import ALLOWED, Action, Role, may
from control.scoping import scope
from control.store import writes


@pytest.fixture
def directory(control_url: str) -> Directory:
    opened = Directory(control_url)
    for partner in ("acme", "globex"):
        opened.ensure_tenant(partner, "web")
        opened.set_organization(partner, f"org_{partner}")
    return opened


def joined(
    directory: Directory, email: str, role: Role = Role.ADMIN, partner: str = "acme"
) -> Member:
    token = directory.invite(partner, email, role, invited_by="operator")
    return directory.accept_invitation(partner, token, subject=f"sub|{email}", email=email)


def test_an_organization_is_one_partner(directory: Directory) -> None:
    assert directory.partner_of_organization("org_acme") == "acme"
    assert directory.partner_of_organization("org_unknown") is None
    assert directory.partner_of_organization("") is None
    with pytest.raises(UnknownParentError, match="organization of its own"):
        directory.set_organization("globex", "org_acme")
    with pytest.raises(UnknownParentError, match="does not exist"):
        directory.set_organization("nobody", "org_nobody")


def test_an_invitation_makes_one_member_once(directory: Directory) -> None:
    token = directory.invite(
        "acme", " Ada@Acme.test", Role.ANALYST, invited_by="op", tenants=["web"]
    )

    ada = directory.accept_invitation(
        "acme", token, subject="sub|1", email="ada@acme.TEST", name="Ada"
    )

    assert directory.member("acme", "sub|1") == ada
    assert (ada.email, ada.role, ada.tenants, ada.name) == (
        "ada@acme.test", "analyst", '["web"]', "Ada",
    )  # fmt: skip
    with pytest.raises(NotInvitedError, match="not valid any more"):
        directory.accept_invitation("acme", token, subject="sub|2", email="ada@acme.test")


def test_an_invitation_is_for_its_address_and_partner_alone(directory: Directory) -> None:
    token = directory.invite("acme", "ada@acme.test", Role.ADMIN, invited_by="op")

    with pytest.raises(NotInvitedError, match="another address"):
        directory.accept_invitation("acme", token, subject="sub|eve", email="eve@acme.test")
    with pytest.raises(NotInvitedError, match="not valid"):
        directory.accept_invitation("globex", token, subject="sub|1", email="ada@acme.test")
    assert directory.members("acme") == directory.members("globex") == ()


def test_a_revoked_a_replaced_and_an_expired_invitation_lead_nowhere(directory: Directory) -> None:
    revoked = directory.invite("acme", "ada@acme.test", Role.ADMIN, invited_by="op")
    (invitation,) = directory.invitations("acme")
    directory.revoke_invitation("acme", invitation.invitation_id)
    replaced = directory.invite("acme", "bob@acme.test", Role.ADMIN, invited_by="op")
    expired = directory.invite("acme", "bob@acme.test", Role.ADMIN, invited_by="op")
    with scope("acme"), writes(directory._engine) as transaction:
        past = datetime.now(UTC) - timedelta(days=8)
        transaction.execute(update(InvitationRow).values(expires_at=past))

    for token, email in ((revoked, "ada"), (replaced, "bob"), (expired, "bob")):
        with pytest.raises(NotInvitedError):
            directory.accept_invitation("acme", token, subject="s", email=f"{email}@acme.test")


def test_the_last_admin_stays(directory: Directory) -> None:
    ada = joined(directory, "ada@acme.test")
    bob = joined(directory, "bob@acme.test", Role.VIEWER)

    with pytest.raises(LastAdminError):
        directory.remove_member("acme", ada.member_id)
    with pytest.raises(LastAdminError):
        directory.set_role("acme", ada.member_id, Role.VIEWER)
    directory.set_role("acme", bob.member_id, Role.ADMIN)
    directory.remove_member("acme", ada.member_id)

    assert [member.email for member in directory.members("acme")] == ["bob@acme.test"]
    assert directory.member("acme", "sub|ada@acme.test") is None


@pytest.mark.parametrize("ends", ["removed", "demoted", "suspended", "erased"])
def test_links_of_who_may_not_invite_any_more_lead_nowhere(ends: str, directory: Directory) -> None:
    joined(directory, "ada@acme.test")
    bob = joined(directory, "bob@acme.test")
    his, hers = (
        directory.invite("acme", f"{friend}@else.test", Role.ADMIN, invited_by=by)
        for friend, by in (("eve", "bob@acme.test"), ("joe", "ada@acme.test"))
    )

    whom = Subject(SubjectKind.MEMBER, "acme", subject_id=bob.member_id)
    if ends == "removed":
        directory.remove_member("acme", bob.member_id)
    elif ends == "demoted":
        directory.set_role("acme", bob.member_id, Role.ANALYST)
    elif ends == "suspended":
        directory.restrict(whom)
    else:
        asked = directory.request_privacy(whom, RequestKind.ERASURE, requested_by="operator")
        directory.erase(asked, b"k" * 32, Counter())

    with pytest.raises(NotInvitedError, match="not valid any more"):
        directory.accept_invitation("acme", his, subject="s", email="eve@else.test")
    assert directory.accept_invitation("acme", hers, subject="s", email="joe@else.test")


def test_who_was_removed_can_be_invited_again(directory: Directory) -> None:
    joined(directory, "ada@acme.test")
    bob = joined(directory, "bob@acme.test", Role.VIEWER)
    directory.remove_member("acme", bob.member_id)
    assert directory.member("acme", "sub|bob@acme.test") is None
    assert [each.email for each in directory.former_members("acme")] == ["bob@acme.test"]

    again = joined(directory, "bob@acme.test", Role.ANALYST)

    assert again.member_id != bob.member_id
    assert directory.member("acme", "sub|bob@acme.test") == again
    assert [each.email for each in directory.former_members("acme")] == [f"removed-{bob.member_id}"]


def test_a_person_may_belong_to_two_partners(directory: Directory) -> None:
    joined(directory, "ada@acme.test", Role.ADMIN, "acme")
    joined(directory, "ada@acme.test", Role.ANALYST, "globex")
    (there,) = directory.members("globex")
    directory.set_role("globex", there.member_id, Role.ANALYST, ["web"])

    here = directory.member("acme", "sub|ada@acme.test")

    assert here is not None
    assert here.tenants == '["*"]'


def test_signing_out_everywhere_and_signing_in_are_remembered(directory: Directory) -> None:
    ada = joined(directory, "ada@acme.test")

    directory.sign_out_everywhere("acme", ada.member_id)
    directory.record_sign_in("acme", ada.member_id, name="Ada L.", picture="https://p/a")

    (found,) = directory.members("acme")
    assert found.signed_out_at is not None
    assert found.last_sign_in_at is not None
    assert found.last_sign_in_at > found.signed_out_at
    assert (found.name, found.picture) == ("Ada L.", "https://p/a")


def test_an_admin_sees_every_tenant(directory: Directory) -> None:
    joined(directory, "ada@acme.test")
    bob = joined(directory, "bob@acme.test", Role.VIEWER)

    with pytest.raises(LimitedAdminError):
        directory.invite("acme", "eve@acme.test", Role.ADMIN, invited_by="op", tenants=["web"])
    with pytest.raises(LimitedAdminError):
        directory.set_role("acme", bob.member_id, Role.ADMIN, ["web"])

    assert directory.member("acme", "sub|bob@acme.test") == bob


def test_a_person_is_a_member_once(directory: Directory) -> None:
    ada = joined(directory, "ada@acme.test")
    token = directory.invite("acme", "ada@other.test", Role.VIEWER, invited_by="op")

    with pytest.raises(NotInvitedError, match="a member already"):
        directory.accept_invitation(
            "acme", token, subject=ada.subject or "", email="ada@other.test"
        )


def test_the_last_admin_accepts_nothing_less(directory: Directory) -> None:
    joined(directory, "ada@acme.test")

    with pytest.raises(LastAdminError):
        joined(directory, "ada@acme.test", Role.VIEWER)

    (member,) = directory.members("acme")
    assert member.role == "admin"


def test_a_new_invitation_opens_no_session_that_was_ended(directory: Directory) -> None:
    ada = joined(directory, "ada@acme.test")
    directory.sign_out_everywhere("acme", ada.member_id)

    joined(directory, "ada@acme.test")

    (member,) = directory.members("acme")
    assert member.signed_out_at is not None


def test_members_without_an_admin_can_be_changed(directory: Directory) -> None:
    bob = joined(directory, "bob@acme.test", Role.VIEWER)

    directory.set_role("acme", bob.member_id, Role.ANALYST)
    directory.remove_member("acme", bob.member_id)

    assert directory.members("acme") == ()


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        (AccessFilter(), 3),
        (AccessFilter(actors=("ada",)), 2),
        (AccessFilter(actions=("sign in",)), 2),
        (AccessFilter(outcome="refused"), 1),
        (AccessFilter(words="SECOND"), 1),
        (AccessFilter(words="100%"), 1),
        (AccessFilter(words="%"), 1),
        (AccessFilter(words="_"), 0),
        (AccessFilter(words="' or 1=1 --"), 0),
        (AccessFilter(actors=("' or 1=1 --",)), 0),
        (AccessFilter(since=datetime.now(UTC) + timedelta(days=1)), 0),
        (AccessFilter(until=datetime.now(UTC) - timedelta(days=1)), 0),
    ],
)
def test_the_access_log_is_searched(directory: Directory, wanted: AccessFilter, found: int) -> None:
    directory.log_access("acme", "ada", "sign in")
    directory.log_access("acme", "eve", "sign in", is_refused=True, detail="no second factor")
    directory.log_access("acme", "ada", "export data", target="100% of costs")
    directory.log_access("globex", "ada", "sign in", detail="no second factor")

    assert len(directory.search_access("acme", wanted)) == found
    assert directory.count_access("acme", wanted) == found
    assert directory.access_choices("acme") == (["ada", "eve"], ["export data", "sign in"])


def test_the_newest_entries_come_first(directory: Directory) -> None:
    for page in ("one", "two", "three"):
        directory.log_access("acme", "ada", "open page", target=page)

    newest = directory.search_access("acme", AccessFilter(), limit=2)

    assert [entry.target for entry in newest] == ["three", "two"]


def test_what_is_done_for_a_partner_that_is_gone_is_logged_without_a_name(
    directory: Directory,
) -> None:
    directory.log_access(
        "erased", "ann@mail.example", "sign out", member_id="m1", tenant_id="web", target="t"
    )

    assert not directory.access_log("erased")
    (entry,) = directory.access_log("")
    assert entry.action == "sign out"
    assert {entry.actor, entry.member_id, entry.tenant_id, entry.target, entry.detail} == {""}


def test_the_access_log_is_cut_after_ninety_days_and_scoped(directory: Directory) -> None:
    directory.log_access("acme", "ada@acme.test", "sign in")
    directory.log_access("acme", "eve", "sign in", is_refused=True, detail="no second factor")
    directory.log_access("globex", "bob", "sign in")

    newest, oldest = directory.access_log("acme")
    assert (newest.outcome, newest.detail, oldest.outcome) == (
        "refused",
        "no second factor",
        "done",
    )
    assert directory.cut_access_log(datetime.now(UTC) + timedelta(days=89)) == 0
    assert directory.cut_access_log(datetime.now(UTC) + timedelta(days=91)) == 3
    assert directory.access_log("acme") == ()


def test_each_role_may_do_all_that_the_one_below_may() -> None:
    assert ALLOWED[Role.VIEWER] < ALLOWED[Role.ANALYST] < ALLOWED[Role.ADMIN]
    assert not may(Role.ADMIN, Action.RUN_PLATFORM)
    assert not may(Role.OPERATOR, Action.SEE_COSTS)
    assert set().union(*ALLOWED.values()) == set(Action)
