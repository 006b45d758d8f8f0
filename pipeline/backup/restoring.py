"""Restores a backup; what was erased or withdrawn after it was made goes again.

Everything is opened and checked before anything changes, and the rows are written on trial. The
lake comes first; the rows come last and at once, so that until then the installation says what it
said before. A restore that was killed is finished by the same call.
"""

import json
import shutil
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from control.copying import ControlCopy
from control.directory import Directory
from control.keyring import is_issuer_key, issuer_key_files, put_key
from control.roles import Role
from control.tombstones import Erased
from ingestion.storage import Storage
from pipeline.backup.again import erase_again
from pipeline.backup.carried import Newer, carry_over
from pipeline.backup.corrected import correct_again
from pipeline.backup.erasing import keep_tombstones
from pipeline.backup.errors import BackupError
from pipeline.backup.opening import OpenBackup, Owned
from pipeline.backup.sealing import tar_reader
from pipeline.backup.withdrawn import OPEN_STATES, end_requests, withdraw_again
from pipeline.secret_stores import handed_over
from pipeline.settings import Settings

Say = Callable[[str], None]
_BLOCK = 1 << 20


@dataclass(frozen=True, slots=True)
class RestoreReport:
    """What a restore brought back.

    Attributes:
        partners: By name.
        files: Files of the lake.
        erased_again: Subjects in the backup that were erased since, whole partners left out.
        closed_again: Members in the backup who had lost their access since.
        narrowed_again: Others in it who had lost a role or tenants since.
        without_admin: Partners that have members, and no admin among them.
        newer: What the backup does not have and the installation had.
    """

    partners: tuple[str, ...]
    files: int
    erased_again: int
    closed_again: int
    narrowed_again: int
    without_admin: tuple[str, ...]
    newer: Newer


def restore_backup(
    settings: Settings,
    backup_id: str,
    *,
    passphrase: str = "",
    is_replacing: bool = False,
    say: Say = lambda _: None,
) -> RestoreReport:
    """Bring control database and lake back to what they were.

    Args:
        settings: Where everything lies.
        backup_id: Which backup.
        passphrase: Opens the keys inside the backup, where the installation's are lost.
        is_replacing: Whether what is here now may go.
        say: Told what happens.

    Raises:
        BackupError: It is not there, not whole, not ours, its keys are missing, or something is
            here already.
        ControlUnavailableError: The control database cannot be opened.
        SourceError: The lake or the backups do not answer.
    """
    with closing(Directory(settings.control)) as directory:
        backup = OpenBackup(settings, backup_id, passphrase)
        stones = backup.tombstones(directory.tombstones())
        erased = backup.erased_since(stones)
        known = {stone.tombstone_id for stone in directory.tombstones()}
        unknown = Erased(backup.installation, (s for s in stones if s.tombstone_id not in known))
        backup.check(erased, say)
        if not is_replacing:
            _require_room(settings, directory, backup_id)
        with TemporaryDirectory(dir=_scratch(settings)) as folder:
            rows = _restored_rows(Path(folder) / "control.db", backup, erased)
            with (
                closing(rows),
                closing(ControlCopy(settings.control)) as target,
                closing(_what_is_here(Path(folder), target, unknown)) as here,
            ):
                target.check_replaceable_by(rows)
                _mark(settings, backup_id)
                _put_keys(settings, backup, erased)
                lake = Storage(settings.lake)
                files = _restore_lake(lake, backup, erased, say)
                end_requests(rows)
                count = erase_again(rows, lake, erased)
                partners = tuple(sorted(row["partner_id"] for row in rows.values("partners")))
                correct_again(rows, lake, here)
                closed, narrowed = withdraw_again(rows, here)
                newer = carry_over(rows, here)
                without_admin = _without_admin(rows)
                rows.add_tombstones(stones)
                _forget_handed_over(settings, here)
                target.replace_by(rows)
        directory.scrub()
        keep_tombstones(settings, directory.tombstones())
    _forget_made(settings, partners)
    _marker(settings).unlink()
    return RestoreReport(partners, files, count, closed, narrowed, without_admin, newer)


def check_backup(settings: Settings, backup_id: str, *, say: Say = lambda _: None) -> int:
    """Open every part of a backup to its end; return how many there are.

    Raises:
        BackupError: It is not there, not whole, not ours, or its keys are missing.
    """
    with closing(Directory(settings.control)) as directory:
        backup = OpenBackup(settings, backup_id)
        stones = backup.tombstones(directory.tombstones())
    return backup.check(backup.erased_since(stones), say)


def _require_room(settings: Settings, directory: Directory, backup_id: str) -> None:
    if _marker(settings).exists() and _marker(settings).read_text() == backup_id:
        return
    is_used = bool(directory.partners()) or any(True for _ in Storage(settings.lake).list_files())
    if is_used:
        raise BackupError(
            f"there are partners or bills under {settings.home.resolve()} already; to put the "
            "backup in their place, repeat with --replace"
        )


def _restore_lake(lake: Storage, backup: OpenBackup, erased: Erased, say: Say) -> int:
    for folder in sorted({found.path.split("/")[0] for found in lake.list_files()}):
        if folder.startswith("partner_id="):
            lake.delete_prefix(folder)
    count = 0
    for owned in backup.parts("lake", erased):
        say(f"restoring the lake of {owned.partner_id}")
        count += _extract(lake, backup, owned)
    return count


def _extract(lake: Storage, backup: OpenBackup, owned: Owned) -> int:
    base = lake.local_path(".staging") if lake.is_local else None
    if base is not None:
        base.mkdir(parents=True, exist_ok=True)
    count = 0
    with (
        TemporaryDirectory(dir=base) as folder,
        backup.opened(owned) as reader,
        tar_reader(reader) as archive,
    ):
        for member in archive:
            content = archive.extractfile(member)
            if content is None or not _is_own(member.name, owned.partner_id):
                raise BackupError(f"the backup holds a file that is no file of a lake: {member}")
            written = Path(folder) / "file"
            with written.open("wb") as target:
                shutil.copyfileobj(content, target, _BLOCK)
            lake.commit(written, member.name)
            count += 1
    return count


def _is_own(name: str, partner_id: str) -> bool:
    parts = name.split("/")
    return parts[0] == f"partner_id={partner_id}" and not {"..", "", "."} & set(parts)


def _restored_rows(path: Path, backup: OpenBackup, erased: Erased) -> ControlCopy:
    rows = ControlCopy.empty(path, backup.manifest.revision)
    lines: list[str] = []
    for kind in ("control", "installation"):
        for owned in backup.parts(kind, erased):
            lines += backup.lines(owned)
    rows.insert_lines(lines)
    rows.upgrade()
    return rows


def _what_is_here(folder: Path, target: ControlCopy, unknown: Erased) -> ControlCopy:
    """Return a copy of the rows that are replaced, without what they do not know to be erased."""
    here = ControlCopy.empty(folder / "here.db")
    here.replace_by(target)
    erase_again(here, Storage(str(folder / "no-lake")), unknown)
    return here


def _put_keys(settings: Settings, backup: OpenBackup, erased: Erased) -> None:
    """Put back keys that are missing here, but none of a partner that was erased.

    A key that signed our tokens was taken out on purpose where another one is here.
    """
    back = {owned.partner_id for owned in backup.parts("control", erased)}
    has_issuer = bool(issuer_key_files(settings.keys))
    for name, key in backup.keys.items():
        is_own = name.startswith("_") and not (has_issuer and is_issuer_key(name))
        if name.partition(".")[0] in back or is_own:
            put_key(settings.keys, name, key)


def _without_admin(rows: ControlCopy) -> tuple[str, ...]:
    active = [row for row in rows.values("members") if row["status"] == "active"]
    admins = {row["partner_id"] for row in active if row["role"] == Role.ADMIN}
    return tuple(sorted({row["partner_id"] for row in active} - admins))


def _forget_handed_over(settings: Settings, here: ControlCopy) -> None:
    """Remove the secrets that pages left for what no worker does any more."""
    left = handed_over(settings)
    for row in here.values("connection_requests"):
        name = json.loads(row["inputs"]).get("secret_name")
        if name and row["status"] in OPEN_STATES:
            left.remove(row["partner_id"], row["tenant_id"], name)


def _forget_made(settings: Settings, partners: tuple[str, ...]) -> None:
    """Remove warehouses and serving files of partners without data; others are built anew."""
    for folder in (settings.home.resolve() / "work", settings.serving):
        for path in folder.iterdir() if folder.is_dir() else ():
            if path.is_dir() and path.name not in partners:
                shutil.rmtree(path)


def _mark(settings: Settings, backup_id: str) -> None:
    _marker(settings).write_text(backup_id)


def _marker(settings: Settings) -> Path:
    return settings.home.resolve() / "privacy" / "restoring"


def _scratch(settings: Settings) -> Path:
    folder = settings.home.resolve() / "privacy"
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    return folder
