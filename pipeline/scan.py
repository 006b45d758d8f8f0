"""Scans a tenant's clouds and records it: the function that command line and Dagster both call."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime

from control import records
from control.directory import Directory
from control.errors import ControlError
from ingestion.errors import IngestionError, NothingToScanError
from ingestion.inventory.report import ScanReport, ScanStatus
from ingestion.inventory.scan import Progress, Say
from ingestion.lake import TenantLake
from ingestion.names import checked_name
from pipeline.locking import tenant_lock
from pipeline.processing import processing
from pipeline.scan_run import ConnectionRun, ScanFailure
from pipeline.settings import Settings


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
    def is_empty(self) -> bool:
        """Whether nothing was to be read: the request was cancelled, or done by another."""
        return not self.reports and not self.failures

    @property
    def is_transient(self) -> bool:
        """Whether all that is missing may come with the next attempt, nobody acting."""
        missing = [report for report in self.reports if report.problems]
        return not self.failures and bool(missing) and all(r.is_transient for r in missing)

    @property
    def exit_status(self) -> int:
        """0 if everything that was to be read is known, 3 if a part is not, 1 if nothing is."""
        if self.is_empty:
            return 0
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
    scan_id: str | None = None,
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
        scan_id: Do this request of that connection, and nothing where it does not wait any more.
        requested_by: Who asks, for the record, where no request says so.
        snapshot_date: Day it lands as; today, UTC, unless given.
        say: Told what runs.
        on_report: Told what became of each connection, as it is known.
        on_progress: Told how far the running connection is.

    Raises:
        InvalidNameError: A name that cannot become a path.
        NothingToScanError: The tenant has no such connection.
        RestrictedError: The partner or the tenant may not be processed.
        UnknownParentError: There is no such tenant; one that was erased stays so.
    """
    checked_name(partner_id, what="partner")
    checked_name(tenant_id, what="tenant")
    day = snapshot_date or datetime.now(UTC).date()
    lake = TenantLake(settings.lake, partner_id, tenant_id)
    lock, waiting = tenant_lock(settings, partner_id, tenant_id), f"lands data of {tenant_id}"
    with closing(Directory(settings.control)) as directory, ExitStack() as held:
        with _failing(directory, partner_id, scan_id):
            held.enter_context(
                processing(settings, partner_id, tenant_id, lock=lock, waiting=waiting, say=say)
            )
            directory.interrupt_scans(partner_id, tenant_id)
            accesses = _accesses(directory, partner_id, tenant_id, connection_id)
        asked = directory.scan(partner_id, scan_id) if scan_id else None
        by = asked.requested_by if asked else requested_by
        reports: list[ScanReport] = []
        failures: list[ScanFailure] = []
        for access in accesses:
            run = ConnectionRun(settings, directory, lake, access, by, day, scan_id)
            result = run.scan(say, on_progress)
            if isinstance(result, ScanReport):
                reports.append(result)
                on_report(result)
            elif result is not None:
                failures.append(result)
        return TenantScan(tuple(reports), tuple(failures))


@contextmanager
def _failing(directory: Directory, partner_id: str, scan_id: str | None) -> Iterator[None]:
    """Let a request that cannot be begun end with the reason, and not wait for ever."""
    try:
        yield
    except (ControlError, IngestionError) as error:
        if scan_id:
            directory.fail_request(partner_id, scan_id, str(error))
        raise


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
