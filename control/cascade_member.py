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
from control.mentions import Mentions
from control.models import Base
from control.people import check_admin, is_admin
from control.privacy_records import Subject


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


def erase_member_rows(transaction: Connection, subject: Subject) -> Counter[str]:
    """Delete a member, its invitations, consents and requests; elsewhere nobody stands for it.

    Raises:
        LastAdminError: It is the partner's last admin, who hands over or erases the partner.
        UnknownParentError: The partner has no such member.
    """
    partner_id, member_id = subject.partner_id, subject.subject_id
    was_admin = is_admin(transaction, partner_id, member_id)
    address = member_address(transaction, subject)
    counts: Counter[str] = Counter()
    for name, condition in _own(partner_id, member_id, address):
        gone = delete(Base.metadata.tables[name]).where(condition)
        counts[name] += transaction.execute(gone).rowcount
    if was_admin:
        check_admin(transaction, partner_id)
    log = Base.metadata.tables["access_log"]
    nameless = update(log).where(log.c.partner_id == partner_id, log.c.member_id == member_id)
    transaction.execute(nameless.values(member_id=""))
    for table in Base.metadata.sorted_tables:
        if table.name != "erasure_tombstones":
            changed = _replace(transaction, table, partner_id, address)
            if changed:
                counts[f"{table.name}, changed"] += changed
    return +counts


def _own(partner_id: str, member_id: str, address: str) -> Iterator[tuple[str, Any]]:
    tables = Base.metadata.tables
    log, consents = tables["access_log"], tables["consents"]
    invitations, members = tables["invitations"], tables["members"]
    yield "access_log", and_(log.c.partner_id == "", log.c.actor == address)
    yield (
        "invitations",
        and_(invitations.c.partner_id == partner_id, invitations.c.email == address),
    )
    yield "consents", and_(consents.c.partner_id == partner_id, consents.c.member_id == member_id)
    yield "members", and_(members.c.partner_id == partner_id, members.c.member_id == member_id)


def _replace(transaction: Connection, table: Table, partner_id: str, address: str) -> int:
    """Put nobody in the place of an address in every text of a partner's rows."""
    texts = [c for c in table.columns if isinstance(c.type, String) and not c.primary_key]
    if not texts or not address:
        return 0
    mentions = Mentions([address])
    is_near = or_(*(func.lower(c).contains(address.lower(), autoescape=True) for c in texts))
    rows = transaction.execute(select(table).where(table.c.partner_id == partner_id, is_near))
    changed = 0
    for row in rows.mappings().all():
        values = {c.name: _without(mentions, c, row[c.name]) for c in texts}
        if any(values[name] != row[name] for name in values):
            key = and_(*(c == row[c.name] for c in table.primary_key))
            transaction.execute(update(table).where(key).values(**values))
            changed += 1
    return changed


def _without(mentions: Mentions, column: Column[Any], value: str | None) -> str | None:
    if value is None:
        return None
    return mentions.replaced(value, by="" if column.name == "assignee" else "erased member")
