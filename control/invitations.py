"""Invitations: how an address becomes a member."""

import hashlib
import secrets
import uuid
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Engine, Row, Update, delete, func, or_, select, update

from control import records
from control.errors import NotInvitedError
from control.leaving import keep_partner
from control.models import InvitationRow, MemberRow
from control.people import EVERY_TENANT, check_admin, free_address, is_admin, permitted_tenants
from control.roles import Role
from control.scoping import across_partners
from control.store import hold_partner, put, read, writes

INVITED_FOR = timedelta(days=7)
INVITATIONS_KEPT = timedelta(days=30)
"""After they expired; until then an admin sees who did not come."""


class InvitationRecords:
    """Who may become a member of which partner, as what, by a link."""

    _engine: Engine

    def invite(
        self,
        partner_id: str,
        email: str,
        role: Role,
        *,
        invited_by: str,
        tenants: Sequence[str] = EVERY_TENANT,
    ) -> str:
        """Invite an address, instead of an earlier invitation; return the secret of its link.

        Raises:
            ErasureUnderWayError: The partner is being erased.
            UnknownParentError: There is no such partner.
            LimitedAdminError: It is an admin, of some tenants alone.
        """
        now, token, address = datetime.now(UTC), secrets.token_urlsafe(24), email.strip().lower()
        values = {
            "partner_id": partner_id,
            "invitation_id": uuid.uuid4().hex,
            "token_digest": _digest(token),
            "email": address,
            "role": role.value,
            "tenants": permitted_tenants(role, tenants),
            "invited_by": invited_by,
            "created_at": now,
            "expires_at": now + INVITED_FOR,
            "accepted_at": None,
            "revoked_at": None,
        }
        with writes(self._engine, parent=f"partner {partner_id}") as transaction:
            keep_partner(transaction, partner_id)
            transaction.execute(_open_invitations(partner_id, address).values(revoked_at=now))
            put(transaction, InvitationRow, values)
        return token

    def invitations(self, partner_id: str) -> tuple[records.Invitation, ...]:
        """Return a partner's invitations, accepted and revoked ones too, the newest first."""
        found = read(
            self._engine, InvitationRow, records.Invitation, InvitationRow.partner_id == partner_id
        )
        return tuple(sorted(found, key=lambda each: each.created_at, reverse=True))

    def revoke_invitation(self, partner_id: str, invitation_id: str) -> None:
        """Let an invitation's link lead nowhere."""
        change = update(InvitationRow).where(
            InvitationRow.partner_id == partner_id,
            InvitationRow.invitation_id == invitation_id,
            InvitationRow.accepted_at.is_(None),
        )
        with writes(self._engine) as transaction:
            transaction.execute(change.values(revoked_at=datetime.now(UTC)))

    @across_partners
    def cut_invitations(self, now: datetime) -> int:
        """Delete invitations that nobody took 30 days after they expired; return how many."""
        old = delete(InvitationRow).where(
            InvitationRow.accepted_at.is_(None),
            InvitationRow.expires_at < now - INVITATIONS_KEPT,
        )
        with writes(self._engine) as transaction:
            return transaction.execute(old).rowcount

    def accept_invitation(
        self,
        partner_id: str,
        token: str,
        *,
        subject: str,
        email: str,
        name: str = "",
        picture: str = "",
        began_at: datetime | None = None,
    ) -> records.Member:
        """Make the person that signed in a member, in one transaction.

        Args:
            partner_id: Of which partner.
            token: The secret of the invitation's link.
            subject: What the identity provider calls the person.
            email: The address that signed in.
            name: What it is called.
            picture: Where its picture is.
            began_at: When its session began: none from before the invitation takes it, for it may
                be of who was a member once and was removed or erased.

        Raises:
            NotInvitedError: The link is unknown, used, revoked or expired, or names another
                address than the one that signed in, or one that is known by; or the session is
                one that was ended.
            LastAdminError: It would make the partner's last admin something else.
        """
        now = datetime.now(UTC)
        with writes(self._engine) as transaction:
            hold_partner(transaction, partner_id)
            found = _open_invitation(transaction, partner_id, token, email, now)
            _check_session(transaction, found, began_at)
            free_address(transaction, partner_id, found.email)
            known = _known(transaction, partner_id, subject, found.email)
            was_admin = known is not None and is_admin(transaction, partner_id, known)
            member = records.Member(
                partner_id,
                known or uuid.uuid4().hex,
                subject,
                found.email,
                name,
                picture,
                found.role,
                found.tenants,
                "active",
                now,
                now,
                began_at,
            )
            put(transaction, MemberRow, vars(member), kept=("created_at", "signed_out_at"))
            transaction.execute(_open_invitations(partner_id, found.email).values(accepted_at=now))
            if was_admin:
                check_admin(transaction, partner_id)
        return member


def _open_invitations(partner_id: str, email: str) -> Update:
    return update(InvitationRow).where(
        InvitationRow.partner_id == partner_id,
        InvitationRow.email == email,
        InvitationRow.accepted_at.is_(None),
        InvitationRow.revoked_at.is_(None),
    )


def _open_invitation(
    transaction: Connection, partner_id: str, token: str, email: str, now: datetime
) -> Row[Any]:
    """Return the invitation that a link names, if it may be accepted by this address."""
    found = transaction.execute(
        select(InvitationRow.__table__).where(
            InvitationRow.partner_id == partner_id, InvitationRow.token_digest == _digest(token)
        )
    ).one_or_none()
    if found is None or found.revoked_at or found.accepted_at:
        raise NotInvitedError(
            "this invitation is not valid any more; ask whoever sent it for another one"
        )
    if found.expires_at.replace(tzinfo=UTC) < now:
        raise NotInvitedError("this invitation has expired; ask whoever sent it for another one")
    if found.email != email.strip().lower():
        raise NotInvitedError(
            f"this invitation is for another address than {email}; sign in with the address that "
            "it was sent to"
        )
    return found


def _check_session(
    transaction: Connection, invitation: Row[Any], began_at: datetime | None
) -> None:
    """Refuse a session from before the invitation, or before its member was removed.

    Of a member that was erased nothing else tells. Tokens tell whole seconds.
    """
    invited_at = invitation.created_at.replace(microsecond=0)
    ended = select(func.max(MemberRow.signed_out_at)).where(
        MemberRow.partner_id == invitation.partner_id, MemberRow.email == invitation.email
    )
    ended_at = transaction.execute(ended).scalar_one() or invited_at
    if began_at is not None and began_at < max(invited_at, ended_at):
        raise NotInvitedError(
            "this session began before you were invited, removed or signed out everywhere; sign "
            "out, open the link of the invitation again, and sign in"
        )


def _known(transaction: Connection, partner_id: str, subject: str, email: str) -> str | None:
    """Return the member that an address is already; a person is a member once."""
    members = transaction.execute(
        select(MemberRow.member_id, MemberRow.email).where(
            MemberRow.partner_id == partner_id,
            or_(MemberRow.email == email, MemberRow.subject == subject),
        )
    ).all()
    for member_id, known_as in members:
        if known_as == email:
            continue
        raise NotInvitedError(
            f"you are a member already, as {known_as}; an admin can change what you may do there, "
            f"or remove member {member_id[:8]} first"
        )
    return members[0].member_id if members else None


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
