"""Members of partners, their sign-ins, invitations, and the log of what was done."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from control.models.base import NAME_LENGTH, Base, UtcDateTime

_ROLE = "role in ('viewer', 'analyst', 'admin')"


class MemberRow(Base):
    """One person of a partner; of the person, nothing but what the identity provider says."""

    __tablename__ = "members"
    __table_args__ = (
        ForeignKeyConstraint(["partner_id"], ["partners.partner_id"]),
        UniqueConstraint("partner_id", "email"),
        UniqueConstraint("partner_id", "subject"),
        CheckConstraint(_ROLE, name="role"),
        CheckConstraint("status in ('active', 'restricted', 'removed')", name="status"),
    )

    partner_id: Mapped[str] = mapped_column(String(NAME_LENGTH), primary_key=True)
    member_id: Mapped[str] = mapped_column(String(32), primary_key=True)
    subject: Mapped[str | None] = mapped_column(String(255))
    email: Mapped[str] = mapped_column(String(320))
    name: Mapped[str] = mapped_column(Text)
    picture: Mapped[str] = mapped_column(Text)
    role: Mapped[str] = mapped_column(String(20))
    tenants: Mapped[str] = mapped_column(Text)
    status: Mapped[str] = mapped_column(String(20))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    last_sign_in_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    signed_out_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class SignInRow(Base):
    """One sign-in of a member, until its token ends; left before that by who signs out."""

    __tablename__ = "sign_ins"
    __table_args__ = (
        ForeignKeyConstraint(
            ["partner_id", "member_id"], ["members.partner_id", "members.member_id"]
        ),
    )

    partner_id: Mapped[str] = mapped_column(String(NAME_LENGTH), primary_key=True)
    session_id: Mapped[str] = mapped_column(String(64), primary_key=True)
    member_id: Mapped[str] = mapped_column(String(32))
    began_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ends_at: Mapped[datetime] = mapped_column(UtcDateTime)
    left_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class InvitationRow(Base):
    """An address that may become a member; its link holds a secret of which this is the digest."""

    __tablename__ = "invitations"
    __table_args__ = (
        ForeignKeyConstraint(["partner_id"], ["partners.partner_id"]),
        UniqueConstraint("token_digest"),
        CheckConstraint(_ROLE, name="role"),
    )

    partner_id: Mapped[str] = mapped_column(String(NAME_LENGTH), primary_key=True)
    invitation_id: Mapped[str] = mapped_column(String(32), primary_key=True)
    token_digest: Mapped[str] = mapped_column(String(64))
    email: Mapped[str] = mapped_column(String(320))
    role: Mapped[str] = mapped_column(String(20))
    tenants: Mapped[str] = mapped_column(Text)
    invited_by: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    accepted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    revoked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class AccessLogRow(Base):
    """One thing that somebody did, saw or was refused; an empty partner is none that is known."""

    __tablename__ = "access_log"
    __table_args__ = (Index(None, "partner_id", "logged_at"),)

    partner_id: Mapped[str] = mapped_column(String(NAME_LENGTH), primary_key=True)
    entry_id: Mapped[str] = mapped_column(String(32), primary_key=True)
    logged_at: Mapped[datetime] = mapped_column(UtcDateTime)
    member_id: Mapped[str] = mapped_column(String(32))
    actor: Mapped[str] = mapped_column(Text)
    action: Mapped[str] = mapped_column(String(60))
    outcome: Mapped[str] = mapped_column(String(20))
    tenant_id: Mapped[str] = mapped_column(String(NAME_LENGTH))
    target: Mapped[str] = mapped_column(Text)
    detail: Mapped[str] = mapped_column(Text)
