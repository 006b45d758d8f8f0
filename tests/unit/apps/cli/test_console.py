"""What the command prints of others' texts is seen, and steers no terminal."""

import pytest

from apps.cli.console import err, progress
from apps.cli.errors import CommandError, tell


def test_names_of_files_are_printed_in_one_line_and_steer_nothing(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with progress("Ingesting \x1b[2J") as step:
        step.keep("failed       a\x1b[1A\x1b[2K\nlanded       b.csv\r", style="red")
    tell(CommandError("no \x9b2J such file"))
    err.print("[bold]kept")

    told = capsys.readouterr().err
    assert not set(told) & set("\x1b\x9b\r")
    assert "failed       a\\x1b[1A\\x1b[2K\\nlanded       b.csv\\x0d" in told
    assert "no \\x9b2J such file" in told
    assert "kept" in told
