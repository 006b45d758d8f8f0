"""`cloudprune privacy export` and `restrict` leave no request that waits for nobody."""

from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from apps.cli.privacy import app
from control.directory import Directory
from control.roles import Role
from pipeline.privacy.archive import write_archive
from pipeline.privacy.work import WorkReport, work_requests
from pipeline.settings import Settings
from tests.conftest import PARTNER, TENANT

pytestmark = pytest.mark.integration


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    monkeypatch.setenv("CLOUDPRUNE_HOME", str(tmp_path / "home"))
    settings = Settings()
    with Directory(settings.control) as directory:
        directory.ensure_tenant(PARTNER, TENANT)
    return settings


def export(target: Path) -> int:
    arguments = ["export", "--partner", PARTNER, "--output", str(target)]
    return CliRunner().invoke(app, arguments).exit_code


def states(settings: Settings) -> list[str]:
    with Directory(settings.control) as directory:
        return [each.state for each in directory.privacy_requests(PARTNER)]


def test_an_export_that_fails_leaves_no_request(home: Settings, tmp_path: Path) -> None:
    assert export(tmp_path / "absent" / "all.zip") == 1

    assert states(home) == []


def test_a_worker_beside_an_export_makes_no_second_archive(
    home: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    worked = list[WorkReport]()

    def beside(*given: Any, **options: Any) -> dict[str, int]:
        worked.append(work_requests(home))
        return write_archive(*given, **options)

    monkeypatch.setattr("apps.cli.privacy_data.write_archive", beside)

    assert export(tmp_path / "all.zip") == 0

    assert [report.done for report in worked] == [0]
    assert states(home) == ["done"]


def test_a_restriction_that_is_refused_leaves_no_request(home: Settings) -> None:
    ada = "ada@nw.example"
    with Directory(home.control) as directory:
        token = directory.invite(PARTNER, ada, Role.ADMIN, invited_by="operator")
        directory.accept_invitation(PARTNER, token, subject=ada, email=ada)
    restrict = ["restrict", "--partner", PARTNER]

    assert CliRunner().invoke(app, [*restrict, "--member", ada]).exit_code == 1
    assert states(home) == []

    assert CliRunner().invoke(app, [*restrict, "--tenant", TENANT]).exit_code == 0
    assert states(home) == ["done"]
