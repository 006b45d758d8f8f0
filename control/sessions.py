"""Sessions of members, from a sign-in until its token ends or somebody signs out.

Whoever holds a copy of a browser's cookie is signed in by it, and a page may stand open for hours.
So a session that was left is remembered here, for every process, until its token is worthless.
"""

from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import Engine, delete, select, update

from control.leaving import keep_partner
from control.models import SignInRow
from control.store import put, translated, writes


@dataclass(frozen=True)
class Session:
    """One sign-in of a member.

    Attributes:
        session_id: Tells it from every other.
        began_at: When the person proved who it is.
        ends_at: When its token ends.
    """

    session_id: str
    began_at: datetime
    ends_at: datetime


class SessionRecords:
    """Which sign-ins were seen, and which were left."""

    _engine: Engine

    def begin_session(self, partner_id: str, member_id: str, session: Session) -> bool:
        """Remember a sign-in, and forget those whose tokens ended; return whether it is new.

        Raises:
            ErasureUnderWayError: The partner is being erased.
            UnknownParentError: The partner has no such member.
        """
        over = delete(SignInRow).where(
            SignInRow.partner_id == partner_id, SignInRow.ends_at < datetime.now(UTC)
        )
        values = {"partner_id": partner_id, "member_id": member_id, **vars(session)}
        with writes(self._engine, parent=f"member {member_id} of {partner_id}") as transaction:
            keep_partner(transaction, partner_id)
            transaction.execute(over)
            return bool(put(transaction, SignInRow, values))

    def leave_session(self, partner_id: str, session_id: str) -> bool:
        """Let a session be over; return whether it was known and not over yet."""
        left = update(SignInRow).where(
            SignInRow.partner_id == partner_id,
            SignInRow.session_id == session_id,
            SignInRow.left_at.is_(None),
        )
        with writes(self._engine) as transaction:
            return bool(transaction.execute(left.values(left_at=datetime.now(UTC))).rowcount)

    def is_session_left(self, partner_id: str, session_id: str) -> bool:
        """Return whether somebody signed out of a session."""
        found = select(SignInRow.left_at).where(
            SignInRow.partner_id == partner_id, SignInRow.session_id == session_id
        )
        with translated(self._engine), self._engine.begin() as transaction:
            return transaction.execute(found).scalar_one_or_none() is not None
