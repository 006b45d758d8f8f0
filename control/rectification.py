"""Corrects what is said of a member, wherever it is said."""

from sqlalchemy import Engine, update

from control.cascade_member import member_address, replace_address
from control.models import Base, MemberRow
from control.people import free_address
from control.privacy_records import Subject
from control.scoping import across_partners
from control.store import writes


class RectificationRecords:
    """Names and addresses of members."""

    _engine: Engine

    @across_partners
    def rectify(
        self, subject: Subject, *, name: str | None = None, email: str | None = None
    ) -> None:
        """Give a member another name or address; None leaves what was.

        Raises:
            UnknownParentError: The partner has no such member.
        """
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
