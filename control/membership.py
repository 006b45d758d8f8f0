"""What admins and the operator do with members: permitted, done and logged, in this order."""

import json
import re
from collections.abc import Sequence

from control.directory import Directory
from control.errors import UnknownMemberError
from control.people import EVERY_TENANT
from control.permission import Actor, log, require
from control.records import Member
from control.roles import Action, Role

_ADDRESS = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
_LONGEST_ADDRESS = 254


def find_member(directory: Directory, partner_id: str, member: str) -> Member:
    """Return a member by address or identity.

    Raises:
        UnknownMemberError: The partner has no such member.
    """
    wanted = member.strip().lower()
    for found in directory.members(partner_id):
        if wanted in (found.email, found.member_id):
            return found
    raise UnknownMemberError(f"{partner_id} has no member {member}")


def invite(
    directory: Directory, actor: Actor, email: str, role: Role, tenants: Sequence[str] | None = None
) -> str:
    """Invite an address; return the secret of the invitation's link.

    Args:
        directory: Where it is written.
        actor: Who invites.
        email: Who is invited.
        role: As what.
        tenants: The tenants it may see; None for all, those that come too.

    Raises:
        NotPermittedError: The actor may not.
        UnknownMemberError: It is no address, a member already, or a tenant does not exist.
        LimitedAdminError: It is an admin, of some tenants alone.
        UnknownParentError: There is no such partner.
    """
    address = email.strip().lower()
    require(directory, actor, Action.MANAGE_MEMBERS, address)
    if not _ADDRESS.fullmatch(address) or len(address) > _LONGEST_ADDRESS:
        raise UnknownMemberError(f"{email} is no e-mail address: write it like ada@example.com")
    if any(member.email == address for member in directory.members(actor.partner_id)):
        raise UnknownMemberError(f"{address} is a member already: change its role instead")
    seen = _seen(directory, actor.partner_id, tenants)
    token = directory.invite(actor.partner_id, address, role, invited_by=actor.name, tenants=seen)
    log(directory, actor, "invite member", address, detail=_words(actor, role, seen))
    return token


def revoke_invitation(directory: Directory, actor: Actor, invitation_id: str) -> None:
    """Let an invitation lead nowhere.

    Raises:
        NotPermittedError: The actor may not.
    """
    require(directory, actor, Action.MANAGE_MEMBERS, invitation_id)
    invited = {each.invitation_id: each for each in directory.invitations(actor.partner_id)}
    directory.revoke_invitation(actor.partner_id, invitation_id)
    if invitation_id in invited:
        log(directory, actor, "revoke invitation", invited[invitation_id].email)


def change_member(
    directory: Directory,
    actor: Actor,
    member: str,
    role: Role,
    tenants: Sequence[str] | None = None,
) -> None:
    """Give a member another role, or other tenants; None are all. It holds at once.

    Raises:
        NotPermittedError: The actor may not.
        UnknownMemberError: There is no such member or tenant.
        LastAdminError: It is the partner's last admin.
        LimitedAdminError: It would be an admin of some tenants alone.
    """
    require(directory, actor, Action.MANAGE_MEMBERS, member)
    found = find_member(directory, actor.partner_id, member)
    seen = _seen(directory, actor.partner_id, tenants)
    directory.set_role(actor.partner_id, found.member_id, role, seen)
    log(directory, actor, "change member", found.email, detail=_words(actor, role, seen))


def remove_member(directory: Directory, actor: Actor, member: str) -> None:
    """Remove a member; its sessions end at once.

    Raises:
        NotPermittedError: The actor may not.
        UnknownMemberError: There is no such member.
        LastAdminError: It is the partner's last admin.
    """
    require(directory, actor, Action.MANAGE_MEMBERS, member)
    found = find_member(directory, actor.partner_id, member)
    directory.remove_member(actor.partner_id, found.member_id)
    log(directory, actor, "remove member", found.email)


def sign_out_member(directory: Directory, actor: Actor, member: str) -> None:
    """End all sessions of a member; everybody may end their own.

    Raises:
        NotPermittedError: It is another member, and the actor may not.
        UnknownMemberError: There is no such member.
    """
    found = find_member(directory, actor.partner_id, member)
    if found.member_id != actor.member_id:
        require(directory, actor, Action.MANAGE_MEMBERS, found.email)
    directory.sign_out_everywhere(actor.partner_id, found.member_id)
    log(directory, actor, "sign out everywhere", found.email)


def tenants_of(kept: str) -> str:
    """Return tenants as they are kept, in words."""
    tenants = tuple(json.loads(kept))
    if tenants == EVERY_TENANT:
        return "all"
    return ", ".join(tenants) or "none"


def _seen(directory: Directory, partner_id: str, tenants: Sequence[str] | None) -> tuple[str, ...]:
    """Return tenants as a member holds them; nobody is limited to none by an empty choice."""
    if tenants is None:
        return EVERY_TENANT
    if not tenants:
        raise UnknownMemberError("name a tenant at least, or let the member see all of them")
    known = {tenant.tenant_id for tenant in directory.tenants(partner_id)}
    for tenant in tenants:
        if tenant not in known:
            raise UnknownMemberError(
                f"{partner_id} has no tenant {tenant}; it has {', '.join(sorted(known)) or 'none'}"
            )
    return tuple(sorted(set(tenants)))


def _words(actor: Actor, role: Role, tenants: Sequence[str]) -> str:
    """Return what somebody may; tenants with their partner, which no other word is."""
    named = ", ".join(f"{actor.partner_id}/{tenant}" for tenant in tenants)
    return f"{role}, {'all tenants' if tuple(tenants) == EVERY_TENANT else f'tenants {named}'}"
