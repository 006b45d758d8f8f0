"""A backup that is damaged, foreign or empty is refused, and nothing shows in it."""

import json
import shutil
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from control.errors import ControlUnavailableError
from pipeline.backup.creating import create_backup
from pipeline.backup.errors import BackupError
from pipeline.backup.restoring import check_backup, restore_backup
from pipeline.settings import Settings
from tests.e2e.privacy.backup.state import PASSPHRASE, lake, rows
from tests.e2e.privacy.estate import (
    ALONE,
    ALONE_ACCOUNT,
    GONE,
    ZOE,
)

pytestmark = pytest.mark.e2e


def test_a_backup_is_refused_where_the_control_database_knows_no_partner_of_the_lake(
    home: Settings,
) -> None:
    (home.home / "control.db").unlink()

    with pytest.raises(BackupError, match="shows no partner"):
        create_backup(home)

    assert not list(Path(home.backups).rglob("manifest.json"))


def test_the_lake_stays_where_the_rows_cannot_be_written(home: Settings) -> None:
    backup = create_backup(home)
    before = rows(home), lake(home)
    engine = create_engine(home.control)
    with engine.begin() as connection:
        connection.execute(
            text(
                "create trigger refuses before insert on members "
                "begin select raise(fail, 'no room'); end"
            )
        )
    engine.dispose()

    with pytest.raises(ControlUnavailableError, match="no room"):
        restore_backup(home, backup.backup_id, is_replacing=True)

    assert (rows(home), lake(home)) == before


def test_no_name_and_no_byte_of_content_shows_in_a_backup(home: Settings) -> None:
    create_backup(home, passphrase=PASSPHRASE)
    key = (home.keys / f"{GONE}.key").read_text()

    for path in Path(home.backups).rglob("*"):
        assert GONE not in path.as_posix()
        if path.is_file():
            content = path.read_bytes()
            for needle in (GONE, ALONE, ALONE_ACCOUNT, ZOE, key, "PAR1"):
                assert needle.encode() not in content, (path, needle)


def test_a_short_passphrase_is_refused_and_leaves_no_backup(home: Settings) -> None:
    with pytest.raises(BackupError, match="12 characters"):
        create_backup(home, passphrase="short")

    assert not list(Path(home.backups).rglob("manifest.json"))


@pytest.mark.parametrize("kind", ["control", "lake", "installation"])
def test_a_damaged_part_is_noticed_before_anything_changes(kind: str, home: Settings) -> None:
    backup = create_backup(home)
    folder = Path(home.backups) / backup.backup_id
    manifest = json.loads((folder / "manifest.json").read_text())
    part = next(part for part in manifest["parts"] if part["kind"] == kind)
    content = bytearray((folder / part["name"]).read_bytes())
    content[len(content) // 2] ^= 1
    (folder / part["name"]).write_bytes(content)
    before = rows(home), lake(home)

    with pytest.raises(BackupError, match="damaged"):
        check_backup(home, backup.backup_id)
    with pytest.raises(BackupError, match="damaged"):
        restore_backup(home, backup.backup_id, is_replacing=True)

    assert (rows(home), lake(home)) == before


def test_a_part_that_is_missing_and_a_manifest_that_was_changed_are_noticed(
    home: Settings,
) -> None:
    backup = create_backup(home)
    path = Path(home.backups) / backup.backup_id / "manifest.json"
    said = json.loads(path.read_text())
    part = path.with_name(said["parts"][0]["name"])

    part.rename(part.with_suffix(".away"))
    with pytest.raises(BackupError, match="is missing"):
        check_backup(home, backup.backup_id)
    said["parts"] = said["parts"][1:]
    path.write_text(json.dumps(said))
    with pytest.raises(BackupError, match="was changed, or is of another installation"):
        check_backup(home, backup.backup_id)


def test_parts_of_two_backups_cannot_be_exchanged(home: Settings) -> None:
    first, second = create_backup(home), create_backup(home)
    folders = [Path(home.backups) / each.backup_id for each in (first, second)]
    manifests = [json.loads((folder / "manifest.json").read_text()) for folder in folders]
    names = [
        next(p["name"] for p in manifest["parts"] if p["kind"] == "lake") for manifest in manifests
    ]

    shutil.copy(folders[0] / names[0], folders[1] / names[1])

    with pytest.raises(BackupError, match="damaged"):
        check_backup(home, second.backup_id)


@pytest.mark.parametrize("name", ["nothing", "../elsewhere"])
def test_a_backup_that_is_not_there_is_told(name: str, home: Settings) -> None:
    with pytest.raises(BackupError, match="there is no backup"):
        restore_backup(home, name)
