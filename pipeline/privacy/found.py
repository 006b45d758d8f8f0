"""What an erasure finds: so many things of one kind, and how they go."""

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Found:
    """Things of one kind.

    Attributes:
        what: Their kind, in the plural, as the receipt says it.
        count: How many there are now.
        remove: Removes them; again does no harm.
    """

    what: str
    count: int
    remove: Callable[[], object]


def found_folder(what: str, folder: Path) -> Found:
    """Return the files of a folder; the folder goes with them."""
    count = sum(path.is_file() for path in folder.rglob("*")) if folder.is_dir() else 0
    return Found(what, count, lambda: shutil.rmtree(folder, ignore_errors=not folder.exists()))


def found_files(what: str, paths: list[Path]) -> Found:
    """Return some files."""

    def remove() -> None:
        for path in paths:
            path.unlink(missing_ok=True)

    return Found(what, len(paths), remove)
