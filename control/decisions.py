"""What people decided about findings, and the course of each: comments and decisions."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime

from sqlalchemy import Connection, Engine, select

from control import records
from control.errors import ChangedMeanwhileError
from control.models import FindingDecisionRow, FindingNoteRow
from control.store import hold_partner, put, read, writes


@dataclass(frozen=True)
class Subject:
    """A finding, and the version of its decision that was seen; 0 where there was none."""

    tenant_id: str
    finding_id: str
    version: int = 0


@dataclass(frozen=True)
class Change:
    """What is decided; None leaves what was.

    Attributes:
        state: open, snoozed, dismissed or done.
        assignee: Address of who takes care of it; empty for nobody.
        snoozed_until: First day on which it shows again.
        reason: Why.
    """

    state: str | None = None
    assignee: str | None = None
    snoozed_until: date | None = None
    reason: str = ""


class DecisionRecords:
    """Decisions about findings; they survive rescans and rebuilds."""

    _engine: Engine

    def decisions(self, partner_id: str) -> tuple[records.FindingDecision, ...]:
        """Return what holds of a partner's findings now."""
        return read(
            self._engine,
            FindingDecisionRow,
            records.FindingDecision,
            FindingDecisionRow.partner_id == partner_id,
        )

    def decide(
        self, partner_id: str, subjects: Sequence[Subject], change: Change, *, decided_by: str
    ) -> None:
        """Decide on findings, all of them or none.

        Raises:
            ChangedMeanwhileError: Another decision was made on one since it was seen.
            UnknownParentError: A tenant does not exist.
        """
        now = datetime.now(UTC)
        with writes(self._engine, parent="a tenant of these findings") as transaction:
            hold_partner(transaction, partner_id)
            for subject in subjects:
                held = _held(transaction, partner_id, subject)
                if held.version != subject.version:
                    raise ChangedMeanwhileError(
                        f"{held.decided_by} decided on finding {subject.finding_id} at "
                        f"{held.decided_at:%H:%M} UTC, after this page was drawn; nothing was "
                        "changed. Look at it again"
                    )
                decided = replace(
                    held,
                    state=change.state or held.state,
                    assignee=held.assignee if change.assignee is None else change.assignee,
                    snoozed_until=change.snoozed_until if change.state else held.snoozed_until,
                    reason=change.reason if change.state else held.reason,
                    version=held.version + 1,
                    decided_by=decided_by,
                    decided_at=now,
                )
                put(transaction, FindingDecisionRow, vars(decided), kept=())
                _note(transaction, decided, change)

    def comment(self, partner_id: str, subject: Subject, text: str, *, written_by: str) -> None:
        """Add a comment to a finding.

        Raises:
            UnknownParentError: The tenant does not exist.
        """
        with writes(self._engine, parent=f"tenant {subject.tenant_id}") as transaction:
            _write(transaction, partner_id, subject, "comment", text, written_by)

    def course(
        self, partner_id: str, tenant_id: str, finding_id: str
    ) -> tuple[records.FindingNote, ...]:
        """Return the comments and decisions of a finding, the oldest first."""
        found = read(
            self._engine,
            FindingNoteRow,
            records.FindingNote,
            FindingNoteRow.partner_id == partner_id,
            FindingNoteRow.tenant_id == tenant_id,
            FindingNoteRow.finding_id == finding_id,
        )
        return tuple(sorted(found, key=lambda note: (note.written_at, note.note_id)))


def _held(transaction: Connection, partner_id: str, subject: Subject) -> records.FindingDecision:
    row = transaction.execute(
        select(FindingDecisionRow.__table__).where(
            FindingDecisionRow.partner_id == partner_id,
            FindingDecisionRow.tenant_id == subject.tenant_id,
            FindingDecisionRow.finding_id == subject.finding_id,
        )
    ).one_or_none()
    if row is not None:
        return records.FindingDecision(*row)
    return records.FindingDecision(
        partner_id,
        subject.tenant_id,
        subject.finding_id,
        "open",
        "",
        None,
        "",
        0,
        "",
        datetime.now(UTC),
    )


def _note(transaction: Connection, decided: records.FindingDecision, change: Change) -> None:
    subject = Subject(decided.tenant_id, decided.finding_id)
    words = []
    if change.state:
        until = f" until {change.snoozed_until}" if change.snoozed_until else ""
        words.append(f"{change.state}{until}")
    if change.assignee is not None:
        words.append(f"assigned to {change.assignee}" if change.assignee else "assigned to nobody")
    if change.reason:
        words.append(change.reason)
    text = ": ".join([*words[:1], ", ".join(words[1:])] if words[1:] else words)
    _write(transaction, decided.partner_id, subject, "decision", text, decided.decided_by)


def _write(
    transaction: Connection,
    partner_id: str,
    subject: Subject,
    kind: str,
    text: str,
    written_by: str,
) -> None:
    note = records.FindingNote(
        partner_id,
        uuid.uuid4().hex,
        subject.tenant_id,
        subject.finding_id,
        kind,
        text,
        written_by,
        datetime.now(UTC),
    )
    put(transaction, FindingNoteRow, vars(note))
