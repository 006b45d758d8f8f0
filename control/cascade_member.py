"""Takes a member out of the control database; what it decided stays, without its name."""

from collections import Counter
from collections.abc import Iterator
from typing import Any

from sqlalchemy import (
    Column,
    Connection,
    String,
    Table,
    and_,
    delete,
    func,
    or_,
    select,
    update,
)

from control.errors import UnknownParentError
from control.mentions import ERASED, Mentions
from control.models import Base
from control.people import check_admin, end_invitations_by, is_admin
from control.privacy_records import Subject

_OUTLIVES = "erasure_tombstones"
_DID_SOMETHING = ("access_log", "connection_requests", "privacy_requests", "scans")


def member_address(transaction: Connection, subject: Subject) -> str:
    """Return the address of a member.

    Raises:
        UnknownParentError: The partner has no such member.
    """
    members = Base.metadata.tables["members"]
    found = transaction.execute(
        select(members.c.email).where(
            members.c.partner_id == subject.partner_id,
            members.c.member_id == subject.subject_id,
        )
    ).scalar_one_or_none()
    if found is None:
        raise UnknownParentError(f"member {subject.subject_id} of {subject.partner_id}")
    return str(found)


def erase_member_rows(
    transaction: Connection, subject: Subject, *, keeps_admin: bool = True
) -> Counter[str]:
    """Delete a member, its sign-ins, invitations and consents; elsewhere nobody stands for it.

    Args:
        transaction: A transaction that writes.
        subject: The member.
        keeps_admin: Whether the last admin is refused; after a restore there is no choice.

    Raises:
        LastAdminError: It is the partner's last admin, who hands over or erases the partner.
        UnknownParentError: The partner has no such member.
    """
    partner_id, member_id = subject.partner_id, subject.subject_id
    was_admin = keeps_admin and is_admin(transaction, partner_id, member_id)
    address = member_address(transaction, subject)
    end_invitations_by(transaction, partner_id, member_id)
    counts: Counter[str] = Counter()
    for name, condition in _own(partner_id, member_id, address):
        gone = delete(Base.metadata.tables[name]).where(condition)
        counts[name] += transaction.execute(gone).rowcount
    if was_admin:
        check_admin(transaction, partner_id)
    for name in _DID_SOMETHING:
        table = Base.metadata.tables[name]
        own = (table.c.partner_id == partner_id, table.c.member_id == member_id)
        nobody = "" if name == "access_log" else ERASED  # what it asked for is nobody's to do
        transaction.execute(update(table).where(*own).values(member_id=nobody))
    for table in Base.metadata.sorted_tables:
        changed = replace_address(transaction, table, partner_id, address, None)
        if changed:
            counts[f"{table.name}, changed"] += changed
    return +counts


def _own(partner_id: str, member_id: str, address: str) -> Iterator[tuple[str, Any]]:
    tables = Base.metadata.tables
    log, consents = tables["access_log"], tables["consents"]
    invitations, members = tables["invitations"], tables["members"]
    sign_ins = tables["sign_ins"]
    yield "access_log", and_(log.c.partner_id == "", log.c.actor == address)
    yield (
        "invitations",
        and_(invitations.c.partner_id == partner_id, invitations.c.email == address),
    )
    yield "consents", and_(consents.c.partner_id == partner_id, consents.c.member_id == member_id)
    yield "sign_ins", and_(sign_ins.c.partner_id == partner_id, sign_ins.c.member_id == member_id)
    yield "members", and_(members.c.partner_id == partner_id, members.c.member_id == member_id)


def replace_address(
    transaction: Connection, table: Table, partner_id: str, address: str, by: str | None
) -> int:
    """Put another address, or nobody, in the place of one in every text of a partner's rows.

    Args:
        transaction: A transaction that writes.
        table: Where.
        partner_id: Whose rows.
        address: What is replaced, as a whole word.
        by: What comes instead; None for nobody.

    Returns:
        How many rows had it.
    """
    texts = [c for c in table.columns if isinstance(c.type, String) and not c.primary_key]
    if not texts or not address or table.name == _OUTLIVES:
        return 0
    mentions = Mentions([address])
    is_near = or_(*(func.lower(c).contains(address.lower(), autoescape=True) for c in texts))
    rows = transaction.execute(select(table).where(table.c.partner_id == partner_id, is_near))
    changed = 0
    for row in rows.mappings().all():
        values = {
            column.name: mentions.replaced(row[column.name], by=_instead(column, by))
            for column in texts
            if mentions.within(row[column.name])
        }
        if values:
            key = and_(*(c == row[c.name] for c in table.primary_key))
            transaction.execute(update(table).where(key).values(**values))
            changed += 1
    return changed


def _instead(column: Column[Any], by: str | None) -> str:
    nobody = "" if column.name == "assignee" else ERASED
    return nobody if by is None else by
