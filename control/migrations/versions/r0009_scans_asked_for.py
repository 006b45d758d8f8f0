"""Signs of life of scans, what they are looked up by, and how far each partner's marts are."""

import sqlalchemy as sa
from alembic import op

from control.migrations.row_security import secure_rows

revision = "0009"
down_revision = "0008"

_INSTANT = sa.DateTime(timezone=True)
_INDEXES = {
    "ix_scans_partner_id_requested_at": ["partner_id", "requested_at"],
    "ix_scans_status": ["status"],
    "ix_scans_finished_at": ["finished_at"],
}


def upgrade() -> None:
    """Add the column and the indexes, and make the table."""
    op.add_column("scans", sa.Column("alive_at", _INSTANT))
    for name, columns in _INDEXES.items():
        op.create_index(name, "scans", columns)
    op.create_table(
        "marts_states",
        sa.Column("partner_id", sa.String(63), nullable=False),
        sa.Column("stage", sa.String(20), nullable=False),
        sa.Column("started_at", _INSTANT, nullable=False),
        sa.Column("alive_at", _INSTANT, nullable=False),
        sa.Column("built_from", _INSTANT),
        sa.Column("published_from", _INSTANT),
        sa.Column("message", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("partner_id", name="pk_marts_states"),
        sa.ForeignKeyConstraint(
            ["partner_id"], ["partners.partner_id"], name="fk_marts_states_partners"
        ),
        sa.CheckConstraint(
            "stage in ('building', 'built', 'publishing', 'published', 'failed')",
            name=op.f("ck_marts_states_stage"),
        ),
    )
    secure_rows("marts_states")


def downgrade() -> None:
    """Remove them."""
    op.drop_table("marts_states")
    for name in _INDEXES:
        op.drop_index(name, table_name="scans")
    op.drop_column("scans", "alive_at")
