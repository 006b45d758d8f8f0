"""`cloudprune permissions`."""

import json
from enum import StrEnum
from typing import Annotated

import typer
from rich.table import Table

from apps.cli.console import err, out
from ingestion.permissions import aws_policy, azure_role, grants_of

_SOME_SUBSCRIPTION = "00000000-0000-0000-0000-000000000000"
_AWS_USE = (
    "Attach it to the role that CloudPrune assumes. Its Deny on contents and secrets holds "
    "whatever else the role is granted."
)
_AZURE_USE = (
    "Create the role with `az role definition create --role-definition role.json`, and assign it "
    "to the application on each subscription.\n"
    "The built-in role [bold]Reader[/] does as well and needs no creating: `az role assignment "
    "create --assignee APPLICATION --role Reader --scope /subscriptions/SUBSCRIPTION`. It would "
    "allow more than is asked for; requests beyond this list never leave CloudPrune."
)


class Provider(StrEnum):
    """A cloud that can be scanned."""

    AWS = "aws"
    AZURE = "azure"


class PolicyFormat(StrEnum):
    """How permissions are shown."""

    JSON = "json"
    TABLE = "table"


def permissions(
    provider: Annotated[Provider, typer.Argument(help="Which cloud.", show_default=False)],
    form: Annotated[
        PolicyFormat,
        typer.Option("--format", help="The policy as JSON, or each permission with its purpose."),
    ] = PolicyFormat.JSON,
    subscription: Annotated[
        list[str] | None,
        typer.Option(help="Azure: where the role can be assigned; repeat for several."),
    ] = None,
) -> None:
    """Print the least that a scan needs to be granted, as the cloud takes it.

    Example: [bold]cloudprune permissions azure --subscription ID > role.json[/]
    """
    if form is PolicyFormat.TABLE:
        out.print(_table(provider))
    elif provider is Provider.AWS:
        typer.echo(json.dumps(aws_policy(), indent=2))
    else:
        typer.echo(json.dumps(azure_role(subscription or [_SOME_SUBSCRIPTION]), indent=2))
    err.print(_AWS_USE if provider is Provider.AWS else _AZURE_USE)
    if provider is Provider.AZURE and form is PolicyFormat.JSON and not subscription:
        err.print(f"Put the ids of your subscriptions in the place of {_SOME_SUBSCRIPTION}.")


def _table(provider: Provider) -> Table:
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    table.add_column("Permission", no_wrap=True)
    table.add_column("What for", overflow="fold")
    for grant in grants_of(provider.value):
        table.add_row(grant.permission, ", ".join(grant.purposes))
    return table
