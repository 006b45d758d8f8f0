"""A readable table in a file of a source: its columns and how DuckDB reads it."""

import csv
import io
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import duckdb

from ingestion.costs.containers import Container, container_of, encoding_of, head_of, members_of
from ingestion.costs.engine import file_literal
from ingestion.costs.fields import Column, Columns
from ingestion.errors import UnreadableFileError

_OTHER_DELIMITERS = {";": "semicolons", "\t": "tabs", "|": "bars"}
_MAX_FIELD = 64 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class SourceTable:
    """One table on disk.

    Attributes:
        name: Path below the source, for messages; a zip member adds its own name.
        local: Where it lies on disk.
        container: parquet, gzip or text.
        encoding: Encoding of a text.
        columns: Its columns; a text's are named `c0` to `cN` in SQL, which no header can break.
    """

    name: str
    local: Path
    container: Container
    encoding: str
    columns: Columns

    @property
    def is_text(self) -> bool:
        """Whether it is CSV."""
        return self.container is not Container.PARQUET

    @property
    def shape(self) -> tuple[object, ...]:
        """What two tables must share to be read as one."""
        return (self.container, self.encoding, tuple((c.name, c.dtype) for c in self.columns.all))


def open_tables(
    con: duckdb.DuckDBPyConnection, name: str, local: Path, spool: Path
) -> Iterator[SourceTable]:
    """Yield the tables of a file: one, or one per member of a zip; none if it is no table.

    Raises:
        UnreadableFileError: It is empty, damaged, or separated by something else than commas.
    """
    container = container_of(local)
    if container is Container.ZIP:
        for member, unpacked in members_of(local, name, spool):
            yield from open_tables(con, f"{name}/{member}", unpacked, spool / "nested")
    elif container is Container.PARQUET:
        yield _parquet(con, name, local)
    elif container is Container.EMPTY:
        raise UnreadableFileError(f"{name} is empty, without even a header; export it again")
    elif container is Container.BINARY and name.lower().endswith(".gz"):
        raise UnreadableFileError(f"{name} is no gzip file: it is damaged; fetch it again")
    elif container in (Container.GZIP, Container.TEXT):
        table = _text(name, local, container)
        if table:
            yield table


def _parquet(con: duckdb.DuckDBPyConnection, name: str, local: Path) -> SourceTable:
    try:
        described = con.execute(
            f"describe from read_parquet({file_literal(local)}, hive_partitioning = false)"
        ).fetchall()
    except duckdb.Error as error:
        raise UnreadableFileError(
            f"{name} is a damaged Parquet file; fetch it again, nothing of it was taken"
        ) from error
    columns = [Column(row[0], '"' + row[0].replace('"', '""') + '"', row[1]) for row in described]
    return SourceTable(name, local, Container.PARQUET, "", Columns(columns))


def _text(name: str, local: Path, container: Container) -> SourceTable | None:
    head = head_of(local, name)
    encoding = encoding_of(head)
    text = head.decode(encoding, errors="replace").removeprefix("\ufeff")
    csv.field_size_limit(_MAX_FIELD)
    try:
        header = next(csv.reader(io.StringIO(text)), [])
    except csv.Error as error:
        raise UnreadableFileError(
            f"{name} has no header that can be read ({error}); export it again, with line feeds"
        ) from error
    if "\x00" in text:
        _check_nul(name, text, header)
        return None
    if len(header) == 1:
        _check_delimiter(name, header[0])
        return None
    if not header:
        return None
    columns = [Column(label.strip(), f"c{n}", "VARCHAR") for n, label in enumerate(header)]
    return SourceTable(name, local, container, encoding, Columns(columns))


def _check_nul(name: str, text: str, header: list[str]) -> None:
    """Tell a damaged table from a file that is none."""
    if len(header) > 1 and not any("\x00" in label for label in header):
        line = text.count("\n", 0, text.index("\x00")) + 1
        raise UnreadableFileError(
            f"{name} holds a NUL byte in line {line}: it is damaged; fetch or export it again, "
            "nothing of it was taken"
        )


def _check_delimiter(name: str, header: str) -> None:
    counts = Counter({mark: header.count(mark) for mark in _OTHER_DELIMITERS})
    mark, count = counts.most_common(1)[0]
    if count >= 3:
        raise UnreadableFileError(
            f"{name} is separated by {_OTHER_DELIMITERS[mark]}; cost exports are separated by "
            "commas: export it again, or save it with commas"
        )
