"""`cloudprune sql`."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from apps.cli.acting import as_operator
from apps.cli.console import err
from apps.cli.errors import CommandError
from apps.cli.options import PartnerOption, require_partner
from apps.cli.sql_output import Format, write
from apps.cli.sql_prompt import prompt
from control.directory import Directory
from control.roles import Action
from pipeline.settings import Settings
from serving.session import Session, open_session


def sql(
    partner: PartnerOption,
    query: Annotated[
        str | None,
        typer.Argument(help="One query; - reads it from standard input. Without one: a prompt."),
    ] = None,
    form: Annotated[
        Format, typer.Option("--format", "-f", help="How the rows are written.")
    ] = Format.TABLE,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="A new file to write to, not the screen.")
    ] = None,
) -> None:
    """Ask a partner's published marts, read only.

    Example: [bold]cloudprune sql --partner northwind --format csv
    "select service_name, sum(billed_cost) from fct_cost_daily group by all"[/]
    """
    settings = Settings()
    require_partner(settings, partner)
    if query is None and sys.stdin.isatty():
        with (
            as_operator(settings, partner, Action.ASK_SQL, "at a prompt"),
            _opened(settings, partner) as session,
        ):
            prompt(session, settings)
        return
    asked = sys.stdin.read() if query in {None, "-"} else query
    if not asked or not asked.strip():
        raise CommandError(
            'the query is empty; write it in quotes: cloudprune sql --partner P "select 1"'
        )
    with (
        as_operator(settings, partner, Action.ASK_SQL, asked),
        _opened(settings, partner) as session,
    ):
        table = session.query(asked)
    if form is Format.TABLE and output is None:
        write(table, form, output)
        return
    with as_operator(settings, partner, Action.EXPORT, f"{table.num_rows:,} rows as {form}"):
        write(table, form, output)
    if output:
        err.print(f"{table.num_rows:,} rows in {output}")


def _opened(settings: Settings, partner: str) -> Session:
    """Open what may be read: a restricted tenant is left out."""
    with Directory(settings.control) as directory:
        tenants = directory.readable_tenants(partner)
    return open_session(settings.serving, settings.keys, partner, tenants=tenants)
