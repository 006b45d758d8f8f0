"""Budgets and branding."""

import sqlalchemy as sa
from alembic import op

from control.migrations.row_security import secure_rows

revision = "0011"
down_revision = "0010"

_INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Make the tables, each row of which is its partner's alone."""
    op.create_table(
        "budgets",
        sa.Column("partner_id", sa.String(63), nullable=False),
        sa.Column("tenant_id", sa.String(63), nullable=False),
        sa.Column("billing_currency", sa.String(3), nullable=False),
        sa.Column("amount", sa.BigInteger, nullable=False),
        sa.Column("changed_by", sa.Text, nullable=False),
        sa.Column("changed_at", _INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("partner_id", "tenant_id", "billing_currency", name="pk_budgets"),
        sa.ForeignKeyConstraint(
            ["partner_id"], ["partners.partner_id"], name="fk_budgets_partners"
        ),
    )
    op.create_table(
        "branding",
        sa.Column("partner_id", sa.String(63), nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("contact", sa.Text, nullable=False),
        sa.Column("color", sa.String(7), nullable=False),
        sa.Column("logo", sa.Text, nullable=False),
        sa.Column("changed_by", sa.Text, nullable=False),
        sa.Column("changed_at", _INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("partner_id", name="pk_branding"),
        sa.ForeignKeyConstraint(
            ["partner_id"], ["partners.partner_id"], name="fk_branding_partners"
        ),
    )
    for table in ("budgets", "branding"):
        secure_rows(table)


def downgrade() -> None:
    """Remove them."""
    for table in ("branding", "budgets"):
        op.drop_table(table)
