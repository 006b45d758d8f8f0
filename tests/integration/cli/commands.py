"""The commands of `cloudprune` as the application declares them, and one way to run them."""

import io
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
import typer

from apps.cli.main import app, main


@dataclass(frozen=True)
class Done:
    """What a command did."""

    status: int
    out: str
    err: str


def commands() -> dict[str, Any]:
    """Return every command with its words, such as `connect aws`."""
    return dict(_leaves(typer.main.get_command(app), ()))


def formats(command: Any) -> list[str]:
    """Return the forms that a command can write in; an empty one where it has one alone."""
    for parameter in command.params:
        if "--format" in parameter.opts:
            return [form.value for form in parameter.type_descriptor.annotation]
    return [""]


def run(
    arguments: list[str],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    given: str = "",
) -> Done:
    """Run `cloudprune` in this process."""
    monkeypatch.setattr(sys, "argv", ["cloudprune", *arguments])
    monkeypatch.setattr(sys, "stdin", io.StringIO(given))
    capsys.readouterr()
    with pytest.raises(SystemExit) as ended:
        main()
    told = capsys.readouterr()
    return Done(int(ended.value.code or 0), told.out, told.err)


def _leaves(command: Any, words: tuple[str, ...]) -> Iterator[tuple[str, Any]]:
    for name, each in getattr(command, "commands", {}).items():
        if hasattr(each, "commands"):
            yield from _leaves(each, (*words, name))
        else:
            yield " ".join((*words, name)), each
