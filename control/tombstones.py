"""What was erased, remembered without a name: so that a restore does not bring it back.

A digest is an HMAC-SHA256 under the installation's own key, so that nobody who holds a backup or
the database alone can try names.
"""

import hashlib
import hmac
from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import Connection, Engine, update

from control.models import ErasureTombstoneRow
from control.privacy_records import Subject, SubjectKind, Tombstone
from control.scoping import across_partners
from control.store import put, read, writes

_DIGITS = 40


def digest(key: bytes, *parts: str) -> str:
    """Return what stands for a name where the name itself must not stand."""
    return hmac.new(key, "\0".join(parts).encode(), hashlib.sha256).hexdigest()[:_DIGITS]


def tombstone(
    key: bytes,
    subject: Subject,
    erasure_id: str,
    erased_at: datetime,
    *,
    address: str = "",
    receipt: str = "{}",
) -> Tombstone:
    """Return what is kept of an erasure."""
    partner_id = subject.partner_id
    return Tombstone(
        partner_digest(key, partner_id),
        erasure_id,
        subject.kind.value,
        subject_digest(key, subject),
        digest(key, "address", partner_id, address.lower()) if address else "",
        erased_at,
        None,
        receipt,
    )


def partner_digest(key: bytes, partner_id: str) -> str:
    """Return the digest of a partner, as whose tombstones count."""
    return digest(key, "partner", partner_id)


def subject_digest(key: bytes, subject: Subject) -> str:
    """Return the digest of a subject."""
    parts = (subject.kind.value, subject.partner_id, subject.tenant_id, subject.subject_id)
    return digest(key, *parts)


class Erased:
    """What some tombstones say.

    Args:
        key: The installation's key.
        tombstones: Those that count.
    """

    def __init__(self, key: bytes, tombstones: Iterable[Tombstone]) -> None:
        self._key = key
        found = list(tombstones)
        self._subjects = {stone.subject_digest for stone in found}
        self._partners = {s.partner_id for s in found if s.subject_kind == SubjectKind.PARTNER}
        self._addresses = {stone.address_digest for stone in found if stone.address_digest}

    def __bool__(self) -> bool:
        """Whether anything was erased."""
        return bool(self._subjects)

    def has(self, subject: Subject) -> bool:
        """Whether a subject was erased, or the partner or tenant that it belonged to."""
        return any(self.has_just(each) for each in _above(subject))

    def has_just(self, subject: Subject) -> bool:
        """Whether a subject itself was erased, whatever became of what it belonged to."""
        return subject_digest(self._key, subject) in self._subjects

    def has_digest(self, subject: str) -> bool:
        """Whether what a digest stands for was erased."""
        return subject in self._subjects

    def has_partner_digest(self, partner: str) -> bool:
        """Whether the partner that a digest stands for was erased."""
        return partner in self._partners

    def has_address(self, partner_id: str, address: str) -> bool:
        """Whether a member with an address was erased."""
        return digest(self._key, "address", partner_id, address.lower()) in self._addresses


def _above(subject: Subject) -> list[Subject]:
    found = [subject, Subject(SubjectKind.PARTNER, subject.partner_id)]
    if subject.tenant_id:
        found.append(Subject(SubjectKind.TENANT, subject.partner_id, subject.tenant_id))
    return found


class TombstoneRecords:
    """Tombstones of every partner that ever had something erased."""

    _engine: Engine

    @across_partners
    def tombstones(self) -> tuple[Tombstone, ...]:
        """Return all tombstones, the oldest first."""
        found = read(self._engine, ErasureTombstoneRow, Tombstone)
        return tuple(sorted(found, key=lambda stone: stone.erased_at))

    @across_partners
    def tombstones_of(self, key: bytes, subject: Subject) -> tuple[Tombstone, ...]:
        """Return what says that a subject was erased, the newest first."""
        wanted = subject_digest(key, subject)
        return tuple(s for s in reversed(self.tombstones()) if s.subject_digest == wanted)

    @across_partners
    def add_tombstones(self, tombstones: Iterable[Tombstone]) -> None:
        """Remember erasures; those that are known stay as they are."""
        with writes(self._engine) as transaction:
            for stone in tombstones:
                put_tombstone(transaction, stone)

    @across_partners
    def finish_tombstone(self, stone: Tombstone, finished_at: datetime) -> None:
        """Remember that no byte of what was erased is left."""
        change = update(ErasureTombstoneRow).where(
            ErasureTombstoneRow.partner_id == stone.partner_id,
            ErasureTombstoneRow.tombstone_id == stone.tombstone_id,
        )
        with writes(self._engine) as transaction:
            transaction.execute(change.values(finished_at=finished_at))


def put_tombstone(transaction: Connection, stone: Tombstone) -> None:
    """Write a tombstone in the transaction that erases."""
    put(transaction, ErasureTombstoneRow, vars(stone))
