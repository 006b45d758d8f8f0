"""`cloudprune connect issuer`: what lets Azure check the tokens that we sign."""

from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape

from apps.cli.acting import INSTALLATION, as_operator
from apps.cli.console import err
from control.roles import Action
from pipeline.federation import documents, rotate
from pipeline.settings import Settings


def issuer(
    target: Annotated[
        Path, typer.Option("--out", help="Folder to write the files below.", show_default=False)
    ],
    rotates: Annotated[
        bool,
        typer.Option("--rotate", help="Make another signing key; the files hold both, for now."),
    ] = False,
) -> None:
    """Write the two public files that have to be readable below CLOUDPRUNE_AZURE_ISSUER.

    Azure reads them over HTTPS when an application signs in without a secret. Any web server or
    public container does. They change with --rotate alone; no secret is among them. A new key signs
    after a day, so that no connection stops: publish the files before. The key that signed until
    then stays in them until the next rotation. A key that others know is deleted from the folder of
    keys once there is another, which signs from then on.

    Example: [bold]cloudprune connect issuer --out public --rotate[/]
    """
    settings = Settings()
    if rotates:
        with as_operator(settings, INSTALLATION, Action.CONNECT, "rotate the issuer's key"):
            signs_from = rotate(settings)
        err.print(f"The new key signs from {signs_from:%Y-%m-%d %H:%M} UTC: publish these before.")
    for name, text in documents(settings).items():
        path = target / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        err.print(f"{escape(str(path))} is written")
