"""Finds who was erased and is only named by restored rows: invited by then, or to be connected.

No row of its own says so: an invitation, a request or the log does. A tombstone tells of each name
whether it is one that was erased.
"""

import re
import uuid
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, String, insert

from control.copying import ControlCopy
from control.engine import writing
from control.models import Base, ErasureTombstoneRow
from control.privacy_records import Subject, SubjectKind
from control.tombstones import Erased
from ingestion.names import connection_name

_ADDRESS = re.compile(r"[^\s\"'<>()\[\]{},;:|/\\@]+@[^\s\"'<>()\[\]{},;:|/\\@]+[^\s\W]")
_CONNECTION = re.compile(r"(?<![\w-])(?:aws|azure)-[\w-]+")
_SCOPES = {
    "aws": re.compile(r"(?<!\d)\d{12}(?!\d)"),
    "azure": re.compile(r"\b[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}\b"),
}


def put_named(rows: ControlCopy, erased: Erased) -> None:
    """Put members and connections that were erased since among the rows, where those name them.

    There they are found, and all that names them goes with them, as if they had been there.

    Args:
        rows: The restored rows, before anybody reads them.
        erased: What was erased since.
    """
    tenants = {(row["partner_id"], row["tenant_id"]) for row in rows.values("tenants")}
    members = {(row["partner_id"], row["email"].lower()) for row in rows.values("members")}
    connections = {_key(row) for row in rows.values("connections")}
    with writing(rows.engine).begin() as transaction:
        for partner_id, texts in _texts(rows).items():
            for address in sorted(_addresses(texts)):
                is_known = (partner_id, address) in members
                if not is_known and erased.has_address(partner_id, address):
                    _put_member(transaction, partner_id, address)
            for provider, scope, connection_id in sorted(_scopes(texts)):
                for _, tenant_id in (each for each in tenants if each[0] == partner_id):
                    key = (partner_id, tenant_id, connection_id)
                    subject = Subject(SubjectKind.CONNECTION, *key)
                    if key not in connections and erased.has_just(subject):
                        connections.add(key)
                        _put_connection(transaction, key, provider, scope)


def _texts(rows: ControlCopy) -> dict[str, set[str]]:
    """Return what the rows of each partner say, in any column."""
    found: dict[str, set[str]] = {row["partner_id"]: set() for row in rows.values("partners")}
    for table in Base.metadata.sorted_tables:
        columns = [c.name for c in table.columns if isinstance(c.type, String)]
        if table.name == ErasureTombstoneRow.__tablename__:
            continue
        for row in rows.values(table.name):
            if row["partner_id"] in found:
                found[row["partner_id"]].update(row[name] for name in columns if row[name])
    return found


def _addresses(texts: set[str]) -> set[str]:
    whole = {text for text in texts if "@" in text and len(text.split()) == 1}
    within = {address for text in texts if "@" in text for address in _ADDRESS.findall(text)}
    return {address.lower() for address in whole | within}


def _scopes(texts: set[str]) -> set[tuple[str, str, str]]:
    """Return provider, scope and id of the connections that texts may name."""
    found: set[tuple[str, str, str]] = set()
    for text in texts:
        for connection_id in _CONNECTION.findall(text):
            provider, _, scope = connection_id.partition("-")
            found.add((provider, scope, connection_id))
        for provider, pattern in _SCOPES.items():
            found.update(
                (provider, scope, connection_name(provider, scope))
                for scope in pattern.findall(text)
            )
    return found


def _put_member(transaction: Connection, partner_id: str, address: str) -> None:
    values = {
        "partner_id": partner_id,
        "member_id": uuid.uuid4().hex,
        "email": address,
        "name": "",
        "picture": "",
        "role": "viewer",
        "tenants": "[]",
        "status": "removed",
        "created_at": datetime.now(UTC),
    }
    transaction.execute(insert(Base.metadata.tables["members"]).values(values))


def _put_connection(
    transaction: Connection, key: tuple[str, str, str], provider: str, scope: str
) -> None:
    partner_id, tenant_id, connection_id = key
    values = {
        "partner_id": partner_id,
        "tenant_id": tenant_id,
        "connection_id": connection_id,
        "provider": provider,
        "scope": scope,
        "created_at": datetime.now(UTC),
    }
    transaction.execute(insert(Base.metadata.tables["connections"]).values(values))


def _key(row: dict[str, Any]) -> tuple[str, str, str]:
    return row["partner_id"], row["tenant_id"], row["connection_id"]
