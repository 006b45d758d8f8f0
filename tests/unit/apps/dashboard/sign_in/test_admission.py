"""From an identity to a member, as members, organizations and sessions change."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import update

from apps.dashboard.sign_in.admission import admit, partner_of, person_of
from apps.dashboard.sign_in.claims import Identity
from apps.dashboard.sign_in.errors import RefusedError
from control.cascade import erase_rows
from control.directory import Directory
from control.models import MemberRow
from control.privacy_records import Subject, SubjectKind
from control.roles import Role
from control.sessions import Session
from control.store import writes


@pytest.fixture
def directory(tmp_path: Path) -> Iterator[Directory]:
    with Directory(f"sqlite:///{tmp_path / 'control.db'}") as opened:
        for partner in ("acme", "globex"):
            opened.ensure_tenant(partner, "web")
            opened.set_organization(partner, f"org_{partner}")
        yield opened


def somebody(**changed: object) -> Identity:
    now = datetime.now(UTC)
    session = Session("s", now, now + timedelta(hours=1))
    ada = Identity("idp|ada", "ada@acme.test", "Ada", "", "org_acme", session)
    return replace(ada, **changed)  # type: ignore[arg-type]


def join(directory: Directory, role: Role = Role.ANALYST, partner: str = "acme") -> str:
    token = directory.invite(partner, "ada@acme.test", role, invited_by="op", tenants=["web"])
    return directory.accept_invitation(
        partner, token, subject="idp|ada", email="ada@acme.test"
    ).member_id


def refused(directory: Directory, identity: Identity, invitation: str = "") -> RefusedError:
    with pytest.raises(RefusedError) as caught:
        admit(directory, "acme", identity, invitation)
    return caught.value


@pytest.mark.parametrize("organization", ["org_nobody", "acme", "' or 1=1 --", "org_acme "])
def test_an_organization_that_maps_to_nothing_is_refused(
    organization: str, directory: Directory
) -> None:
    with pytest.raises(RefusedError, match="no partner here"):
        partner_of(directory, organization)


def test_a_member_of_two_partners_enters_the_one_of_the_organization(directory: Directory) -> None:
    join(directory, Role.VIEWER, "globex")

    assert partner_of(directory, "org_globex") == "globex"
    assert admit(directory, "globex", somebody()).member.role == "viewer"
    assert refused(directory, somebody()).reason == "no member"


def test_a_member_enters_as_what_it_is_now(directory: Directory) -> None:
    member_id = join(directory)
    before = person_of(admit(directory, "acme", somebody()).member)

    directory.set_role("acme", member_id, Role.VIEWER)
    after = person_of(admit(directory, "acme", somebody()).member)

    assert (before.role, before.tenants) == (Role.ANALYST, frozenset({"web"}))
    assert (after.role, after.tenants) == (Role.VIEWER, None)


def test_a_removed_member_is_refused(directory: Directory) -> None:
    member_id = join(directory)
    directory.remove_member("acme", member_id)

    assert refused(directory, somebody()).reason == "no member"


@pytest.mark.parametrize("address", ["ada@acme.test", "ada@new.test"])
def test_a_session_from_before_the_removal_stays_over(address: str, directory: Directory) -> None:
    join(directory, Role.VIEWER)
    earlier = somebody()
    directory.remove_member("acme", admit(directory, "acme", earlier).member.member_id)
    began = earlier.session.began_at + timedelta(seconds=1)
    later = somebody(
        email=address, session=replace(earlier.session, session_id="t", began_at=began)
    )
    token = directory.invite("acme", address, Role.VIEWER, invited_by="op")

    assert admit(directory, "acme", later, token).has_joined

    assert refused(directory, earlier).reason == "signed out"
    assert admit(directory, "acme", later).member.email == address


def test_a_session_from_before_the_removal_takes_no_new_invitation(directory: Directory) -> None:
    join(directory, Role.VIEWER)
    earlier = somebody()
    directory.remove_member("acme", admit(directory, "acme", earlier).member.member_id)
    token = directory.invite("acme", "ada@acme.test", Role.ADMIN, invited_by="op")

    error = refused(directory, earlier, token)
    later = somebody(session=replace(earlier.session, session_id="t", began_at=datetime.now(UTC)))

    assert (error.reason, "open the link" in str(error)) == ("invitation refused", True)
    assert refused(directory, earlier).reason == "no member"
    assert admit(directory, "acme", later, token).has_joined
    assert refused(directory, earlier, token).reason == "signed out"


def test_a_session_from_before_an_erasure_takes_no_new_invitation(directory: Directory) -> None:
    member_id = join(directory, Role.VIEWER)
    began = datetime.now(UTC) - timedelta(minutes=1)
    earlier = somebody(session=Session("s", began, began + timedelta(hours=1)))
    subject = Subject(SubjectKind.MEMBER, "acme", subject_id=member_id)
    with writes(directory._engine) as transaction:
        erase_rows(transaction, subject, keeps_admin=False)
    token = directory.invite("acme", "ada@acme.test", Role.ADMIN, invited_by="op")

    error = refused(directory, earlier, token)

    assert (error.reason, "open the link" in str(error)) == ("invitation refused", True)
    assert admit(directory, "acme", somebody(), token).has_joined


def test_a_link_from_before_the_removal_leads_nowhere(directory: Directory) -> None:
    member_id = join(directory, Role.VIEWER)
    token = directory.invite("acme", "ada@acme.test", Role.ADMIN, invited_by="op")
    directory.remove_member("acme", member_id)
    later = datetime.now(UTC) + timedelta(seconds=1)

    error = refused(directory, somebody(session=Session("t", later, later)), token)

    assert "not valid any more" in str(error)


def test_a_restricted_member_is_refused_and_cannot_retry(directory: Directory) -> None:
    join(directory)
    with writes(directory._engine) as transaction:
        transaction.execute(update(MemberRow).values(status="restricted"))

    error = refused(directory, somebody())

    assert (error.reason, error.can_retry, error.partner_id) == ("restricted", False, "acme")


def test_sessions_from_before_a_sign_out_everywhere_are_over(directory: Directory) -> None:
    member_id = join(directory)
    old = somebody()

    directory.sign_out_everywhere("acme", member_id)

    assert refused(directory, old).reason == "signed out"
    assert admit(directory, "acme", somebody()).member.member_id == member_id


def test_an_invitation_makes_a_member_of_the_address_that_it_is_for(directory: Directory) -> None:
    token = directory.invite("acme", "ada@acme.test", Role.VIEWER, invited_by="op")
    eve = somebody(subject="idp|eve", email="eve@acme.test")

    assert refused(directory, eve, token).reason == "invitation refused"
    admission = admit(directory, "acme", somebody(), token)

    assert (admission.has_joined, admission.member.email) == (True, "ada@acme.test")
    assert refused(directory, eve, token).reason == "invitation refused"


def test_an_invitation_of_another_partner_opens_nothing(directory: Directory) -> None:
    token = directory.invite("globex", "ada@acme.test", Role.ADMIN, invited_by="op")

    assert refused(directory, somebody(), token).reason == "invitation refused"


def test_the_same_name_at_the_provider_is_no_member_by_address_alone(directory: Directory) -> None:
    join(directory)

    assert refused(directory, somebody(subject="idp|other")).reason == "no member"


def test_a_session_that_was_left_is_over_and_another_one_of_the_same_moment_is_not(
    directory: Directory,
) -> None:
    member_id = join(directory)
    here = somebody()
    there = replace(here, session=replace(here.session, session_id="t"))
    for each in (here, there):
        directory.begin_session("acme", member_id, each.session)

    assert directory.leave_session("acme", "s")

    assert refused(directory, here).reason == "signed out"
    assert admit(directory, "acme", there).member.member_id == member_id
