"""What the directory answers with about privacy: plain values, detached from the database."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class RequestKind(StrEnum):
    """What somebody may ask for; each names its article of the GDPR."""

    ACCESS = "access"  # Article 15
    RECTIFICATION = "rectification"  # Article 16
    ERASURE = "erasure"  # Article 17
    RESTRICTION = "restriction"  # Article 18
    PORTABILITY = "portability"  # Article 20
    OBJECTION = "objection"  # Article 21
    CONSENT_WITHDRAWN = "consent withdrawn"  # Article 7(3)


class SubjectKind(StrEnum):
    """Whose data, or which part of it, a request is about."""

    MEMBER = "member"
    CONNECTION = "connection"
    TENANT = "tenant"
    PARTNER = "partner"


class RequestState(StrEnum):
    """Where a request is."""

    RECEIVED = "received"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    WITHDRAWN = "withdrawn"


OPEN = frozenset({RequestState.RECEIVED, RequestState.RUNNING, RequestState.FAILED})


@dataclass(frozen=True)
class Subject:
    """Whose data, or which part of it, is meant.

    Attributes:
        kind: member, connection, tenant or partner.
        partner_id: Of which partner; the partner itself where that is the kind.
        tenant_id: Of a tenant or a connection; else empty.
        subject_id: Of a member or a connection; else empty.
    """

    kind: SubjectKind
    partner_id: str
    tenant_id: str = ""
    subject_id: str = ""

    @property
    def key(self) -> str:
        """The subject within its partner, in one word."""
        return "|".join((self.kind.value, self.tenant_id, self.subject_id))

    @property
    def name(self) -> str:
        """What has to be typed before it is erased."""
        parts = {
            SubjectKind.PARTNER: self.partner_id,
            SubjectKind.TENANT: f"{self.partner_id}/{self.tenant_id}",
            SubjectKind.CONNECTION: f"{self.partner_id}/{self.tenant_id}/{self.subject_id}",
            SubjectKind.MEMBER: self.subject_id,
        }
        return parts[self.kind]


@dataclass(frozen=True)
class PrivacyRequest:
    """A request about somebody's data.

    Attributes:
        partner_id: Of which partner's data.
        request_id: Its identity.
        kind: What is asked for.
        subject_kind: About whom or what.
        tenant_id: Tenant, where that says more.
        subject_id: Member or connection; empty for others, and once it is erased.
        requested_by: Who asked.
        member_id: The member who did on a page, looked up again when it is done; empty for others.
        note: What was said with it.
        received_at: When, UTC.
        due_at: One month later, or three where it was extended (Article 12(3)).
        extended_at: When the extension was told to who asked; None for none.
        extension_reason: Why.
        state: received, running, done, failed or withdrawn.
        progress: JSON: step to what it has done.
        receipt: JSON: counts by kind of thing, once done.
        message: What became of it, in a sentence.
        started_at: When work on it began.
        finished_at: When it ended.
    """

    partner_id: str
    request_id: str
    kind: str
    subject_kind: str
    tenant_id: str
    subject_id: str
    requested_by: str
    member_id: str
    note: str
    received_at: datetime
    due_at: datetime
    extended_at: datetime | None
    extension_reason: str
    state: str
    progress: str
    receipt: str
    message: str
    started_at: datetime | None
    finished_at: datetime | None

    @property
    def subject(self) -> Subject:
        """What it is about."""
        kind = SubjectKind(self.subject_kind)
        return Subject(kind, self.partner_id, self.tenant_id, self.subject_id)

    @property
    def is_open(self) -> bool:
        """Whether something is still to be done."""
        return self.state in OPEN


@dataclass(frozen=True)
class Consent:
    """One answer to the question for consent; a member without identity is the demo's."""

    partner_id: str
    consent_id: str
    member_id: str
    purpose: str
    is_given: bool
    notice_version: str
    decided_at: datetime


@dataclass(frozen=True)
class Tombstone:
    """What was erased, in digests that only this installation's key explains.

    Attributes:
        partner_id: Digest of the partner.
        tombstone_id: Its identity.
        subject_kind: member, connection, tenant or partner.
        subject_digest: Digest of what was erased.
        address_digest: Digest of a member's address; empty for others.
        erased_at: When its last row went.
        finished_at: When no byte of it was left in the database's files; None until then.
        receipt: JSON: counts by kind of thing.
    """

    partner_id: str
    tombstone_id: str
    subject_kind: str
    subject_digest: str
    address_digest: str
    erased_at: datetime
    finished_at: datetime | None
    receipt: str
