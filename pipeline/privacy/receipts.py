"""The receipt of an erasure: how many things of which kind went, and what could not go."""

import json
from dataclasses import dataclass
from datetime import datetime

from control.privacy_records import SubjectKind, Tombstone

_BILLING = "There is no billing package in this version, so no payment provider holds a customer."
_BACKUPS = (
    "Rows inside backups made before stay sealed with the partner's key until the backups are 30 "
    "days old, and are taken out again should one be restored."
)
_KEYS = "The partner's keys are destroyed: what any copy still holds cannot be read."


@dataclass(frozen=True)
class Receipt:
    """What an erasure did; it names nobody.

    Attributes:
        erasure_id: Its identity.
        subject_kind: member, connection, tenant or partner.
        erased_at: When the last row went.
        counts: Things by kind.
        notes: What else is to be known, in sentences.
    """

    erasure_id: str
    subject_kind: str
    erased_at: datetime
    counts: dict[str, int]
    notes: tuple[str, ...]


def receipt_of(stone: Tombstone, *notes: str) -> Receipt:
    """Return the receipt that a tombstone keeps."""
    is_partner = stone.subject_kind == SubjectKind.PARTNER
    kept = _KEYS if is_partner else _BACKUPS
    counts = {what: int(count) for what, count in json.loads(stone.receipt).items()}
    said = (kept, *((_BILLING,) if is_partner else ()), *notes)
    return Receipt(stone.tombstone_id, stone.subject_kind, stone.erased_at, counts, said)
