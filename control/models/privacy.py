"""Requests of the people whose data it is, their consents, and what was erased."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from control.models.base import NAME_LENGTH, Base, UtcDateTime


class PrivacyRequestRow(Base):
    """One request about somebody's data, its deadline and what became of it.

    `open_key` names the subject of an erasure that is not done: two cannot be open at once.
    """

    __tablename__ = "privacy_requests"
    __table_args__ = (
        ForeignKeyConstraint(["partner_id"], ["partners.partner_id"]),
        UniqueConstraint("partner_id", "open_key"),
        CheckConstraint(
            "state in ('received', 'running', 'done', 'failed', 'withdrawn')", name="state"
        ),
    )

    partner_id: Mapped[str] = mapped_column(String(NAME_LENGTH), primary_key=True)
    request_id: Mapped[str] = mapped_column(String(32), primary_key=True)
    kind: Mapped[str] = mapped_column(String(20))
    subject_kind: Mapped[str] = mapped_column(String(20))
    tenant_id: Mapped[str] = mapped_column(String(NAME_LENGTH))
    subject_id: Mapped[str] = mapped_column(String(100))
    requested_by: Mapped[str] = mapped_column(Text)
    member_id: Mapped[str] = mapped_column(String(32))
    note: Mapped[str] = mapped_column(Text)
    received_at: Mapped[datetime] = mapped_column(UtcDateTime)
    due_at: Mapped[datetime] = mapped_column(UtcDateTime)
    extended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    extension_reason: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(String(20))
    open_key: Mapped[str | None] = mapped_column(String(240))
    progress: Mapped[str] = mapped_column(Text)
    receipt: Mapped[str] = mapped_column(Text)
    message: Mapped[str] = mapped_column(Text)
    started_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    finished_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class ConsentRow(Base):
    """One answer to the question for consent; the newest one for a purpose holds."""

    __tablename__ = "consents"
    __table_args__ = (ForeignKeyConstraint(["partner_id"], ["partners.partner_id"]),)

    partner_id: Mapped[str] = mapped_column(String(NAME_LENGTH), primary_key=True)
    consent_id: Mapped[str] = mapped_column(String(32), primary_key=True)
    member_id: Mapped[str] = mapped_column(String(32))
    purpose: Mapped[str] = mapped_column(String(40))
    is_given: Mapped[bool]
    notice_version: Mapped[str] = mapped_column(String(40))
    decided_at: Mapped[datetime] = mapped_column(UtcDateTime)


class ErasureTombstoneRow(Base):
    """What was erased, as keyed digests; it outlives the partner and holds no name.

    The partner of the key is a digest, too, so nothing points to a row that is gone.
    """

    __tablename__ = "erasure_tombstones"

    partner_id: Mapped[str] = mapped_column(String(NAME_LENGTH), primary_key=True)
    tombstone_id: Mapped[str] = mapped_column(String(32), primary_key=True)
    subject_kind: Mapped[str] = mapped_column(String(20))
    subject_digest: Mapped[str] = mapped_column(String(64))
    address_digest: Mapped[str] = mapped_column(String(64))
    erased_at: Mapped[datetime] = mapped_column(UtcDateTime)
    finished_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    receipt: Mapped[str] = mapped_column(Text)
