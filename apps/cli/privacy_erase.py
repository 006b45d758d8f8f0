"""`cloudprune privacy erase`, `work` and `retention`."""

from contextlib import closing
from typing import Annotated

import typer
from rich.table import Table

from apps.cli.acting import INSTALLATION, as_operator
from apps.cli.console import err, out, progress
from apps.cli.errors import FAILED, PARTLY
from apps.cli.privacy_options import Connection, Member, Partner, Tenant, operator, subject_of
from control.directory import Directory
from control.errors import ControlError
from control.privacy_records import Subject
from control.roles import Action
from pipeline.privacy.erase import erase as erase_subject
from pipeline.privacy.receipts import Receipt
from pipeline.privacy.retention import keep_retention
from pipeline.privacy.subjects import confirmation_of, require_subject
from pipeline.privacy.work import work_requests
from pipeline.settings import Settings


def erase(
    partner: Partner,
    tenant: Tenant = "",
    connection: Connection = "",
    member: Member = "",
    confirm: Annotated[
        str, typer.Option(help="Its name, instead of typing it when asked; see what is asked.")
    ] = "",
) -> None:
    """Erase a partner, a tenant, a connection or a member everywhere, for good.

    Everything goes: rows, lake, warehouse, every publication, archives, secrets, history of runs,
    logs, parts of backups; a partner's keys are destroyed. The same command finishes an erasure
    that was interrupted, and shows the receipt of one that is over.

    Exit status: 0 it is erased, 1 nothing was, or not all of it yet.

    Example: [bold]cloudprune privacy erase --partner northwind --tenant contoso[/]
    """
    settings = Settings()
    with closing(Directory(settings.control)) as directory:
        subject = subject_of(
            directory,
            partner,
            tenant=tenant,
            connection=connection,
            member=member,
            is_checked=False,
        )
        wanted = _confirmation(directory, subject) if not confirm else ""
    typed = confirm or (typer.prompt(f"Type {wanted} to erase it", err=True) if wanted else "")
    with (
        as_operator(settings, partner, Action.MANAGE_PRIVACY, f"erase {subject.kind.value}"),
        progress(f"Erasing {subject.kind.value} {subject.name}") as step,
    ):
        receipt = erase_subject(
            settings, subject, confirmation=typed, requested_by=operator(), say=step.say
        )
    show_receipt(receipt)


def work() -> None:
    """Do the archives and erasures that somebody asked for in the dashboard.

    The orchestrator does the same whenever something waits.

    Exit status: 0 nothing is left to do, 3 a part could not be done, 1 nothing could.

    Example: [bold]cloudprune privacy work[/]
    """
    settings = Settings()
    with (
        as_operator(settings, INSTALLATION, Action.MANAGE_PRIVACY, "work"),
        progress("Doing what was asked for") as step,
    ):
        report = work_requests(settings, say=step.say)
    for request_id, problem in report.failed.items():
        err.print(f"  {request_id}: {problem}", style="yellow", markup=False)
    err.print(f"{report.done:,} done, {len(report.failed):,} not.")
    if report.failed:
        raise typer.Exit(PARTLY if report.done else FAILED)


def retention() -> None:
    """Delete what is older than it may be: access log, invitations, backups, archives.

    The orchestrator does the same every day.

    Example: [bold]cloudprune privacy retention[/]
    """
    settings = Settings()
    with as_operator(settings, INSTALLATION, Action.KEEP_STORED, "retention"):
        counts = keep_retention(settings).counts()
    words = ", ".join(f"{count:,} {what.replace('_', ' ')}" for what, count in counts.items())
    err.print(f"Deleted: {words}.")


def show_receipt(receipt: Receipt) -> None:
    """Print what an erasure did."""
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), show_header=False)
    table.add_column(justify="right")
    table.add_column()
    for what, count in receipt.counts.items():
        table.add_row(f"{count:,}", what)
    out.print(
        f"Erased a {receipt.subject_kind} at {receipt.erased_at:%Y-%m-%d %H:%M} UTC. Receipt "
        f"{receipt.erasure_id}:"
    )
    out.print(table)
    for note in receipt.notes:
        out.print(note, markup=False)


def _confirmation(directory: Directory, subject: Subject) -> str:
    """Return what is to be typed; nothing where the subject is gone already."""
    try:
        require_subject(directory, subject)
        return confirmation_of(directory, subject)
    except ControlError:
        return ""
