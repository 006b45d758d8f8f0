"""`cloudprune rules`, in process: what it shows, keeps and refuses."""

from contextlib import closing
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from apps.cli.errors import CommandError
from apps.cli.rules import app
from control.directory import Directory
from pipeline.settings import Settings
from tests.conftest import PARTNER, TENANT

pytestmark = pytest.mark.integration

OLD = ("aws_ebs_snapshot_old", "min_age_days")


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    monkeypatch.setenv("CLOUDPRUNE_HOME", str(tmp_path))
    settings = Settings()
    with closing(Directory(settings.control)) as directory:
        directory.ensure_tenant(PARTNER, TENANT)
    return settings


def run(*arguments: str) -> Result:
    return CliRunner().invoke(app, [*arguments])


def refusal(*arguments: str) -> str:
    result = run(*arguments)
    assert isinstance(result.exception, CommandError), result.output
    return str(result.exception)


def test_rules_are_listed_by_provider(settings: Settings) -> None:
    shown = run("list", "--provider", "azure").output

    assert "azure_vm_idle" in shown
    assert "aws_" not in shown


def test_a_threshold_is_set_for_one_tenant_and_shown(settings: Settings) -> None:
    done = run("set", *OLD, "180", "--partner", PARTNER, "--tenant", TENANT)
    shown = run("show", OLD[0], "--partner", PARTNER).output

    assert done.exit_code == 0
    assert f"180 for {TENANT}" in shown
    assert run("unset", *OLD, "--partner", PARTNER, "--tenant", TENANT).exit_code == 0
    assert "180" not in run("show", OLD[0], "--partner", PARTNER).output


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("aws_ebs_snapshot_odl", "min_age_days", "9"), "did you mean aws_ebs_snapshot_old?"),
        ((OLD[0], "min_days", "9"), "it has: min_age_days"),
        ((*OLD, "nan"), "take a number from 0 on"),
        (("aws_nat_gateway_idle", "window_days", "21"), "14 and 30 days"),
        (("aws_nat_gateway_idle", "min_coverage_ratio", "90"), "from 0 to 1"),
    ],
)
def test_what_cannot_hold_is_refused(
    settings: Settings, arguments: tuple[str, ...], said: str
) -> None:
    assert said in refusal("set", *arguments, "--partner", PARTNER)


def test_a_tenant_of_somebody_else_is_refused(settings: Settings) -> None:
    assert f"it has: {TENANT}" in refusal("set", *OLD, "9", "-p", PARTNER, "-t", "initech")


def test_an_exemption_is_listed_until_it_ends(settings: Settings) -> None:
    arguments = ("exempt", "Backup=keep", "--reason", "law", "--partner", PARTNER)
    run(*arguments)
    listed = run("exemptions", "--partner", PARTNER).output
    run(*arguments, "--end")

    assert "Backup=keep" in listed
    assert "law" in listed
    assert "Backup" not in run("exemptions", "--partner", PARTNER).output
