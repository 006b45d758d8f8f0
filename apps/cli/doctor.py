"""`cloudprune doctor`."""

import typer
from rich.table import Table

from apps.cli.console import out
from apps.cli.doctor_checks import Check, State, all_checks
from apps.cli.errors import FAILED
from pipeline.settings import Settings

_MARKS = {State.OK: "[green]ok[/]", State.WARNING: "[yellow]look[/]", State.FAILED: "[red]bad[/]"}


def doctor() -> None:
    """Check this installation, and say what to do about what is wrong.

    Exit status: 0 all is well or worth a look only, 1 something does not work.

    Example: [bold]cloudprune doctor[/]
    """
    checks = list(all_checks(Settings()))
    table = Table(box=None, pad_edge=False, padding=(0, 2), show_header=False)
    table.add_column(no_wrap=True)
    table.add_column(no_wrap=True)
    table.add_column(overflow="fold")
    for check in checks:
        table.add_row(_MARKS[check.state], check.name, _words(check))
    out.print(table)
    raise typer.Exit(FAILED if any(check.state is State.FAILED for check in checks) else 0)


def _words(check: Check) -> str:
    return f"{check.finding}\n[bold]{check.advice}[/]" if check.advice else check.finding
