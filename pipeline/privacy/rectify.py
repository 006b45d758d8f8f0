"""Rectification of a member's name or address (GDPR, Article 16)."""

import re
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime

from control.directory import Directory
from control.errors import PrivacyRequestError
from control.keyring import installation_key
from control.privacy_records import Subject, SubjectKind
from control.tombstones import partner_digest
from ingestion.storage import Storage
from pipeline.privacy.lake_traces import address_traces
from pipeline.privacy.logs import log_address_traces
from pipeline.privacy.standstill import erasing_alone, held_still
from pipeline.privacy.subjects import member_of
from pipeline.settings import Settings

Say = Callable[[str], None]
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
    say: Say = lambda _: None,
) -> bool:
    """Correct a member's name or address, in the lake, the logs and the control database.

    What it did under its former address is told under the new one. The name comes from the identity
    provider with the next sign-in again: it is to be corrected there, too. The database goes last:
    it knows the former address, and a call that was interrupted can be made again.

    Args:
        settings: Where everything lies.
        partner_id: Whose member.
        member: Its address, or its id.
        name: What it is called; None leaves that.
        email: Its address; None leaves that.
        requested_by: Who asks, for the record.
        say: Told that it waits for what runs.

    Returns:
        Whether the lake says something else now, which the marts do from the next build.

    Raises:
        ErasureUnderWayError: Something of the partner is being erased at this moment.
        PrivacyRequestError: Nothing is to be changed, the address is none, or another member's.
        SourceError: The lake does not answer.
        UnknownParentError: The partner has no such member.
    """
    if name is None and email is None:
        raise PrivacyRequestError("say what is to be corrected: a name, an address, or both")
    address, began_at = None if email is None else _checked(email), datetime.now(UTC)
    with closing(Directory(settings.control)) as directory:
        held = member_of(directory, partner_id, member)
        others = {each.email for each in directory.members(partner_id)} - {held.email}
        if address in others:
            raise PrivacyRequestError(f"{address} is another member of {partner_id} already")
        subject = Subject(SubjectKind.MEMBER, partner_id, subject_id=held.member_id)
        changed, whose = 0, partner_digest(installation_key(settings.keys), partner_id)
        with erasing_alone(settings, whose), held_still(settings, directory, partner_id, say):
            if address is not None:
                changed = _correct_files(settings, directory, partner_id, held.email, address)
            directory.rectify(
                subject,
                name=name,
                email=address,
                requested_by=requested_by,
                received_at=began_at,
            )
    return bool(changed)


def _correct_files(
    settings: Settings, directory: Directory, partner_id: str, former: str, address: str
) -> int:
    """Put an address in the place of the former one; return how many files of the lake had it."""
    others = [p.partner_id for p in directory.partners() if p.partner_id != partner_id]
    landed = address_traces(Storage(settings.lake), partner_id, former, by=address)
    logged = log_address_traces(settings.logs, partner_id, others, former, address)
    for found in (landed, logged):
        found.remove()
    return landed.count


def _checked(email: str) -> str:
    address = email.strip().lower()
    if len(address) > _LONGEST or not _ADDRESS.fullmatch(address):
        raise PrivacyRequestError(f"{email} is no address like ann@example.org")
    return address
