"""Whom or what a request is about: whether it is there, and what has to be typed to erase it."""

from control.directory import Directory
from control.errors import LastAdminError, PrivacyRequestError, UnknownParentError
from control.privacy_records import Subject, SubjectKind
from control.records import Member
from control.roles import Role


def require_subject(directory: Directory, subject: Subject) -> None:
    """Check that a subject is there.

    Raises:
        UnknownParentError: It is not.
    """
    if not _exists(directory, subject):
        raise UnknownParentError(
            f"there is no {subject.kind.value} {subject.name}"
            + ("" if subject.kind is SubjectKind.PARTNER else f" of partner {subject.partner_id}")
        )


def member_of(directory: Directory, partner_id: str, named: str) -> Member:
    """Return a member by its id or its address; one that was removed is its data's subject still.

    Raises:
        UnknownParentError: The partner has no such member.
    """
    for member in (*directory.members(partner_id), *directory.former_members(partner_id)):
        if named.strip().lower() in (member.member_id, member.email):
            return member
    raise UnknownParentError(f"partner {partner_id} has no member {named}")


def confirmation_of(directory: Directory, subject: Subject) -> str:
    """Return what has to be typed before a subject is erased: its name, or its address."""
    if subject.kind is SubjectKind.MEMBER:
        return member_of(directory, subject.partner_id, subject.subject_id).email
    return subject.name


def check_confirmation(directory: Directory, subject: Subject, typed: str) -> None:
    """Check that somebody typed what goes.

    Raises:
        PrivacyRequestError: They typed something else; nothing was erased.
    """
    wanted = confirmation_of(directory, subject)
    if typed.strip() != wanted:
        raise PrivacyRequestError(
            f"to erase {subject.kind.value} {wanted} for good, type exactly {wanted}; nothing was "
            "erased"
        )


def check_erasable(directory: Directory, subject: Subject) -> None:
    """Check that a member is not the last admin, before anything of it goes.

    Raises:
        LastAdminError: It is.
    """
    if subject.kind is not SubjectKind.MEMBER:
        return
    admins = [
        member.member_id
        for member in directory.members(subject.partner_id)
        if member.role == Role.ADMIN and member.status == "active"
    ]
    if admins == [subject.subject_id]:
        raise LastAdminError(
            f"this is the last admin of {subject.partner_id}; make another member an admin first, "
            "or erase the partner"
        )


def _exists(directory: Directory, subject: Subject) -> bool:
    partner_id, tenant_id = subject.partner_id, subject.tenant_id
    if subject.kind is SubjectKind.PARTNER:
        return partner_id in {each.partner_id for each in directory.partners()}
    if subject.kind is SubjectKind.TENANT:
        return tenant_id in {each.tenant_id for each in directory.tenants(partner_id)}
    if subject.kind is SubjectKind.CONNECTION:
        known = directory.connections(partner_id, tenant_id)
        return subject.subject_id in {each.connection_id for each in known}
    people = (*directory.members(partner_id), *directory.former_members(partner_id))
    return subject.subject_id in {each.member_id for each in people}
