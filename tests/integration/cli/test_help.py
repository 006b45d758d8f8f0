"""What `--help` shows."""

from pathlib import Path

import pytest

from tests.integration.cli.commands import commands
from tests.integration.cli.running import run

pytestmark = pytest.mark.integration


@pytest.mark.parametrize("command", sorted(commands()))
def test_every_command_has_an_example_in_its_help(command: str, tmp_path: Path) -> None:
    done = run(tmp_path, *command.split(), "--help")

    assert done.returncode == 0
    assert f"Example: cloudprune {command}" in " ".join(done.stdout.split())
