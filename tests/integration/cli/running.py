"""Runs `cloudprune` with a home of its own, as a script would, in this process."""

import io
import sys
from contextlib import ExitStack, redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from unittest.mock import patch

from apps.cli.main import main


@dataclass(frozen=True)
class Done:
    """What a command did."""

    returncode: int
    stdout: str
    stderr: str


def run(home: Path, *arguments: str, given: str = "") -> Done:
    out, err = _stream(), _stream()
    with ExitStack() as entered:
        entered.enter_context(patch.dict("os.environ", {"CLOUDPRUNE_HOME": str(home)}))
        entered.enter_context(patch.object(sys, "argv", ["cloudprune", *arguments]))
        entered.enter_context(patch.object(sys, "stdin", io.StringIO(given)))
        entered.enter_context(redirect_stdout(out))
        entered.enter_context(redirect_stderr(err))
        try:
            main()
        except SystemExit as ended:
            status = int(ended.code or 0)
    return Done(status, _text(out), _text(err))


def _stream() -> io.TextIOWrapper:
    return io.TextIOWrapper(io.BytesIO(), encoding="utf-8", write_through=True)


def _text(stream: io.TextIOWrapper) -> str:
    buffer = stream.buffer
    assert isinstance(buffer, io.BytesIO)
    return buffer.getvalue().decode()
