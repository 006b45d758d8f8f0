"""What people decided about findings."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Date, ForeignKeyConstraint, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from control.models.base import NAME_LENGTH, Base, UtcDateTime


class FindingDecisionRow(Base):
    """What holds of a finding now; it survives rescans and rebuilds."""

    __tablename__ = "finding_decisions"
    __table_args__ = (
        ForeignKeyConstraint(
            ["partner_id", "tenant_id"], ["tenants.partner_id", "tenants.tenant_id"]
        ),
        CheckConstraint("state in ('open', 'snoozed', 'dismissed', 'done')", name="state"),
    )

    partner_id: Mapped[str] = mapped_column(String(NAME_LENGTH), primary_key=True)
    tenant_id: Mapped[str] = mapped_column(String(NAME_LENGTH), primary_key=True)
    finding_id: Mapped[str] = mapped_column(String(64), primary_key=True)
    state: Mapped[str] = mapped_column(String(20))
    assignee: Mapped[str] = mapped_column(String(320))
    snoozed_until: Mapped[date | None] = mapped_column(Date)
    reason: Mapped[str] = mapped_column(Text)
    version: Mapped[int]
    decided_by: Mapped[str] = mapped_column(Text)
    decided_at: Mapped[datetime] = mapped_column(UtcDateTime)


class FindingNoteRow(Base):
    """One step in the course of a finding: a comment, or a decision with who and when."""

    __tablename__ = "finding_notes"
    __table_args__ = (
        ForeignKeyConstraint(
            ["partner_id", "tenant_id"], ["tenants.partner_id", "tenants.tenant_id"]
        ),
    )

    partner_id: Mapped[str] = mapped_column(String(NAME_LENGTH), primary_key=True)
    note_id: Mapped[str] = mapped_column(String(32), primary_key=True)
    tenant_id: Mapped[str] = mapped_column(String(NAME_LENGTH))
    finding_id: Mapped[str] = mapped_column(String(64))
    kind: Mapped[str] = mapped_column(String(20))
    text: Mapped[str] = mapped_column(Text)
    written_by: Mapped[str] = mapped_column(Text)
    written_at: Mapped[datetime] = mapped_column(UtcDateTime)
