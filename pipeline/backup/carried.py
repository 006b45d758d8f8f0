"""Carries over what people asked and answered after a backup: a restore makes none of it unsaid."""

import json
from typing import Any

from sqlalchemy import Connection, delete, insert, or_, select

from control.copying import ControlCopy
from control.engine import writing
from control.models import Base
from control.privacy_records import OPEN, RequestKind, RequestState
from pipeline.privacy.progress import ErasureProgress


def carry_over(rows: ControlCopy, here: ControlCopy) -> None:
    """Put privacy requests and answers about consent of `here` among the restored rows.

    Args:
        rows: The restored rows, before anybody reads them.
        here: The control database that they replace.
    """
    with writing(rows.engine).begin() as transaction:
        partners = Base.metadata.tables["partners"]
        known = set(transaction.execute(select(partners.c.partner_id)).scalars())
        for row in here.values("privacy_requests"):
            if row["partner_id"] in known:
                _put_request(transaction, row)
        _add_answers(transaction, here)


def _put_request(transaction: Connection, row: dict[str, Any]) -> None:
    """Put a request as it is by now in the place of what the backup says of it."""
    requests = Base.metadata.tables["privacy_requests"]
    is_same = requests.c.request_id == row["request_id"]
    if row["open_key"]:
        is_same = or_(is_same, requests.c.open_key == row["open_key"])
    transaction.execute(delete(requests).where(requests.c.partner_id == row["partner_id"], is_same))
    transaction.execute(insert(requests).values(row | _begun_anew(row)))


def _begun_anew(row: dict[str, Any]) -> dict[str, str]:
    """Return the progress of an erasure that is not over: what it removed is back."""
    if row["kind"] != RequestKind.ERASURE or RequestState(row["state"]) not in OPEN:
        return {}
    before = ErasureProgress.loaded(json.loads(row["progress"]))
    anew = ErasureProgress(held_since=before.held_since, still_since=before.still_since)
    return {"progress": json.dumps(anew.dumped())}


def _add_answers(transaction: Connection, here: ControlCopy) -> None:
    """Add what members answered after the backup: a consent that was withdrawn stays so."""
    consents, members = Base.metadata.tables["consents"], Base.metadata.tables["members"]
    known = select(members.c.partner_id, members.c.member_id)
    has_member = set(transaction.execute(known).tuples())
    kept = select(consents.c.partner_id, consents.c.consent_id)
    is_kept = set(transaction.execute(kept).tuples())
    for row in here.values("consents"):
        is_new = (row["partner_id"], row["consent_id"]) not in is_kept
        if is_new and (row["partner_id"], row["member_id"]) in has_member:
            transaction.execute(insert(consents).values(row))
