"""`cloudprune connect`: lets a tenant's clouds be read, tests that, shows it, and ends it."""

import os
from datetime import UTC, datetime
from typing import Annotated

import typer
from rich.markup import escape
from rich.table import Table

from apps.cli.acting import as_operator
from apps.cli.connect_issuer import issuer
from apps.cli.connect_manage import remove, run_tests
from apps.cli.connect_outcome import show as show_outcome
from apps.cli.connect_template import template
from apps.cli.console import err, out, progress
from apps.cli.errors import FAILED, PARTLY
from apps.cli.options import PartnerOption, TenantOption, require_partner
from control import records
from control.directory import Directory
from control.roles import Action
from pipeline.connect import accesses
from pipeline.connect_application import connect_application
from pipeline.connect_organization import connect_organization
from pipeline.connect_role import connect_role
from pipeline.settings import Settings

_VARIABLE = "CLOUDPRUNE_AZURE_CLIENT_SECRET"
_DAY = "%Y-%m-%d"

connect = typer.Typer(
    no_args_is_help=True,
    help="Let a tenant's clouds be read, test that, show it, and end it.",
)


@connect.command("aws", no_args_is_help=True)
def aws(
    partner: PartnerOption,
    tenant: TenantOption,
    role_arn: Annotated[str, typer.Option(help="Role to assume: arn:aws:iam::…:role/…")],
    is_organization: Annotated[
        bool,
        typer.Option("--organization", help="The role is a management account's: all members too."),
    ] = False,
    setup: Annotated[
        str | None,
        typer.Option(help="Of several setups, the one whose External ID the role asks for."),
    ] = None,
) -> None:
    """Test a role of an AWS account, and connect it if it proves to be this connection's.

    The External ID is made here, once per connection; the role's trust policy has to ask for it.
    `cloudprune connect template aws` prints a template that makes such a role. The role is not
    connected while it can be assumed without the External ID. Run it again to try again.

    Exit status: 0 it is connected, 3 some accounts of the organization are not, 1 it is not.

    Example: [bold]cloudprune connect aws --partner northwind --tenant contoso --role-arn ARN[/]
    """
    settings = Settings()
    if is_organization:
        _connect_organization(settings, partner, tenant, role_arn, setup)
        return
    with (
        as_operator(settings, partner, Action.CONNECT, "connect aws", tenant_id=tenant) as actor,
        progress("Testing the role"),
    ):
        whose = (settings, partner, tenant, role_arn)
        done = connect_role(*whose, actor=actor.name, setup_id=setup, makes_tenant=True)
    out.print(f"External ID: {done.external_id}")
    show_outcome(done, next_command=f"cloudprune scan --partner {partner} --tenant {tenant}")
    if not done.is_connected:
        raise typer.Exit(FAILED)


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
    expires_on: Annotated[
        datetime | None,
        typer.Option(formats=[_DAY], help="Last day of the secret; you are reminded before it."),
    ] = None,
    is_federated: Annotated[
        bool,
        typer.Option("--federated", help="It trusts tokens of ours and has no secret."),
    ] = False,
) -> None:
    """Test an application of an Azure directory, and connect it if it can read something.

    The client secret comes from CLOUDPRUNE_AZURE_CLIENT_SECRET, or is asked for; it is sealed and
    never shown again. Connect again with a new secret before the old one ends.
    `cloudprune connect template azure` prints a script that makes such an application.

    Exit status: 0 it is connected, 1 it is not, and nothing was kept.

    Example: [bold]cloudprune connect azure --partner northwind --tenant fabrikam
    --directory-id ID --client-id ID --expires-on 2027-05-01[/]
    """
    secret = ""
    if not is_federated:
        secret = os.environ.get(_VARIABLE) or typer.prompt(
            "Client secret", hide_input=True, err=True
        )
    settings = Settings()
    with (
        as_operator(settings, partner, Action.CONNECT, "connect azure", tenant_id=tenant) as actor,
        progress("Testing the application"),
    ):
        done = connect_application(
            settings,
            partner,
            tenant,
            directory_id,
            client_id,
            secret,
            subscription or (),
            actor=actor.name,
            expires_on=expires_on.date() if expires_on else None,
            is_federated=is_federated,
            makes_tenant=True,
        )
    show_outcome(done, next_command=f"cloudprune scan --partner {partner} --tenant {tenant}")
    if not done.is_connected:
        raise typer.Exit(FAILED)


connect.command("template", no_args_is_help=True)(template)
connect.command("issuer", no_args_is_help=True)(issuer)
connect.command("test", no_args_is_help=True)(run_tests)
connect.command("remove", no_args_is_help=True)(remove)


@connect.command("list", no_args_is_help=True)
def show_all(
    partner: PartnerOption,
    tenant: Annotated[str | None, typer.Option("--tenant", "-t", help="Of this tenant.")] = None,
) -> None:
    """Show which connections can be scanned, how their last test came out, and when secrets end.

    Example: [bold]cloudprune connect list --partner northwind[/]
    """
    settings = Settings()
    require_partner(settings, partner)
    with (
        as_operator(settings, partner, Action.CONNECT, "list", tenant_id=tenant or ""),
        Directory(settings.control) as directory,
    ):
        states = {(s.tenant_id, s.connection_id): s for s in directory.connection_states(partner)}
        found = accesses(settings, partner, tenant)
    table = Table("Tenant", "Connection", "Opened by", "Last test", "Secret ends")
    for access in found:
        opener = access.role_arn or f"application {access.client_id}"
        state = states.get((access.tenant_id, access.connection_id))
        cells = (access.tenant_id, access.connection_id, opener, *_state(state))
        table.add_row(*map(escape, cells))
    out.print(table)


@connect.command("show", no_args_is_help=True)
def show(partner: PartnerOption, tenant: TenantOption) -> None:
    """Show what opens a tenant's connections, External IDs included; secrets are never shown.

    Example: [bold]cloudprune connect show --partner northwind --tenant contoso[/]
    """
    settings = Settings()
    require_partner(settings, partner)
    with (
        as_operator(settings, partner, Action.CONNECT, "show", tenant_id=tenant),
        Directory(settings.control) as directory,
    ):
        found, waiting = accesses(settings, partner, tenant), directory.setups(partner, tenant)
    for access in found:
        out.print(f"[bold]{escape(access.connection_id)}[/]")
        for name, value in _facts(access).items():
            out.print(f"  {name}: {escape(value)}")
    for setup in waiting:
        out.print(f"[bold]waiting for a role[/] ({escape(setup.kind)})")
        out.print(f"  setup: {setup.setup_id}")
        out.print(f"  External ID: {setup.external_id}")


def _connect_organization(
    settings: Settings, partner: str, tenant: str, role_arn: str, setup: str | None
) -> None:
    what = "connect organization"
    with (
        as_operator(settings, partner, Action.CONNECT, what, tenant_id=tenant) as actor,
        progress("Testing the organization"),
    ):
        whose = (settings, partner, tenant, role_arn)
        done = connect_organization(*whose, actor=actor.name, setup_id=setup, makes_tenant=True)
    out.print(f"External ID: {done.management.external_id}")
    show_outcome(done.management)
    for name, found in done.members:
        state = "is connected" if found.is_connected else f"is not connected: {found.message}"
        style = "" if found.is_connected else "yellow"
        err.print(f"  {escape(name)} ({found.connection_id}) {escape(state)}", style=style)
    err.print(escape(done.message))
    if not done.management.is_connected:
        raise typer.Exit(FAILED)
    if not done.is_whole:
        raise typer.Exit(PARTLY)


def _state(state: records.ConnectionState | None) -> tuple[str, str]:
    if state is None:
        return "never", ""
    days = (datetime.now(UTC) - state.tested_at).days
    tested = f"{state.verdict}, {'today' if not days else f'{days:,} days ago'}"
    return tested, f"{state.secret_expires_on or ''}"


def _facts(access: records.Access) -> dict[str, str]:
    if access.role_arn:
        return {"role": access.role_arn, "External ID": access.external_id or ""}
    return {
        "directory": access.directory_id or "",
        "application": access.client_id or "",
        "subscriptions": access.subscriptions if access.subscriptions != "[]" else "all it can see",
    }
