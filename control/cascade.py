"""Takes the rows of a partner, tenant, connection or member out of the control database.

Each function works inside a transaction of its caller and returns how many rows went, by table.
Whatever table has a `partner_id` is covered by its columns; none is listed, so none is forgotten.
"""

from collections import Counter
from collections.abc import Collection, Iterable

from sqlalchemy import ColumnElement, Connection, Table, and_, delete, select

from control.cascade_log import account_names, erase_log_entries
from control.cascade_member import erase_member_rows
from control.connection_trail import forget_trail
from control.mentions import Mentions
from control.models import Base
from control.privacy_records import Subject, SubjectKind
from control.visible_tenants import forget_tenant

Counts = Counter[str]
_OUTLIVES = "erasure_tombstones"
_CHUNK = 500


def erase_rows(
    transaction: Connection,
    subject: Subject,
    *,
    request_id: str = "",
    finding_ids: Collection[str] = (),
    source_uris: Collection[str] = (),
    keeps_admin: bool = True,
) -> Counts:
    """Take a subject's rows out.

    Args:
        transaction: A transaction that writes.
        subject: What goes.
        request_id: The request that erases it; what others say of it goes.
        finding_ids: Findings of a connection: nothing in this database says which are its.
        source_uris: Sources that deliver a connection, and nothing else.
        keeps_admin: Whether the last admin of a partner is refused.

    Raises:
        LastAdminError: The subject is the last admin.
        UnknownParentError: There is no such member.
    """
    if subject.kind is SubjectKind.PARTNER:
        return _erase_partner(transaction, subject.partner_id)
    counts = _erase_requests(transaction, subject, request_id)
    if subject.kind is SubjectKind.MEMBER:
        return counts + erase_member_rows(transaction, subject, keeps_admin=keeps_admin)
    counts += erase_log_entries(transaction, subject)
    if subject.kind is SubjectKind.TENANT:
        counts += _erase_scoped(transaction, subject, ("partner_id", "tenant_id"))
        counts += forget_tenant(transaction, subject.partner_id, subject.tenant_id)
        return counts
    counts += +forget_trail(transaction, subject, names_of(transaction, subject))
    counts += _erase_scoped(transaction, subject, ("partner_id", "tenant_id", "connection_id"))
    counts += erase_values(transaction, subject, "finding_id", finding_ids)
    counts += erase_values(transaction, subject, "uri", source_uris)
    return counts


def names_of(transaction: Connection, subject: Subject) -> list[str]:
    """Return what a subject is called: its id, its connections, their scopes and accounts."""
    found = [subject.subject_id or subject.tenant_id or subject.partner_id]
    whose = (subject.partner_id, subject.tenant_id, subject.subject_id)
    found += sorted(account_names(transaction, *whose))
    if subject.kind is SubjectKind.PARTNER:
        own = {subject.partner_id}
        tenants = _table("tenants")
        of_partner = tenants.c.partner_id == subject.partner_id
        own.update(transaction.execute(select(tenants.c.tenant_id).where(of_partner)).scalars())
        people = select(_table("members").c.email).where(
            _table("members").c.partner_id == subject.partner_id
        )
        own.update(transaction.execute(people).scalars())
        found += sorted(own)
    return [name for name in dict.fromkeys(found) if name]


def _erase_partner(transaction: Connection, partner_id: str) -> Counts:
    counts: Counts = Counter()
    named = names_of(transaction, Subject(SubjectKind.PARTNER, partner_id))
    log = _table("access_log")
    nobodys = transaction.execute(select(log).where(log.c.partner_id == ""))
    mentions = Mentions(name for name in named if "@" in name or name == partner_id)
    stale = [e.entry_id for e in nobodys if mentions.within(e.actor, e.target, e.detail)]
    for chunk in _chunks(stale):
        gone = delete(log).where(log.c.partner_id == "", log.c.entry_id.in_(chunk))
        counts["access_log"] += transaction.execute(gone).rowcount
    for table in reversed(Base.metadata.sorted_tables):
        if table.name != _OUTLIVES:
            gone = delete(table).where(table.c.partner_id == partner_id)
            counts[table.name] += transaction.execute(gone).rowcount
    return +counts


def _erase_requests(transaction: Connection, subject: Subject, but: str) -> Counts:
    """Delete the requests about a member, a connection, or a tenant with its connections."""
    requests = _table("privacy_requests")
    gone = delete(requests).where(
        requests.c.partner_id == subject.partner_id, requests.c.request_id != but
    )
    if subject.kind is not SubjectKind.MEMBER:
        gone = gone.where(requests.c.tenant_id == subject.tenant_id)
    if subject.kind is not SubjectKind.TENANT:
        gone = gone.where(requests.c.subject_id == subject.subject_id)
    return +Counter({"privacy_requests": transaction.execute(gone).rowcount})


def _erase_scoped(transaction: Connection, subject: Subject, columns: tuple[str, ...]) -> Counts:
    """Delete from every table that has all the columns, and from those that point there."""
    counts: Counts = Counter()
    scans, problems = _table("scans"), _table("scan_problems")
    own = select(scans.c.scan_id).where(_scope(scans, columns, subject))
    gone = delete(problems).where(
        problems.c.partner_id == subject.partner_id, problems.c.scan_id.in_(own)
    )
    counts["scan_problems"] += transaction.execute(gone).rowcount
    for table in reversed(Base.metadata.sorted_tables):
        if table.name not in ("access_log", "privacy_requests") and _has(table, columns):
            gone = delete(table).where(_scope(table, columns, subject))
            counts[table.name] += transaction.execute(gone).rowcount
    return +counts


def erase_values(
    transaction: Connection, subject: Subject, column: str, values: Collection[str]
) -> Counts:
    """Delete a tenant's rows that have one of some values in a column."""
    counts: Counts = Counter()
    columns = ("partner_id", "tenant_id")
    for table in Base.metadata.sorted_tables:
        if not _has(table, (*columns, column)):
            continue
        for chunk in _chunks(values):
            gone = delete(table).where(_scope(table, columns, subject), table.c[column].in_(chunk))
            counts[table.name] += transaction.execute(gone).rowcount
    return +counts


def _scope(table: Table, columns: tuple[str, ...], subject: Subject) -> ColumnElement[bool]:
    values = (subject.partner_id, subject.tenant_id, subject.subject_id)
    named = zip(columns, values, strict=False)
    return and_(*(table.c[column] == value for column, value in named))


def _has(table: Table, columns: tuple[str, ...]) -> bool:
    return all(column in table.c for column in columns)


def _table(name: str) -> Table:
    return Base.metadata.tables[name]


def _chunks(values: Collection[str]) -> Iterable[list[str]]:
    listed = sorted(values)
    return (listed[start : start + _CHUNK] for start in range(0, len(listed), _CHUNK))
