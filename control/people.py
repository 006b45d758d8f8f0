"""Members: the part of the directory that every sign-in asks."""

import json
from collections.abc import Sequence
from datetime import UTC, datetime

from sqlalchemy import Connection, Engine, Update, func, select, update
from sqlalchemy.orm import InstrumentedAttribute

from control import records
from control.errors import (
    LastAdminError,
    LimitedAdminError,
    UnknownParentError,
)
from control.models import InvitationRow, MemberRow, PartnerRow
from control.roles import Role
from control.scoping import across_partners
from control.store import hold_partner, read, writes

EVERY_TENANT = ("*",)


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

    @across_partners
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

    def former_members(self, partner_id: str) -> tuple[records.Member, ...]:
        """Return who was removed and not erased since."""
        return read(
            self._engine,
            MemberRow,
            records.Member,
            MemberRow.partner_id == partner_id,
            MemberRow.status == "removed",
        )

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

        Links that it sent out lead nowhere once it may not invite any more.

        Raises:
            LastAdminError: It is the partner's last admin.
            LimitedAdminError: It would be an admin of some tenants alone.
        """
        with writes(self._engine) as transaction:
            hold_partner(transaction, partner_id)
            was_admin = is_admin(transaction, partner_id, member_id)
            transaction.execute(
                _of(partner_id, member_id).values(
                    role=role.value, tenants=permitted_tenants(role, tenants)
                )
            )
            if was_admin:
                check_admin(transaction, partner_id)
            if role is not Role.ADMIN:
                end_invitations_by(transaction, partner_id, member_id)

    def remove_member(self, partner_id: str, member_id: str) -> None:
        """Remove a member; its sessions end at once, and links from it and to it lead nowhere.

        Its address stays until it is erased: by it, its traces are found.

        Raises:
            LastAdminError: It is the partner's last admin, who hands over or erases the partner.
        """
        with writes(self._engine) as transaction:
            hold_partner(transaction, partner_id)
            was_admin = is_admin(transaction, partner_id, member_id)
            end_invitations_by(transaction, partner_id, member_id)
            _end_invitations(transaction, partner_id, member_id, InvitationRow.email)
            transaction.execute(
                _of(partner_id, member_id).values(
                    status="removed",
                    subject=None,
                    name="",
                    picture="",
                    signed_out_at=datetime.now(UTC),
                )
            )
            if was_admin:
                check_admin(transaction, partner_id)

    def sign_out_everywhere(self, partner_id: str, member_id: str) -> None:
        """End all sessions of a member that began before now."""
        with writes(self._engine) as transaction:
            transaction.execute(_of(partner_id, member_id).values(signed_out_at=datetime.now(UTC)))


def _of(partner_id: str, member_id: str) -> Update:
    return update(MemberRow).where(
        MemberRow.partner_id == partner_id, MemberRow.member_id == member_id
    )


def end_invitations_by(transaction: Connection, partner_id: str, member_id: str) -> None:
    """Let the links lead nowhere that a member sent out and nobody took."""
    _end_invitations(transaction, partner_id, member_id, InvitationRow.invited_by)


def _end_invitations(
    transaction: Connection,
    partner_id: str,
    member_id: str,
    column: InstrumentedAttribute[str],
) -> None:
    """Let the links lead nowhere that nobody took, and that have a member's address somewhere."""
    address = select(MemberRow.email).where(
        MemberRow.partner_id == partner_id, MemberRow.member_id == member_id
    )
    ended = update(InvitationRow).where(
        InvitationRow.partner_id == partner_id,
        column == address.scalar_subquery(),
        InvitationRow.accepted_at.is_(None),
        InvitationRow.revoked_at.is_(None),
    )
    transaction.execute(ended.values(revoked_at=datetime.now(UTC)))


def free_address(transaction: Connection, partner_id: str, email: str) -> None:
    """Take an address off a removed member, for the one that has it from now on."""
    freed = update(MemberRow).where(
        MemberRow.partner_id == partner_id,
        MemberRow.email == email,
        MemberRow.status == "removed",
    )
    transaction.execute(freed.values(email="removed-" + MemberRow.member_id))


def is_admin(transaction: Connection, partner_id: str, member_id: str) -> bool:
    """Return whether a member is an admin who may enter."""
    found = select(MemberRow.role, MemberRow.status).where(
        MemberRow.partner_id == partner_id, MemberRow.member_id == member_id
    )
    return transaction.execute(found).one_or_none() == (Role.ADMIN.value, "active")


def permitted_tenants(role: Role, tenants: Sequence[str]) -> str:
    """Return tenants as they are kept.

    Raises:
        LimitedAdminError: They are some alone, for an admin.
    """
    if role is Role.ADMIN and tuple(tenants) != EVERY_TENANT:
        raise LimitedAdminError(
            "an admin sees every tenant of the partner; give another role to somebody who is to "
            "see some of them"
        )
    return json.dumps(list(tenants))


def check_admin(transaction: Connection, partner_id: str) -> None:
    """Check that a partner has an admin.

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
