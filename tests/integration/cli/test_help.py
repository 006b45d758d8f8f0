"""What `--help` shows."""

import pytest

from tests.integration.cli.commands import commands, run

pytestmark = pytest.mark.integration


@pytest.mark.parametrize("command", sorted(commands()))
def test_every_command_has_an_example_in_its_help(
    command: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    done = run([*command.split(), "--help"], monkeypatch, capsys)

    assert done.status == 0
    assert f"Example: cloudprune {command}" in " ".join(done.out.split())
