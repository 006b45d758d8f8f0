"""What was decided and said about findings."""

from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True)
class FindingDecision:
    """What holds of a finding now.

    Attributes:
        partner_id: Whose finding.
        tenant_id: Of which tenant.
        finding_id: The finding.
        state: open, snoozed, dismissed or done.
        assignee: Address of who takes care of it, or empty.
        snoozed_until: First day on which it shows again.
        reason: Why it was dismissed or snoozed.
        version: Counts up; a change must name the one that it saw.
        decided_by: Who changed it last.
        decided_at: When.
    """

    partner_id: str
    tenant_id: str
    finding_id: str
    state: str
    assignee: str
    snoozed_until: date | None
    reason: str
    version: int
    decided_by: str
    decided_at: datetime


@dataclass(frozen=True)
class FindingNote:
    """One step in the course of a finding: a comment or a decision."""

    partner_id: str
    note_id: str
    tenant_id: str
    finding_id: str
    kind: str
    text: str
    written_by: str
    written_at: datetime
