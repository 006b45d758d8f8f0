"""Two partners that are backed up, and an installation to restore into."""

import shutil
from contextlib import closing
from pathlib import Path

import pytest

from control.copying import ControlCopy
from pipeline.settings import Settings
from tests.e2e.privacy import estate
from tests.postgres import Postgres


@pytest.fixture(scope="session")
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


@pytest.fixture
def on_postgres(home: Settings, postgres: Postgres) -> Settings:
    """The same partners, with the control database on PostgreSQL."""
    moved = home.model_copy(update={"control_url": postgres.new_database()})
    with closing(ControlCopy(home.control)) as old, closing(ControlCopy(moved.control)) as new:
        new.replace_by(old)
    return moved
