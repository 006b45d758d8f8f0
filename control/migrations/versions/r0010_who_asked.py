"""Which member asked for something that a worker does, so that its role is looked up again."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"

_TABLES = ("connection_requests", "privacy_requests", "scans")


def upgrade() -> None:
    """Add the member; what waited before was asked for by nobody who can be looked up."""
    for table in _TABLES:
        column = sa.Column("member_id", sa.String(32), nullable=False, server_default="")
        op.add_column(table, column)


def downgrade() -> None:
    """Take it away."""
    for table in _TABLES:
        op.drop_column(table, "member_id")
