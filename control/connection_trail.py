"""What setups and requests say of a connection: its account, its role and its External ID."""

import json
from collections import Counter
from collections.abc import Collection

from sqlalchemy import Connection, delete, or_, select

from control.mentions import Mentions
from control.models import ConnectionRequestRow, ConnectionSetupRow
from control.privacy_records import Subject


def forget_trail(transaction: Connection, subject: Subject, names: Collection[str]) -> Counter[str]:
    """Delete the requests about a connection, but one that runs, and the setups it came from.

    Args:
        transaction: A transaction that writes.
        subject: The connection.
        names: What it is called: id, account, role, External ID.

    Returns:
        How many rows went, by table.
    """
    request, setup = ConnectionRequestRow, ConnectionSetupRow
    mentions = Mentions(names)
    asked = transaction.execute(
        select(request.request_id, request.inputs, request.results, request.message).where(
            request.partner_id == subject.partner_id,
            request.tenant_id == subject.tenant_id,
            request.status != "running",
        )
    )
    own = [row for row in asked if mentions.within(row.inputs, row.results, row.message)]
    came_from = {json.loads(row.inputs).get("setup_id") or "" for row in own}
    gone = {
        "connection_requests": delete(request).where(
            request.partner_id == subject.partner_id,
            request.request_id.in_([row.request_id for row in own]),
        ),
        "connection_setups": delete(setup).where(
            setup.partner_id == subject.partner_id,
            setup.tenant_id == subject.tenant_id,
            setup.finished_at.is_not(None),
            or_(setup.external_id.in_(mentions.names), setup.setup_id.in_(sorted(came_from))),
        ),
    }
    return Counter(
        {name: transaction.execute(statement).rowcount for name, statement in gone.items()}
    )
