"""Members, invitations, and the log of what was done."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class Member:
    """One person of a partner.

    Attributes:
        partner_id: Whose member.
        member_id: Its identity here.
        subject: The identity provider's name for the person; None until the first sign-in.
        email: Address in lower case.
        name: As the identity provider says.
        picture: Address of a picture, or empty.
        role: viewer, analyst or admin.
        tenants: JSON list of the tenants it may see; `["*"]` is all of them.
        status: active, restricted (kept, may not enter) or removed.
        created_at: When it became a member.
        last_sign_in_at: Its last sign-in.
        signed_out_at: Sessions that began before this instant are over.
    """

    partner_id: str
    member_id: str
    subject: str | None
    email: str
    name: str
    picture: str
    role: str
    tenants: str
    status: str
    created_at: datetime
    last_sign_in_at: datetime | None
    signed_out_at: datetime | None


@dataclass(frozen=True)
class Invitation:
    """An address that may become a member by a link that was sent to it."""

    partner_id: str
    invitation_id: str
    email: str
    role: str
    tenants: str
    invited_by: str
    created_at: datetime
    expires_at: datetime
    accepted_at: datetime | None
    revoked_at: datetime | None


@dataclass(frozen=True)
class AccessEntry:
    """One thing that somebody did, saw or was refused.

    Attributes:
        partner_id: Of whose data; empty where none is known.
        entry_id: Its identity.
        logged_at: When.
        member_id: Who, of the partner's members; empty for others.
        actor: Who, in words: an address, `operator`, a job.
        action: What, such as `sign in` or an action of `control.roles`.
        outcome: done or refused.
        tenant_id: Of which tenant; empty for all, or none.
        target: Of what, such as a page or a finding.
        detail: What else is to be known.
    """

    partner_id: str
    entry_id: str
    logged_at: datetime
    member_id: str
    actor: str
    action: str
    outcome: str
    tenant_id: str
    target: str
    detail: str
