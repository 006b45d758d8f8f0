"""`cloudprune ingest`."""

import re
from typing import Annotated

import typer

from apps.cli.acting import as_operator
from apps.cli.console import Progress, err, progress
from apps.cli.options import PartnerOption, TenantOption
from apps.cli.outcomes import line_of, style_of, summary
from control.roles import Action
from ingestion.costs.report import IngestReport, Kind, Outcome
from pipeline.ingest import ingest_costs
from pipeline.settings import Settings

_PERIOD = re.compile(r"[0-9]{4}-(0[1-9]|1[0-2])")


def _checked_period(period: str | None) -> str | None:
    if period is not None and not _PERIOD.fullmatch(period):
        raise typer.BadParameter(f"{period} is no month; write it like 2026-05")
    return period


def ingest(
    path: Annotated[
        str, typer.Argument(help="A file, a folder, s3://bucket/prefix or az://container/prefix.")
    ],
    partner: PartnerOption,
    tenant: TenantOption,
    period: Annotated[
        str | None,
        typer.Option(callback=_checked_period, help="Land this billing period alone, YYYY-MM."),
    ] = None,
    take_over: Annotated[
        bool,
        typer.Option(
            "--take-over",
            help="Let these deliveries replace newer ones and those of another export.",
        ),
    ] = False,
) -> None:
    """Land a tenant's cost exports, whatever mix of formats they are in.

    Partner and tenant are made when new. A delivery that has not changed is skipped; one that is
    newer replaces its billing period as a whole.

    Exit status: 0 everything landed, 3 parts were rejected or wait for your decision and the rest
    landed, 1 nothing landed.

    Example: [bold]cloudprune ingest ./exports --partner northwind --tenant contoso[/]
    """
    settings = Settings()
    with (
        as_operator(settings, partner, Action.RUN_PLATFORM, "ingest", tenant_id=tenant),
        progress(f"Ingesting {path} for {partner}/{tenant}") as step,
    ):
        report = land(settings, partner, tenant, path, step, period=period, take_over=take_over)
    err.print(summary(report))
    raise typer.Exit(report.exit_status)


def land(
    settings: Settings,
    partner: str,
    tenant: str,
    path: str,
    step: Progress,
    *,
    period: str | None = None,
    take_over: bool = False,
) -> IngestReport:
    """Land a source and print what becomes of each delivery that is new.

    Raises:
        IngestionError: The source cannot be listed, or a name cannot be used.
    """
    return ingest_costs(
        settings,
        partner,
        tenant,
        path,
        billing_period=period,
        take_over=take_over,
        makes_tenant=True,
        say=step.say,
        on_outcome=lambda outcome: _tell(outcome, step),
    )


def _tell(outcome: Outcome, step: Progress) -> None:
    if outcome.kind is not Kind.UNCHANGED:  # there can be hundreds; the summary counts them
        step.keep(line_of(outcome), style=style_of(outcome))
