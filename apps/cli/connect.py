"""`cloudprune connect`: registers what opens a tenant's clouds, and shows it."""

import os
from typing import Annotated

import typer
from rich.markup import escape
from rich.table import Table

from apps.cli.console import err, out, progress
from apps.cli.errors import FAILED
from apps.cli.noted import note
from apps.cli.options import PartnerOption, TenantOption, require_partner
from control import records
from control.roles import Action
from pipeline.connect import accesses, check_access, connect_aws, connect_azure
from pipeline.settings import Settings

_SECRET = "CLOUDPRUNE_AZURE_CLIENT_SECRET"  # noqa: S105 - the name of a variable

connect = typer.Typer(
    no_args_is_help=True,
    help="Register read-only access to a tenant's clouds, try it, and show it.",
)


@connect.command("aws", no_args_is_help=True)
def aws(
    partner: PartnerOption,
    tenant: TenantOption,
    role_arn: Annotated[str, typer.Option(help="Role to assume: arn:aws:iam::…:role/…")],
) -> None:
    """Register a role of an AWS account and try to assume it.

    The External ID is made here, once per connection; the role's trust policy has to ask for it.
    `cloudprune permissions aws` prints the policy that the role needs. Run it again to try again.

    Exit status: 0 the account can be read, 1 it cannot yet.

    Example: [bold]cloudprune connect aws --partner northwind --tenant contoso --role-arn ARN[/]
    """
    settings = Settings()
    access = connect_aws(settings, partner, tenant, role_arn)
    note(settings, partner, Action.CONNECT, access.connection_id, tenant_id=tenant)
    out.print(f"External ID: {access.external_id}")
    _try(settings, access)


@connect.command("azure", no_args_is_help=True)
def azure(
    partner: PartnerOption,
    tenant: TenantOption,
    directory_id: Annotated[str, typer.Option(help="Entra tenant of the application.")],
    client_id: Annotated[str, typer.Option(help="Application (client) id.")],
    subscription: Annotated[
        list[str] | None,
        typer.Option(help="Read this subscription; repeat for more. All it can see unless given."),
    ] = None,
) -> None:
    """Register an application of an Azure directory and try to read its subscriptions.

    The client secret comes from CLOUDPRUNE_AZURE_CLIENT_SECRET, or is asked for; it is kept in an
    encrypted file. `cloudprune permissions azure` prints the role that the application needs.

    Exit status: 0 something can be read, 1 nothing yet.

    Example: [bold]cloudprune connect azure --partner northwind --tenant fabrikam
    --directory-id ID --client-id ID[/]
    """
    settings = Settings()
    secret = os.environ.get(_SECRET) or typer.prompt("Client secret", hide_input=True, err=True)
    access = connect_azure(
        settings, partner, tenant, directory_id, client_id, secret, subscription or ()
    )
    note(settings, partner, Action.CONNECT, access.connection_id, tenant_id=tenant)
    _try(settings, access)


@connect.command("list", no_args_is_help=True)
def show_all(
    partner: PartnerOption,
    tenant: Annotated[str | None, typer.Option("--tenant", "-t", help="Of this tenant.")] = None,
) -> None:
    """Show which connections can be scanned.

    Example: [bold]cloudprune connect list --partner northwind[/]
    """
    settings = Settings()
    require_partner(settings, partner)
    table = Table("Tenant", "Connection", "Opened by")
    for access in accesses(settings, partner, tenant):
        opener = access.role_arn or f"application {access.client_id}"
        table.add_row(escape(access.tenant_id), escape(access.connection_id), escape(opener))
    out.print(table)


@connect.command("show", no_args_is_help=True)
def show(partner: PartnerOption, tenant: TenantOption) -> None:
    """Show what opens a tenant's connections, External IDs included; secrets are never shown.

    Example: [bold]cloudprune connect show --partner northwind --tenant contoso[/]
    """
    settings = Settings()
    require_partner(settings, partner)
    for access in accesses(settings, partner, tenant):
        out.print(f"[bold]{escape(access.connection_id)}[/]")
        for name, value in _facts(access).items():
            out.print(f"  {name}: {escape(value)}")


def _facts(access: records.Access) -> dict[str, str]:
    if access.role_arn:
        return {"role": access.role_arn, "External ID": access.external_id or ""}
    return {
        "directory": access.directory_id or "",
        "application": access.client_id or "",
        "subscriptions": access.subscriptions if access.subscriptions != "[]" else "all it can see",
    }


def _try(settings: Settings, access: records.Access) -> None:
    with progress(f"Trying {access.connection_id}"):
        found = check_access(settings, access)
    for problem in found.problems:
        err.print(f"  {escape(problem)}", style="yellow")
    if found.warning:
        err.print(f"  {escape(found.warning)}", style="bold red")
    if not found.is_good:
        err.print(f"{access.connection_id} is registered and cannot be read yet.")
        raise typer.Exit(FAILED)
    err.print(
        f"{access.connection_id} can be read in {found.places:,} places; now: cloudprune scan "
        f"--partner {access.partner_id} --tenant {access.tenant_id}"
    )
