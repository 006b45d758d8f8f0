"""Privacy requests: who asked for what, until when it must be done, and what became of it."""

import json
import uuid
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from sqlalchemy import Connection, Engine, select, update

from control.errors import ErasureUnderWayError, PrivacyRequestError, UnknownParentError
from control.models import PrivacyRequestRow
from control.privacy_records import (
    OPEN,
    PrivacyRequest,
    RequestKind,
    RequestState,
    Subject,
)
from control.scoping import across_partners
from control.store import put, read, writes

ANSWERED_WITHIN = timedelta(days=30)
EXTENDED_BY = timedelta(days=60)
"""GDPR, Article 12(3): one month, which two further ones may extend where told within the first."""


class PrivacyRecords:
    """Requests about somebody's data."""

    _engine: Engine

    @across_partners
    def request_privacy(
        self,
        subject: Subject,
        kind: RequestKind,
        *,
        requested_by: str,
        member_id: str = "",
        note: str = "",
        received_at: datetime | None = None,
    ) -> PrivacyRequest:
        """Record a request; it is due 30 days later. An erasure takes the place of a failed one.

        Args:
            subject: Whom or what it is about.
            kind: What is asked for.
            requested_by: Who asks, for the record.
            member_id: The member who does on a page; empty where the operator records it.
            note: What is said with it.
            received_at: When it came; None for now.

        Raises:
            ErasureUnderWayError: The same is being erased, or waits for it.
            PrivacyRequestError: It is dated in the future.
            UnknownParentError: There is no such partner.
        """
        now = datetime.now(UTC)
        received = received_at or now
        if received > now:
            raise PrivacyRequestError("a request cannot have been received in the future")
        made = new_request(subject, kind, (requested_by, member_id), note, received)
        open_key = subject.key if kind is RequestKind.ERASURE else None
        try:
            with writes(self._engine, parent=f"partner {subject.partner_id}") as transaction:
                made = _instead_of_failed(transaction, made, open_key)
                put(transaction, PrivacyRequestRow, {**vars(made), "open_key": open_key})
        except UnknownParentError:
            _refuse(self.open_erasure(subject) if open_key else None)
            raise
        return made

    def privacy_requests(self, partner_id: str) -> tuple[PrivacyRequest, ...]:
        """Return a partner's requests: those open first, by deadline, then the newest."""
        found = read(
            self._engine,
            PrivacyRequestRow,
            PrivacyRequest,
            PrivacyRequestRow.partner_id == partner_id,
        )
        opened = sorted((each for each in found if each.is_open), key=lambda each: each.due_at)
        closed = [each for each in found if not each.is_open]
        return (*opened, *sorted(closed, key=lambda each: each.received_at, reverse=True))

    def privacy_request(self, partner_id: str, request_id: str) -> PrivacyRequest:
        """Return one request.

        Raises:
            PrivacyRequestError: The partner has no such request.
        """
        found = read(
            self._engine,
            PrivacyRequestRow,
            PrivacyRequest,
            PrivacyRequestRow.partner_id == partner_id,
            PrivacyRequestRow.request_id == request_id,
        )
        if not found:
            raise PrivacyRequestError(
                f"{partner_id} has no request {request_id}; see cloudprune privacy list "
                f"--partner {partner_id}"
            )
        return found[0]

    @across_partners
    def waiting_requests(self) -> tuple[PrivacyRequest, ...]:
        """Return the requests of all partners that work is to be done for, the oldest first."""
        done_by_work = (RequestKind.ACCESS, RequestKind.PORTABILITY, RequestKind.ERASURE)
        found = read(
            self._engine,
            PrivacyRequestRow,
            PrivacyRequest,
            PrivacyRequestRow.state.in_([RequestState.RECEIVED, RequestState.RUNNING]),
            PrivacyRequestRow.kind.in_(done_by_work),
        )
        return tuple(sorted(found, key=lambda each: each.received_at))

    @across_partners
    def open_erasure(self, subject: Subject) -> PrivacyRequest | None:
        """Return the erasure of a subject that is asked for, or runs."""
        found = read(
            self._engine,
            PrivacyRequestRow,
            PrivacyRequest,
            PrivacyRequestRow.partner_id == subject.partner_id,
            PrivacyRequestRow.open_key == subject.key,
        )
        return found[0] if found else None

    def extend_request(
        self, partner_id: str, request_id: str, reason: str, *, now: datetime | None = None
    ) -> PrivacyRequest:
        """Give a request 60 more days, once; whoever asked has been told so, and why.

        Raises:
            PrivacyRequestError: It is unknown, over or extended already, no reason is given, or
                the first 30 days are over.
        """
        told_at = now or datetime.now(UTC)
        held = self.privacy_request(partner_id, request_id)
        if not held.is_open:
            raise PrivacyRequestError(f"request {request_id} is {held.state}; nothing is due")
        if held.extended_at:
            raise PrivacyRequestError(f"request {request_id} was extended already, which is once")
        if not reason.strip():
            raise PrivacyRequestError("an extension needs a reason, which whoever asked is told")
        if told_at > held.due_at:
            raise PrivacyRequestError(
                f"request {request_id} was due on {held.due_at:%Y-%m-%d}; an extension has to be "
                "told within the first 30 days"
            )
        self.note_request(
            held,
            due_at=held.due_at + EXTENDED_BY,
            extended_at=told_at,
            extension_reason=reason.strip(),
        )
        return self.privacy_request(partner_id, request_id)

    @across_partners
    def start_request(self, held: PrivacyRequest) -> None:
        """Mark a request as running; where it began before, it goes on."""
        self.note_request(
            held,
            state=RequestState.RUNNING.value,
            started_at=held.started_at or datetime.now(UTC),
            message="",
        )

    @across_partners
    def note_progress_of(self, held: PrivacyRequest, progress: Mapping[str, object]) -> None:
        """Remember how far a request is."""
        self.note_request(held, progress=json.dumps(progress))

    @across_partners
    def close_request(
        self,
        held: PrivacyRequest,
        *,
        state: RequestState = RequestState.DONE,
        message: str = "",
        receipt: Mapping[str, object] | None = None,
    ) -> None:
        """Record the end of a request; a failed one stays open."""
        closed = {"open_key": None} if state not in OPEN else {}
        self.note_request(
            held,
            state=state.value,
            message=message,
            receipt=json.dumps(receipt or {}),
            finished_at=datetime.now(UTC),
            **closed,
        )

    @across_partners
    def note_request(self, held: PrivacyRequest, **values: object) -> None:
        """Change some columns of a request."""
        change = update(PrivacyRequestRow).where(
            PrivacyRequestRow.partner_id == held.partner_id,
            PrivacyRequestRow.request_id == held.request_id,
        )
        with writes(self._engine) as transaction:
            transaction.execute(change.values(**values))


def new_request(
    subject: Subject, kind: RequestKind, asker: tuple[str, str], note: str, received: datetime
) -> PrivacyRequest:
    """Return a request as it is when it comes.

    Args:
        subject: Whom or what it is about.
        kind: What is asked for.
        asker: Who asks: name, and the member or nothing.
        note: What is said with it.
        received: When it came.
    """
    return PrivacyRequest(
        subject.partner_id,
        uuid.uuid4().hex,
        kind.value,
        subject.kind.value,
        subject.tenant_id,
        subject.subject_id,
        *asker,
        note,
        received,
        received + ANSWERED_WITHIN,
        None,
        "",
        RequestState.RECEIVED.value,
        "{}",
        "{}",
        "",
        None,
        None,
    )


def _instead_of_failed(
    transaction: Connection, made: PrivacyRequest, open_key: str | None
) -> PrivacyRequest:
    """Return a request that goes on where a failed one for the same ended, which is over by it.

    Whoever asks a second time waits no longer for that.

    Raises:
        ErasureUnderWayError: The same one waits or runs.
    """
    held = PrivacyRequestRow.__table__
    is_same = (held.c.partner_id == made.partner_id, held.c.open_key == open_key)
    row = transaction.execute(select(held).where(*is_same)).one_or_none() if open_key else None
    if row is None:
        return made
    if row.state != RequestState.FAILED:
        raise _under_way(row.requested_by, row.received_at)
    over = {"state": RequestState.WITHDRAWN.value, "open_key": None}
    transaction.execute(update(PrivacyRequestRow).where(*is_same).values(over))
    is_asker = row.requested_by == made.requested_by
    due_at = min(row.due_at, made.due_at) if is_asker else made.due_at
    return replace(made, progress=row.progress, due_at=due_at)


def _refuse(held: PrivacyRequest | None) -> None:
    if held is not None:
        raise _under_way(held.requested_by, held.received_at)


def _under_way(requested_by: str, received_at: datetime) -> ErasureUnderWayError:
    return ErasureUnderWayError(
        f"{requested_by} asked for the same erasure on {received_at:%Y-%m-%d at %H:%M} UTC; it is "
        "done once, and its receipt will be among the requests"
    )
