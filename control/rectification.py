"""Corrects what is said of a member, wherever it is said."""

from dataclasses import replace
from datetime import UTC, datetime

from sqlalchemy import Engine, update

from control.cascade_member import member_address, replace_address
from control.models import Base, MemberRow, PrivacyRequestRow
from control.people import free_address
from control.privacy import new_request
from control.privacy_records import RequestKind, RequestState, Subject
from control.scoping import across_partners
from control.store import put, writes


class RectificationRecords:
    """Names and addresses of members."""

    _engine: Engine

    @across_partners
    def rectify(
        self,
        subject: Subject,
        *,
        name: str | None = None,
        email: str | None = None,
        requested_by: str,
        received_at: datetime,
    ) -> None:
        """Give a member another name or address, and record that: a restore looks for it.

        Args:
            subject: The member.
            name: What it is called; None leaves that.
            email: Its address; None leaves that.
            requested_by: Who asked, for the record.
            received_at: When.

        Raises:
            UnknownParentError: The partner has no such member.
        """
        what = [w for w, value in (("name", name), ("address", email)) if value is not None]
        done = replace(
            new_request(subject, RequestKind.RECTIFICATION, (requested_by, ""), "", received_at),
            state=RequestState.DONE.value,
            message=f"corrected: {', '.join(what)}",
            finished_at=datetime.now(UTC),
        )
        own = update(MemberRow).where(
            MemberRow.partner_id == subject.partner_id, MemberRow.member_id == subject.subject_id
        )
        with writes(self._engine) as transaction:
            former = member_address(transaction, subject)
            if name is not None:
                transaction.execute(own.values(name=name.strip()))
            if email is not None:
                free_address(transaction, subject.partner_id, email)
                for table in Base.metadata.sorted_tables:
                    replace_address(transaction, table, subject.partner_id, former, email)
            put(transaction, PrivacyRequestRow, vars(done))
