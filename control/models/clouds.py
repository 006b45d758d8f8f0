"""How connections are opened, and what scans of them did."""

from datetime import date, datetime

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Date,
    ForeignKeyConstraint,
    Index,
    String,
    Text,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column

from control.models.base import NAME_LENGTH, Base, UtcDateTime


class AccessRow(Base):
    """How a connection is opened; secrets lie elsewhere."""

    __tablename__ = "connection_access"
    __table_args__ = (
        ForeignKeyConstraint(
            ["partner_id", "tenant_id", "connection_id"],
            ["connections.partner_id", "connections.tenant_id", "connections.connection_id"],
        ),
        CheckConstraint("role_arn is null or role_arn like 'arn:aws%/%'", name="role"),
        UniqueConstraint("external_id"),
    )

    partner_id: Mapped[str] = mapped_column(String(NAME_LENGTH), primary_key=True)
    tenant_id: Mapped[str] = mapped_column(String(NAME_LENGTH), primary_key=True)
    connection_id: Mapped[str] = mapped_column(String(100), primary_key=True)
    role_arn: Mapped[str | None] = mapped_column(String(2048))
    external_id: Mapped[str | None] = mapped_column(String(64))
    directory_id: Mapped[str | None] = mapped_column(String(64))
    client_id: Mapped[str | None] = mapped_column(String(64))
    subscriptions: Mapped[str] = mapped_column(Text)
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime)


class ScanRow(Base):
    """One run over a connection, asked for, running or done."""

    __tablename__ = "scans"
    __table_args__ = (
        ForeignKeyConstraint(
            ["partner_id", "tenant_id", "connection_id"],
            ["connections.partner_id", "connections.tenant_id", "connections.connection_id"],
        ),
        Index(None, "partner_id", "requested_at"),
    )

    partner_id: Mapped[str] = mapped_column(String(NAME_LENGTH), primary_key=True)
    scan_id: Mapped[str] = mapped_column(String(32), primary_key=True)
    tenant_id: Mapped[str] = mapped_column(String(NAME_LENGTH))
    connection_id: Mapped[str] = mapped_column(String(100))
    status: Mapped[str] = mapped_column(String(20), index=True)
    requested_by: Mapped[str] = mapped_column(Text)
    member_id: Mapped[str] = mapped_column(String(32))
    requested_at: Mapped[datetime] = mapped_column(UtcDateTime)
    started_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    finished_at: Mapped[datetime | None] = mapped_column(UtcDateTime, index=True)
    snapshot_date: Mapped[date | None] = mapped_column(Date)
    done_count: Mapped[int] = mapped_column(BigInteger)
    total_count: Mapped[int] = mapped_column(BigInteger)
    resource_count: Mapped[int] = mapped_column(BigInteger)
    call_count: Mapped[int] = mapped_column(BigInteger)
    message: Mapped[str] = mapped_column(Text)
    alive_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class ScanProblemRow(Base):
    """What one place did not answer in a scan, and who must do what."""

    __tablename__ = "scan_problems"
    __table_args__ = (
        ForeignKeyConstraint(
            ["partner_id", "scan_id"],
            ["scans.partner_id", "scans.scan_id"],
        ),
    )

    partner_id: Mapped[str] = mapped_column(String(NAME_LENGTH), primary_key=True)
    scan_id: Mapped[str] = mapped_column(String(32), primary_key=True)
    sub_account_id: Mapped[str] = mapped_column(String(64), primary_key=True)
    region_id: Mapped[str] = mapped_column(String(64), primary_key=True)
    table_name: Mapped[str] = mapped_column(String(100), primary_key=True)
    status: Mapped[str] = mapped_column(String(20))
    error_code: Mapped[str] = mapped_column(Text)
    message: Mapped[str] = mapped_column(Text)
    action: Mapped[str] = mapped_column(Text)
    noted_at: Mapped[datetime] = mapped_column(UtcDateTime)
