"""Privacy requests, consents, what was erased, and restricted tenants."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"

_INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Make the tables; a tombstone points to nobody, for its partner may be gone."""
    op.add_column("tenants", sa.Column("restricted_at", _INSTANT))
    op.create_table(
        "privacy_requests",
        sa.Column("partner_id", sa.String(63), nullable=False),
        sa.Column("request_id", sa.String(32), nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("subject_kind", sa.String(20), nullable=False),
        sa.Column("tenant_id", sa.String(63), nullable=False),
        sa.Column("subject_id", sa.String(100), nullable=False),
        sa.Column("requested_by", sa.Text, nullable=False),
        sa.Column("note", sa.Text, nullable=False),
        sa.Column("received_at", _INSTANT, nullable=False),
        sa.Column("due_at", _INSTANT, nullable=False),
        sa.Column("extended_at", _INSTANT),
        sa.Column("extension_reason", sa.Text, nullable=False),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("open_key", sa.String(240)),
        sa.Column("progress", sa.Text, nullable=False),
        sa.Column("receipt", sa.Text, nullable=False),
        sa.Column("message", sa.Text, nullable=False),
        sa.Column("started_at", _INSTANT),
        sa.Column("finished_at", _INSTANT),
        sa.PrimaryKeyConstraint("partner_id", "request_id", name="pk_privacy_requests"),
        sa.ForeignKeyConstraint(
            ["partner_id"], ["partners.partner_id"], name="fk_privacy_requests_partners"
        ),
        sa.UniqueConstraint(
            "partner_id", "open_key", name="uq_privacy_requests_partner_id_open_key"
        ),
        sa.CheckConstraint(
            "state in ('received', 'running', 'done', 'failed', 'withdrawn')",
            name="ck_privacy_requests_state",
        ),
    )
    op.create_table(
        "consents",
        sa.Column("partner_id", sa.String(63), nullable=False),
        sa.Column("consent_id", sa.String(32), nullable=False),
        sa.Column("member_id", sa.String(32), nullable=False),
        sa.Column("purpose", sa.String(40), nullable=False),
        sa.Column("is_given", sa.Boolean, nullable=False),
        sa.Column("notice_version", sa.String(40), nullable=False),
        sa.Column("decided_at", _INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("partner_id", "consent_id", name="pk_consents"),
        sa.ForeignKeyConstraint(
            ["partner_id"], ["partners.partner_id"], name="fk_consents_partners"
        ),
    )
    op.create_table(
        "erasure_tombstones",
        sa.Column("partner_id", sa.String(63), nullable=False),
        sa.Column("tombstone_id", sa.String(32), nullable=False),
        sa.Column("subject_kind", sa.String(20), nullable=False),
        sa.Column("subject_digest", sa.String(64), nullable=False),
        sa.Column("address_digest", sa.String(64), nullable=False),
        sa.Column("erased_at", _INSTANT, nullable=False),
        sa.Column("finished_at", _INSTANT),
        sa.Column("receipt", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("partner_id", "tombstone_id", name="pk_erasure_tombstones"),
    )


def downgrade() -> None:
    """Remove them."""
    for table in ("erasure_tombstones", "consents", "privacy_requests"):
        op.drop_table(table)
    op.drop_column("tenants", "restricted_at")
