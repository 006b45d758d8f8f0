"""Rectification of a member's name or address (GDPR, Article 16)."""

import re
from contextlib import closing

from control.directory import Directory
from control.errors import PrivacyRequestError
from control.privacy_records import RequestKind, Subject, SubjectKind
from pipeline.privacy.subjects import member_of
from pipeline.settings import Settings

_ADDRESS = re.compile(r"[^@\s]{1,64}@[^@\s.]+(\.[^@\s.]+)+")
_LONGEST = 320


def rectify_member(
    settings: Settings,
    partner_id: str,
    member: str,
    *,
    name: str | None = None,
    email: str | None = None,
    requested_by: str,
) -> str:
    """Correct a member's name or address; return the identity of the request that says so.

    What it did under its former address is told under the new one. The name comes from the identity
    provider with the next sign-in again: it is to be corrected there, too.

    Raises:
        PrivacyRequestError: Nothing is to be changed, the address is none, or another member's.
        UnknownParentError: The partner has no such member.
    """
    if name is None and email is None:
        raise PrivacyRequestError("say what is to be corrected: a name, an address, or both")
    address = None if email is None else _checked(email)
    with closing(Directory(settings.control)) as directory:
        held = member_of(directory, partner_id, member)
        others = {each.email for each in directory.members(partner_id)} - {held.email}
        if address in others:
            raise PrivacyRequestError(f"{address} is another member of {partner_id} already")
        subject = Subject(SubjectKind.MEMBER, partner_id, subject_id=held.member_id)
        request = directory.request_privacy(
            subject, RequestKind.RECTIFICATION, requested_by=requested_by
        )
        directory.rectify(subject, name=name, email=address)
        what = [w for w, v in (("name", name), ("address", address)) if v is not None]
        directory.close_request(request, message=f"corrected: {', '.join(what)}")
        return request.request_id


def _checked(email: str) -> str:
    address = email.strip().lower()
    if len(address) > _LONGEST or not _ADDRESS.fullmatch(address):
        raise PrivacyRequestError(f"{email} is no address like ann@example.org")
    return address
