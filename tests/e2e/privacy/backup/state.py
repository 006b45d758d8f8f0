"""What an installation holds, to be compared before a backup and after a restore."""

import shutil
from pathlib import Path

from sqlalchemy import create_engine, select, text

from control.models import Base
from control.privacy_records import Subject, SubjectKind
from pipeline.settings import Settings
from tests.e2e.privacy.estate import (
    ALONE,
    GONE,
)

PASSPHRASE = "correct horse battery"
PARTNER = Subject(SubjectKind.PARTNER, GONE)
TENANT = Subject(SubjectKind.TENANT, GONE, ALONE)


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
