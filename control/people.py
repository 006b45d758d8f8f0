"""Members and invitations: the part of the directory that a sign-in asks."""

import hashlib
import json
import secrets
import uuid
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from sqlalchemy import Connection, Engine, Update, delete, func, select, update

from control import records
from control.errors import LastAdminError, NotInvitedError, UnknownParentError
from control.models import InvitationRow, MemberRow, PartnerRow
from control.roles import Role
from control.store import put, read, writes

EVERY_TENANT = ("*",)
INVITED_FOR = timedelta(days=7)
INVITATIONS_KEPT = timedelta(days=30)
"""After they expired; until then an admin sees who did not come."""


class PeopleRecords:
    """Who belongs to which partner, as what."""

    _engine: Engine

    def set_organization(self, partner_id: str, organization_id: str) -> None:
        """Say which organization of the identity provider a partner is.

        Raises:
            UnknownParentError: There is no such partner, or another one has the organization.
        """
        changed = update(PartnerRow).where(PartnerRow.partner_id == partner_id)
        parent = f"partner {partner_id}, for an organization of its own,"
        with writes(self._engine, parent=parent) as transaction:
            if not transaction.execute(changed.values(organization_id=organization_id)).rowcount:
                raise UnknownParentError(f"partner {partner_id} does not exist")

    def partner_of_organization(self, organization_id: str) -> str | None:
        """Return the partner that an organization of the identity provider is, if any."""
        if not organization_id:
            return None
        found = read(
            self._engine,
            PartnerRow,
            records.Partner,
            PartnerRow.organization_id == organization_id,
        )
        return found[0].partner_id if found else None

    def members(self, partner_id: str) -> tuple[records.Member, ...]:
        """Return a partner's members, removed ones left out, by address."""
        found = read(
            self._engine,
            MemberRow,
            records.Member,
            MemberRow.partner_id == partner_id,
            MemberRow.status != "removed",
        )
        return tuple(sorted(found, key=lambda member: member.email))

    def member(self, partner_id: str, subject: str) -> records.Member | None:
        """Return the member that the identity provider knows by this name, if there is one."""
        found = read(
            self._engine,
            MemberRow,
            records.Member,
            MemberRow.partner_id == partner_id,
            MemberRow.subject == subject,
            MemberRow.status != "removed",
        )
        return found[0] if found else None

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
            UnknownParentError: There is no such partner.
        """
        now, token, address = datetime.now(UTC), secrets.token_urlsafe(24), email.strip().lower()
        values = {
            "partner_id": partner_id,
            "invitation_id": uuid.uuid4().hex,
            "token_digest": _digest(token),
            "email": address,
            "role": role.value,
            "tenants": json.dumps(list(tenants)),
            "invited_by": invited_by,
            "created_at": now,
            "expires_at": now + INVITED_FOR,
            "accepted_at": None,
            "revoked_at": None,
        }
        with writes(self._engine, parent=f"partner {partner_id}") as transaction:
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
    ) -> records.Member:
        """Make the person that signed in a member, in one transaction.

        Raises:
            NotInvitedError: The link is unknown, used, revoked or expired, or names another
                address than the one that signed in.
        """
        now = datetime.now(UTC)
        with writes(self._engine) as transaction:
            found = transaction.execute(
                select(InvitationRow.__table__).where(
                    InvitationRow.partner_id == partner_id,
                    InvitationRow.token_digest == _digest(token),
                )
            ).one_or_none()
            if found is None or found.revoked_at or found.accepted_at:
                raise NotInvitedError(
                    "this invitation is not valid any more; ask whoever sent it for another one"
                )
            if found.expires_at.replace(tzinfo=UTC) < now:
                raise NotInvitedError(
                    "this invitation has expired; ask whoever sent it for another one"
                )
            if found.email != email.strip().lower():
                raise NotInvitedError(
                    f"this invitation is for another address than {email}; sign in with the "
                    "address that it was sent to"
                )
            known = transaction.execute(
                select(MemberRow.member_id).where(
                    MemberRow.partner_id == partner_id, MemberRow.email == found.email
                )
            ).scalar_one_or_none()
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
                None,
            )
            put(transaction, MemberRow, vars(member), kept=("created_at",))
            transaction.execute(_open_invitations(partner_id, found.email).values(accepted_at=now))
        return member

    def record_sign_in(self, partner_id: str, member_id: str, *, name: str, picture: str) -> None:
        """Remember when a member last signed in, and what the identity provider calls it."""
        with writes(self._engine) as transaction:
            transaction.execute(
                _of(partner_id, member_id).values(
                    last_sign_in_at=datetime.now(UTC), name=name, picture=picture
                )
            )

    def set_role(
        self,
        partner_id: str,
        member_id: str,
        role: Role,
        tenants: Sequence[str] = EVERY_TENANT,
    ) -> None:
        """Give a member another role, or other tenants.

        Raises:
            LastAdminError: It is the partner's last admin.
        """
        with writes(self._engine) as transaction:
            transaction.execute(
                _of(partner_id, member_id).values(
                    role=role.value, tenants=json.dumps(list(tenants))
                )
            )
            check_admin(transaction, partner_id)

    def remove_member(self, partner_id: str, member_id: str) -> None:
        """Remove a member, with everything that says who it was; its sessions end at once.

        Raises:
            LastAdminError: It is the partner's last admin, who hands over or erases the partner.
        """
        with writes(self._engine) as transaction:
            transaction.execute(
                _of(partner_id, member_id).values(
                    status="removed",
                    subject=None,
                    email=f"removed-{member_id}",
                    name="",
                    picture="",
                    signed_out_at=datetime.now(UTC),
                )
            )
            check_admin(transaction, partner_id)

    def sign_out_everywhere(self, partner_id: str, member_id: str) -> None:
        """End all sessions of a member that began before now."""
        with writes(self._engine) as transaction:
            transaction.execute(_of(partner_id, member_id).values(signed_out_at=datetime.now(UTC)))


def _of(partner_id: str, member_id: str) -> Update:
    return update(MemberRow).where(
        MemberRow.partner_id == partner_id, MemberRow.member_id == member_id
    )


def _open_invitations(partner_id: str, email: str) -> Update:
    return update(InvitationRow).where(
        InvitationRow.partner_id == partner_id,
        InvitationRow.email == email,
        InvitationRow.accepted_at.is_(None),
        InvitationRow.revoked_at.is_(None),
    )


def is_admin(transaction: Connection, partner_id: str, member_id: str) -> bool:
    """Whether a member is an active admin of its partner."""
    found = select(MemberRow.role).where(
        MemberRow.partner_id == partner_id,
        MemberRow.member_id == member_id,
        MemberRow.status == "active",
    )
    return transaction.execute(found).scalar_one_or_none() == Role.ADMIN.value


def check_admin(transaction: Connection, partner_id: str) -> None:
    """Check that a partner has an admin, inside a transaction that may have taken it away.

    Raises:
        LastAdminError: It has none.
    """
    admins = select(func.count()).where(
        MemberRow.partner_id == partner_id,
        MemberRow.role == Role.ADMIN.value,
        MemberRow.status == "active",
    )
    if not transaction.execute(admins).scalar_one():
        raise LastAdminError(
            f"{partner_id} would have no admin left; make another member an admin first, or erase "
            "the partner"
        )


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
