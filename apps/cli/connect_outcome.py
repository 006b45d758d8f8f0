"""What the command prints of tests and of connecting."""

from rich.markup import escape
from rich.table import Table

from apps.cli.console import err, out
from ingestion.probes import ConnectionTest, Outcome, Probe
from pipeline.connecting import Connected

_MARKS = {
    Outcome.OK: "[green]ok[/]",
    Outcome.DENIED: "[red]denied[/]",
    Outcome.OPEN: "[bold red]open[/]",
    Outcome.HELD: "[yellow]held[/]",
    Outcome.UNKNOWN: "[dim]not known[/]",
}


def probes_table(test: ConnectionTest) -> Table:
    """Return one row per question: what was asked, what it unlocks, and the answer."""
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    table.add_column("Question", no_wrap=True)
    table.add_column("Answer", no_wrap=True)
    table.add_column("Unlocks", overflow="fold")
    table.add_column("Note", overflow="fold")
    for probe in (test.identity, *test.trust, *test.permissions):
        _add(table, probe)
    for probe in test.changes:
        _add(table, probe, "could ")
    return table


def show(done: Connected, *, next_command: str = "") -> None:
    """Print a test, and what it came to; a role that is open to others in red."""
    if done.test:
        out.print(probes_table(done.test))
    is_open = done.test is not None and done.test.verdict == "open"
    style = "bold red" if is_open else "" if done.is_connected else "yellow"
    state = "is connected" if done.is_connected else "is not connected"
    err.print(f"{done.connection_id} {state}: {escape(done.message)}", style=style)
    if done.is_connected and next_command:
        err.print(f"Now: {next_command}")


def _add(table: Table, probe: Probe, prefix: str = "") -> None:
    table.add_row(
        escape(f"{prefix}{probe.subject}"),
        _MARKS[probe.outcome],
        escape(", ".join(probe.purposes)),
        escape(probe.note),
    )
