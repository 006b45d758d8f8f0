"""`cloudprune privacy export`, `rectify`, `restrict` and `lift`."""

import os
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Annotated, BinaryIO, cast

import typer
from rich.markup import escape

from apps.cli.acting import as_operator
from apps.cli.console import err, progress
from apps.cli.errors import CommandError
from apps.cli.privacy_options import Member, Partner, Tenant, operator, subject_of
from control.directory import Directory
from control.privacy_records import RequestKind, Subject, SubjectKind
from control.roles import Action
from pipeline.privacy.archive import write_archive
from pipeline.privacy.rectify import rectify_member
from pipeline.settings import Settings


def export(
    partner: Partner,
    output: Annotated[Path, typer.Option("--output", "-o", help="Zip file to write; a new one.")],
    member: Member = "",
) -> None:
    """Write everything of a partner, or about a member, into one zip: JSON, CSV and Parquet.

    Example: [bold]cloudprune privacy export --partner northwind --output northwind.zip[/]
    """
    settings = Settings()
    if output.exists():
        raise CommandError(f"{output} exists already; name a new file")
    with (
        as_operator(settings, partner, Action.MANAGE_PRIVACY, "export"),
        closing(Directory(settings.control)) as directory,
    ):
        subject, began_at = subject_of(directory, partner, member=member), datetime.now(UTC)
        with progress(f"Exporting {subject.kind.value} {subject.name}") as step:
            tables = _write(settings, subject, output, step.say)
    with closing(Directory(settings.control)) as directory:
        rows = sum(tables.values())
        request = directory.request_privacy(  # not before: a worker does what waits
            subject, RequestKind.ACCESS, requested_by=operator(), received_at=began_at
        )
        directory.close_request(
            request, message="handed out", receipt={"tables": len(tables), "rows": rows}
        )
    err.print(f"{escape(str(output))}: {len(tables):,} tables, {rows:,} rows.")


def rectify(
    partner: Partner,
    member: Annotated[str, typer.Option("--member", help="A member: its address, or its id.")],
    name: Annotated[str | None, typer.Option(help="Its name.")] = None,
    email: Annotated[str | None, typer.Option(help="Its address.")] = None,
) -> None:
    """Correct a member's name or address, wherever it stands.

    Example: [bold]cloudprune privacy rectify --partner northwind --member ann@nw.example
    --email anna@nw.example[/]
    """
    settings = Settings()
    with (
        as_operator(settings, partner, Action.MANAGE_PRIVACY, "rectify"),
        progress(f"Correcting {member}") as step,
    ):
        is_landed = rectify_member(
            settings,
            partner,
            member,
            name=name,
            email=email,
            requested_by=operator(),
            say=step.say,
        )
    err.print("Corrected. Correct it at the identity provider, too: it says the name anew.")
    if is_landed:
        err.print(f"The marts say it from the next build: {_build(partner)}")


def restrict(partner: Partner, tenant: Tenant = "", member: Member = "") -> None:
    """Let a partner, a tenant or a member not be processed; its data stays as it is.

    Nothing of it is ingested, scanned or built; a tenant leaves its partner's marts with the next
    build; a member may not enter. [bold]cloudprune privacy lift[/] ends it.

    Example: [bold]cloudprune privacy restrict --partner northwind --tenant contoso[/]
    """
    settings = Settings()
    with (
        as_operator(settings, partner, Action.MANAGE_PRIVACY, "restrict", tenant_id=tenant),
        closing(Directory(settings.control)) as directory,
    ):
        subject = subject_of(directory, partner, tenant=tenant, member=member)
        began_at = datetime.now(UTC)
        directory.restrict(subject)
        request = directory.request_privacy(  # not before: one that is refused waits for nobody
            subject, RequestKind.RESTRICTION, requested_by=operator(), received_at=began_at
        )
        directory.close_request(request, message="the processing is restricted")
    err.print(f"The processing of {_what(subject)} is restricted.")
    if subject.kind is SubjectKind.TENANT:
        err.print(f"It leaves the marts with the next build: {_build(partner)}")


def lift(partner: Partner, tenant: Tenant = "", member: Member = "") -> None:
    """End a restriction; whoever asked for it is to be told before (GDPR, Article 18(3)).

    Example: [bold]cloudprune privacy lift --partner northwind --tenant contoso[/]
    """
    settings = Settings()
    with (
        as_operator(settings, partner, Action.MANAGE_PRIVACY, "lift", tenant_id=tenant),
        closing(Directory(settings.control)) as directory,
    ):
        subject = subject_of(directory, partner, tenant=tenant, member=member)
        directory.lift_restriction(subject)
    err.print(f"{_what(subject)} is processed again.")


def _write(
    settings: Settings, subject: Subject, output: Path, say: Callable[[str], None]
) -> dict[str, int]:
    """Write beside and rename, readable by nobody else."""
    folder = output.resolve().parent
    if not folder.is_dir():
        raise CommandError(f"there is no folder {folder}; make it first")
    with NamedTemporaryFile(dir=folder, prefix=".", delete=False) as file:
        try:
            tables = write_archive(settings, subject, cast(BinaryIO, file), say=say)
            file.flush()
            os.fsync(file.fileno())
            Path(file.name).rename(output)
        finally:
            Path(file.name).unlink(missing_ok=True)
    return tables


def _build(partner: str) -> str:
    return f"cloudprune build --partner {partner} && cloudprune publish --partner {partner}"


def _what(subject: Subject) -> str:
    return f"{subject.kind.value} {subject.name}"
