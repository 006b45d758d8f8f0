"""Thresholds that were set, and exemptions."""

from datetime import datetime

from sqlalchemy import Float, ForeignKeyConstraint, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from control.models.base import NAME_LENGTH, Base, UtcDateTime


class RuleThresholdRow(Base):
    """A threshold that a tenant, or with an empty tenant a whole partner, has set."""

    __tablename__ = "rule_thresholds"
    __table_args__ = (ForeignKeyConstraint(["partner_id"], ["partners.partner_id"]),)

    partner_id: Mapped[str] = mapped_column(String(NAME_LENGTH), primary_key=True)
    tenant_id: Mapped[str] = mapped_column(String(NAME_LENGTH), primary_key=True)
    rule_id: Mapped[str] = mapped_column(String(100), primary_key=True)
    threshold_name: Mapped[str] = mapped_column(String(100), primary_key=True)
    value: Mapped[float] = mapped_column(Float(53))
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime)


class RuleExemptionRow(Base):
    """Resources that a rule, or with `*` every rule, leaves alone for a tag they bear."""

    __tablename__ = "rule_exemptions"
    __table_args__ = (ForeignKeyConstraint(["partner_id"], ["partners.partner_id"]),)

    partner_id: Mapped[str] = mapped_column(String(NAME_LENGTH), primary_key=True)
    tenant_id: Mapped[str] = mapped_column(String(NAME_LENGTH), primary_key=True)
    rule_id: Mapped[str] = mapped_column(String(100), primary_key=True)
    tag_key: Mapped[str] = mapped_column(String(256), primary_key=True)
    tag_value: Mapped[str] = mapped_column(String(256), primary_key=True)
    reason: Mapped[str] = mapped_column(Text)
    created_by: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
