"""Options of privacy commands: whom or what they are about."""

import getpass
from datetime import UTC, datetime
from typing import Annotated

import typer

from apps.cli.errors import CommandError
from control.directory import Directory
from control.privacy_records import Subject, SubjectKind
from ingestion.names import checked_name
from pipeline.privacy.subjects import member_of, require_subject

Partner = Annotated[str, typer.Option("--partner", "-p", help="Which partner.")]
Tenant = Annotated[str, typer.Option("--tenant", "-t", help="A tenant of the partner.")]
Connection = Annotated[str, typer.Option("--connection", help="A connection of that tenant.")]
Member = Annotated[str, typer.Option("--member", help="A member: its address, or its id.")]


def subject_of(
    directory: Directory,
    partner: str,
    *,
    tenant: str = "",
    connection: str = "",
    member: str = "",
    is_checked: bool = True,
) -> Subject:
    """Return whom or what the options name.

    Args:
        directory: The control database.
        partner: The partner, and what is meant unless more is named.
        tenant: A tenant of it.
        connection: A connection of that tenant.
        member: A member of it, and then nothing else.
        is_checked: Whether it must be there; what was erased is not.

    Raises:
        CommandError: They contradict each other.
        InvalidNameError: A name cannot be one.
        UnknownParentError: It is not there.
    """
    checked_name(partner, what="partner")
    if member and (tenant or connection):
        raise CommandError("a member is a partner's: leave --tenant and --connection out")
    if connection and not tenant:
        raise CommandError("a connection is a tenant's: say which with --tenant")
    if member:
        held = member_of(directory, partner, member)
        return Subject(SubjectKind.MEMBER, partner, subject_id=held.member_id)
    if connection:
        subject = Subject(SubjectKind.CONNECTION, partner, tenant, connection)
    elif tenant:
        subject = Subject(SubjectKind.TENANT, partner, tenant)
    else:
        subject = Subject(SubjectKind.PARTNER, partner)
    if is_checked:
        require_subject(directory, subject)
    return subject


def operator() -> str:
    """Return who runs the command, as the record says it."""
    return f"operator {getpass.getuser()}"


def instant(text: str) -> datetime:
    """Return an instant that somebody wrote; without a zone it is UTC.

    Raises:
        BadParameter: It is none.
    """
    try:
        found = datetime.fromisoformat(text.strip())
    except ValueError as error:
        raise typer.BadParameter(
            f"{text!r} is no instant; write it like 2026-05-20T14:30"
        ) from error
    return found if found.tzinfo else found.replace(tzinfo=UTC)
