"""Partners, tenants, connections, sources and loads."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision: str | None = None

_INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Make the first tables."""
    op.create_table(
        "partners",
        sa.Column("partner_id", sa.String(63), nullable=False),
        sa.Column("created_at", _INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("partner_id", name="pk_partners"),
    )
    op.create_table(
        "tenants",
        sa.Column("partner_id", sa.String(63), nullable=False),
        sa.Column("tenant_id", sa.String(63), nullable=False),
        sa.Column("created_at", _INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("partner_id", "tenant_id", name="pk_tenants"),
        sa.ForeignKeyConstraint(
            ["partner_id"], ["partners.partner_id"], name="fk_tenants_partners"
        ),
    )
    op.create_table(
        "connections",
        sa.Column("partner_id", sa.String(63), nullable=False),
        sa.Column("tenant_id", sa.String(63), nullable=False),
        sa.Column("connection_id", sa.String(100), nullable=False),
        sa.Column("provider", sa.String(20), nullable=False),
        sa.Column("scope", sa.Text, nullable=False),
        sa.Column("name", sa.Text),
        sa.Column("created_at", _INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("partner_id", "tenant_id", "connection_id", name="pk_connections"),
        sa.ForeignKeyConstraint(
            ["partner_id", "tenant_id"],
            ["tenants.partner_id", "tenants.tenant_id"],
            name="fk_connections_tenants",
        ),
    )
    op.create_table(
        "sources",
        sa.Column("partner_id", sa.String(63), nullable=False),
        sa.Column("tenant_id", sa.String(63), nullable=False),
        sa.Column("uri", sa.String(2000), nullable=False),
        sa.Column("created_at", _INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("partner_id", "tenant_id", "uri", name="pk_sources"),
        sa.ForeignKeyConstraint(
            ["partner_id", "tenant_id"],
            ["tenants.partner_id", "tenants.tenant_id"],
            name="fk_sources_tenants",
        ),
    )
    op.create_table(
        "loads",
        sa.Column("partner_id", sa.String(63), nullable=False),
        sa.Column("tenant_id", sa.String(63), nullable=False),
        sa.Column("connection_id", sa.String(100), nullable=False),
        sa.Column("billing_period", sa.String(7), nullable=False),
        sa.Column("load_id", sa.String(200), nullable=False),
        sa.Column("dataset", sa.String(40), nullable=False),
        sa.Column("status", sa.String(40), nullable=False),
        sa.Column("row_count", sa.BigInteger, nullable=False),
        sa.Column("rejected_row_count", sa.BigInteger, nullable=False),
        sa.Column("byte_count", sa.BigInteger, nullable=False),
        sa.Column("delivered_at", _INSTANT, nullable=False),
        sa.Column("loaded_at", _INSTANT, nullable=False),
        sa.Column("message", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint(
            "partner_id",
            "tenant_id",
            "connection_id",
            "billing_period",
            "load_id",
            name="pk_loads",
        ),
        sa.ForeignKeyConstraint(
            ["partner_id", "tenant_id", "connection_id"],
            ["connections.partner_id", "connections.tenant_id", "connections.connection_id"],
            name="fk_loads_connections",
        ),
    )


def downgrade() -> None:
    """Remove them, those that point before those pointed at."""
    for table in ("loads", "sources", "connections", "tenants", "partners"):
        op.drop_table(table)
