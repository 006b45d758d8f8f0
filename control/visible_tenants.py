"""The tenants that members and invitations are limited to, without one that is erased."""

import json
from collections import Counter

from sqlalchemy import Connection, select, update

from control.models import Base


def forget_tenant(transaction: Connection, partner_id: str, tenant_id: str) -> Counter[str]:
    """Take a tenant off every list; whoever saw it alone sees none, not all."""
    counts: Counter[str] = Counter()
    for name, key in (("members", "member_id"), ("invitations", "invitation_id")):
        table = Base.metadata.tables[name]
        for row in transaction.execute(select(table).where(table.c.partner_id == partner_id)):
            listed = json.loads(row.tenants)
            if tenant_id in listed:
                left = json.dumps([each for each in listed if each != tenant_id])
                change = update(table).where(
                    table.c.partner_id == partner_id, table.c[key] == getattr(row, key)
                )
                transaction.execute(change.values(tenants=left))
                counts[f"{name}, changed"] += 1
    return counts
