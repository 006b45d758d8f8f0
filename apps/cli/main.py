"""The command `cloudprune`."""

import sys
from typing import Annotated

import typer
from pydantic import ValidationError
from rich.markup import escape
from typer.exceptions import TyperException

from apps.cli.backup import backup, restore
from apps.cli.build import build
from apps.cli.connect import connect
from apps.cli.console import err
from apps.cli.dashboard import dashboard
from apps.cli.demo import demo
from apps.cli.doctor import doctor
from apps.cli.errors import EXPECTED, FAILED, record, tell, tell_settings
from apps.cli.ingest import ingest
from apps.cli.members import members
from apps.cli.permissions import permissions
from apps.cli.privacy import app as privacy
from apps.cli.publish import publish
from apps.cli.rules import app as rules
from apps.cli.scan import scan
from apps.cli.sql import sql
from apps.cli.version import show_version
from apps.cli.work import work
from pipeline.settings import Settings

app = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode="rich",
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog="All state lies under one folder, CLOUDPRUNE_HOME (./var unless you set it).",
)


@app.callback()
def root(
    version: Annotated[
        bool,
        typer.Option(
            "--version", callback=show_version, is_eager=True, help="Print the version and leave."
        ),
    ] = False,
) -> None:
    """From cloud bills to what a partner can see: ingest, scan, build, publish, ask."""


for command in (
    demo,
    dashboard,
    ingest,
    scan,
    build,
    publish,
    sql,
    permissions,
    backup,
    restore,
    doctor,
    work,
):
    app.command(no_args_is_help=command not in (backup, demo, dashboard, doctor, work))(command)
app.add_typer(connect, name="connect")
app.add_typer(members, name="members")
app.add_typer(rules, name="rules")
app.add_typer(privacy, name="privacy")


def main() -> None:
    """Run the command; every failure ends in a sentence and an exit status, never a traceback."""
    try:
        status = app(standalone_mode=False)
    except (typer.Abort, KeyboardInterrupt):
        err.print("stopped")
        status = 130
    except TyperException as error:
        error.show()  # type: ignore[attr-defined]  # the public base class does not declare it
        status = error.exit_code
    except EXPECTED as error:
        tell(error)
        status = FAILED
    except ValidationError as error:
        tell_settings(error)
        status = FAILED
    except Exception as error:
        path = record(error, Settings())
        err.print(
            f"[bold red]error:[/] something unforeseen went wrong ({type(error).__name__}); "
            f"nothing half done is visible to readers. Run the command again; if it fails again, "
            f"{escape(str(path))} holds the details"
        )
        status = FAILED
    sys.exit(status if isinstance(status, int) else 0)


if __name__ == "__main__":
    main()
