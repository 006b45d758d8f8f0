"""`cloudprune build`."""

from typing import Annotated

import typer

from apps.cli.acting import as_operator
from apps.cli.console import Progress, err, progress
from apps.cli.options import PartnerOption, require_partner
from control.roles import Action
from pipeline.build import BuildReport, build_warehouse
from pipeline.settings import Settings


def build(
    partner: PartnerOption,
    full_refresh: Annotated[
        bool, typer.Option("--full-refresh", help="Throw the warehouse away and build it anew.")
    ] = False,
) -> None:
    """Build a partner's warehouse from what landed, and test it.

    Only what changed since the last build is computed.

    Example: [bold]cloudprune build --partner northwind[/]
    """
    settings = Settings()
    require_partner(settings, partner)
    with (
        as_operator(settings, partner, Action.RUN_PLATFORM, "build"),
        progress(f"Building the warehouse of {partner}") as step,
    ):
        report = build_warehouse(settings, partner, full_refresh=full_refresh, say=step.say)
        err.print(build_line(partner, report, step))


def build_line(partner: str, report: BuildReport, step: Progress) -> str:
    """Return what a build did in one sentence."""
    if not report.nodes:
        return f"{partner}: nothing changed since the last build."
    models = sum(node.resource_type == "model" for node in report.nodes)
    tests = len(report.nodes) - models
    return (
        f"{partner}: {models} models built and {tests} tests passed in {step.elapsed}; "
        f"{report.changed_partitions} billing periods changed."
    )
