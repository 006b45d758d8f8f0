"""The demo's simulated clouds: started for the scans of a day, and not when those are done."""

import json
import os
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from datetime import UTC, date, datetime
from functools import partial

from apps.cli.console import Progress, err, progress
from apps.cli.demo_bills import MARKER, MONTHS, SIZE, bills_folder
from apps.cli.errors import PARTLY
from apps.cli.scan_outcome import summary
from control.directory import Directory
from control.scan_states import ScanState
from estate.clouds.running import CloudConnection, running_clouds
from estate.model import Partner
from estate.world import build_partners, calendar
from ingestion.inventory.scan import Progress as ScanProgress
from pipeline.connect import connect_aws, connect_azure
from pipeline.scan import scan_tenant
from pipeline.settings import Settings

_REQUESTED_BY = "demo"
_Whose = tuple[str, str, str]
"""Partner, tenant and connection."""


def scan_simulated_clouds(settings: Settings, *, again: bool = False) -> int:
    """Scan the clouds of the simulated partners, unless today's scans are complete.

    Args:
        settings: Where state lies.
        again: Scan although everything is known.

    Returns:
        Exit status: 0, or 3 if a part is not known.
    """
    today = datetime.now(UTC).date()
    partners, through = simulated_estate(settings)
    scanned = frozenset[_Whose]() if again else _scanned(settings, partners, today)
    if scanned and scanned >= _connected(settings, partners):
        err.print("Simulated clouds: scanned today already; --rescan scans them again.")
        return 0
    with (
        progress("Starting the simulated clouds") as step,
        running_clouds(partners, through) as clouds,
    ):
        err.print(
            f"Simulated clouds: {len(clouds.connections)} accounts and directories, "
            f"in {step.elapsed}."
        )
        with cloud_environment(clouds.environment):
            reached = Settings(home=settings.home)
            wanted = [connect(reached, found) for found in clouds.connections]
            return _scan_all(reached, [each for each in wanted if each not in scanned], today)


def simulated_estate(settings: Settings) -> tuple[tuple[Partner, ...], date]:
    """Return the simulated partners, and the last day of their bills."""
    made = json.loads((bills_folder(settings) / MARKER).read_text(encoding="utf-8"))
    through = date.fromisoformat(made["through"])
    return build_partners(made["seed"], SIZE, calendar(through, MONTHS)), through


def _connected(settings: Settings, partners: tuple[Partner, ...]) -> frozenset[_Whose]:
    """Return every connection that can be scanned."""
    with closing(Directory(settings.control)) as directory:
        return frozenset(
            (access.partner_id, access.tenant_id, access.connection_id)
            for partner in partners
            for access in directory.accesses(partner.partner_id)
        )


def _scanned(settings: Settings, partners: tuple[Partner, ...], today: date) -> frozenset[_Whose]:
    """Return every connection that has a complete scan of today."""
    with closing(Directory(settings.control)) as directory:
        return frozenset(
            (scan.partner_id, scan.tenant_id, scan.connection_id)
            for partner in partners
            for scan in directory.scans(partner.partner_id)
            if scan.status == ScanState.COMPLETE and scan.snapshot_date == today
        )


def connect(settings: Settings, found: CloudConnection) -> _Whose:
    """Register a connection as a tenant's administrator would; return whose it is."""
    whose = (found.partner_id, found.tenant_id)
    if found.provider == "aws":
        access = connect_aws(settings, *whose, found.role_arn, external_id=found.external_id)
    else:
        access = connect_azure(
            settings,
            *whose,
            found.directory_id,
            found.client_id,
            found.client_secret,
            found.subscriptions,
        )
    return (*whose, access.connection_id)


def _scan_all(settings: Settings, wanted: list[_Whose], today: date) -> int:
    status = 0
    for number, (partner_id, tenant_id, connection_id) in enumerate(wanted, 1):
        title = f"Scanning {number} of {len(wanted)}: {partner_id}/{tenant_id} {connection_id}"
        with progress(title) as step:
            done = scan_tenant(
                settings,
                partner_id,
                tenant_id,
                connection_id=connection_id,
                requested_by=_REQUESTED_BY,
                snapshot_date=today,
                say=step.say,
                on_progress=partial(_tell, step),
            )
            err.print(f"{partner_id}/{tenant_id}: {summary(done)}")
        status = PARTLY if done.exit_status else status
    return status


def _tell(step: Progress, found: ScanProgress) -> None:
    step.say(
        f"{found.done:,} of {found.total:,} tables, {found.resource_count:,} resources, "
        f"{found.call_count:,} calls"
    )


@contextmanager
def cloud_environment(values: Mapping[str, str]) -> Iterator[None]:
    """Lead the clouds' SDKs, which read the environment, to other endpoints for a while."""
    before = {name: os.environ.get(name) for name in values}
    os.environ.update(values)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value
