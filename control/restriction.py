"""Restriction of processing (GDPR, Article 18): data is kept, and nothing else is done with it."""

from collections.abc import Collection
from datetime import UTC, datetime

from sqlalchemy import Connection, Engine, Table, inspect, select, update

from control.errors import RestrictedError, UnknownParentError
from control.models import MemberRow, PartnerRow, TenantRow
from control.people import check_admin, end_invitations_by, is_admin
from control.privacy_records import Subject, SubjectKind
from control.scoping import across_partners
from control.store import hold_partner, writes


class RestrictionRecords:
    """What may not be processed for now."""

    _engine: Engine

    @across_partners
    def restrict(self, subject: Subject, *, since: datetime | None = None) -> None:
        """Let a partner, a tenant or a member not be processed until it is lifted.

        Args:
            subject: Which.
            since: The instant that is kept; None for now.

        Raises:
            LastAdminError: It is the partner's last admin: nobody could lift it.
            UnknownParentError: There is no such partner, tenant or member.
        """
        self._set(subject, since or datetime.now(UTC))

    @across_partners
    def lift_restriction(self, subject: Subject) -> None:
        """Let a partner, a tenant or a member be processed again.

        Raises:
            UnknownParentError: There is no such partner, tenant or member.
        """
        self._set(subject, None)

    def restricted_tenants(self, partner_id: str) -> dict[str, datetime]:
        """Return since when which tenants of a partner are restricted."""
        query = select(TenantRow.tenant_id, TenantRow.restricted_at).where(
            TenantRow.partner_id == partner_id, TenantRow.restricted_at.is_not(None)
        )
        with self._engine.connect() as connection:
            return {row.tenant_id: row.restricted_at for row in connection.execute(query)}

    def restricted_since(self, partner_id: str) -> datetime | None:
        """Return since when a partner may not be processed; None where it may."""
        query = select(PartnerRow.restricted_at).where(PartnerRow.partner_id == partner_id)
        with self._engine.connect() as connection:
            return connection.execute(query).scalar_one_or_none()

    def require_processing(self, partner_id: str, tenant_id: str | None = None) -> None:
        """Check that a partner, and a tenant of it, may be processed; new ones may.

        Raises:
            RestrictedError: It may not be; since when, and what lifts it.
        """
        since = self.restricted_since(partner_id)
        what, flag = f"partner {partner_id}", ""
        if since is None and tenant_id is not None:
            since = self.restricted_tenants(partner_id).get(tenant_id)
            what, flag = f"tenant {tenant_id} of partner {partner_id}", f" --tenant {tenant_id}"
        if since is not None:
            raise RestrictedError(
                f"the processing of {what} is restricted since {since:%Y-%m-%d}: its data stays as "
                f"it is. Lift it: cloudprune privacy lift --partner {partner_id}{flag}"
            )

    def readable_tenants(
        self, partner_id: str, seen: Collection[str] | None = None
    ) -> tuple[str, ...] | None:
        """Return the tenants whose published data may be read; None for all of the partner.

        A restricted tenant is still in what was published before: it is left out from this moment.

        Args:
            partner_id: Whose data.
            seen: The tenants that the reader may see; None for all of the partner.

        Raises:
            RestrictedError: The partner may not be processed.
        """
        self.require_processing(partner_id)
        restricted = self.restricted_tenants(partner_id)
        if seen is None and not restricted:
            return None
        if seen is None:
            query = select(TenantRow.tenant_id).where(TenantRow.partner_id == partner_id)
            with self._engine.connect() as connection:
                seen = connection.execute(query).scalars().all()
        return tuple(sorted(set(seen) - restricted.keys()))

    def _set(self, subject: Subject, since: datetime | None) -> None:
        with writes(self._engine) as transaction:
            hold_partner(transaction, subject.partner_id)
            if subject.kind is SubjectKind.MEMBER:
                found = _set_member(transaction, subject, is_restricted=since is not None)
            else:
                found = _set_instant(transaction, subject, since)
            if not found:
                raise UnknownParentError(f"{subject.kind.value} {subject.name} does not exist")


def _set_member(transaction: Connection, subject: Subject, *, is_restricted: bool) -> int:
    change = update(MemberRow).where(
        MemberRow.partner_id == subject.partner_id,
        MemberRow.member_id == subject.subject_id,
        MemberRow.status != "removed",
    )
    if not is_restricted:
        return transaction.execute(change.values(status="active")).rowcount
    was_admin = is_admin(transaction, subject.partner_id, subject.subject_id)
    end_invitations_by(transaction, subject.partner_id, subject.subject_id)
    values = {"status": "restricted", "signed_out_at": datetime.now(UTC)}
    found = transaction.execute(change.values(values)).rowcount
    if was_admin:
        check_admin(transaction, subject.partner_id)
    return found


def _set_instant(transaction: Connection, subject: Subject, since: datetime | None) -> int:
    row = {SubjectKind.PARTNER: PartnerRow, SubjectKind.TENANT: TenantRow}.get(subject.kind)
    if row is None:
        raise RestrictedError("a connection is restricted by its tenant; name that")
    table = inspect(row).local_table
    if not isinstance(table, Table):
        raise TypeError(f"{row} is no table")
    change = update(table).where(table.c.partner_id == subject.partner_id)
    if subject.kind is SubjectKind.TENANT:
        change = change.where(table.c.tenant_id == subject.tenant_id)
    return transaction.execute(change.values(restricted_at=since)).rowcount
