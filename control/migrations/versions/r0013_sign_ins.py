"""Sign-ins, until their tokens end."""

import sqlalchemy as sa
from alembic import op

from control.migrations.row_security import secure_rows

revision = "0013"
down_revision = "0011"

_INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Make the table, each row of which is its partner's alone."""
    op.create_table(
        "sign_ins",
        sa.Column("partner_id", sa.String(63), nullable=False),
        sa.Column("session_id", sa.String(64), nullable=False),
        sa.Column("member_id", sa.String(32), nullable=False),
        sa.Column("began_at", _INSTANT, nullable=False),
        sa.Column("ends_at", _INSTANT, nullable=False),
        sa.Column("left_at", _INSTANT),
        sa.PrimaryKeyConstraint("partner_id", "session_id", name="pk_sign_ins"),
        sa.ForeignKeyConstraint(
            ["partner_id", "member_id"],
            ["members.partner_id", "members.member_id"],
            name="fk_sign_ins_members",
        ),
    )
    secure_rows("sign_ins")


def downgrade() -> None:
    """Remove it."""
    op.drop_table("sign_ins")
