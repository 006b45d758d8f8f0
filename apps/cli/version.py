"""The option `--version`."""

from importlib.metadata import version

import typer

from apps.cli.console import out


def show_version(is_asked: bool) -> None:
    """Print the version and leave, if asked."""
    if is_asked:
        out.print(f"cloudprune {version('cloudprune')}")
        raise typer.Exit
