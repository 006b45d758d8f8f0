"""The directory of partners: the one door to the control database."""

from datetime import UTC, datetime
from types import TracebackType
from typing import Self

from sqlalchemy import ColumnElement, delete, select

from control import records
from control.access import AccessRecords
from control.access_log import AccessLog
from control.connection_states import StateRecords
from control.consents import ConsentRecords
from control.decisions import DecisionRecords
from control.engine import open_engine
from control.erasure import ErasureRecords
from control.errors import UnknownParentError
from control.extracts import ExtractRecords
from control.invitations import InvitationRecords
from control.leaving import keep_partner
from control.marts import MartsRecords
from control.models import ConnectionRow, LoadRow, PartnerRow, SourceRow, TenantRow
from control.onboarding import OnboardingRecords
from control.partner_settings import PartnerSettingsRecords
from control.people import PeopleRecords
from control.privacy import PrivacyRecords
from control.rectification import RectificationRecords
from control.restriction import RestrictionRecords
from control.rule_settings import RuleSettings
from control.scan_requests import ScanRequests
from control.scans import ScanRecords
from control.schema import upgrade
from control.scoping import across_partners, scoped_by_partner
from control.sessions import SessionRecords
from control.store import put, read, translated, writes
from control.tombstones import TombstoneRecords


@scoped_by_partner
class Directory(
    AccessLog,
    AccessRecords,
    ConsentRecords,
    DecisionRecords,
    ErasureRecords,
    ExtractRecords,
    InvitationRecords,
    MartsRecords,
    OnboardingRecords,
    PartnerSettingsRecords,
    PeopleRecords,
    PrivacyRecords,
    RectificationRecords,
    RestrictionRecords,
    RuleSettings,
    ScanRecords,
    ScanRequests,
    SessionRecords,
    StateRecords,
    TombstoneRecords,
):
    """Who exists, what is connected, what was loaded, scanned and decided.

    Several processes may have it open. Each call is one transaction; but for `partners`,
    `requested_scans`, `partners_to_publish`, `connection_requests_waiting` and `is_role_taken`,
    each is scoped by a partner.

    Args:
        url: SQLAlchemy address; the schema is upgraded when it is older than this version.

    Raises:
        ControlUnavailableError: It cannot be opened, or is newer than this version.
    """

    def __init__(self, url: str) -> None:
        self._engine = open_engine(url)
        with translated(self._engine):
            upgrade(self._engine)

    def __enter__(self) -> Self:
        """Return itself."""
        return self

    def __exit__(
        self,
        error_type: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Close it."""
        self.close()

    def close(self) -> None:
        """Give back all connections."""
        self._engine.dispose()

    def ensure_partner(self, partner_id: str) -> None:
        """Make the partner, where it does not exist yet."""
        partner = {"partner_id": partner_id, "created_at": datetime.now(UTC)}
        with writes(self._engine) as transaction:
            put(transaction, PartnerRow, partner)

    def ensure_tenant(self, partner_id: str, tenant_id: str) -> None:
        """Make the partner and the tenant, where they do not exist yet."""
        now = datetime.now(UTC)
        with writes(self._engine) as transaction:
            partner = {"partner_id": partner_id, "created_at": now}
            put(transaction, PartnerRow, partner)
            put(transaction, TenantRow, {**partner, "tenant_id": tenant_id})

    def add_tenant(self, partner_id: str, tenant_id: str) -> None:
        """Make a tenant of a partner that exists; one that is there stays as it is.

        Raises:
            ErasureUnderWayError: The partner is being erased.
            UnknownParentError: There is no such partner; one that was erased stays so.
        """
        tenant = {
            "partner_id": partner_id,
            "tenant_id": tenant_id,
            "created_at": datetime.now(UTC),
        }
        with writes(self._engine, parent=f"partner {partner_id}") as transaction:
            keep_partner(transaction, partner_id)
            put(transaction, TenantRow, tenant)

    @across_partners
    def partners(self) -> tuple[records.Partner, ...]:
        """Return all partners by name."""
        return read(self._engine, PartnerRow, records.Partner)

    def tenants(self, partner_id: str) -> tuple[records.Tenant, ...]:
        """Return a partner's tenants by name."""
        return read(self._engine, TenantRow, records.Tenant, TenantRow.partner_id == partner_id)

    def require_known(self, partner_id: str, tenant_id: str | None = None) -> None:
        """Check that a partner, and a tenant of it, is there.

        Raises:
            UnknownParentError: It is not.
        """
        row, what = PartnerRow.partner_id, f"partner {partner_id}"
        conditions = [row == partner_id]
        if tenant_id is not None:
            row, what = TenantRow.partner_id, f"tenant {tenant_id} of {what}"
            conditions = [row == partner_id, TenantRow.tenant_id == tenant_id]
        with translated(self._engine), self._engine.begin() as transaction:
            found = transaction.execute(select(row).where(*conditions)).first()
        if found is None:
            raise UnknownParentError(
                f"{what} does not exist; if it was erased, it stays so. `cloudprune ingest` and "
                "`cloudprune connect` make a new one"
            )

    def connections(
        self, partner_id: str, tenant_id: str | None = None
    ) -> tuple[records.Connection, ...]:
        """Return the connections of a partner, or of one of its tenants."""
        scope = _scope(ConnectionRow, partner_id, tenant_id)
        return read(self._engine, ConnectionRow, records.Connection, *scope)

    def record_connection(
        self,
        partner_id: str,
        tenant_id: str,
        connection_id: str,
        *,
        provider: str,
        scope: str,
        name: str | None = None,
    ) -> None:
        """Add a connection, or take over its provider and scope; a name once given stays.

        Raises:
            UnknownParentError: The tenant does not exist.
        """
        values = {
            "partner_id": partner_id,
            "tenant_id": tenant_id,
            "connection_id": connection_id,
            "provider": provider,
            "scope": scope,
            "name": name,
            "created_at": datetime.now(UTC),
        }
        kept = {"created_at"} if name is not None else {"created_at", "name"}
        with writes(
            self._engine, parent=f"tenant {tenant_id} of partner {partner_id}"
        ) as transaction:
            put(transaction, ConnectionRow, values, kept=kept)

    def add_source(self, partner_id: str, tenant_id: str, uri: str) -> None:
        """Register where a tenant's exports are delivered; twice is once.

        Raises:
            UnknownParentError: The tenant does not exist.
        """
        values = {
            "partner_id": partner_id,
            "tenant_id": tenant_id,
            "uri": uri,
            "created_at": datetime.now(UTC),
        }
        with writes(
            self._engine, parent=f"tenant {tenant_id} of partner {partner_id}"
        ) as transaction:
            put(transaction, SourceRow, values)

    def remove_source(self, partner_id: str, tenant_id: str, uri: str) -> None:
        """Forget a place of delivery, if it is known."""
        gone = delete(SourceRow).where(
            *_scope(SourceRow, partner_id, tenant_id), SourceRow.uri == uri
        )
        with writes(self._engine) as transaction:
            transaction.execute(gone)

    def sources(self, partner_id: str, tenant_id: str) -> list[str]:
        """Return where a tenant's exports are delivered, in the order of registration."""
        rows = read(
            self._engine, SourceRow, records.Source, *_scope(SourceRow, partner_id, tenant_id)
        )
        return [row.uri for row in sorted(rows, key=lambda row: (row.created_at, row.uri))]

    def record_load(
        self,
        partner_id: str,
        tenant_id: str,
        connection_id: str,
        billing_period: str,
        *,
        load_id: str,
        dataset: str,
        status: str,
        row_count: int,
        rejected_row_count: int,
        byte_count: int,
        delivered_at: datetime,
        loaded_at: datetime,
        message: str,
    ) -> None:
        """Record what became of a delivery; the same load of the same period is replaced.

        Raises:
            UnknownParentError: The connection does not exist.
        """
        load = records.Load(
            partner_id,
            tenant_id,
            connection_id,
            billing_period,
            load_id,
            dataset,
            status,
            row_count,
            rejected_row_count,
            byte_count,
            delivered_at,
            loaded_at,
            message,
        )
        with writes(
            self._engine, parent=f"connection {connection_id} of tenant {tenant_id}"
        ) as transaction:
            put(transaction, LoadRow, vars(load), kept=())

    def loads(self, partner_id: str, tenant_id: str | None = None) -> tuple[records.Load, ...]:
        """Return the loads of a partner, or of one of its tenants."""
        return read(self._engine, LoadRow, records.Load, *_scope(LoadRow, partner_id, tenant_id))


def _scope(
    row: type[ConnectionRow | LoadRow | SourceRow], partner_id: str, tenant_id: str | None
) -> tuple[ColumnElement[bool], ...]:
    """Return the conditions that keep a query inside one partner, or one of its tenants."""
    partner = row.partner_id == partner_id
    return (partner,) if tenant_id is None else (partner, row.tenant_id == tenant_id)
