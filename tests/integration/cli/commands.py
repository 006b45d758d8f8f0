"""The commands of `cloudprune` as the application declares them."""

from collections.abc import Iterator
from typing import Any

import typer

from apps.cli.main import app


def commands() -> dict[str, Any]:
    """Return every command with its words, such as `connect aws`."""
    return dict(_leaves(typer.main.get_command(app), ()))


def formats(command: Any) -> list[str]:
    """Return the forms that a command can write in; an empty one where it has one alone."""
    for parameter in command.params:
        if "--format" in parameter.opts:
            return [form.value for form in parameter.type_descriptor.annotation]
    return [""]


def _leaves(command: Any, words: tuple[str, ...]) -> Iterator[tuple[str, Any]]:
    for name, each in getattr(command, "commands", {}).items():
        if hasattr(each, "commands"):
            yield from _leaves(each, (*words, name))
        else:
            yield " ".join((*words, name)), each
