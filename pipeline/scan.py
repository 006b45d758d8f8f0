"""Scans a tenant's clouds and records it: the function that command line and Dagster both call."""

import json
import logging
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, date, datetime
from time import monotonic

from control import records
from control.directory import Directory
from control.errors import ControlError
from control.scans import ScanState
from ingestion.azure.access import AzureEndpoints
from ingestion.collectors import CloudLimits, open_collector
from ingestion.errors import IngestionError, NothingToScanError, SourceError
from ingestion.inventory.failures import land_failure
from ingestion.inventory.history import History
from ingestion.inventory.report import ScanReport, ScanStatus
from ingestion.inventory.scan import Progress, Say, Scan
from ingestion.inventory.snapshots import ScanFacts, Snapshot
from ingestion.lake import TenantLake
from ingestion.model import AwsAccess, AzureAccess, Connection
from ingestion.names import checked_name
from ingestion.registry import resource_types_of
from pipeline.locking import exclusive, tenant_lock
from pipeline.secret_stores import secret_store
from pipeline.settings import Settings

logger = logging.getLogger(__name__)

_RECORD_EVERY_S = 1.0


@dataclass(frozen=True, slots=True)
class ScanFailure:
    """A connection of which nothing could be read, and why."""

    connection_id: str
    message: str


@dataclass(frozen=True, slots=True)
class TenantScan:
    """What became of the connections of a tenant.

    Attributes:
        reports: A report per connection that was asked.
        failures: The others.
    """

    reports: tuple[ScanReport, ...]
    failures: tuple[ScanFailure, ...]

    @property
    def is_transient(self) -> bool:
        """Whether all that is missing may come with the next attempt, nobody acting."""
        missing = [report for report in self.reports if report.problems]
        return not self.failures and bool(missing) and all(r.is_transient for r in missing)

    @property
    def exit_status(self) -> int:
        """0 if everything is known, 3 if a part is not, 1 if nothing is."""
        states = [report.status for report in self.reports]
        if not any(state is not ScanStatus.FAILED for state in states):
            return 1
        is_whole = all(state is ScanStatus.COMPLETE for state in states) and not self.failures
        return 0 if is_whole else 3


def scan_tenant(
    settings: Settings,
    partner_id: str,
    tenant_id: str,
    *,
    connection_id: str | None = None,
    requested_by: str = "cli",
    snapshot_date: date | None = None,
    say: Say = lambda _: None,
    on_report: Callable[[ScanReport], None] = lambda _: None,
    on_progress: Callable[[Progress], None] = lambda _: None,
) -> TenantScan:
    """Read the inventory and utilization of a tenant's connections; one stops no other.

    Scans that were asked for before and wait are taken over.

    Args:
        settings: Where state lies, and where the clouds answer.
        partner_id: Whose tenant.
        tenant_id: Whose clouds.
        connection_id: Read this connection alone, or None for all.
        requested_by: Who asks, for the record.
        snapshot_date: Day it lands as; today, UTC, unless given.
        say: Told what runs.
        on_report: Told what became of each connection, as it is known.
        on_progress: Told how far the running connection is.

    Raises:
        InvalidNameError: A name that cannot become a path.
        NothingToScanError: The tenant has no such connection.
        RestrictedError: The partner or the tenant may not be processed.
    """
    checked_name(partner_id, what="partner")
    checked_name(tenant_id, what="tenant")
    day = snapshot_date or datetime.now(UTC).date()
    lake = TenantLake(settings.lake, partner_id, tenant_id)
    with (
        exclusive(tenant_lock(settings, partner_id, tenant_id), f"lands data of {tenant_id}", say),
        closing(Directory(settings.control)) as directory,
    ):
        directory.require_processing(partner_id, tenant_id)
        directory.interrupt_scans(partner_id, tenant_id)
        accesses = _accesses(directory, partner_id, tenant_id, connection_id)
        reports: list[ScanReport] = []
        failures: list[ScanFailure] = []
        for access in accesses:
            run = _Run(settings, directory, lake, access, requested_by, day)
            result = run.scan(say, on_progress)
            if isinstance(result, ScanReport):
                reports.append(result)
                on_report(result)
            else:
                failures.append(result)
        return TenantScan(tuple(reports), tuple(failures))


def opened(settings: Settings, access: records.Access) -> Connection:
    """Return a connection with what opens it, the secret included.

    Raises:
        SecretUnreadableError: Its secret is absent or damaged.
    """
    whose = (access.partner_id, access.tenant_id, access.connection_id)
    provider = _provider(access)
    if access.role_arn is not None:
        return Connection(*whose, provider, AwsAccess(access.role_arn, access.external_id or ""))
    secret = secret_store(settings).get(*whose)
    subscriptions = tuple(json.loads(access.subscriptions))
    given = AzureAccess(access.directory_id or "", access.client_id or "", secret, subscriptions)
    return Connection(*whose, provider, given)


def limits_of(settings: Settings) -> CloudLimits:
    """Return what the settings say of clouds."""
    azure = AzureEndpoints(settings.azure_resource_manager, settings.azure_metrics_endpoint)
    return CloudLimits(settings.scan_parallel, settings.scan_attempts, azure)


@dataclass(frozen=True, slots=True)
class _Run:
    """One connection's scan, with its record."""

    settings: Settings
    directory: Directory
    lake: TenantLake
    access: records.Access
    requested_by: str
    day: date

    def scan(self, say: Say, on_progress: Callable[[Progress], None]) -> ScanReport | ScanFailure:
        """Scan, and record the end whatever it is."""
        access = self.access
        whose = (access.partner_id, access.tenant_id, access.connection_id)
        scan_id = self.directory.request_scan(*whose, requested_by=self.requested_by)
        self.directory.start_scan(access.partner_id, scan_id, snapshot_date=self.day)
        try:
            report = self._read(scan_id, say, on_progress)
        except (IngestionError, ControlError) as error:
            self._finish(scan_id, ScanState.FAILED, str(error))
            if not isinstance(error, SourceError):  # the lake itself, which takes no word of it
                self._land_failure(scan_id, error)
            return ScanFailure(access.connection_id, str(error))
        except BaseException as error:
            state = ScanState.FAILED if isinstance(error, Exception) else ScanState.INTERRUPTED
            self._finish(scan_id, state, f"the scan was stopped ({type(error).__name__})")
            raise
        self._finish(scan_id, ScanState(report.status.value), report.message, report)
        return report

    def _read(self, scan_id: str, say: Say, on_progress: Callable[[Progress], None]) -> ScanReport:
        connection = opened(self.settings, self.access)
        kinds = resource_types_of(connection.provider)
        history = History(self.lake, connection.connection_id, self.day)
        limits = limits_of(self.settings)
        with open_collector(connection, kinds, history=history, limits=limits) as collector:
            report = Scan(
                connection,
                self.lake,
                collector,
                kinds,
                scan_id=scan_id,
                requested_by=self.requested_by,
                snapshot_date=self.day,
                say=say,
                on_progress=_Recorder(self.directory, self.access, scan_id, on_progress),
            ).run()
        self._note(scan_id, report)
        return report

    def _land_failure(self, scan_id: str, error: IngestionError | ControlError) -> None:
        provider = _provider(self.access)
        now = datetime.now(UTC)
        facts = ScanFacts(scan_id, provider, self.requested_by, now)
        snapshot = Snapshot(self.lake, self.access.connection_id, self.day, facts)
        land_failure(snapshot, resource_types_of(provider), error, now)

    def _note(self, scan_id: str, report: ScanReport) -> None:
        self.directory.note_progress(
            self.access.partner_id,
            scan_id,
            done_count=len(report.scopes),
            total_count=len(report.scopes),
            resource_count=report.resource_count,
            call_count=report.call_count,
        )

    def _finish(
        self, scan_id: str, state: ScanState, message: str, report: ScanReport | None = None
    ) -> None:
        problems = [
            records.ScanProblem(
                self.access.partner_id,
                scan_id,
                scope.sub_account_id,
                scope.region_id,
                scope.table_name,
                scope.status.value,
                scope.error_code,
                scope.message,
                scope.action,
                scope.finished_at,
            )
            for scope in (report.problems if report else ())
        ]
        self.directory.finish_scan(
            self.access.partner_id, scan_id, status=state, message=message, problems=problems
        )
        logger.info("scan ended scan_id=%s status=%s", scan_id, state.value)


class _Recorder:
    """Writes progress to the record, at most once a second."""

    def __init__(
        self,
        directory: Directory,
        access: records.Access,
        scan_id: str,
        on_progress: Callable[[Progress], None],
    ) -> None:
        self._directory = directory
        self._partner_id = access.partner_id
        self._scan_id = scan_id
        self._on_progress = on_progress
        self._written = 0.0

    def __call__(self, progress: Progress) -> None:
        self._on_progress(progress)
        if monotonic() - self._written < _RECORD_EVERY_S:
            return
        self._written = monotonic()
        self._directory.note_progress(
            self._partner_id,
            self._scan_id,
            done_count=progress.done,
            total_count=progress.total,
            resource_count=progress.resource_count,
            call_count=progress.call_count,
        )


def _provider(access: records.Access) -> str:
    return "azure" if access.role_arn is None else "aws"


def _accesses(
    directory: Directory, partner_id: str, tenant_id: str, connection_id: str | None
) -> list[records.Access]:
    found = directory.accesses(partner_id, tenant_id)
    wanted = [a for a in found if connection_id in (None, a.connection_id)]
    if wanted:
        return wanted
    known = ", ".join(access.connection_id for access in found) or "none"
    what = f"no connection {connection_id}" if connection_id else "no connection to scan"
    raise NothingToScanError(
        f"tenant {tenant_id} of partner {partner_id} has {what} (known: {known}); connect one: "
        f"cloudprune connect aws --partner {partner_id} --tenant {tenant_id} --role-arn ARN"
    )
