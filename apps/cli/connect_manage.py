"""`cloudprune connect test` and `remove`."""

from typing import Annotated

import typer
from rich.markup import escape

from apps.cli.acting import as_operator
from apps.cli.connect_outcome import show
from apps.cli.console import err, progress
from apps.cli.errors import FAILED, PARTLY, CommandError
from apps.cli.options import PartnerOption, TenantOption, require_partner
from control.permission import Actor
from control.roles import Action
from pipeline.connect import accesses
from pipeline.disconnect import disconnect, retest
from pipeline.settings import Settings

ConnectionOption = Annotated[
    str | None,
    typer.Option("--connection", "-c", help="This connection alone: aws-123456789012."),
]


def run_tests(
    partner: PartnerOption, tenant: TenantOption, connection: ConnectionOption = None
) -> None:
    """Test a tenant's connections: who gets in, and what may be read, permission by permission.

    It also proves that a role cannot be assumed without its External ID or with another one, and
    that nothing could be changed.

    Exit status: 0 all are good, 3 some are not, 1 none can be read.

    Example: [bold]cloudprune connect test --partner northwind --tenant contoso[/]
    """
    settings = Settings()
    require_partner(settings, partner)
    with as_operator(settings, partner, Action.CONNECT, "test", tenant_id=tenant) as actor:
        verdicts = [
            _tested(settings, partner, tenant, each, actor)
            for each in _wanted(settings, partner, tenant, connection)
        ]
    if set(verdicts) == {"bad"}:
        raise typer.Exit(FAILED)
    if set(verdicts) != {"good"}:
        raise typer.Exit(PARTLY)


def remove(
    partner: PartnerOption,
    tenant: TenantOption,
    connection: Annotated[str, typer.Option("--connection", "-c", help="Which: aws-123456789012.")],
    deletes_data: Annotated[
        bool | None,
        typer.Option(
            "--delete-data/--keep-data", help="Whether collected data goes too; asked unless given."
        ),
    ] = None,
    confirm: Annotated[
        str | None,
        typer.Option(help="The connection's name again, instead of typing it when asked."),
    ] = None,
) -> None:
    """Disconnect: remove access and secret, so that nothing is scanned any more.

    What was collected stays, or goes too, as with `cloudprune privacy erase`: lake, records, what
    is served, parts of backups. The partner's marts are built again without it.

    Example: [bold]cloudprune connect remove --partner northwind --tenant contoso
    --connection aws-123456789012 --keep-data[/]
    """
    settings = Settings()
    require_partner(settings, partner)
    if deletes_data is None:
        deletes_data = typer.confirm("Delete what was collected, too?", default=False, err=True)
    what = "disconnects it and deletes its data" if deletes_data else "disconnects it"
    typed = confirm or typer.prompt(f"Type {connection} again; that {what}", err=True)
    if typed.strip() != connection:
        raise CommandError(f"that is not {connection}; nothing was changed")
    with (
        as_operator(settings, partner, Action.DISCONNECT, connection, tenant_id=tenant) as actor,
        progress(f"Disconnecting {connection}") as step,
    ):
        done = disconnect(
            settings,
            partner,
            tenant,
            connection,
            actor=actor.name,
            deletes_data=deletes_data,
            say=step.say,
        )
    err.print(f"{connection}: {escape(done.message)}")


def _wanted(settings: Settings, partner: str, tenant: str, connection: str | None) -> list[str]:
    found = [access.connection_id for access in accesses(settings, partner, tenant)]
    wanted = [each for each in found if connection in (None, each)]
    if not wanted:
        raise CommandError(
            f"tenant {tenant} of partner {partner} has no such connection (known: "
            f"{', '.join(found) or 'none'})"
        )
    return wanted


def _tested(settings: Settings, partner: str, tenant: str, connection: str, actor: Actor) -> str:
    with progress(f"Testing {connection}"):
        done = retest(settings, partner, tenant, connection, actor=actor.name)
    show(done)
    return done.test.verdict if done.test else "bad"
