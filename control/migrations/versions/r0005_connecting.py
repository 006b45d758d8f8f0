"""Connections in the making, what is asked of the worker, and how connections stand."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"

_INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Make the tables."""
    _make_setups()
    _make_requests()
    _make_states()


def _make_setups() -> None:
    op.create_table(
        "connection_setups",
        sa.Column("partner_id", sa.String(63), nullable=False),
        sa.Column("setup_id", sa.String(32), nullable=False),
        sa.Column("tenant_id", sa.String(63), nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("external_id", sa.String(64), nullable=False),
        sa.Column("started_by", sa.Text, nullable=False),
        sa.Column("started_at", _INSTANT, nullable=False),
        sa.Column("finished_at", _INSTANT),
        sa.PrimaryKeyConstraint("partner_id", "setup_id", name="pk_connection_setups"),
        sa.ForeignKeyConstraint(
            ["partner_id", "tenant_id"],
            ["tenants.partner_id", "tenants.tenant_id"],
            name="fk_connection_setups_tenants",
        ),
        sa.UniqueConstraint("external_id", name="uq_connection_setups_external_id"),
        sa.CheckConstraint(
            "external_id not like 'AKIA%' and external_id not like 'ASIA%'",
            name=op.f("ck_connection_setups_external_id"),
        ),
        sa.CheckConstraint(
            "kind in ('account', 'organization')", name=op.f("ck_connection_setups_kind")
        ),
    )


def _make_requests() -> None:
    op.create_table(
        "connection_requests",
        sa.Column("partner_id", sa.String(63), nullable=False),
        sa.Column("request_id", sa.String(32), nullable=False),
        sa.Column("tenant_id", sa.String(63), nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("status", sa.String(20), nullable=False),
        sa.Column("inputs", sa.Text, nullable=False),
        sa.Column("results", sa.Text, nullable=False),
        sa.Column("message", sa.Text, nullable=False),
        sa.Column("requested_by", sa.Text, nullable=False),
        sa.Column("requested_at", _INSTANT, nullable=False),
        sa.Column("started_at", _INSTANT),
        sa.Column("finished_at", _INSTANT),
        sa.PrimaryKeyConstraint("partner_id", "request_id", name="pk_connection_requests"),
        sa.ForeignKeyConstraint(
            ["partner_id", "tenant_id"],
            ["tenants.partner_id", "tenants.tenant_id"],
            name="fk_connection_requests_tenants",
        ),
        sa.CheckConstraint(
            "kind in ('connect', 'test', 'organization', 'disconnect')",
            name=op.f("ck_connection_requests_kind"),
        ),
        sa.CheckConstraint(
            "status in ('requested', 'running', 'done', 'failed')",
            name=op.f("ck_connection_requests_status"),
        ),
    )


def _make_states() -> None:
    op.create_table(
        "connection_states",
        sa.Column("partner_id", sa.String(63), nullable=False),
        sa.Column("tenant_id", sa.String(63), nullable=False),
        sa.Column("connection_id", sa.String(100), nullable=False),
        sa.Column("verdict", sa.String(20), nullable=False),
        sa.Column("results", sa.Text, nullable=False),
        sa.Column("tested_at", _INSTANT, nullable=False),
        sa.Column("verified_at", _INSTANT),
        sa.Column("secret_expires_on", sa.Date),
        sa.PrimaryKeyConstraint(
            "partner_id", "tenant_id", "connection_id", name="pk_connection_states"
        ),
        sa.ForeignKeyConstraint(
            ["partner_id", "tenant_id", "connection_id"],
            ["connections.partner_id", "connections.tenant_id", "connections.connection_id"],
            name="fk_connection_states_connections",
        ),
        sa.CheckConstraint(
            "verdict in ('good', 'partial', 'open', 'bad')",
            name=op.f("ck_connection_states_verdict"),
        ),
    )


def downgrade() -> None:
    """Remove them."""
    for table in ("connection_states", "connection_requests", "connection_setups"):
        op.drop_table(table)
