"""Which of the orchestrator's partitions are a subject's."""

import re

from control.mentions import Mentions
from control.privacy_records import Subject, SubjectKind

_KEY = "A-Za-z0-9_-"


class PartitionKeys:
    """Partition keys of a subject: `partner`, `partner.tenant`, or that with a month.

    Args:
        subject: Whose keys.
        address: Of a member, which texts may name though no key does.
    """

    def __init__(self, subject: Subject, address: str = "") -> None:
        self._addresses = Mentions([address])
        self._partner = Mentions([subject.partner_id])
        partner, tenant = re.escape(subject.partner_id), re.escape(subject.tenant_id)
        below = rf"\.{tenant}" if tenant else rf"\.[{_KEY}]+"
        self._partner_id = subject.partner_id
        self._tenant_id = subject.tenant_id
        self._whole = re.compile(rf"{partner}(?:{below})?")
        self._is_member = subject.kind is SubjectKind.MEMBER
        self._within = re.compile(
            rf"(?<![.{_KEY}]){partner}{below if tenant else f'(?:{below})?'}(?![{_KEY}])"
        )

    def has(self, key: str | None) -> bool:
        """Whether a partition's key is the subject's, or its partner's."""
        return any(self._whole.fullmatch(piece) for piece in (key or "").split("|"))

    def has_own(self, key: str | None) -> bool:
        """Whether a key is one that goes with the subject, which its partner's does not."""
        is_partners = bool(self._tenant_id) and key == self._partner_id
        return self.has(key) and not is_partners and not self._is_member

    def named_in(self, text: str) -> bool:
        """Whether a text names the partner, or the address."""
        return self._partner.within(text) or self._addresses.within(text)

    def within(self, text: str | None) -> bool:
        """Whether a text names one of the keys that go, or the address."""
        if self._addresses.within(text):
            return True
        return not self._is_member and bool(self._within.search(text or ""))
