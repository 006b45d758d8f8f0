"""`cloudprune connect issuer`: what lets Azure check the tokens that we sign."""

from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape

from apps.cli.console import err
from pipeline.federation import documents
from pipeline.settings import Settings


def issuer(
    target: Annotated[
        Path, typer.Option("--out", help="Folder to write the files below.", show_default=False)
    ],
) -> None:
    """Write the two public files that have to be readable below CLOUDPRUNE_AZURE_ISSUER.

    Azure reads them over HTTPS when an application signs in without a secret. Any web server or
    public container does. They change with the signing key alone; no secret is among them.

    Example: [bold]cloudprune connect issuer --out public[/]
    """
    for name, text in documents(Settings()).items():
        path = target / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        err.print(f"{escape(str(path))} is written")
