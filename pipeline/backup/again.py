"""Erases again what a restored backup still held: in the rows, and in the lake."""

from collections.abc import Iterator

from sqlalchemy import delete, select

from control.cascade import erase_rows, names_of
from control.copying import ControlCopy
from control.engine import writing
from control.models import Base
from control.privacy_records import Subject, SubjectKind
from control.tombstones import Erased
from ingestion.storage import Storage
from pipeline.backup.named import put_named
from pipeline.privacy.connection_traces import connection_traces
from pipeline.privacy.lake_traces import lake_traces


def erase_again(rows: ControlCopy, lake: Storage, erased: Erased) -> int:
    """Take out what was erased after the backup; return how many subjects that were.

    Args:
        rows: The restored rows, before anybody reads them.
        lake: The restored lake.
        erased: What was erased since.
    """
    if erased:
        _forget_strangers(rows)
        put_named(rows, erased)
    subjects = list(_erased_subjects(rows, erased))
    for subject, address in subjects:
        findings: frozenset[str] = frozenset()
        uris: frozenset[str] = frozenset()
        if subject.kind is SubjectKind.CONNECTION:
            names, sources = _called(rows, subject)
            traces = connection_traces(lake, subject, sources, names)
            findings, uris = traces.finding_ids, traces.source_uris
        for found in lake_traces(lake, subject, address=address, finding_ids=findings):
            found.remove()
        with writing(rows.engine).begin() as transaction:
            erase_rows(
                transaction,
                subject,
                finding_ids=findings,
                source_uris=uris,
                keeps_admin=False,
            )
    return len(subjects)


def _forget_strangers(rows: ControlCopy) -> None:
    """Take out refusals of nobody known: they may name who was erased, and no digest tells."""
    log = Base.metadata.tables["access_log"]
    with writing(rows.engine).begin() as transaction:
        transaction.execute(delete(log).where(log.c.partner_id == ""))


def _erased_subjects(rows: ControlCopy, erased: Erased) -> Iterator[tuple[Subject, str]]:
    """Yield what is in the rows and was erased, with the address of a member; largest first."""
    tables = Base.metadata.tables
    with rows.engine.connect() as connection:
        partners = connection.execute(select(tables["partners"].c.partner_id)).scalars().all()
        tenants = connection.execute(select(tables["tenants"])).mappings().all()
        connections = connection.execute(select(tables["connections"])).mappings().all()
        members = connection.execute(select(tables["members"])).mappings().all()
    found = [(Subject(SubjectKind.PARTNER, each), "") for each in partners]
    found += [(Subject(SubjectKind.TENANT, r["partner_id"], r["tenant_id"]), "") for r in tenants]
    found += [
        (Subject(SubjectKind.CONNECTION, r["partner_id"], r["tenant_id"], r["connection_id"]), "")
        for r in connections
    ]
    gone: set[tuple[str, str]] = set()
    for subject, _ in found:
        is_within = {(subject.partner_id, ""), (subject.partner_id, subject.tenant_id)} & gone
        if not is_within and erased.has_just(subject):
            if subject.kind is not SubjectKind.CONNECTION:  # it takes nothing beside it along
                gone.add((subject.partner_id, subject.tenant_id))
            yield subject, ""
    for row in members:
        subject = Subject(SubjectKind.MEMBER, row["partner_id"], subject_id=row["member_id"])
        is_gone = erased.has_just(subject) or erased.has_address(row["partner_id"], row["email"])
        if is_gone and (row["partner_id"], "") not in gone:
            yield subject, str(row["email"])


def _called(rows: ControlCopy, subject: Subject) -> tuple[list[str], list[str]]:
    sources = Base.metadata.tables["sources"]
    own = select(sources.c.uri).where(
        sources.c.partner_id == subject.partner_id, sources.c.tenant_id == subject.tenant_id
    )
    with rows.engine.connect() as connection:
        return names_of(connection, subject), list(connection.execute(own).scalars())
