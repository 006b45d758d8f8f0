"""`cloudprune scan`."""

from typing import Annotated

import typer

from apps.cli.acting import as_operator
from apps.cli.console import Progress, err, progress
from apps.cli.options import PartnerOption, TenantOption, require_partner
from apps.cli.scan_outcome import outcome_table, problem_lines, summary
from control.roles import Action
from ingestion.inventory.report import ScanReport
from pipeline.scan import TenantScan, scan_tenant
from pipeline.settings import Settings


def scan(
    partner: PartnerOption,
    tenant: TenantOption,
    connection: Annotated[
        str | None,
        typer.Option("--connection", "-c", help="Read this connection alone: aws-123456789012."),
    ] = None,
) -> None:
    """Read what a tenant's clouds hold, and how it was used: resources and their utilization.

    Every enabled region and subscription is read with the read-only access that `connect`
    registered. A region that refuses is told with who must do what; what was known of it stays.

    Exit status: 0 everything is known, 3 a part is not and the rest landed, 1 nothing landed.

    Example: [bold]cloudprune scan --partner northwind --tenant contoso[/]
    """
    settings = Settings()
    require_partner(settings, partner)
    with (
        as_operator(settings, partner, Action.SCAN, connection or "", tenant_id=tenant),
        progress(f"Scanning the clouds of {partner}/{tenant}") as step,
    ):
        done = scan_clouds(settings, partner, tenant, step, connection=connection)
    err.print(summary(done))
    raise typer.Exit(done.exit_status)


def scan_clouds(
    settings: Settings, partner: str, tenant: str, step: Progress, *, connection: str | None = None
) -> TenantScan:
    """Scan a tenant and print what became of each connection.

    Raises:
        IngestionError: There is nothing to scan, or a name cannot be used.
    """
    done = scan_tenant(
        settings,
        partner,
        tenant,
        connection_id=connection,
        say=step.say,
        on_report=lambda report: _tell(report, step),
        on_progress=lambda p: step.say(
            f"{p.done:,} of {p.total:,} tables, {p.resource_count:,} resources, "
            f"{p.call_count:,} calls"
        ),
    )
    for failure in done.failures:
        step.keep(f"{failure.connection_id}: {failure.message}", style="red")
    return done


def _tell(report: ScanReport, step: Progress) -> None:
    err.print(outcome_table(report))
    for line in problem_lines(report):
        step.keep(line, style="yellow")
