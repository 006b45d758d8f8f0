"""How far each partner's marts are."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from control.models.base import NAME_LENGTH, Base, UtcDateTime


class MartsStateRow(Base):
    """The last build and publication of a partner's marts."""

    __tablename__ = "marts_states"
    __table_args__ = (
        ForeignKeyConstraint(["partner_id"], ["partners.partner_id"]),
        CheckConstraint(
            "stage in ('building', 'built', 'publishing', 'published', 'failed')", name="stage"
        ),
    )

    partner_id: Mapped[str] = mapped_column(String(NAME_LENGTH), primary_key=True)
    stage: Mapped[str] = mapped_column(String(20))
    started_at: Mapped[datetime] = mapped_column(UtcDateTime)
    alive_at: Mapped[datetime] = mapped_column(UtcDateTime)
    built_from: Mapped[datetime | None] = mapped_column(UtcDateTime)
    published_from: Mapped[datetime | None] = mapped_column(UtcDateTime)
    message: Mapped[str] = mapped_column(Text)
