"""The control database: who exists, and where their exports lie."""

from collections.abc import Iterator
from contextlib import closing, contextmanager

from control.directory import Directory
from pipeline.settings import Settings


@contextmanager
def open_directory(settings: Settings) -> Iterator[Directory]:
    """Open the control database for a moment."""
    with closing(Directory(settings.control)) as directory:
        yield directory
