"""Writes the rows of a query: a table to read, or CSV, JSON or Parquet to go on with."""

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from enum import StrEnum
from io import BytesIO
from pathlib import Path
from typing import IO, Any

import pyarrow as pa
import pyarrow.csv as pacsv
import pyarrow.parquet as pq
from rich.console import Console
from rich.table import Table
from rich.text import Text

from apps.cli.console import out, printable
from apps.cli.errors import CommandError
from apps.cli.sql_values import plain, text, values

SHOWN_ROWS = 1_000
_WIDEST = 100_000_000
_OF_CSV = (pa.types.is_integer, pa.types.is_floating, pa.types.is_boolean, pa.types.is_string)
_NUMBERS = (pa.types.is_integer, pa.types.is_floating, pa.types.is_decimal)


class Format(StrEnum):
    """How the rows of a query are written."""

    TABLE = "table"
    CSV = "csv"
    JSON = "json"
    PARQUET = "parquet"


def write(table: pa.Table, form: Format, output: Path | None) -> None:
    """Write rows to a new file, or to standard output.

    CSV and JSON hold amounts with all their digits, JSON as text; times are UTC, ISO 8601. What a
    form has no type for is text in it.

    Raises:
        CommandError: The file exists or cannot be written, or Parquet would go to a terminal.
    """
    if form is Format.PARQUET and output is None and sys.stdout.isatty():
        raise CommandError("Parquet is not for a terminal: add --output FILE, or send it on")
    twice = sorted({name for name in table.column_names if table.column_names.count(name) > 1})
    if twice and form in {Format.JSON, Format.PARQUET}:
        raise CommandError(f"several columns are called {twice[0]}: name each with `as`")
    if form is Format.TABLE and output is None:
        show(table)
        return
    with _sink(output) as sink:
        if form is Format.PARQUET:
            pq.write_table(_with_texts(table, _is_held_by_parquet), sink)
        elif form is Format.CSV:
            pacsv.write_csv(_with_texts(table, _is_held_by_csv), sink)
        elif form is Format.JSON:
            sink.write(_json(table))
        else:
            sink.write(_rendered(table).encode())


def show(table: pa.Table) -> None:
    """Print rows as a table, at most `SHOWN_ROWS`; on a terminal wide ones can be scrolled."""
    if not out.is_terminal:
        out.file.write(_rendered(table))
    else:
        _show_on_terminal(_table(table), min(table.num_rows, SHOWN_ROWS))
    if table.num_rows > SHOWN_ROWS:
        out.print(
            f"{SHOWN_ROWS:,} of {table.num_rows:,} rows are shown; --format csv writes all of them"
        )
    else:
        out.print(f"{table.num_rows:,} {'row' if table.num_rows == 1 else 'rows'}", style="dim")


def _show_on_terminal(rendered: Table, row_count: int) -> None:
    needed = Console(width=_WIDEST).measure(rendered)
    if needed.minimum > out.width or row_count > out.height - 4:
        wide = Console(width=max(out.width, needed.maximum))
        with wide.pager(styles=True):
            wide.print(rendered)
    else:
        out.print(rendered)


def _table(table: pa.Table) -> Table:
    rendered = Table(box=None, pad_edge=False, header_style="bold", padding=(0, 2, 0, 0))
    for field in table.schema:
        is_number = any(is_kind(field.type) for is_kind in _NUMBERS)
        name = Text(printable(field.name))
        rendered.add_column(name, justify="right" if is_number else "left", no_wrap=True)
    columns = [values(column) for column in table.slice(0, SHOWN_ROWS).columns]
    for row in zip(*columns, strict=True):
        rendered.add_row(*(_cell(value) for value in row))
    return rendered


def _rendered(table: pa.Table) -> str:
    console = Console(width=_WIDEST, no_color=True, force_terminal=False)
    with console.capture() as captured:
        console.print(_table(table))
    return "\n".join(line.rstrip() for line in captured.get().splitlines()) + "\n"


def _cell(value: Any) -> Text:
    if value is None:
        return Text("null", style="dim")
    if isinstance(value, datetime):
        return Text(f"{value:%Y-%m-%d %H:%M:%S}")
    return Text(printable(" ".join((text(value) or "").split())))


def _json(table: pa.Table) -> bytes:
    columns = [[plain(value) for value in values(column)] for column in table.columns]
    rows = [dict(zip(table.column_names, row, strict=True)) for row in zip(*columns, strict=True)]
    return json.dumps(rows, ensure_ascii=False, allow_nan=False, indent=1).encode() + b"\n"


def _with_texts(table: pa.Table, is_held: Callable[[pa.Field], bool]) -> pa.Table:
    """Return the same rows, as text in the columns whose type a form does not hold."""
    columns = [
        column
        if is_held(field)
        else pa.array([text(value) for value in values(column)], pa.string())
        for field, column in zip(table.schema, table.columns, strict=True)
    ]
    return pa.table(columns, names=table.column_names)


def _is_held_by_csv(field: pa.Field) -> bool:
    return any(is_kind(field.type) for is_kind in _OF_CSV)


def _is_held_by_parquet(field: pa.Field) -> bool:
    """Return whether Parquet has a type for it; only the writer knows, and says so by raising."""
    try:
        pq.write_table(pa.schema([field]).empty_table(), pa.BufferOutputStream())
    except pa.ArrowNotImplementedError:
        return False
    return True


@contextmanager
def _sink(output: Path | None) -> Iterator[IO[bytes]]:
    if output is None:
        if sys.stdout.isatty():
            rows = BytesIO()
            yield rows
            sys.stdout.write(printable(rows.getvalue().decode()))
        else:
            yield sys.stdout.buffer
            sys.stdout.buffer.flush()
        return
    try:
        with output.open("xb") as handle:
            yield handle
    except FileExistsError as error:
        raise CommandError(f"{output} exists already; name a new file, or remove it") from error
    except OSError as error:
        raise CommandError(
            f"{output} cannot be written ({error.strerror}); name another"
        ) from error
