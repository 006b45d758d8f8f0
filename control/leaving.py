"""A partner that is being erased takes nothing new: what came now would stay, or stop its end."""

from sqlalchemy import Connection, select

from control.errors import ErasureUnderWayError
from control.models import PartnerRow, PrivacyRequestRow
from control.privacy_records import RequestKind, RequestState, SubjectKind


def keep_partner(transaction: Connection, partner_id: str) -> None:
    """Let a partner stay until the transaction ends; others may do the same beside it.

    Raises:
        ErasureUnderWayError: It is being erased.
    """
    row = select(PartnerRow.partner_id).where(PartnerRow.partner_id == partner_id)
    transaction.execute(row.with_for_update(read=True, key_share=True))
    erasure = select(PrivacyRequestRow.request_id).where(
        PrivacyRequestRow.partner_id == partner_id,
        PrivacyRequestRow.kind == RequestKind.ERASURE.value,
        PrivacyRequestRow.subject_kind == SubjectKind.PARTNER.value,
        PrivacyRequestRow.state == RequestState.RUNNING.value,
    )
    if transaction.execute(erasure).first() is not None:
        raise ErasureUnderWayError(f"everything of {partner_id} is being erased; nothing is added")
