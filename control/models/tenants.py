"""Who is served, what is connected, and what was delivered."""

from datetime import datetime

from sqlalchemy import BigInteger, ForeignKeyConstraint, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from control.models.base import NAME_LENGTH, Base, UtcDateTime


class PartnerRow(Base):
    """One partner.

    Its organization is the identity provider's; a restricted one is kept and not processed.
    """

    __tablename__ = "partners"
    __table_args__ = (Index("uq_partners_organization_id", "organization_id", unique=True),)

    partner_id: Mapped[str] = mapped_column(String(NAME_LENGTH), primary_key=True)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    organization_id: Mapped[str | None] = mapped_column(String(255))
    restricted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class TenantRow(Base):
    """One tenant of a partner; a restricted one is kept and not processed."""

    __tablename__ = "tenants"
    __table_args__ = (ForeignKeyConstraint(["partner_id"], ["partners.partner_id"]),)

    partner_id: Mapped[str] = mapped_column(String(NAME_LENGTH), primary_key=True)
    tenant_id: Mapped[str] = mapped_column(String(NAME_LENGTH), primary_key=True)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    restricted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class ConnectionRow(Base):
    """One AWS account or Azure billing scope of a tenant."""

    __tablename__ = "connections"
    __table_args__ = (
        ForeignKeyConstraint(
            ["partner_id", "tenant_id"], ["tenants.partner_id", "tenants.tenant_id"]
        ),
    )

    partner_id: Mapped[str] = mapped_column(String(NAME_LENGTH), primary_key=True)
    tenant_id: Mapped[str] = mapped_column(String(NAME_LENGTH), primary_key=True)
    connection_id: Mapped[str] = mapped_column(String(100), primary_key=True)
    provider: Mapped[str] = mapped_column(String(20))
    scope: Mapped[str] = mapped_column(Text)
    name: Mapped[str | None] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)


class SourceRow(Base):
    """One place where a tenant's exports are delivered."""

    __tablename__ = "sources"
    __table_args__ = (
        ForeignKeyConstraint(
            ["partner_id", "tenant_id"], ["tenants.partner_id", "tenants.tenant_id"]
        ),
    )

    partner_id: Mapped[str] = mapped_column(String(NAME_LENGTH), primary_key=True)
    tenant_id: Mapped[str] = mapped_column(String(NAME_LENGTH), primary_key=True)
    uri: Mapped[str] = mapped_column(String(2000), primary_key=True)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)


class LoadRow(Base):
    """One delivery of one billing period of a connection."""

    __tablename__ = "loads"
    __table_args__ = (
        ForeignKeyConstraint(
            ["partner_id", "tenant_id", "connection_id"],
            ["connections.partner_id", "connections.tenant_id", "connections.connection_id"],
        ),
    )

    partner_id: Mapped[str] = mapped_column(String(NAME_LENGTH), primary_key=True)
    tenant_id: Mapped[str] = mapped_column(String(NAME_LENGTH), primary_key=True)
    connection_id: Mapped[str] = mapped_column(String(100), primary_key=True)
    billing_period: Mapped[str] = mapped_column(String(7), primary_key=True)
    load_id: Mapped[str] = mapped_column(String(200), primary_key=True)
    dataset: Mapped[str] = mapped_column(String(40))
    status: Mapped[str] = mapped_column(String(40))
    row_count: Mapped[int] = mapped_column(BigInteger)
    rejected_row_count: Mapped[int] = mapped_column(BigInteger)
    byte_count: Mapped[int] = mapped_column(BigInteger)
    delivered_at: Mapped[datetime] = mapped_column(UtcDateTime)
    loaded_at: Mapped[datetime] = mapped_column(UtcDateTime)
    message: Mapped[str] = mapped_column(Text)
