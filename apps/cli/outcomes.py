"""What became of deliveries, in lines and one summary."""

from collections import Counter

from apps.cli.console import amount
from ingestion.costs.report import IngestReport, Kind, Outcome

_STYLES = {
    Kind.LANDED: "green",
    Kind.UNCHANGED: "dim",
    Kind.SUPERSEDED: "dim",
    Kind.SKIPPED: "dim",
    Kind.UNRECOGNISED: "yellow",
    Kind.REFUSED: "yellow",
    Kind.FAILED: "red",
}


def style_of(outcome: Outcome) -> str:
    """Return the colour of an outcome's line."""
    return "yellow" if outcome.rejected_row_count else _STYLES[outcome.kind]


def line_of(outcome: Outcome) -> str:
    """Return one line on an outcome."""
    if outcome.kind is not Kind.LANDED:
        return f"{outcome.kind.value:<12} {outcome.message}"
    totals = ", ".join(amount(total, name) for name, total in outcome.totals.items())
    words = [
        f"{outcome.kind.value:<12} {outcome.connection_id} {outcome.billing_period}",
        str(outcome.dataset),
        f"{outcome.row_count:,} lines",
        totals or "no charges",
    ]
    if outcome.rejected_row_count:
        words.append(f"{outcome.rejected_row_count:,} rejected, see Data health")
    if outcome.noted_row_count:
        words.append(f"{outcome.noted_row_count:,} with an unknown value")
    if outcome.remarks:
        words.append(f"({'; '.join(outcome.remarks)})")
    return "  ".join(words)


def summary(report: IngestReport) -> str:
    """Return what became of a source in one sentence."""
    counts = Counter(outcome.kind for outcome in report.outcomes)
    if not counts:
        return f"Nothing that was asked for lies in {report.source}."
    landed = report.of(Kind.LANDED)
    rejected = sum(outcome.rejected_row_count for outcome in landed)
    parts = [f"{counts[kind]} {kind.value}" for kind in Kind if counts[kind]]
    lines = f"; {sum(outcome.row_count for outcome in landed):,} lines landed" if landed else ""
    return f"Deliveries: {', '.join(parts)}{lines}" + (
        f", {rejected:,} {'line' if rejected == 1 else 'lines'} rejected." if rejected else "."
    )
