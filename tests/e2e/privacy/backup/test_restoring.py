"""A backup comes back as it was, wherever it lies and whatever database it is put into."""

import json
import shutil
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

import boto3
import pytest

from control.copying import ControlCopy
from control.directory import Directory
from pipeline.backup.creating import create_backup
from pipeline.backup.errors import BackupError
from pipeline.backup.restoring import restore_backup
from pipeline.build import build_warehouse
from pipeline.privacy.erase import erase
from pipeline.publish import publish_marts
from pipeline.settings import Settings
from tests.content import served
from tests.e2e.privacy.backup.state import PARTNER, PASSPHRASE, keep_keys, lake, rows
from tests.e2e.privacy.estate import (
    GONE,
    KEPT,
)
from tests.postgres import Postgres
from tests.servers import s3

__all__ = ["s3"]
pytestmark = pytest.mark.e2e


def test_a_restore_into_an_empty_home_brings_everything_back(
    home: Settings, empty: Settings
) -> None:
    backup = create_backup(home)
    keep_keys(home, empty)

    report = restore_backup(empty, backup.backup_id)

    assert (report.partners, report.erased_again) == ((GONE, KEPT), 0)
    assert rows(empty) == rows(home)
    assert lake(empty) == lake(home)
    assert report.files == backup.files == len(lake(home))
    build_warehouse(empty, KEPT)
    publish_marts(empty, KEPT)
    assert served(empty, KEPT) == served(home, KEPT)


def test_a_restore_brings_everything_back_on_postgresql(
    on_postgres: Settings, empty: Settings, postgres: Postgres
) -> None:
    target = empty.model_copy(update={"control_url": postgres.new_database()})
    before, landed = rows(on_postgres), lake(on_postgres)
    backup = create_backup(on_postgres)
    keep_keys(on_postgres, target)
    with Directory(on_postgres.control) as directory:
        directory.ensure_tenant("newcomer", "shop")
        directory.log_access(GONE, "after the backup", "see costs")

    elsewhere = restore_backup(target, backup.backup_id)
    here = restore_backup(on_postgres, backup.backup_id, is_replacing=True)

    assert backup.partners == 2
    assert backup.files == elsewhere.files == here.files == len(landed)
    assert elsewhere.partners == here.partners == (GONE, KEPT)
    assert rows(target) == before
    assert without_newer(rows(on_postgres)) == before
    assert here.newer.partners == ("newcomer",)
    assert lake(target) == lake(on_postgres) == landed


def test_a_backup_made_on_sqlite_is_restored_on_postgresql(
    home: Settings, on_postgres: Settings
) -> None:
    before = rows(on_postgres)
    backup = create_backup(home)

    restore_backup(on_postgres, backup.backup_id, is_replacing=True)

    assert rows(on_postgres) == before
    assert lake(on_postgres)


def test_the_keys_are_in_a_backup_only_where_a_passphrase_was_given(
    home: Settings, empty: Settings
) -> None:
    without = create_backup(home)
    with_keys = create_backup(home, passphrase=PASSPHRASE)

    with pytest.raises(BackupError, match="put the folder keys back"):
        restore_backup(empty, without.backup_id)
    with pytest.raises(BackupError, match="holds no keys"):
        restore_backup(empty, without.backup_id, passphrase=PASSPHRASE)
    with pytest.raises(BackupError, match="passphrase does not open"):
        restore_backup(empty, with_keys.backup_id, passphrase="another passphrase")
    restore_backup(empty, with_keys.backup_id, passphrase=PASSPHRASE)

    assert lake(empty) == lake(home)
    assert {p.name for p in empty.keys.iterdir()} == {p.name for p in home.keys.iterdir()}


def test_what_is_here_is_replaced_only_when_asked(home: Settings) -> None:
    backup = create_backup(home)
    before, landed = rows(home), lake(home)
    with Directory(home.control) as directory:
        directory.ensure_tenant("newcomer", "shop")
    shutil.rmtree(Path(home.lake) / f"partner_id={KEPT}")

    with pytest.raises(BackupError, match="--replace"):
        restore_backup(home, backup.backup_id)
    assert not (Path(home.lake) / f"partner_id={KEPT}").exists()
    restore_backup(home, backup.backup_id, is_replacing=True)

    assert without_newer(rows(home)) == before
    assert lake(home) == landed


def without_newer(found: dict[str, list[str]]) -> dict[str, list[str]]:
    """Return the rows without those that say what is newer than the backup."""
    newer = ("newcomer", "after the backup")
    return {
        name: [row for row in kept if not any(word in row for word in newer)]
        for name, kept in found.items()
    }


def test_a_restore_that_was_killed_is_finished_by_the_same_call(
    home: Settings, empty: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    backup = create_backup(home)
    keep_keys(home, empty)

    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr("pipeline.backup.restoring.erase_again", killed)
        with pytest.raises(KeyboardInterrupt):
            restore_backup(empty, backup.backup_id)
    assert not any(rows(empty)["partners"])

    restore_backup(empty, backup.backup_id)

    assert rows(empty) == rows(home)
    assert lake(empty) == lake(home)


def test_a_backup_of_an_older_schema_is_upgraded(tmp_path: Path) -> None:
    older = ControlCopy.empty(tmp_path / "older.db", "0003")
    now = datetime.now(UTC).isoformat()
    lines = [
        json.dumps(["partners", {"partner_id": "acme", "created_at": now}]),
        json.dumps(["tenants", {"partner_id": "acme", "tenant_id": "web", "created_at": now}]),
    ]

    older.insert_lines(lines)
    older.upgrade()

    found = [json.loads(line) for _, line in older.lines()]
    assert [name for name, _ in found] == ["partners", "tenants"]
    assert found[0][1]["organization_id"] is None


def test_lake_and_backups_lie_on_an_object_store(
    s3: Mapping[str, str], monkeypatch: pytest.MonkeyPatch, home: Settings, tmp_path: Path
) -> None:
    for name, value in s3.items():
        monkeypatch.setenv(name, value)
    boto3.Session().client("s3").create_bucket(Bucket="privacy")
    remote = home.model_copy(update={"backup_url": "s3://privacy/backups"})
    target = home.model_copy(
        update={
            "home": tmp_path / "target",
            "lake_url": "s3://privacy/lake",
            "backup_url": "s3://privacy/backups",
        }
    )
    backup = create_backup(remote, passphrase=PASSPHRASE)

    restored = restore_backup(target, backup.backup_id, passphrase=PASSPHRASE)
    second = create_backup(target)
    receipt = erase(target, PARTNER, confirmation=GONE, requested_by="operator")

    assert restored.files == second.files == len(lake(home))
    assert receipt.counts["parts of backups"] == 7
    left = boto3.Session().client("s3").list_objects_v2(Bucket="privacy", Prefix="lake/")
    assert left["Contents"]
    assert not [each for each in left["Contents"] if GONE in each["Key"]]
