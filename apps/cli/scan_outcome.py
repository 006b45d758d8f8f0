"""What became of a scan, as a table, lines and one sentence."""

from rich.markup import escape
from rich.table import Table

from ingestion.inventory.report import ScanReport
from pipeline.scan import TenantScan
from pipeline.scan_problems import few, reasons_of

_SHOWN_PROBLEMS = 12


def outcome_table(report: ScanReport) -> Table:
    """Return one line per table: what landed, and in how many places it is known."""
    table = Table(title=f"{report.connection_id}, {report.snapshot_date}", title_justify="left")
    table.add_column("Table")
    for name in ("Rows", "Calls", "Known places", "Unknown"):
        table.add_column(name, justify="right")
    for name, landed in report.tables.items():
        scopes = [scope for scope in report.scopes if scope.table_name == name]
        known = sum(scope.is_complete for scope in scopes)
        unknown = len(scopes) - known
        table.add_row(
            escape(name),
            f"{landed.row_count:,}",
            f"{landed.call_count:,}",
            f"{known:,}",
            f"[yellow]{unknown:,}[/]" if unknown else "-",
        )
    return table


def problem_lines(report: ScanReport) -> list[str]:
    """Return what is not known, each reason once, with who must do what."""
    lines = [
        f"{reason.status:<10} {reason.message} ({few(reason.places)}); {reason.action}"
        for reason in reasons_of(report.problems)
    ]
    if len(lines) > _SHOWN_PROBLEMS:
        more = len(lines) - _SHOWN_PROBLEMS
        lines = [*lines[:_SHOWN_PROBLEMS], f"and {more:,} more, see the page Scans"]
    return lines


def summary(done: TenantScan) -> str:
    """Return what became of a tenant's connections in one sentence."""
    resources = sum(report.resource_count for report in done.reports)
    calls = sum(report.call_count for report in done.reports)
    places = len(done.reports) + len(done.failures)
    unknown = sum(len(report.problems) for report in done.reports)
    parts = [f"{places:,} connections, {resources:,} resources seen with {calls:,} calls"]
    if unknown:
        parts.append(f"{unknown:,} tables are not known in some place")
    if done.failures:
        parts.append(f"{len(done.failures):,} connections could not be opened")
    return "; ".join(parts) + "."
