"""Row-level security of one table, where the database has such a thing."""

from alembic import op

POLICY = "one_partner"
_SCOPE = "current_setting('cloudprune.partner_id', true)"


def secure_rows(table: str) -> None:
    """Let each row be seen and written by transactions of its partner, or of the platform."""
    if op.get_bind().dialect.name != "postgresql":
        return
    op.execute(f"alter table {table} enable row level security")
    op.execute(f"alter table {table} force row level security")
    op.execute(f"create policy {POLICY} on {table} using (partner_id = {_SCOPE} or {_SCOPE} = '*')")
