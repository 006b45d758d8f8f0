"""Carries over what a restore makes neither unsaid nor unknown: requests, answers, the access log.

Who or what is newer than the backup stays known by name, with no access and no data: what is left
of it outside the database, such as its keys and secrets, can be found and erased.
"""

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, delete, insert, or_, select

from control.copying import ControlCopy
from control.engine import writing
from control.models import Base
from control.onboarding import RequestKind as ConnectionRequestKind
from control.privacy_records import OPEN, RequestKind, RequestState
from pipeline.backup.withdrawn import OPEN_STATES
from pipeline.privacy.progress import ErasureProgress

_Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Newer:
    """What is newer than a backup, by name.

    Attributes:
        partners: Partners.
        connections: Connections of partners that the backup has: partner, tenant, id.
        members: Their members: partner and address.
    """

    partners: tuple[str, ...]
    connections: tuple[tuple[str, str, str], ...]
    members: tuple[tuple[str, str], ...]


def carry_over(rows: ControlCopy, here: ControlCopy) -> Newer:
    """Put among the restored rows what `here` knows beyond them; return whom it is about.

    Args:
        rows: The restored rows, before anybody reads them.
        here: The control database that they replace.
    """
    with writing(rows.engine).begin() as transaction:
        partners = _add(transaction, here, "partners", organization_id=None)
        _add(transaction, here, "tenants")
        connections = _add(transaction, here, "connections")
        members = _add_members(transaction, here)
        for row in here.values("privacy_requests"):
            _put_request(transaction, row)
        for row in here.values("connection_requests"):
            _put_disconnection(transaction, row)
        _add(transaction, here, "consents")
        _add(transaction, here, "access_log")
    names = tuple(row["partner_id"] for row in partners)
    return Newer(
        names,
        tuple(
            (row["partner_id"], row["tenant_id"], row["connection_id"])
            for row in connections
            if row["partner_id"] not in names
        ),
        tuple((m["partner_id"], m["email"]) for m in members if m["partner_id"] not in names),
    )


def _add(transaction: Connection, here: ControlCopy, name: str, **changed: object) -> list[_Row]:
    """Add the rows of a table that are not there, with other values in some columns."""
    table = Base.metadata.tables[name]
    kept = set(transaction.execute(select(*table.primary_key)).tuples())
    keys = [column.name for column in table.primary_key]
    new = [row | changed for row in here.values(name) if tuple(row[k] for k in keys) not in kept]
    if new:
        transaction.execute(insert(table), new)
    return new


def _add_members(transaction: Connection, here: ControlCopy) -> list[_Row]:
    """Add who joined since as removed: nobody enters by a backup that does not know him."""
    members = Base.metadata.tables["members"]
    held = transaction.execute(select(members)).mappings().all()
    kept = {(row["partner_id"], row["member_id"]) for row in held}
    taken = {(row["partner_id"], row["email"]) for row in held}
    removed = {
        "subject": None,
        "name": "",
        "picture": "",
        "status": "removed",
        "signed_out_at": datetime.now(UTC),
    }
    new = []
    for row in here.values("members"):
        if (row["partner_id"], row["member_id"]) not in kept:
            is_taken = (row["partner_id"], row["email"]) in taken
            email = f"removed-{row['member_id']}" if is_taken else row["email"]
            new.append(row | removed | {"email": email})
    if new:
        transaction.execute(insert(members), new)
    return new


def _put_request(transaction: Connection, row: _Row) -> None:
    """Put a request about data as it is by now in the place of what the backup says of it."""
    requests = Base.metadata.tables["privacy_requests"]
    is_same = requests.c.request_id == row["request_id"]
    if row["open_key"]:
        is_same = or_(is_same, requests.c.open_key == row["open_key"])
    transaction.execute(delete(requests).where(requests.c.partner_id == row["partner_id"], is_same))
    transaction.execute(insert(requests).values(row | _begun_anew(row)))


def _begun_anew(row: _Row) -> dict[str, str]:
    """Return the progress of an erasure that is not over: what it removed is back."""
    if row["kind"] != RequestKind.ERASURE or RequestState(row["state"]) not in OPEN:
        return {}
    before = ErasureProgress.loaded(json.loads(row["progress"]))
    anew = ErasureProgress(held_since=before.held_since, still_since=before.still_since)
    return {"progress": json.dumps(anew.dumped())}


def _put_disconnection(transaction: Connection, row: _Row) -> None:
    """Let what was asked to be disconnected, and is not yet, be disconnected by the next worker."""
    is_open = row["status"] in OPEN_STATES
    if row["kind"] != ConnectionRequestKind.DISCONNECT or not is_open:
        return
    requests = Base.metadata.tables["connection_requests"]
    is_same = (
        requests.c.partner_id == row["partner_id"],
        requests.c.request_id == row["request_id"],
    )
    transaction.execute(delete(requests).where(*is_same))
    anew = {"status": "requested", "started_at": None}
    transaction.execute(insert(requests).values(row | anew))
