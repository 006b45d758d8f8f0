"""Takes a tenant or a connection out of the access log, and no evidence with it.

Names of tenants are words that an admin chooses, such as `bytes`; so an entry goes only if it is of
the tenant by its column. Others that mention the subject stay, without what identifies it.
"""

from collections import Counter

from sqlalchemy import Connection, Row, Table, Update, and_, delete, select, update

from control.mentions import Mentions
from control.models import Base
from control.privacy_records import Subject, SubjectKind

_INSTEAD = "erased"
_ACCOUNT_COLUMNS = {
    "connections": ("connection_id", "scope"),
    "connection_access": ("role_arn", "external_id", "directory_id", "client_id"),
}


def account_names(
    transaction: Connection, partner_id: str, tenant_id: str = "", connection_id: str = ""
) -> set[str]:
    """Return ids, scopes and accounts of connections: of a partner, a tenant, or one alone."""
    found: set[str] = set()
    for name, columns in _ACCOUNT_COLUMNS.items():
        table = Base.metadata.tables[name]
        conditions = [table.c.partner_id == partner_id]
        if tenant_id:
            conditions.append(table.c.tenant_id == tenant_id)
        if connection_id:
            conditions.append(table.c.connection_id == connection_id)
        for row in transaction.execute(select(*(table.c[c] for c in columns)).where(*conditions)):
            found.update(value for value in row if value)
    return found


def erase_log_entries(transaction: Connection, subject: Subject) -> Counter[str]:
    """Delete the entries of a tenant or connection, and take its names out of the others."""
    log = Base.metadata.tables["access_log"]
    counts: Counter[str] = Counter()
    own = [log.c.partner_id == subject.partner_id, log.c.tenant_id == subject.tenant_id]
    if subject.kind is SubjectKind.CONNECTION:
        own.append(log.c.target == subject.subject_id)
    counts["access_log"] = transaction.execute(delete(log).where(*own)).rowcount
    counts["access_log, changed"] = _take_names_out(transaction, log, subject)
    return +counts


def _take_names_out(transaction: Connection, log: Table, subject: Subject) -> int:
    """Replace what names the subject; what names a sibling, too, stays in entries of that."""
    near, far = _names(transaction, subject)
    changed = 0
    entries = select(log).where(log.c.partner_id == subject.partner_id)
    for entry in transaction.execute(entries).all():
        mentions = near if entry.tenant_id in ("", subject.tenant_id) else far
        if mentions.within(entry.target, entry.detail):
            transaction.execute(_changed(log, entry, mentions))
            changed += 1
    return changed


def _names(transaction: Connection, subject: Subject) -> tuple[Mentions, Mentions]:
    """Return what to replace in entries of the tenant or of none, and in those of other tenants."""
    whose = (subject.partner_id, subject.tenant_id, subject.subject_id)
    names = account_names(transaction, *whose)
    connections = Base.metadata.tables["connections"]
    others = select(connections.c.connection_id, connections.c.scope).where(
        connections.c.partner_id == subject.partner_id,
        ~(
            (connections.c.tenant_id == subject.tenant_id)
            & (connections.c.connection_id.in_(names))
        ),
    )
    theirs = {value for row in transaction.execute(others) for value in row}
    if subject.kind is SubjectKind.TENANT:
        names |= {f"{subject.partner_id}/{subject.tenant_id}", f"'{subject.tenant_id}'"}
    return Mentions(names), Mentions(names - theirs)


def _changed(log: Table, entry: Row[tuple[object, ...]], mentions: Mentions) -> Update:
    key = and_(log.c.partner_id == entry.partner_id, log.c.entry_id == entry.entry_id)
    return (
        update(log)
        .where(key)
        .values(
            target=mentions.replaced(entry.target, by=_INSTEAD),
            detail=mentions.replaced(entry.detail, by=_INSTEAD),
        )
    )
