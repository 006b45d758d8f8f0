"""From an identity to a member: organization, membership, and sessions that were ended."""

import json
from dataclasses import dataclass

from apps.dashboard.identity import Person
from apps.dashboard.sign_in.claims import Identity
from apps.dashboard.sign_in.errors import RefusedError
from control.directory import Directory
from control.errors import LastAdminError, NotInvitedError
from control.people import EVERY_TENANT
from control.records import Member
from control.roles import Role
from control.sessions import Session


@dataclass(frozen=True)
class Admission:
    """Somebody who may enter.

    Attributes:
        member: The member that it is.
        has_joined: Whether an invitation made it a member just now.
    """

    member: Member
    has_joined: bool = False


def partner_of(directory: Directory, organization_id: str) -> str:
    """Return the partner that an organization is.

    Raises:
        RefusedError: It is none.
    """
    partner_id = directory.partner_of_organization(organization_id)
    if partner_id is None:
        raise RefusedError(
            "unknown organization",
            "The organization that you signed in to is no partner here. Sign in to another one, "
            "or ask the operator of this dashboard to add yours.",
        )
    return partner_id


def admit(
    directory: Directory, partner_id: str, identity: Identity, invitation: str = ""
) -> Admission:
    """Return the member that an identity is, as it stands now.

    Args:
        directory: Who is a member.
        partner_id: The partner of the identity's organization.
        identity: Who signed in.
        invitation: The secret of an invitation's link, if one was followed.

    Raises:
        RefusedError: It is no member, may not enter, or this session was ended.
    """
    member = directory.member(partner_id, identity.subject)
    if member is None:
        joined = _accept(directory, partner_id, identity, invitation)
        return Admission(joined, has_joined=True)
    if member.status != "active":
        raise RefusedError(
            "restricted",
            "Your membership is suspended: your data is kept and not used. Ask an admin of your "
            "organization.",
            partner_id=partner_id,
            can_retry=False,
        )
    if directory.is_session_left(partner_id, identity.session.session_id):
        raise RefusedError(
            "signed out", "You signed out. Sign in again to go on.", partner_id=partner_id
        )
    if member.signed_out_at is not None and identity.session.began_at < member.signed_out_at:
        raise RefusedError(
            "signed out",
            "This session was ended: you, or an admin, signed you out everywhere. Sign in again "
            "to go on.",
            partner_id=partner_id,
        )
    return Admission(member)


def person_of(member: Member, session: Session | None = None) -> Person:
    """Return what a member may do and see, in a session."""
    tenants = tuple(json.loads(member.tenants))
    return Person(
        member.partner_id,
        member.email,
        member.member_id,
        Role(member.role),
        None if tenants == EVERY_TENANT else frozenset(tenants),
        session,
    )


def as_held(directory: Directory, person: Person) -> Person | None:
    """Return a person as its membership is by now; None where it may not enter any more."""
    if not person.member_id:
        return person
    found = directory.members(person.partner_id)
    held = next((each for each in found if each.member_id == person.member_id), None)
    return person_of(held, person.session) if held and held.status == "active" else None


def _accept(directory: Directory, partner_id: str, identity: Identity, invitation: str) -> Member:
    if not invitation:
        raise RefusedError(
            "no member",
            f"You are no member of {partner_id} yet. Ask one of its admins to invite "
            f"{identity.email}; if you have an invitation, open its link again and sign in.",
            partner_id=partner_id,
        )
    try:
        return directory.accept_invitation(
            partner_id,
            invitation,
            subject=identity.subject,
            email=identity.email,
            name=identity.name,
            picture=identity.picture,
            began_at=identity.session.began_at,
        )
    except (NotInvitedError, LastAdminError) as error:
        text = str(error)
        raise RefusedError(
            "invitation refused", f"{text[:1].upper()}{text[1:]}.", partner_id=partner_id
        ) from error
