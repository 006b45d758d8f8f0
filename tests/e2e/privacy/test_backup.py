"""Backups: they come back as they were, nobody reads them, and what was erased stays erased."""

import json
import shutil
from collections.abc import Mapping
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import boto3
import pytest
from sqlalchemy import create_engine, select, text

from control.copying import ControlCopy
from control.directory import Directory
from control.errors import ControlUnavailableError
from control.models import Base
from control.privacy_records import Subject, SubjectKind
from pipeline.backup.creating import create_backup
from pipeline.backup.errors import BackupError
from pipeline.backup.restoring import check_backup, restore_backup
from pipeline.backup.retention import cut_backups
from pipeline.build import build_warehouse
from pipeline.privacy.erase import erase
from pipeline.privacy.subjects import member_of
from pipeline.publish import publish_marts
from pipeline.settings import Settings
from tests.content import served
from tests.e2e.privacy import estate
from tests.e2e.privacy.estate import (
    ALONE,
    ALONE_ACCOUNT,
    CONNECTION,
    GONE,
    KEPT,
    SHARED,
    YAN,
    ZOE,
    found_in,
)
from tests.postgres import Postgres
from tests.servers import s3

__all__ = ["s3"]
pytestmark = pytest.mark.e2e

PASSPHRASE = "correct horse battery"
PARTNER = Subject(SubjectKind.PARTNER, GONE)
TENANT = Subject(SubjectKind.TENANT, GONE, ALONE)


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("template")
    estate.make(Settings(home=folder / "home", work_memory="1GB"), folder / "exports")
    return folder


@pytest.fixture
def home(template: Path, tmp_path: Path) -> Settings:
    """A copy of two partners, built and published; backups lie beside it."""
    shutil.copytree(template / "home", tmp_path / "home")
    return Settings(home=tmp_path / "home", backup_url=str(tmp_path / "backups"), work_memory="1GB")


@pytest.fixture
def empty(home: Settings, tmp_path: Path) -> Settings:
    """An empty installation that sees the same backups."""
    return home.model_copy(update={"home": tmp_path / "empty"})


def rows(settings: Settings) -> dict[str, list[str]]:
    engine = create_engine(settings.control)
    with engine.connect() as connection:
        if engine.name == "postgresql":  # which shows nobody's rows but to who says whose
            connection.execute(text("select set_config('cloudprune.partner_id', '*', false)"))
        found = {
            table.name: sorted(str(row) for row in connection.execute(select(table)))
            for table in Base.metadata.sorted_tables
        }
    engine.dispose()
    return found


def lake(settings: Settings) -> dict[str, bytes]:
    root = Path(settings.lake)
    return {p.relative_to(root).as_posix(): p.read_bytes() for p in root.rglob("*.parquet")}


def keep_keys(home: Settings, empty: Settings) -> None:
    shutil.copytree(home.keys, empty.keys)


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


@pytest.fixture
def on_postgres(home: Settings, postgres: Postgres) -> Settings:
    """The same partners, with the control database on PostgreSQL."""
    moved = home.model_copy(update={"control_url": postgres.new_database()})
    with closing(ControlCopy(home.control)) as old, closing(ControlCopy(moved.control)) as new:
        new.replace_by(old)
    return moved


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
    assert rows(target) == rows(on_postgres) == before
    assert lake(target) == lake(on_postgres) == landed


def test_a_backup_made_on_sqlite_is_restored_on_postgresql(
    home: Settings, on_postgres: Settings
) -> None:
    before = rows(on_postgres)
    backup = create_backup(home)

    restore_backup(on_postgres, backup.backup_id, is_replacing=True)

    assert rows(on_postgres) == before
    assert lake(on_postgres)


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


def test_a_short_passphrase_is_refused_and_leaves_no_backup(home: Settings) -> None:
    with pytest.raises(BackupError, match="12 characters"):
        create_backup(home, passphrase="short")

    assert not list(Path(home.backups).rglob("manifest.json"))


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

    assert rows(home) == before
    assert lake(home) == landed


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


def test_an_erased_partner_stays_erased_after_an_older_backup_is_restored(
    home: Settings, empty: Settings, tmp_path: Path
) -> None:
    backup = create_backup(home, passphrase=PASSPHRASE)
    copy = tmp_path / "copy-in-a-vault"
    shutil.copytree(Path(home.backups) / backup.backup_id, copy)
    erase(home, PARTNER, confirmation=GONE, requested_by="operator")
    shutil.copytree(copy, Path(home.backups) / backup.backup_id, dirs_exist_ok=True)

    here = restore_backup(home, backup.backup_id, is_replacing=True)
    elsewhere = restore_backup(empty, backup.backup_id, passphrase=PASSPHRASE)

    assert here.partners == elsewhere.partners == (KEPT,)
    for settings in (home, empty):
        assert found_in(settings, GONE, ALONE, ALONE_ACCOUNT, ZOE) == []
    assert [p for p in lake(empty) if GONE in p] == []


def test_the_parts_of_an_erased_partner_leave_the_backups(home: Settings) -> None:
    backup = create_backup(home)
    before = len(list((Path(home.backups) / backup.backup_id).iterdir()))

    receipt = erase(home, PARTNER, confirmation=GONE, requested_by="operator")

    left = len(list((Path(home.backups) / backup.backup_id).iterdir()))
    assert receipt.counts["parts of backups"] == before - left == 3
    assert check_backup(home, backup.backup_id) == 3


def test_what_a_copy_still_holds_of_an_erased_partner_no_key_opens(
    home: Settings, tmp_path: Path
) -> None:
    backup = create_backup(home)
    folder = Path(home.backups) / backup.backup_id
    shutil.copytree(folder, tmp_path / "copy")
    erase(home, PARTNER, confirmation=GONE, requested_by="operator")
    shutil.rmtree(Path(home.backups) / "tombstones")
    (home.home / "control.db").unlink()
    shutil.copytree(tmp_path / "copy", folder, dirs_exist_ok=True)

    with pytest.raises(BackupError, match="key of a partner in backup"):
        restore_backup(home, backup.backup_id, is_replacing=True)


def test_an_erased_tenant_stays_erased_and_its_siblings_come_back(
    home: Settings, empty: Settings
) -> None:
    backup = create_backup(home, passphrase=PASSPHRASE)
    erase(home, TENANT, confirmation=TENANT.name, requested_by=YAN)

    report = restore_backup(empty, backup.backup_id, passphrase=PASSPHRASE)

    assert report.erased_again == 1
    assert found_in(empty, ALONE_ACCOUNT, f"tenant_id={ALONE}", f"'{ALONE}'") == []
    with Directory(empty.control) as directory:
        assert [tenant.tenant_id for tenant in directory.tenants(GONE)] == [SHARED]


def test_an_erased_connection_and_an_erased_member_stay_erased(
    home: Settings, empty: Settings
) -> None:
    backup = create_backup(home, passphrase=PASSPHRASE)
    with Directory(home.control) as directory:
        zoe = member_of(directory, GONE, ZOE)
    connection = Subject(SubjectKind.CONNECTION, GONE, SHARED, CONNECTION)
    member = Subject(SubjectKind.MEMBER, GONE, subject_id=zoe.member_id)
    erase(home, connection, confirmation=connection.name, requested_by=YAN)
    erase(home, member, confirmation=ZOE, requested_by=YAN)

    report = restore_backup(empty, backup.backup_id, passphrase=PASSPHRASE)

    assert report.erased_again == 2
    assert found_in(empty, ZOE, zoe.member_id) == []
    assert not list(Path(empty.lake, f"partner_id={GONE}").rglob(f"connection_id={CONNECTION}"))
    assert list(Path(empty.lake, f"partner_id={KEPT}").rglob(f"connection_id={CONNECTION}"))


def test_a_name_that_is_used_again_after_an_erasure_comes_back_from_a_later_backup(
    home: Settings, empty: Settings, template: Path
) -> None:
    erase(home, PARTNER, confirmation=GONE, requested_by="operator")
    with Directory(home.control) as directory:
        directory.ensure_tenant(GONE, "fresh")
    backup = create_backup(home, passphrase=PASSPHRASE)

    report = restore_backup(empty, backup.backup_id, passphrase=PASSPHRASE)

    assert report.partners == (GONE, KEPT)


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


def test_backups_older_than_thirty_days_go_and_tombstones_stay(home: Settings) -> None:
    backup = create_backup(home)
    erase(home, TENANT, confirmation=TENANT.name, requested_by=YAN)
    now = datetime.now(UTC)
    unfinished = Path(home.backups) / f"{now - timedelta(days=3):%Y%m%dT%H%M%SZ}-abc123"
    unfinished.mkdir()
    (unfinished / "half.sealed").write_bytes(b"half")

    assert cut_backups(home, now + timedelta(days=29)) == 1
    assert check_backup(home, backup.backup_id)
    assert cut_backups(home, now + timedelta(days=31)) == 1
    assert [path.name for path in Path(home.backups).iterdir() if path.name[0] != "."] == [
        "tombstones"
    ]


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
    assert receipt.counts["parts of backups"] == 6
    left = boto3.Session().client("s3").list_objects_v2(Bucket="privacy", Prefix="lake/")
    assert left["Contents"]
    assert not [each for each in left["Contents"] if GONE in each["Key"]]
