"""What a file is, by its first bytes: Parquet, gzip, zip or text; and whether it is whole."""

import gzip
import lzma
import shutil
import zipfile
import zlib
from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path

from ingestion.costs.sidecars import is_sidecar, may_be_prose
from ingestion.errors import UnreadableFileError

_HEAD = 4 * 1024 * 1024
_CHUNK = 4 * 1024 * 1024
_ZIP_ERRORS = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    EOFError,
    RuntimeError,
    NotImplementedError,
    UnicodeError,
)
_UTF16 = (b"\xff\xfe", b"\xfe\xff")


class Container(StrEnum):
    """How a file holds its table."""

    PARQUET = "parquet"
    GZIP = "gzip"
    ZIP = "zip"
    TEXT = "text"
    BINARY = "binary"
    EMPTY = "empty"


def container_of(path: Path) -> Container:
    """Return what the file is."""
    with path.open("rb") as handle:
        head = handle.read(4096)
    if not head:
        return Container.EMPTY
    for magic, container in (
        (b"PAR1", Container.PARQUET),
        (b"\x1f\x8b", Container.GZIP),
        (b"PK\x03\x04", Container.ZIP),
        (b"PK\x05\x06", Container.ZIP),
    ):
        if head.startswith(magic):
            return container
    is_text = head.startswith(_UTF16) or b"\x00" not in head.partition(b"\n")[0]
    return Container.TEXT if is_text else Container.BINARY


def head_of(path: Path, name: str) -> bytes:
    """Return the first bytes of a text file, decompressed.

    Raises:
        UnreadableFileError: The gzip is damaged from its start.
    """
    with path.open("rb") as handle:
        head = handle.read(_HEAD)
    if not head.startswith(b"\x1f\x8b"):
        return head
    try:
        return zlib.decompressobj(wbits=zlib.MAX_WBITS | 16).decompress(head, _HEAD)
    except zlib.error as error:
        raise UnreadableFileError(f"{name} is a damaged gzip file; fetch it again") from error


def encoding_of(head: bytes) -> str:
    """Return the encoding that the byte order mark tells, UTF-8 without one."""
    return "utf-16" if head.startswith(_UTF16) else "utf-8"


def check_gzip(path: Path, name: str) -> None:
    """Read a gzip file to its end and compare its checksums; DuckDB reads half a file silently.

    Raises:
        UnreadableFileError: It ends early or is damaged.
    """
    try:
        with gzip.open(path) as handle:
            while handle.read(_CHUNK):
                pass
    except (EOFError, gzip.BadGzipFile, zlib.error) as error:
        raise UnreadableFileError(
            f"{name} is a truncated or damaged gzip file; fetch it again, nothing of it was taken"
        ) from error


def members_of(path: Path, name: str, folder: Path) -> Iterator[tuple[str, Path]]:
    """Unpack a zip file into the folder and yield each table's name and place.

    Documents and manifests packed beside tables are no part of the export.

    Raises:
        UnreadableFileError: It is damaged or needs a password.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            for number, info in enumerate(_tables_of(archive)):
                target = folder / f"{number}-{path.stem}"
                target.parent.mkdir(parents=True, exist_ok=True)
                with archive.open(info) as packed, target.open("wb") as unpacked:
                    shutil.copyfileobj(packed, unpacked, _CHUNK)
                yield info.filename, target
    except _ZIP_ERRORS as error:
        raise UnreadableFileError(
            f"{name} is a damaged or protected zip file; fetch it again, nothing of it was taken"
        ) from error


def _tables_of(archive: zipfile.ZipFile) -> list[zipfile.ZipInfo]:
    shown = [
        info
        for info in archive.infolist()
        if not info.is_dir() and not Path(info.filename).name.startswith((".", "__MACOSX"))
    ]
    tables = [info for info in shown if not is_sidecar(info.filename)]
    return [info for info in tables if not may_be_prose(info.filename)] or tables or shown
