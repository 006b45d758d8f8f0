"""Generations of a partner's serving file, and the pointer that names the current one.

A generation is one immutable file `gen-<n>.duckdb` under a name that is never used again: DuckDB
keeps one instance per path, so a file renamed over an open one would be invisible to its readers.
`CURRENT.json` names the generation to open, and replacing it is the commit. Beside each generation
lies `gen-<n>.json`, what the pointer said when it was published; below it, in `limited`, lie copies
of a generation for readers who may see some tenants alone, which go when their generation goes.
"""

import os
import re
from datetime import datetime
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from serving.errors import NotPublishedError
from serving.keys import checked_partner

KEPT_GENERATIONS = 7
_POINTER = "CURRENT.json"
_FILE = re.compile(r"gen-(\d+)\.duckdb")


class Generation(BaseModel):
    """What `CURRENT.json` holds, and `gen-<n>.json` for each generation that is kept.

    Attributes:
        generation: Its number, counted up per partner.
        file: Name of the file, in the folder of the pointer.
        published_at: Instant of publication, UTC.
        tables: Rows per table.
        content_digest: Digest over names, columns and rows of all tables.
        warehouse_stamp: Identity of the warehouse file that it was copied from.
    """

    model_config = ConfigDict(frozen=True)

    generation: int
    file: str
    published_at: datetime
    tables: dict[str, int]
    content_digest: str
    warehouse_stamp: str


def partner_folder(serving_root: Path, partner_id: str) -> Path:
    """Return the folder of one partner's generations."""
    return serving_root / checked_partner(partner_id)


def read_current(folder: Path) -> Generation | None:
    """Return the current generation, or None where nothing was ever published.

    Raises:
        NotPublishedError: The pointer is damaged.
    """
    return _read(folder / _POINTER)


def read_served(folder: Path) -> Generation | None:
    """Return the current generation if its file is there to be read; an erasure takes it away.

    Raises:
        NotPublishedError: The pointer is damaged.
    """
    current = read_current(folder)
    return current if current and (folder / current.file).exists() else None


def read_generation(folder: Path, number: int) -> Generation | None:
    """Return one generation, or None where it was never published or is no longer kept.

    Raises:
        NotPublishedError: What is said about it is damaged.
    """
    return _read(folder / f"gen-{number}.json")


def point_to(folder: Path, generation: Generation) -> None:
    """Make a generation the current one, durably and at once."""
    text = generation.model_dump_json(indent=2)
    for name in (f"gen-{generation.generation}.json", _POINTER):
        beside = folder / f".{name}.tmp"
        with beside.open("w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(folder / name)
    sync_folder(folder)


def next_number(folder: Path) -> int:
    """Return a number above every generation that the folder holds or names."""
    current = read_current(folder)
    return max([*_numbered(folder), current.generation if current else 0]) + 1


def generation_file(number: int) -> str:
    """Return the name of a generation's file."""
    return f"gen-{number}.duckdb"


def limited_folder(folder: Path) -> Path:
    """Return the folder of the copies that hold some tenants alone."""
    return folder / "limited"


def remove_leftovers(folder: Path) -> None:
    """Remove what a killed publication left; call it under the partner's lock only.

    Besides files beside, these are generations above the current one, which no pointer ever named.
    """
    current = read_current(folder)
    newest = current.generation if current else 0
    for path in folder.glob(".*.tmp*"):
        path.unlink(missing_ok=True)
    for number, path in _numbered(folder).items():
        if number > newest:
            _remove(path)


def remove_old(folder: Path) -> None:
    """Remove all but the newest generations; a reader keeps the one it has open."""
    numbered = _numbered(folder)
    for number in sorted(numbered)[:-KEPT_GENERATIONS]:
        _remove(numbered[number])


def sync_folder(folder: Path) -> None:
    """Make the folder's entries durable."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _numbered(folder: Path) -> dict[int, Path]:
    matches = ((_FILE.fullmatch(path.name), path) for path in folder.glob("gen-*.duckdb"))
    return {int(match[1]): path for match, path in matches if match}


def _remove(path: Path) -> None:
    for copy in limited_folder(path.parent).glob(f"{path.stem}-*.duckdb"):
        copy.unlink(missing_ok=True)
    path.with_suffix(".json").unlink(missing_ok=True)
    path.unlink(missing_ok=True)


def _read(path: Path) -> Generation | None:
    try:
        return Generation.model_validate_json(path.read_bytes())
    except FileNotFoundError:
        return None
    except ValidationError as error:
        raise NotPublishedError(f"{path} is damaged: remove it and publish again") from error
