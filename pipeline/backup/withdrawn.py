"""Withdraws again what was withdrawn after a backup: access, roles, sessions, links, processing.

A restore brings facts back, and nobody's access. What the database that is replaced no longer knows
cannot be withdrawn again.
"""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Table,
    Update,
    delete,
    insert,
    or_,
    select,
    tuple_,
    update,
)

from control.copying import ControlCopy
from control.engine import writing
from control.models import Base
from control.people import EVERY_TENANT
from control.roles import Role

_MARKS = (
    ("partners", "restricted_at"),
    ("tenants", "restricted_at"),
    ("members", "signed_out_at"),
    ("invitations", "accepted_at"),
    ("invitations", "revoked_at"),
    ("connection_setups", "finished_at"),
    ("sign_ins", "left_at"),
)
"""Columns that take something away by being filled."""
_CLOSED = ("status", "subject", "name", "picture")
"""What tells that a member has no access."""
OPEN_STATES = ("requested", "running")
"""States of requests to connect, test or disconnect that a worker goes on with."""
_STATUSES = ("removed", "restricted", "active")
"""From no access to all of it."""
_ROLES = (Role.VIEWER.value, Role.ANALYST.value, Role.ADMIN.value)
"""From the lowest to the highest."""
_CONNECTION = ("partner_id", "tenant_id", "connection_id")


def end_requests(rows: ControlCopy) -> None:
    """Let no worker do now what somebody asked it to do with a cloud before the backup.

    Args:
        rows: The restored rows, before anybody reads them.
    """
    requests = Base.metadata.tables["connection_requests"]
    ended = update(requests).where(requests.c.status.in_(OPEN_STATES))
    told = "a backup was restored before this was done; ask again"
    with writing(rows.engine).begin() as transaction:
        transaction.execute(
            ended.values(status="failed", finished_at=datetime.now(UTC), message=told)
        )


def withdraw_again(rows: ControlCopy, here: ControlCopy) -> tuple[int, int]:
    """Take away again what is taken away in `here`.

    Args:
        rows: The restored rows, before anybody reads them.
        here: The control database that they replace.

    Returns:
        How many members lose their access, and how many of the others a role or tenants.
    """
    with writing(rows.engine).begin() as transaction:
        for table, mark in _MARKS:
            for row in here.values(table):
                if row[mark] is not None:
                    transaction.execute(_row(table, row).values({mark: row[mark]}))
        _keep_organizations(transaction, here)
        _add_left_sessions(transaction, here)
        _disconnect(transaction, here)
        _forget(transaction, here, "connection_setups", of="tenants")
        _forget(transaction, here, "invitations", of="partners")
        closed = _close(transaction, here)
        narrowed = _narrow(transaction, here)
    return closed, narrowed


def _keep_organizations(transaction: Connection, here: ControlCopy) -> None:
    """Let a partner be the organization that it is here: whoever is of a former one has left."""
    partners = Base.metadata.tables["partners"]
    now = {
        row["partner_id"]: row["organization_id"]
        for row in here.values("partners")
        if row["organization_id"]
    }
    is_changed = or_(partners.c.partner_id.in_(now), partners.c.organization_id.in_(now.values()))
    transaction.execute(update(partners).where(is_changed).values(organization_id=None))
    for partner_id, organization_id in now.items():
        own = update(partners).where(partners.c.partner_id == partner_id)
        transaction.execute(own.values(organization_id=organization_id))


def _close(transaction: Connection, here: ControlCopy) -> int:
    """Leave members no more access than they have here; return how many had all of it."""
    members = Base.metadata.tables["members"]
    found = map(dict, transaction.execute(select(members)).mappings().all())
    held, closed = {_identity(members, row): row["status"] for row in found}, 0
    for row in here.values("members"):
        status = held.get(_identity(members, row), "removed")
        if _STATUSES.index(row["status"]) < _STATUSES.index(status):
            values = {column: row[column] for column in _CLOSED}
            transaction.execute(_row("members", row).values(values))
            closed += status == "active"
    return closed


def _narrow(transaction: Connection, here: ControlCopy) -> int:
    """Leave members the lower of both roles, and the tenants that both let them see."""
    members = Base.metadata.tables["members"]
    now = {(row["partner_id"], row["member_id"]): row for row in here.values("members")}
    count = 0
    active = select(members).where(members.c.status == "active")
    for row in transaction.execute(active).mappings().all():
        other = now.get((row["partner_id"], row["member_id"]))
        if other is None:
            continue
        role = min(row["role"], other["role"], key=_ROLES.index)
        tenants = _common(json.loads(row["tenants"]), json.loads(other["tenants"]))
        if (role, tenants) != (row["role"], json.loads(row["tenants"])):
            change = _row("members", dict(row)).values(role=role, tenants=json.dumps(tenants))
            count += transaction.execute(change).rowcount
    return count


def _common(tenants: list[str], others: list[str]) -> list[str]:
    every = list(EVERY_TENANT)
    if tenants == every:
        return others
    return tenants if others == every else [each for each in tenants if each in others]


def _row(name: str, row: Mapping[str, Any]) -> Update:
    table = Base.metadata.tables[name]
    return update(table).where(*_is(table, row))


def _is(table: Table, row: Mapping[str, Any]) -> list[ColumnElement[bool]]:
    return [key == row[key.name] for key in table.primary_key]


def _disconnect(transaction: Connection, here: ControlCopy) -> None:
    """Take away what opens a connection that is known here, and that nothing opens here."""
    opened = {_connection(row) for row in here.values("connection_access")}
    for row in here.values("connections"):
        if _connection(row) not in opened:
            for name in ("connection_states", "connection_access"):
                table = Base.metadata.tables[name]
                own = tuple_(*(table.c[column] for column in _CONNECTION)) == _connection(row)
                transaction.execute(delete(table).where(own))


def _forget(transaction: Connection, here: ControlCopy, name: str, *, of: str) -> None:
    """Delete rows that are gone here although what they belong to is not: so is what they open.

    A setup goes with the access that it gave, an invitation with its member.

    Args:
        transaction: On the restored rows.
        here: The control database that they replace.
        name: Their table.
        of: The table of what they belong to.
    """
    table, parents = Base.metadata.tables[name], Base.metadata.tables[of]
    kept = {_identity(table, row) for row in here.values(name)}
    known = {_identity(parents, row) for row in here.values(of)}
    for row in map(dict, transaction.execute(select(table)).mappings().all()):
        if _identity(parents, row) in known and _identity(table, row) not in kept:
            transaction.execute(delete(table).where(*_is(table, row)))


def _identity(table: Table, row: Mapping[str, Any]) -> tuple[Any, ...]:
    return tuple(row[key.name] for key in table.primary_key)


def _connection(row: Mapping[str, Any]) -> tuple[str, ...]:
    return tuple(row[column] for column in _CONNECTION)


def _add_left_sessions(transaction: Connection, here: ControlCopy) -> None:
    """Add sessions that began and were left after the backup: their cookies are still around."""
    sessions, members = Base.metadata.tables["sign_ins"], Base.metadata.tables["members"]
    known = select(members.c.partner_id, members.c.member_id)
    kept = select(sessions.c.partner_id, sessions.c.session_id)
    has_member = set(transaction.execute(known).tuples())
    is_kept = set(transaction.execute(kept).tuples())
    for row in here.values("sign_ins"):
        is_new = (row["partner_id"], row["session_id"]) not in is_kept
        is_left = row["left_at"] is not None
        if is_new and is_left and (row["partner_id"], row["member_id"]) in has_member:
            transaction.execute(insert(sessions).values(row))
