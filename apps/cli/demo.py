"""`cloudprune demo`: from bills to a running dashboard, in one command."""

from contextlib import ExitStack
from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape

from apps.cli.acting import as_operator
from apps.cli.build import build_line
from apps.cli.console import err, out, progress
from apps.cli.dashboard import run_until_stopped
from apps.cli.demo_bills import simulated_bills
from apps.cli.demo_clouds import scan_simulated_clouds
from apps.cli.demo_summary import findings_table, summary_table
from apps.cli.demo_worker import demo_worker
from apps.cli.errors import PARTLY, CommandError
from apps.cli.ingest import land
from apps.cli.outcomes import summary
from apps.cli.publish import publish_line
from apps.dashboard.launch import (
    DEFAULT_PORT,
    HOST,
    address,
    free_port,
    refuse_beside_sign_in,
    serve,
)
from control.roles import Action
from estate.clouds.aws.roles import SCANNING_ACCOUNT
from ingestion.costs.report import IngestReport, Kind
from ingestion.names import slug
from pipeline.build import build_warehouse
from pipeline.publish import publish_marts
from pipeline.settings import Settings

_OWN_PARTNER = "local"


def demo(
    data: Annotated[
        str | None,
        typer.Option(
            help="Your own exports instead of simulated bills: a file or folder, in any mix of "
            "formats, or s3://bucket/prefix, or az://container/prefix."
        ),
    ] = None,
    port: Annotated[
        int, typer.Option(help="Where the dashboard listens; another one if it is taken.")
    ] = DEFAULT_PORT,
    is_rescanned: Annotated[
        bool, typer.Option("--rescan", help="Scan the simulated clouds although today's scans are.")
    ] = False,
    is_served: Annotated[
        bool, typer.Option("--serve/--no-serve", help="Whether to start the dashboard at the end.")
    ] = True,
    is_opened: Annotated[
        bool, typer.Option("--open", help="Open the dashboard in this computer's browser.")
    ] = False,
) -> None:
    """Go from cloud bills and accounts to a running dashboard.

    Writes the bills of three simulated partners in their providers' export formats, starts their
    simulated clouds and scans them over HTTP, or takes your exports without clouds; then ingests,
    builds, publishes, prints a summary and serves the dashboard until Ctrl-C. What was done
    before is not done again.

    Example: [bold]cloudprune demo --data ./exports[/]
    """
    settings = Settings()
    if is_served:
        refuse_beside_sign_in()
    tenants = _own_tenant(data) if data else simulated_bills(settings)
    partners = sorted({partner for partner, _ in tenants})
    with ExitStack() as entered:
        for partner in partners:
            entered.enter_context(as_operator(settings, partner, Action.RUN_PLATFORM, "demo"))
        status = _ingest(settings, tenants)
        if not data:
            status = max(status, scan_simulated_clouds(settings, again=is_rescanned))
        for partner in partners:
            _build_and_publish(settings, partner)
        out.print()
        out.print(summary_table(settings, partners))
        if not data:
            out.print()
            out.print(findings_table(settings, partners))
    if is_served:
        with demo_worker(settings, is_simulated=not data):
            _serve(settings if data else _simulated(settings), port, is_opened=is_opened)
    raise typer.Exit(status)


def _simulated(settings: Settings) -> Settings:
    """Return the settings with the identity that the simulated AWS knows."""
    principal = f"arn:aws:iam::{SCANNING_ACCOUNT}:root"
    return settings.model_copy(update={"aws_principal": principal})


def _own_tenant(data: str) -> dict[tuple[str, str], str]:
    name = data.rstrip("/").rsplit("/", 1)[-1] if "://" in data else Path(data).resolve().name
    return {(_OWN_PARTNER, slug(name.partition(".")[0]) or "tenant"): data}


def _ingest(settings: Settings, tenants: dict[tuple[str, str], str]) -> int:
    """Land all sources; return the exit status, 3 if parts were rejected."""
    reports: list[IngestReport] = []
    for number, ((partner, tenant), source) in enumerate(tenants.items(), 1):
        with progress(f"Ingesting {number} of {len(tenants)}: {partner}/{tenant}") as step:
            report = land(settings, partner, tenant, source, step)
            err.print(f"{partner}/{tenant}: {summary(report)}")
        reports.append(report)
    if not any(report.of(Kind.LANDED, Kind.UNCHANGED, Kind.SUPERSEDED) for report in reports):
        raise CommandError(
            f"no cost export was found in {', '.join(map(str, tenants.values()))}; give a file or "
            "folder with FOCUS, AWS Cost and Usage Report or Azure cost exports"
        )
    return PARTLY if any(report.exit_status for report in reports) else 0


def _build_and_publish(settings: Settings, partner: str) -> None:
    with progress(f"Building the warehouse of {partner}") as step:
        report = build_warehouse(settings, partner, say=step.say)
        err.print(build_line(partner, report, step))
    with progress(f"Publishing the marts of {partner}") as step:
        err.print(publish_line(partner, publish_marts(settings, partner, say=step.say)))


def _serve(settings: Settings, port: int, *, is_opened: bool) -> None:
    chosen = free_port(port)
    process = serve(settings, port=chosen, open_browser=is_opened)
    state = escape(str(settings.home.resolve()))
    words = f"Dashboard: [bold]{address(chosen)}[/]\nState:     {state}"
    run_until_stopped(process, words, HOST, chosen)
