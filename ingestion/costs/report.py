"""What became of a source: one outcome per delivery and partition."""

from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum


class Kind(StrEnum):
    """What happened to a delivery, or to its part in one partition."""

    LANDED = "landed"
    UNCHANGED = "unchanged"
    SUPERSEDED = "superseded"
    SKIPPED = "skipped"
    UNRECOGNISED = "unrecognised"
    REFUSED = "refused"
    FAILED = "failed"


_GOOD = frozenset({Kind.LANDED, Kind.UNCHANGED, Kind.SUPERSEDED})
_LOSSES = frozenset({Kind.UNRECOGNISED, Kind.REFUSED, Kind.FAILED})


@dataclass(frozen=True, slots=True)
class Outcome:
    """What happened, in a sentence, and its figures.

    Attributes:
        kind: What happened.
        source: Path of the manifest or file, below the source.
        message: The sentence; names the file and what to do where something is wrong.
        connection_id: Connection it landed in, if known.
        billing_period: `YYYY-MM`, if known.
        dataset: focus, cur, azure_actual or azure_amortized.
        format: Recognised format, such as `cur_legacy`.
        load_id: Digest of the delivery.
        row_count: Lines that landed.
        rejected_row_count: Lines that did not.
        noted_row_count: Lines that landed with an unknown value.
        byte_count: Bytes of the source files.
        totals: Provider's cost per currency, before any mapping.
        watermark_date: Last day with charges.
        provider: aws, azure or other.
        scope: Billing scope.
        delivered_at: When the provider delivered it, UTC.
        is_open: Whether it was not taken and the message asks a person to decide.
        remarks: What a reader should know of what landed; the message holds it, too.
    """

    kind: Kind
    source: str
    message: str
    connection_id: str | None = None
    billing_period: str | None = None
    dataset: str | None = None
    format: str | None = None
    load_id: str | None = None
    row_count: int = 0
    rejected_row_count: int = 0
    noted_row_count: int = 0
    byte_count: int = 0
    totals: dict[str, Decimal] = field(default_factory=dict)
    watermark_date: date | None = None
    provider: str | None = None
    scope: str | None = None
    delivered_at: datetime | None = None
    is_open: bool = False
    remarks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class IngestReport:
    """Everything that became of one source."""

    source: str
    outcomes: tuple[Outcome, ...]

    def of(self, *kinds: Kind) -> tuple[Outcome, ...]:
        """Return the outcomes of these kinds."""
        return tuple(outcome for outcome in self.outcomes if outcome.kind in kinds)

    @property
    def exit_status(self) -> int:
        """0 if everything asked for happened, 3 if parts did not and the rest landed, else 1."""
        if not self.of(*_GOOD):
            return 1
        has_losses = bool(self.of(*_LOSSES)) or any(
            outcome.rejected_row_count or outcome.is_open for outcome in self.outcomes
        )
        return 3 if has_losses else 0
