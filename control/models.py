"""Tables of the control database, on SQLite and PostgreSQL alike.

Every table below a partner carries `partner_id` first in its key, and every foreign key includes
it, so that no row can point across partners.
"""

from datetime import UTC, date, datetime

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Date,
    DateTime,
    Dialect,
    Float,
    ForeignKeyConstraint,
    MetaData,
    String,
    Text,
    UniqueConstraint,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from sqlalchemy.types import TypeDecorator

NAME_LENGTH = 63

_CONVENTION = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class UtcDateTime(TypeDecorator[datetime]):
    """An instant; aware in Python on either database, kept in UTC."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(
        self,
        value: datetime | None,
        dialect: Dialect,  # noqa: ARG002 - SQLAlchemy passes it
    ) -> datetime | None:
        """Convert to UTC; a time without a zone is refused."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"an instant needs a time zone: {value}")
        return value.astimezone(UTC)

    def process_result_value(
        self,
        value: datetime | None,
        dialect: Dialect,  # noqa: ARG002 - SQLAlchemy passes it
    ) -> datetime | None:
        """Add the zone that SQLite drops."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Base(DeclarativeBase):
    """All tables; constraint names are the same on every database."""

    metadata = MetaData(naming_convention=_CONVENTION)


class PartnerRow(Base):
    """One partner."""

    __tablename__ = "partners"

    partner_id: Mapped[str] = mapped_column(String(NAME_LENGTH), primary_key=True)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)


class TenantRow(Base):
    """One tenant of a partner."""

    __tablename__ = "tenants"
    __table_args__ = (ForeignKeyConstraint(["partner_id"], ["partners.partner_id"]),)

    partner_id: Mapped[str] = mapped_column(String(NAME_LENGTH), primary_key=True)
    tenant_id: Mapped[str] = mapped_column(String(NAME_LENGTH), primary_key=True)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)


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
    )

    partner_id: Mapped[str] = mapped_column(String(NAME_LENGTH), primary_key=True)
    scan_id: Mapped[str] = mapped_column(String(32), primary_key=True)
    tenant_id: Mapped[str] = mapped_column(String(NAME_LENGTH))
    connection_id: Mapped[str] = mapped_column(String(100))
    status: Mapped[str] = mapped_column(String(20))
    requested_by: Mapped[str] = mapped_column(Text)
    requested_at: Mapped[datetime] = mapped_column(UtcDateTime)
    started_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    finished_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    snapshot_date: Mapped[date | None] = mapped_column(Date)
    done_count: Mapped[int] = mapped_column(BigInteger)
    total_count: Mapped[int] = mapped_column(BigInteger)
    resource_count: Mapped[int] = mapped_column(BigInteger)
    call_count: Mapped[int] = mapped_column(BigInteger)
    message: Mapped[str] = mapped_column(Text)


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


class RuleThresholdRow(Base):
    """A threshold that a tenant, or with an empty tenant a whole partner, has set."""

    __tablename__ = "rule_thresholds"
    __table_args__ = (ForeignKeyConstraint(["partner_id"], ["partners.partner_id"]),)

    partner_id: Mapped[str] = mapped_column(String(NAME_LENGTH), primary_key=True)
    tenant_id: Mapped[str] = mapped_column(String(NAME_LENGTH), primary_key=True)
    rule_id: Mapped[str] = mapped_column(String(100), primary_key=True)
    threshold_name: Mapped[str] = mapped_column(String(100), primary_key=True)
    value: Mapped[float] = mapped_column(Float(53))
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime)


class RuleExemptionRow(Base):
    """Resources that a rule, or with `*` every rule, leaves alone for a tag they bear."""

    __tablename__ = "rule_exemptions"
    __table_args__ = (ForeignKeyConstraint(["partner_id"], ["partners.partner_id"]),)

    partner_id: Mapped[str] = mapped_column(String(NAME_LENGTH), primary_key=True)
    tenant_id: Mapped[str] = mapped_column(String(NAME_LENGTH), primary_key=True)
    rule_id: Mapped[str] = mapped_column(String(100), primary_key=True)
    tag_key: Mapped[str] = mapped_column(String(256), primary_key=True)
    tag_value: Mapped[str] = mapped_column(String(256), primary_key=True)
    reason: Mapped[str] = mapped_column(Text)
    created_by: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
