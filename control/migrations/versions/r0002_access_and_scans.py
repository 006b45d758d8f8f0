"""What opens connections, and the record of scans."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

_INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "connection_access",
        sa.Column("partner_id", sa.String(63), nullable=False),
        sa.Column("tenant_id", sa.String(63), nullable=False),
        sa.Column("connection_id", sa.String(100), nullable=False),
        sa.Column("role_arn", sa.String(2048)),
        sa.Column("external_id", sa.String(64)),
        sa.Column("directory_id", sa.String(64)),
        sa.Column("client_id", sa.String(64)),
        sa.Column("subscriptions", sa.Text, nullable=False),
        sa.Column("changed_at", _INSTANT, nullable=False),
        sa.PrimaryKeyConstraint(
            "partner_id", "tenant_id", "connection_id", name="pk_connection_access"
        ),
        sa.ForeignKeyConstraint(
            ["partner_id", "tenant_id", "connection_id"],
            ["connections.partner_id", "connections.tenant_id", "connections.connection_id"],
            name="fk_connection_access_connections",
        ),
        sa.CheckConstraint(
            "role_arn is null or role_arn like 'arn:aws%/%'",
            name=op.f("ck_connection_access_role"),
        ),
        sa.UniqueConstraint("external_id", name="uq_connection_access_external_id"),
    )
    op.create_table(
        "scans",
        sa.Column("partner_id", sa.String(63), nullable=False),
        sa.Column("scan_id", sa.String(32), nullable=False),
        sa.Column("tenant_id", sa.String(63), nullable=False),
        sa.Column("connection_id", sa.String(100), nullable=False),
        sa.Column("status", sa.String(20), nullable=False),
        sa.Column("requested_by", sa.Text, nullable=False),
        sa.Column("requested_at", _INSTANT, nullable=False),
        sa.Column("started_at", _INSTANT),
        sa.Column("finished_at", _INSTANT),
        sa.Column("snapshot_date", sa.Date),
        sa.Column("done_count", sa.BigInteger, nullable=False),
        sa.Column("total_count", sa.BigInteger, nullable=False),
        sa.Column("resource_count", sa.BigInteger, nullable=False),
        sa.Column("call_count", sa.BigInteger, nullable=False),
        sa.Column("message", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("partner_id", "scan_id", name="pk_scans"),
        sa.ForeignKeyConstraint(
            ["partner_id", "tenant_id", "connection_id"],
            ["connections.partner_id", "connections.tenant_id", "connections.connection_id"],
            name="fk_scans_connections",
        ),
    )
    op.create_table(
        "scan_problems",
        sa.Column("partner_id", sa.String(63), nullable=False),
        sa.Column("scan_id", sa.String(32), nullable=False),
        sa.Column("sub_account_id", sa.String(64), nullable=False),
        sa.Column("region_id", sa.String(64), nullable=False),
        sa.Column("table_name", sa.String(100), nullable=False),
        sa.Column("status", sa.String(20), nullable=False),
        sa.Column("error_code", sa.Text, nullable=False),
        sa.Column("message", sa.Text, nullable=False),
        sa.Column("action", sa.Text, nullable=False),
        sa.Column("noted_at", _INSTANT, nullable=False),
        sa.PrimaryKeyConstraint(
            "partner_id",
            "scan_id",
            "sub_account_id",
            "region_id",
            "table_name",
            name="pk_scan_problems",
        ),
        sa.ForeignKeyConstraint(
            ["partner_id", "scan_id"],
            ["scans.partner_id", "scans.scan_id"],
            name="fk_scan_problems_scans",
        ),
    )


def downgrade() -> None:
    """Remove them, those that point before those pointed at."""
    for table in ("scan_problems", "scans", "connection_access"):
        op.drop_table(table)
