"""Members, invitations, the access log, and decisions about findings."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"

_INSTANT = sa.DateTime(timezone=True)
_ROLE = "role in ('viewer', 'analyst', 'admin')"


def upgrade() -> None:
    """Make the tables; a partner gets its organization at the identity provider."""
    op.add_column("partners", sa.Column("organization_id", sa.String(255)))
    op.add_column("partners", sa.Column("restricted_at", _INSTANT))
    op.create_index("uq_partners_organization_id", "partners", ["organization_id"], unique=True)
    op.create_table(
        "members",
        sa.Column("partner_id", sa.String(63), nullable=False),
        sa.Column("member_id", sa.String(32), nullable=False),
        sa.Column("subject", sa.String(255)),
        sa.Column("email", sa.String(320), nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("picture", sa.Text, nullable=False),
        sa.Column("role", sa.String(20), nullable=False),
        sa.Column("tenants", sa.Text, nullable=False),
        sa.Column("status", sa.String(20), nullable=False),
        sa.Column("created_at", _INSTANT, nullable=False),
        sa.Column("last_sign_in_at", _INSTANT),
        sa.Column("signed_out_at", _INSTANT),
        sa.PrimaryKeyConstraint("partner_id", "member_id", name="pk_members"),
        sa.ForeignKeyConstraint(
            ["partner_id"], ["partners.partner_id"], name="fk_members_partners"
        ),
        sa.UniqueConstraint("partner_id", "email", name="uq_members_partner_id_email"),
        sa.UniqueConstraint("partner_id", "subject", name="uq_members_partner_id_subject"),
        sa.CheckConstraint(_ROLE, name="ck_members_role"),
        sa.CheckConstraint(
            "status in ('active', 'restricted', 'removed')", name="ck_members_status"
        ),
    )
    op.create_table(
        "invitations",
        sa.Column("partner_id", sa.String(63), nullable=False),
        sa.Column("invitation_id", sa.String(32), nullable=False),
        sa.Column("token_digest", sa.String(64), nullable=False),
        sa.Column("email", sa.String(320), nullable=False),
        sa.Column("role", sa.String(20), nullable=False),
        sa.Column("tenants", sa.Text, nullable=False),
        sa.Column("invited_by", sa.Text, nullable=False),
        sa.Column("created_at", _INSTANT, nullable=False),
        sa.Column("expires_at", _INSTANT, nullable=False),
        sa.Column("accepted_at", _INSTANT),
        sa.Column("revoked_at", _INSTANT),
        sa.PrimaryKeyConstraint("partner_id", "invitation_id", name="pk_invitations"),
        sa.ForeignKeyConstraint(
            ["partner_id"], ["partners.partner_id"], name="fk_invitations_partners"
        ),
        sa.UniqueConstraint("token_digest", name="uq_invitations_token_digest"),
        sa.CheckConstraint(_ROLE, name="ck_invitations_role"),
    )
    op.create_table(
        "access_log",
        sa.Column("partner_id", sa.String(63), nullable=False),
        sa.Column("entry_id", sa.String(32), nullable=False),
        sa.Column("logged_at", _INSTANT, nullable=False),
        sa.Column("member_id", sa.String(32), nullable=False),
        sa.Column("actor", sa.Text, nullable=False),
        sa.Column("action", sa.String(60), nullable=False),
        sa.Column("outcome", sa.String(20), nullable=False),
        sa.Column("tenant_id", sa.String(63), nullable=False),
        sa.Column("target", sa.Text, nullable=False),
        sa.Column("detail", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("partner_id", "entry_id", name="pk_access_log"),
    )
    op.create_index("ix_access_log_partner_id_logged_at", "access_log", ["partner_id", "logged_at"])
    op.create_table(
        "finding_decisions",
        sa.Column("partner_id", sa.String(63), nullable=False),
        sa.Column("tenant_id", sa.String(63), nullable=False),
        sa.Column("finding_id", sa.String(64), nullable=False),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("assignee", sa.String(320), nullable=False),
        sa.Column("snoozed_until", sa.Date),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("decided_by", sa.Text, nullable=False),
        sa.Column("decided_at", _INSTANT, nullable=False),
        sa.PrimaryKeyConstraint(
            "partner_id", "tenant_id", "finding_id", name="pk_finding_decisions"
        ),
        sa.ForeignKeyConstraint(
            ["partner_id", "tenant_id"],
            ["tenants.partner_id", "tenants.tenant_id"],
            name="fk_finding_decisions_tenants",
        ),
        sa.CheckConstraint(
            "state in ('open', 'snoozed', 'dismissed', 'done')", name="ck_finding_decisions_state"
        ),
    )
    op.create_table(
        "finding_notes",
        sa.Column("partner_id", sa.String(63), nullable=False),
        sa.Column("note_id", sa.String(32), nullable=False),
        sa.Column("tenant_id", sa.String(63), nullable=False),
        sa.Column("finding_id", sa.String(64), nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("written_by", sa.Text, nullable=False),
        sa.Column("written_at", _INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("partner_id", "note_id", name="pk_finding_notes"),
        sa.ForeignKeyConstraint(
            ["partner_id", "tenant_id"],
            ["tenants.partner_id", "tenants.tenant_id"],
            name="fk_finding_notes_tenants",
        ),
    )


def downgrade() -> None:
    """Remove them."""
    for table in ("finding_notes", "finding_decisions", "access_log", "invitations", "members"):
        op.drop_table(table)
    op.drop_index("uq_partners_organization_id", "partners")
    op.drop_column("partners", "restricted_at")
    op.drop_column("partners", "organization_id")
