"""How fresh what a partner sees is."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class MartsState:
    """How far a partner's marts are: built from what has landed, and published.

    Attributes:
        partner_id: Whose they are.
        stage: building, built, publishing, published or failed.
        started_at: When the last build began, UTC.
        alive_at: When whoever builds or publishes was last known to be at it.
        built_from: When the last build that succeeded began: what landed before is in it.
        published_from: The same of what is served; None before the first publication.
        message: What failed, in a sentence.
    """

    partner_id: str
    stage: str
    started_at: datetime
    alive_at: datetime
    built_from: datetime | None
    published_from: datetime | None
    message: str
