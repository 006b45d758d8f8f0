"""Consents: given and withdrawn as easily (GDPR, Article 7(3)), and provable."""

import uuid
from datetime import UTC, datetime

from sqlalchemy import Engine

from control.models import ConsentRow
from control.privacy_records import Consent
from control.store import put, read, writes


class ConsentRecords:
    """What members agreed to; without an answer nothing is agreed to."""

    _engine: Engine

    def decide_consent(
        self, partner_id: str, member_id: str, purpose: str, *, is_given: bool, notice_version: str
    ) -> None:
        """Record a member's answer for a purpose; earlier ones stay, as proof.

        Raises:
            UnknownParentError: There is no such partner.
        """
        answer = Consent(
            partner_id,
            uuid.uuid4().hex,
            member_id,
            purpose,
            is_given,
            notice_version,
            datetime.now(UTC),
        )
        with writes(self._engine, parent=f"partner {partner_id}") as transaction:
            put(transaction, ConsentRow, vars(answer))

    def withdraw_consents(self, partner_id: str, member_id: str, *, notice_version: str) -> int:
        """Take back every consent that a member has given; return how many."""
        newest = {each.purpose: each.is_given for each in self.consents(partner_id, member_id)}
        given = [purpose for purpose, is_given in newest.items() if is_given]
        for purpose in given:
            self.decide_consent(
                partner_id, member_id, purpose, is_given=False, notice_version=notice_version
            )
        return len(given)

    def consents(self, partner_id: str, member_id: str) -> tuple[Consent, ...]:
        """Return every answer of a member, the oldest first."""
        found = read(
            self._engine,
            ConsentRow,
            Consent,
            ConsentRow.partner_id == partner_id,
            ConsentRow.member_id == member_id,
        )
        return tuple(sorted(found, key=lambda answer: answer.decided_at))

    def has_consented(self, partner_id: str, member_id: str, purpose: str) -> bool:
        """Whether a member's newest answer for a purpose is yes."""
        answers = [a for a in self.consents(partner_id, member_id) if a.purpose == purpose]
        return bool(answers) and answers[-1].is_given
