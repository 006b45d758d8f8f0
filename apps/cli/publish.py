"""`cloudprune publish`."""

from apps.cli.acting import as_operator
from apps.cli.console import err, progress
from apps.cli.options import PartnerOption, require_partner
from control.roles import Action
from pipeline.publish import publish_marts
from pipeline.settings import Settings
from serving.publish import PublishReport


def publish(partner: PartnerOption) -> None:
    """Publish what the last build made to the dashboard and to SQL.

    Readers keep the generation they opened; new ones get this one at once.

    Example: [bold]cloudprune publish --partner northwind[/]
    """
    settings = Settings()
    require_partner(settings, partner)
    with (
        as_operator(settings, partner, Action.RUN_PLATFORM, "publish"),
        progress(f"Publishing the marts of {partner}") as step,
    ):
        err.print(publish_line(partner, publish_marts(settings, partner, say=step.say)))


def publish_line(partner: str, report: PublishReport) -> str:
    """Return what a publication did in one sentence."""
    if report.skipped:
        return f"{partner}: generation {report.generation} is up to date."
    rows = sum(report.tables.values())
    return f"{partner}: generation {report.generation}, {len(report.tables)} marts, {rows:,} rows."
