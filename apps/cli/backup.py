"""`cloudprune backup` and `cloudprune restore`."""

import os
from typing import Annotated

import typer
from rich.markup import escape
from rich.table import Table

from apps.cli.acting import as_operator_of_all
from apps.cli.console import err, out, progress
from control.roles import Action
from pipeline.backup.carried import Newer
from pipeline.backup.creating import create_backup
from pipeline.backup.manifest import backup_storage, backups
from pipeline.backup.restoring import RestoreReport, check_backup, restore_backup
from pipeline.settings import Settings

_VARIABLE = "CLOUDPRUNE_BACKUP_PASSPHRASE"


def backup(
    is_with_keys: Annotated[
        bool, typer.Option("--with-keys", help="Put the keys in, sealed by a passphrase.")
    ] = False,
    is_listed: Annotated[bool, typer.Option("--list", help="List the backups there are.")] = False,
    checked: Annotated[str, typer.Option("--check", help="Open a backup to its end.")] = "",
) -> None:
    """Back up control database and lake, sealed with each partner's key.

    Keys are left out: keep the folder keys elsewhere, or put them in with --with-keys. The
    passphrase comes from CLOUDPRUNE_BACKUP_PASSPHRASE, or is asked for. Backups go to
    CLOUDPRUNE_BACKUP_URL, a folder or an address such as s3://bucket/prefix, and are deleted after
    30 days.

    Example: [bold]cloudprune backup --with-keys[/]
    """
    settings = Settings()
    if is_listed:
        _list(settings)
    elif checked:
        with (
            as_operator_of_all(settings, Action.KEEP_STORED, f"check backup {checked}"),
            progress(f"Checking {checked}") as step,
        ):
            count = check_backup(settings, checked, say=step.say)
        err.print(f"{escape(checked)}: all {count} parts open and are what was written.")
    else:
        passphrase = _passphrase(is_new=True) if is_with_keys else ""
        with (
            as_operator_of_all(settings, Action.KEEP_STORED, "back up"),
            progress("Backing up") as step,
        ):
            made = create_backup(settings, passphrase=passphrase, say=step.say)
        keys = "with keys" if made.has_keys else "without keys: keep the folder keys elsewhere"
        err.print(
            f"{made.partners:,} partners, {made.files:,} files, {made.byte_count:,} bytes, {keys}."
        )
        out.print(made.backup_id)


def restore(
    backup_id: Annotated[str, typer.Argument(help="A backup; see `cloudprune backup --list`.")],
    is_replacing: Annotated[
        bool, typer.Option("--replace", help="Put it in the place of what is here.")
    ] = False,
    has_passphrase: Annotated[
        bool, typer.Option("--with-keys", help="Take the keys from the backup, too.")
    ] = False,
) -> None:
    """Restore control database and lake; what was erased since the backup is erased again.

    Who was removed, demoted or signed out since stays so, as far as the database that is replaced
    tells. What is newer than the backup loses data and access and stays known by name, with its
    log, requests, keys, secrets and archives, until it is erased or a newer backup is restored.

    Stop the orchestrator and the dashboard before. Warehouses and publications are not in a backup:
    build and publish each partner afterwards.

    Example: [bold]cloudprune restore 20260520T120000Z-0a1b2c --replace[/]
    """
    settings = Settings()
    passphrase = _passphrase(is_new=False) if has_passphrase else ""
    with (
        as_operator_of_all(settings, Action.KEEP_STORED, f"restore {backup_id}"),
        progress(f"Restoring {backup_id}") as step,
    ):
        report = restore_backup(
            settings,
            backup_id,
            passphrase=passphrase,
            is_replacing=is_replacing,
            say=step.say,
        )
    with as_operator_of_all(settings, Action.KEEP_STORED, f"restored {backup_id}"):
        _tell(report)  # the log of a partner that was not here before has its entry, too


def _tell(report: RestoreReport) -> None:
    again = f" {report.erased_again:,} erased again." if report.erased_again else ""
    err.print(f"{len(report.partners):,} partners, {report.files:,} files restored.{again}")
    if report.closed_again:
        err.print(f"{report.closed_again:,} members who lost their access since stay without it.")
    if report.narrowed_again:
        err.print(
            f"{report.narrowed_again:,} members who had a lower role or fewer tenants by now keep "
            "those."
        )
    for partner in report.without_admin:
        err.print(
            f"{partner} has no admin: cloudprune members invite --partner {partner} --role admin "
            "ADDRESS"
        )
    _tell_newer(report.newer)
    if report.partners:
        err.print("Build and publish:")
    for partner in report.partners:
        err.print(
            f"  cloudprune build --partner {partner} && cloudprune publish --partner {partner}"
        )


def _tell_newer(newer: Newer) -> None:
    """Say what is newer than the backup, what is kept of it and how that goes."""
    if newer.partners or newer.connections:
        err.print(
            "Newer than the backup, so without data and access now; log, requests, keys, secrets "
            "and archives are kept, for a newer backup to open. To remove them, too:"
        )
    for partner in newer.partners:
        err.print(f"  cloudprune privacy erase --partner {partner}")
    for partner, tenant, connection in newer.connections:
        err.print(
            f"  cloudprune privacy erase --partner {partner} --tenant {tenant} "
            f"--connection {escape(connection)}"
        )
    for partner, address in newer.members:
        err.print(
            f"{escape(address)} of {partner} joined later and has no access now; invite it again."
        )


def _list(settings: Settings) -> None:
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    for heading in ("Backup", "Begun", "Parts", "Bytes", "Keys"):
        table.add_column(heading, justify="right" if heading in ("Parts", "Bytes") else "left")
    for made in backups(backup_storage(settings)):
        size = sum(part.size for part in made.parts)
        day = f"{made.created_at:%Y-%m-%d %H:%M} UTC"
        keys = "inside" if made.key_salt else "elsewhere"
        table.add_row(made.backup_id, day, f"{len(made.parts):,}", f"{size:,}", keys)
    if table.row_count:
        out.print(table)
    else:
        err.print(f"There is no backup in {escape(settings.backups)}.")


def _passphrase(*, is_new: bool) -> str:
    given = os.environ.get(_VARIABLE)
    return given or str(
        typer.prompt("Passphrase", hide_input=True, confirmation_prompt=is_new, err=True)
    )
