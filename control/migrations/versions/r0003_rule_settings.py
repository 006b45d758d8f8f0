"""Thresholds of rules and exemptions from them."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

_INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Make the tables; an empty tenant is every tenant of the partner."""
    op.create_table(
        "rule_thresholds",
        sa.Column("partner_id", sa.String(63), nullable=False),
        sa.Column("tenant_id", sa.String(63), nullable=False),
        sa.Column("rule_id", sa.String(100), nullable=False),
        sa.Column("threshold_name", sa.String(100), nullable=False),
        sa.Column("value", sa.Float(53), nullable=False),
        sa.Column("changed_at", _INSTANT, nullable=False),
        sa.PrimaryKeyConstraint(
            "partner_id", "tenant_id", "rule_id", "threshold_name", name="pk_rule_thresholds"
        ),
        sa.ForeignKeyConstraint(
            ["partner_id"], ["partners.partner_id"], name="fk_rule_thresholds_partners"
        ),
    )
    op.create_table(
        "rule_exemptions",
        sa.Column("partner_id", sa.String(63), nullable=False),
        sa.Column("tenant_id", sa.String(63), nullable=False),
        sa.Column("rule_id", sa.String(100), nullable=False),
        sa.Column("tag_key", sa.String(256), nullable=False),
        sa.Column("tag_value", sa.String(256), nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("created_by", sa.Text, nullable=False),
        sa.Column("created_at", _INSTANT, nullable=False),
        sa.PrimaryKeyConstraint(
            "partner_id",
            "tenant_id",
            "rule_id",
            "tag_key",
            "tag_value",
            name="pk_rule_exemptions",
        ),
        sa.ForeignKeyConstraint(
            ["partner_id"], ["partners.partner_id"], name="fk_rule_exemptions_partners"
        ),
    )


def downgrade() -> None:
    """Remove them."""
    for table in ("rule_exemptions", "rule_thresholds"):
        op.drop_table(table)
