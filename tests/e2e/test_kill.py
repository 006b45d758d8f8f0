"""SIGKILL at any moment of ingest, build and publish; the same command again finishes the work."""

import os
import shutil
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest

from estate.bills import write_bills
from estate.dice import dice
from pipeline.settings import Settings
from tests.content import served
from tests.integration.ingestion import made

pytestmark = [pytest.mark.e2e, pytest.mark.long]

PARTNER, TENANT = "aurora", "birch"
KILLS = {"ingest": 8, "build": 7, "publish": 5}
ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Stage:
    """One command, the state before it, and how long it takes undisturbed."""

    name: str
    arguments: tuple[str, ...]
    before: Path
    seconds: float


@dataclass(frozen=True)
class Undisturbed:
    """What three commands that nobody killed end in."""

    stages: tuple[Stage, ...]
    content: dict[str, tuple[int, str]]


def start(home: Path, arguments: tuple[str, ...]) -> "subprocess.Popen[bytes]":
    return subprocess.Popen(
        [sys.executable, "-m", "apps.cli.main", *arguments],
        cwd=ROOT,
        env=os.environ | {"CLOUDPRUNE_HOME": str(home)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        start_new_session=True,
    )


def finish(home: Path, arguments: tuple[str, ...]) -> None:
    process = start(home, arguments)
    _, told = process.communicate()
    assert process.returncode == 0, told.decode()


def leave_history(folder: Path) -> None:
    """Write snapshots of one bill without a manifest: only what is landed tells which is newer."""
    payer = {"BillingAccountId": "999900001111", "SubAccountId": "999900001111"}
    for number, day in enumerate((20, 10, 15)):
        written = made.write(
            folder / f"until-{day}.csv",
            made.FOCUS,
            *(
                {
                    **payer,
                    "ChargePeriodStart": f"2026-05-{each:02}T00:00:00Z",
                    "ChargePeriodEnd": f"2026-05-{each + 1:02}T00:00:00Z",
                }
                for each in range(1, day)
            ),
        )
        os.utime(written, (1_780_000_000 + number, 1_780_000_000 + number))


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> Undisturbed:
    root = tmp_path_factory.mktemp("undisturbed")
    estate = write_bills(root / "bills", seed=5, size="small", through=date(2026, 5, 20), months=3)
    folder = estate.folders[PARTNER, TENANT]
    leave_history(folder / "loose")
    source = str(folder)
    commands = {
        "ingest": ("ingest", source, "--partner", PARTNER, "--tenant", TENANT),
        "build": ("build", "--partner", PARTNER),
        "publish": ("publish", "--partner", PARTNER),
    }
    home, stages = root / "home", []
    home.mkdir()
    for name, arguments in commands.items():
        before = root / f"before-{name}"
        shutil.copytree(home, before)
        started = time.monotonic()
        finish(home, arguments)
        stages.append(Stage(name, arguments, before, time.monotonic() - started))
    return Undisturbed(tuple(stages), served(Settings(home=home), PARTNER))


@pytest.mark.parametrize(
    ("stage", "number"), [(stage, n) for stage, count in KILLS.items() for n in range(count)]
)
def test_the_same_command_again_finishes_the_work(
    stage: str, number: int, undisturbed: Undisturbed, tmp_path: Path
) -> None:
    names = [found.name for found in undisturbed.stages]
    position = names.index(stage)
    killed = undisturbed.stages[position]
    home = tmp_path / "home"
    shutil.copytree(killed.before, home)

    process = start(home, killed.arguments)
    time.sleep(killed.seconds * dice("kill", stage, number).uniform(0.25, 1.0))
    os.killpg(process.pid, signal.SIGKILL)
    process.communicate()
    published = start(home, ("publish", "--partner", PARTNER))
    published.communicate()
    is_served = published.returncode == 0
    assert not is_served or served(Settings(home=home), PARTNER) == undisturbed.content
    for later in undisturbed.stages[position:]:
        finish(home, later.arguments)

    assert served(Settings(home=home), PARTNER) == undisturbed.content
    assert not list((home / "serving").rglob("*.tmp*"))
