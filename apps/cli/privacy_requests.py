"""`cloudprune privacy request`, `list` and `extend`: who asked for what, and until when."""

from contextlib import closing
from datetime import UTC, datetime
from typing import Annotated

import typer
from rich.markup import escape
from rich.table import Table

from apps.cli.acting import as_operator
from apps.cli.console import err, out
from apps.cli.options import PartnerOption, require_partner
from apps.cli.privacy_options import Connection, Member, Partner, Tenant, instant, subject_of
from control.directory import Directory
from control.privacy_records import PrivacyRequest, RequestKind, SubjectKind
from control.roles import Action
from delivery.errors import MailError
from delivery.mail import configured_sender
from delivery.privacy_mail import tell_extended
from pipeline.privacy.notice import privacy_notice
from pipeline.settings import Settings

_SOON_DAYS = 7


def request(
    kind: Annotated[RequestKind, typer.Argument(help="What is asked for.")],
    partner: Partner,
    requested_by: Annotated[str, typer.Option("--by", help="Who asked: an address or a name.")],
    tenant: Tenant = "",
    connection: Connection = "",
    member: Member = "",
    note: Annotated[str, typer.Option(help="What was said with it.")] = "",
    received: Annotated[str, typer.Option(help="When it came, if not now: 2026-05-20T14:30.")] = "",
) -> None:
    """Record a request that came by letter or mail; it is due 30 days after it was received.

    Archives and erasures are done by [bold]cloudprune privacy work[/]. An objection, and whatever
    else needs a person, stays open until it is closed with [bold]cloudprune privacy close[/].

    Example: [bold]cloudprune privacy request objection --partner northwind --member ann@nw.example
    --by ann@nw.example[/]
    """
    settings, what = Settings(), f"request {kind.value}"
    with (
        as_operator(settings, partner, Action.MANAGE_PRIVACY, what, tenant_id=tenant),
        closing(Directory(settings.control)) as directory,
    ):
        subject = subject_of(
            directory, partner, tenant=tenant, connection=connection, member=member
        )
        made = directory.request_privacy(
            subject,
            kind,
            requested_by=requested_by,
            note=note,
            received_at=instant(received) if received else None,
        )
        if kind is RequestKind.CONSENT_WITHDRAWN and subject.kind is SubjectKind.MEMBER:
            count = directory.withdraw_consents(
                partner, subject.subject_id, notice_version=privacy_notice().version
            )
            directory.close_request(made, message=f"{count} consents are withdrawn")
            err.print(f"{count} consents are withdrawn.")
            return
    err.print(f"Request {made.request_id} is due on {made.due_at:%Y-%m-%d}.")


def list_requests(partner: PartnerOption) -> None:
    """List a partner's requests, open ones first, with the day until which each is due.

    Example: [bold]cloudprune privacy list --partner northwind[/]
    """
    settings = Settings()
    require_partner(settings, partner)
    with (
        as_operator(settings, partner, Action.MANAGE_PRIVACY, "list requests"),
        closing(Directory(settings.control)) as directory,
    ):
        found = directory.privacy_requests(partner)
    if not found:
        err.print(f"Nobody asked {escape(partner)} for anything.")
        return
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    for heading in ("Request", "Kind", "About", "By", "Received", "State", "Due", "Said"):
        table.add_column(heading, overflow="fold")
    for each in found:
        cells = (each.request_id, each.kind, about(each), each.requested_by)
        days = (f"{each.received_at:%Y-%m-%d}", each.state)
        table.add_row(*map(escape, cells), *days, due(each), escape(each.message))
    out.print(table)


def extend(
    request_id: Annotated[str, typer.Argument(help="The request.")],
    partner: PartnerOption,
    reason: Annotated[str, typer.Option(help="Why; whoever asked is told.")],
) -> None:
    """Give a request 60 more days, once, and tell whoever asked why, within the first 30.

    Who asked with an address is told by mail, where a mail server is configured.

    Example: [bold]cloudprune privacy extend REQUEST --partner northwind --reason "many accounts"[/]
    """
    settings = Settings()
    require_partner(settings, partner)
    with (
        as_operator(settings, partner, Action.MANAGE_PRIVACY, "extend request"),
        closing(Directory(settings.control)) as directory,
    ):
        held = directory.extend_request(partner, request_id, reason)
    err.print(f"Request {held.request_id} is due on {held.due_at:%Y-%m-%d}.")
    name = escape(held.requested_by)
    try:
        is_told = tell_extended(configured_sender(), held)
    except MailError as error:
        err.print(f"[yellow]{escape(str(error))}[/]")
        is_told = False
    if is_told:
        err.print(f"{name} was told by mail that it takes longer, and why.")
    else:
        err.print(f"Tell {name} now that it takes longer, and why (GDPR, Article 12(3)).")


def close(
    request_id: Annotated[str, typer.Argument(help="The request.")],
    partner: PartnerOption,
    said: Annotated[str, typer.Option(help="What was done, or why nothing was.")],
) -> None:
    """Close a request that a person has answered.

    Example: [bold]cloudprune privacy close REQUEST --partner northwind --said "no profiling"[/]
    """
    settings = Settings()
    require_partner(settings, partner)
    with (
        as_operator(settings, partner, Action.MANAGE_PRIVACY, "close request"),
        closing(Directory(settings.control)) as directory,
    ):
        held = directory.privacy_request(partner, request_id)
        directory.close_request(held, message=said)
    err.print(f"Request {request_id} is closed.")


def about(each: PrivacyRequest) -> str:
    """Return whom or what a request is about."""
    name = "/".join(filter(None, (each.tenant_id, each.subject_id)))
    return f"{each.subject_kind} {name}".strip()


def due(each: PrivacyRequest) -> str:
    """Return until when a request is due, and how near that is."""
    if not each.is_open:
        return "-"
    days = (each.due_at - datetime.now(UTC)).days
    colour = "red" if days < 0 else "yellow" if days < _SOON_DAYS else "default"
    words = f"{-days} days late" if days < 0 else f"in {days} days"
    return f"[{colour}]{each.due_at:%Y-%m-%d} ({words})[/]"
