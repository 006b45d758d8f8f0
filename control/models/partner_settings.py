"""What a partner's admins set for it: budgets, and how it appears."""

from datetime import datetime

from sqlalchemy import BigInteger, ForeignKeyConstraint, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from control.models.base import NAME_LENGTH, Base, UtcDateTime


class BudgetRow(Base):
    """What a tenant, or with an empty tenant the whole partner, means to spend in a month."""

    __tablename__ = "budgets"
    __table_args__ = (ForeignKeyConstraint(["partner_id"], ["partners.partner_id"]),)

    partner_id: Mapped[str] = mapped_column(String(NAME_LENGTH), primary_key=True)
    tenant_id: Mapped[str] = mapped_column(String(NAME_LENGTH), primary_key=True)
    billing_currency: Mapped[str] = mapped_column(String(3), primary_key=True)
    amount: Mapped[int] = mapped_column(BigInteger)
    changed_by: Mapped[str] = mapped_column(Text)
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime)


class BrandingRow(Base):
    """How a partner appears to those whom it serves; its logo is a PNG as base64."""

    __tablename__ = "branding"
    __table_args__ = (ForeignKeyConstraint(["partner_id"], ["partners.partner_id"]),)

    partner_id: Mapped[str] = mapped_column(String(NAME_LENGTH), primary_key=True)
    name: Mapped[str] = mapped_column(Text)
    contact: Mapped[str] = mapped_column(Text)
    color: Mapped[str] = mapped_column(String(7))
    logo: Mapped[str] = mapped_column(Text)
    changed_by: Mapped[str] = mapped_column(Text)
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime)
