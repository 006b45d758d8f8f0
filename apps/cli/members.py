"""`cloudprune members`: what the operator does with partners and their members."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated

import typer
from rich.markup import escape
from rich.table import Table

from apps.cli.acting import as_operator
from apps.cli.console import err, out
from apps.cli.errors import CommandError
from apps.cli.options import PartnerOption, known_partner
from apps.dashboard.invitations import invitation_link, tell_invited
from apps.dashboard.sign_in.settings import SignInSettings
from control import membership, records
from control.directory import Directory
from control.permission import operator
from control.roles import Action, Role
from delivery.errors import MailError
from delivery.mail import configured_sender
from ingestion.names import checked_name
from pipeline.settings import Settings

members = typer.Typer(
    no_args_is_help=True,
    help="Add partners, and invite, list, change and remove their members.",
)
_Member = Annotated[str, typer.Argument(help="The member's e-mail address.")]
_PartnerRole = Annotated[str, typer.Option("--role", help="viewer, analyst or admin.")]
_Tenants = Annotated[
    list[str] | None,
    typer.Option("--tenant", "-t", help="See this tenant alone; repeat for more. All otherwise."),
]


@members.command("add-partner", no_args_is_help=True)
def add_partner(
    partner: Annotated[str, typer.Argument(help="Name of the partner, such as northwind.")],
    organization: Annotated[
        str, typer.Option(help="The identity provider's id of the partner's organization.")
    ],
) -> None:
    """Add a partner, or say which organization of the identity provider it is.

    Example: [bold]cloudprune members add-partner northwind --organization org_a1b2c3[/]
    """
    checked_name(partner, what="partner")
    settings, what = Settings(), f"organization {organization}"
    with (
        as_operator(settings, partner, Action.MANAGE_MEMBERS, what),
        Directory(settings.control) as directory,
    ):
        if directory.partner_of_organization(organization) not in (None, partner):
            raise CommandError(
                f"organization {organization} is another partner already; {partner} needs one of "
                "its own, and was not changed"
            )
        directory.ensure_partner(partner)
        directory.set_organization(partner, organization)
    err.print(
        f"{partner} is organization {escape(organization)}; now: cloudprune members invite "
        f"--partner {partner} --role admin ADDRESS"
    )


@members.command("invite", no_args_is_help=True)
def invite(
    partner: PartnerOption,
    email: Annotated[str, typer.Argument(help="Who is invited.")],
    role: _PartnerRole = Role.VIEWER.value,
    tenant: _Tenants = None,
) -> None:
    """Invite somebody, by mail where a mail server is configured; print the link otherwise.

    The link holds for seven days, once, and for that address alone.

    Example: [bold]cloudprune members invite --partner northwind --role admin ada@example.com[/]
    """
    base_url = SignInSettings().base_url
    if not base_url:
        raise CommandError(
            "an invitation's link needs the dashboard's address: set CLOUDPRUNE_OIDC_REDIRECT_URI"
        )
    sender = configured_sender()
    with _of(partner) as directory:
        token = membership.invite(directory, operator(partner), email, _role(role), tenant or None)
        name, contact = directory.display_name(partner), directory.contact(partner)
    link = invitation_link(base_url, token)
    try:
        told = tell_invited(
            sender, email, link, partner_name=name, invited_by="The operator", contact=contact
        )
    except MailError as error:
        err.print(f"[yellow]{escape(str(error))}[/]; pass the link on yourself:")
        out.print(link)
        return
    if told.is_sent:
        err.print(f"The invitation was sent to {escape(email)}.")
    else:
        out.print(link)


@members.command("list", no_args_is_help=True)
def show(partner: PartnerOption) -> None:
    """List a partner's members and open invitations.

    Example: [bold]cloudprune members list --partner northwind[/]
    """
    table = Table("Address", "Role", "Tenants", "Status", "Last sign-in")
    with as_operator(Settings(), partner, Action.SEE_MEMBERS, "list"), _of(partner) as directory:
        for member in directory.members(partner):
            table.add_row(*_row(member))
        for invitation in directory.invitations(partner):
            if not invitation.accepted_at and not invitation.revoked_at:
                until = f"invited until {invitation.expires_at:%Y-%m-%d}"
                seen = membership.tenants_of(invitation.tenants)
                table.add_row(escape(invitation.email), invitation.role, escape(seen), until, "")
    out.print(table)


@members.command("set-role", no_args_is_help=True)
def set_role(
    partner: PartnerOption, member: _Member, role: _PartnerRole, tenant: _Tenants = None
) -> None:
    """Give a member another role, or other tenants; it holds at once.

    Example: [bold]cloudprune members set-role --partner northwind --role analyst a@example.com[/]
    """
    with _of(partner) as directory:
        membership.change_member(directory, operator(partner), member, _role(role), tenant or None)
    err.print(f"{escape(member)} is {role} of {partner} now.")


@members.command("remove", no_args_is_help=True)
def remove(partner: PartnerOption, member: _Member) -> None:
    """Remove a member; its sessions end at once, what it did stays.

    Example: [bold]cloudprune members remove --partner northwind ada@example.com[/]
    """
    with _of(partner) as directory:
        membership.remove_member(directory, operator(partner), member)
    err.print(f"{escape(member)} is no member of {partner} any more.")


@members.command("sign-out", no_args_is_help=True)
def sign_out(partner: PartnerOption, member: _Member) -> None:
    """End every session of a member.

    Example: [bold]cloudprune members sign-out --partner northwind ada@example.com[/]
    """
    with _of(partner) as directory:
        membership.sign_out_member(directory, operator(partner), member)
    err.print(f"Every session of {escape(member)} is over.")


def _row(member: records.Member) -> tuple[str, ...]:
    last = f"{member.last_sign_in_at:%Y-%m-%d %H:%M} UTC" if member.last_sign_in_at else "never"
    seen = escape(membership.tenants_of(member.tenants))
    return escape(member.email), member.role, seen, member.status, last


def _role(name: str) -> Role:
    partner_roles = [role for role in Role if role is not Role.OPERATOR]
    if name not in partner_roles:
        raise CommandError(f"there is no role {name}; there are {', '.join(partner_roles)}")
    return Role(name)


@contextmanager
def _of(partner: str) -> Iterator[Directory]:
    known_partner(Settings(), partner, "add it first: cloudprune members add-partner")
    with Directory(Settings().control) as directory:
        yield directory
