"""Scans one connection and keeps its record: begun, alive, how far, and how it ended."""

import json
import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from time import monotonic

from control import records
from control.directory import Directory
from control.errors import ControlError
from control.scan_states import ScanState
from ingestion.azure.access import AzureEndpoints
from ingestion.collectors import CloudLimits, open_collector
from ingestion.errors import IngestionError, SourceError
from ingestion.inventory.failures import land_failure
from ingestion.inventory.history import History
from ingestion.inventory.report import ScanReport
from ingestion.inventory.scan import Progress, Say, Scan
from ingestion.inventory.snapshots import ScanFacts, Snapshot
from ingestion.lake import TenantLake
from ingestion.model import AwsAccess, AzureAccess, Connection
from ingestion.registry import resource_types_of
from pipeline.federation import signs_in
from pipeline.heartbeat import beating
from pipeline.secret_stores import secret_store
from pipeline.settings import Settings

logger = logging.getLogger(__name__)

_RECORD_EVERY_S = 1.0


@dataclass(frozen=True, slots=True)
class ScanFailure:
    """A connection of which nothing could be read, and why."""

    connection_id: str
    message: str


def opened(settings: Settings, access: records.Access) -> Connection:
    """Return a connection with what opens it, the secret included.

    Raises:
        InvalidInputError: It has no secret, and this installation issues no tokens.
        SecretUnreadableError: Its secret is absent or damaged.
    """
    whose = (access.partner_id, access.tenant_id, access.connection_id)
    provider = _provider(access)
    if access.role_arn is not None:
        return Connection(*whose, provider, AwsAccess(access.role_arn, access.external_id or ""))
    secret = secret_store(settings).get(*whose)
    subscriptions = tuple(json.loads(access.subscriptions))
    given = AzureAccess(
        access.directory_id or "",
        access.client_id or "",
        secret,
        subscriptions,
        None if secret else signs_in(settings, *whose[:2], is_trusted=True),
    )
    return Connection(*whose, provider, given)


def limits_of(settings: Settings) -> CloudLimits:
    """Return what the settings say of clouds."""
    azure = AzureEndpoints(settings.azure_resource_manager, settings.azure_metrics_endpoint)
    return CloudLimits(settings.scan_parallel, settings.scan_attempts, azure)


@dataclass(frozen=True, slots=True)
class ConnectionRun:
    """One connection's scan, with its record.

    Attributes:
        settings: Where state lies, and where the clouds answer.
        directory: The control database.
        lake: The tenant's lake.
        access: How the connection is opened.
        requested_by: Who asks.
        day: Day it lands as.
        scan_id: The request that is done, and no other; None to take one that waits, or make one.
    """

    settings: Settings
    directory: Directory
    lake: TenantLake
    access: records.Access
    requested_by: str
    day: date
    scan_id: str | None = None

    def scan(
        self, say: Say, on_progress: Callable[[Progress], None]
    ) -> ScanReport | ScanFailure | None:
        """Scan, and record the end whatever it is; None where the request waits no more."""
        access = self.access
        scan_id = self._begin()
        if scan_id is None:
            say(f"{access.connection_id}: the request was cancelled, or done by another")
            return None
        try:
            with beating(lambda: self.directory.keep_scan_alive(access.partner_id, scan_id)):
                report = self._read(scan_id, say, on_progress)
        except (IngestionError, ControlError) as error:
            self._finish(scan_id, ScanState.FAILED, str(error))
            if not isinstance(error, SourceError):  # the lake itself, which takes no word of it
                self._land_failure(scan_id, error)
            return ScanFailure(access.connection_id, str(error))
        except BaseException as error:
            state = ScanState.FAILED if isinstance(error, Exception) else ScanState.INTERRUPTED
            self._finish(
                scan_id, state, f"the scan was stopped ({type(error).__name__}); scan again"
            )
            raise
        self._finish(scan_id, ScanState(report.status.value), report.message, report)
        return report

    def _begin(self) -> str | None:
        """Return the scan that runs now; one that is cancelled in this moment does not."""
        access = self.access
        whose = (access.partner_id, access.tenant_id, access.connection_id)
        while True:
            by = self.requested_by
            scan_id = self.scan_id or self.directory.request_scan(*whose, requested_by=by)
            if self.directory.start_scan(access.partner_id, scan_id, snapshot_date=self.day):
                return scan_id
            if self.scan_id:
                return None

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
