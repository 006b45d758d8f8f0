"""Row-level security by partner, on PostgreSQL: a lock behind the queries' own conditions."""

import sqlalchemy as sa
from alembic import op

from control.migrations.row_security import POLICY, secure_rows

revision = "0008"
down_revision = "0006"


def upgrade() -> None:
    """Let each row be seen and written by transactions of its partner, or of the platform."""
    for table in _tables():
        secure_rows(table)


def downgrade() -> None:
    """Take it away."""
    for table in _tables():
        op.execute(f"drop policy {POLICY} on {table}")
        op.execute(f"alter table {table} no force row level security")
        op.execute(f"alter table {table} disable row level security")


def _tables() -> list[str]:
    """Return the tables with a partner; none on a database without such security."""
    connection = op.get_bind()
    if connection.dialect.name != "postgresql":
        return []
    inspector = sa.inspect(connection)
    return [
        table
        for table in sorted(inspector.get_table_names())
        if any(column["name"] == "partner_id" for column in inspector.get_columns(table))
    ]
