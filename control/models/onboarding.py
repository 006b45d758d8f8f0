"""Connections in the making: what was set up, what was asked of the worker, how it stands."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Date, ForeignKeyConstraint, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from control.models.base import NAME_LENGTH, Base, UtcDateTime

_NO_ACCESS_KEY = "external_id not like 'AKIA%' and external_id not like 'ASIA%'"


class ConnectionSetupRow(Base):
    """A connection that somebody began to set up; its External ID is made here, once."""

    __tablename__ = "connection_setups"
    __table_args__ = (
        ForeignKeyConstraint(
            ["partner_id", "tenant_id"], ["tenants.partner_id", "tenants.tenant_id"]
        ),
        UniqueConstraint("external_id"),
        CheckConstraint(_NO_ACCESS_KEY, name="external_id"),
        CheckConstraint("kind in ('account', 'organization')", name="kind"),
    )

    partner_id: Mapped[str] = mapped_column(String(NAME_LENGTH), primary_key=True)
    setup_id: Mapped[str] = mapped_column(String(32), primary_key=True)
    tenant_id: Mapped[str] = mapped_column(String(NAME_LENGTH))
    kind: Mapped[str] = mapped_column(String(20))
    external_id: Mapped[str] = mapped_column(String(64))
    started_by: Mapped[str] = mapped_column(Text)
    started_at: Mapped[datetime] = mapped_column(UtcDateTime)
    finished_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class ConnectionRequestRow(Base):
    """Something that only a worker may do with a cloud, asked for by a page or a command."""

    __tablename__ = "connection_requests"
    __table_args__ = (
        ForeignKeyConstraint(
            ["partner_id", "tenant_id"], ["tenants.partner_id", "tenants.tenant_id"]
        ),
        CheckConstraint("kind in ('connect', 'test', 'organization', 'disconnect')", name="kind"),
        CheckConstraint("status in ('requested', 'running', 'done', 'failed')", name="status"),
    )

    partner_id: Mapped[str] = mapped_column(String(NAME_LENGTH), primary_key=True)
    request_id: Mapped[str] = mapped_column(String(32), primary_key=True)
    tenant_id: Mapped[str] = mapped_column(String(NAME_LENGTH))
    kind: Mapped[str] = mapped_column(String(20))
    status: Mapped[str] = mapped_column(String(20))
    inputs: Mapped[str] = mapped_column(Text)
    results: Mapped[str] = mapped_column(Text)
    message: Mapped[str] = mapped_column(Text)
    requested_by: Mapped[str] = mapped_column(Text)
    member_id: Mapped[str] = mapped_column(String(32))
    requested_at: Mapped[datetime] = mapped_column(UtcDateTime)
    started_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    finished_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class ConnectionStateRow(Base):
    """How a connection stood when it was tested last, and when its secret ends."""

    __tablename__ = "connection_states"
    __table_args__ = (
        ForeignKeyConstraint(
            ["partner_id", "tenant_id", "connection_id"],
            ["connections.partner_id", "connections.tenant_id", "connections.connection_id"],
        ),
        CheckConstraint("verdict in ('good', 'partial', 'open', 'bad')", name="verdict"),
    )

    partner_id: Mapped[str] = mapped_column(String(NAME_LENGTH), primary_key=True)
    tenant_id: Mapped[str] = mapped_column(String(NAME_LENGTH), primary_key=True)
    connection_id: Mapped[str] = mapped_column(String(100), primary_key=True)
    verdict: Mapped[str] = mapped_column(String(20))
    results: Mapped[str] = mapped_column(Text)
    tested_at: Mapped[datetime] = mapped_column(UtcDateTime)
    verified_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    secret_expires_on: Mapped[date | None] = mapped_column(Date)
