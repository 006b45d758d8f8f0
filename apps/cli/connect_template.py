"""`cloudprune connect template`: what a customer runs to let itself be read."""

from contextlib import closing
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape

from apps.cli.acting import as_operator
from apps.cli.console import err
from apps.cli.errors import CommandError
from apps.cli.options import PartnerOption, TenantOption, known_partner
from control import records
from control.directory import Directory
from control.onboarding import SetupKind
from control.permission import Actor
from control.roles import Action
from ingestion.names import checked_name
from onboarding.azure_role import Federation
from onboarding.catalogue import Template, aws_template, azure_template, quick_create_link
from pipeline.connect_role import begin
from pipeline.federation import federation
from pipeline.settings import Settings


class TemplateName(StrEnum):
    """What can be printed."""

    AWS = "aws"
    AWS_TERRAFORM = "aws-terraform"
    AWS_ORGANIZATION = "aws-organization"
    AWS_EXPORT = "aws-export"
    AZURE = "azure"
    AZURE_BICEP = "azure-bicep"
    AZURE_BICEP_GROUP = "azure-bicep-group"
    AZURE_TERRAFORM = "azure-terraform"


def template(
    name: Annotated[TemplateName, typer.Argument(help="Which template.", show_default=False)],
    partner: PartnerOption,
    tenant: TenantOption,
    target: Annotated[
        Path | None, typer.Option("--out", help="Write it there instead of to standard output.")
    ] = None,
    is_federated: Annotated[
        bool,
        typer.Option("--federated", help="Azure: trust tokens of this installation instead."),
    ] = False,
) -> None:
    """Print what an administrator of the tenant runs, with this connection's own name in it.

    It grants what `cloudprune permissions` lists, and nothing else. aws, aws-terraform and
    aws-organization make the role; aws-export sets up a daily cost export. azure is a script for
    the Azure CLI; the others do the same in Bicep and Terraform.

    Example: [bold]cloudprune connect template aws --partner northwind --tenant contoso
    > role.yaml[/]
    """
    settings = Settings()
    checked_name(partner, what="partner")
    checked_name(tenant, what="tenant")
    if is_federated:
        known_partner(settings, partner, "add it first: cloudprune members add-partner")
    what = f"template {name.value}"
    with as_operator(settings, partner, Action.CONNECT, what, tenant_id=tenant) as actor:
        if name.value.startswith("azure"):
            trusted = _federation(settings, partner, tenant) if is_federated else None
            made = azure_template(name.value, trusted)
        else:
            made = _aws(settings, actor, tenant, name)
    if target:
        target.write_text(made.text, encoding="utf-8")
        err.print(f"{escape(str(target))} is written")
    else:
        typer.echo(made.text, nl=False)


def _aws(settings: Settings, actor: Actor, tenant: str, name: TemplateName) -> Template:
    if not settings.aws_principal:
        raise CommandError(
            "set CLOUDPRUNE_AWS_PRINCIPAL to the ARN of the role that this installation's scans "
            "run as; the customer's role trusts it and nobody else"
        )
    is_organization = name is TemplateName.AWS_ORGANIZATION
    kind = SetupKind.ORGANIZATION if is_organization else SetupKind.ACCOUNT
    setup = _setup(settings, actor, tenant, kind)
    made = aws_template(name.value, settings.aws_principal, setup.external_id)
    err.print(f"External ID: {setup.external_id}")
    if settings.aws_template_url and made.language == "yaml":
        address = f"{settings.aws_template_url.rstrip('/')}/{made.file_name}"
        link = quick_create_link(address, "CloudPrune", settings.aws_principal, setup.external_id)
        err.print(f"Or in the console: {escape(link)}")
    flag = " --organization" if is_organization else ""
    if name is not TemplateName.AWS_EXPORT:
        whose = f"--partner {actor.partner_id} --tenant {tenant}"
        err.print(f"Then: cloudprune connect aws {whose} --role-arn ARN{flag}")
    return made


def _setup(
    settings: Settings, actor: Actor, tenant: str, kind: SetupKind
) -> records.ConnectionSetup:
    """Return the setup that waits for a role, or begin one: a template printed twice is one."""
    with closing(Directory(settings.control)) as directory:
        waiting = [s for s in directory.setups(actor.partner_id, tenant) if s.kind == kind.value]
    if waiting:
        return waiting[-1]
    whose = (settings, actor.partner_id, tenant)
    return begin(*whose, kind, started_by=actor.name, makes_tenant=True)


def _federation(settings: Settings, partner: str, tenant: str) -> Federation:
    """Return what the application trusts; the key behind it is of a partner that can be erased."""
    with closing(Directory(settings.control)) as directory:
        directory.add_tenant(partner, tenant)
    trusted = federation(settings, partner, tenant)
    err.print(f"Subject: {trusted.subject}")
    return trusted
