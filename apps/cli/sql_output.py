"""Writes the rows of a query: a table to read, or CSV, JSON or Parquet to go on with."""

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from pathlib import Path
from typing import IO, Any

import pyarrow as pa
import pyarrow.csv as pacsv
import pyarrow.parquet as pq
from rich.console import Console
from rich.table import Table
from rich.text import Text

from apps.cli.console import out
from apps.cli.errors import CommandError

SHOWN_ROWS = 1_000
_NUMBERS = (pa.types.is_integer, pa.types.is_floating, pa.types.is_decimal)


class Format(StrEnum):
    """How the rows of a query are written."""

    TABLE = "table"
    CSV = "csv"
    JSON = "json"
    PARQUET = "parquet"


def write(table: pa.Table, form: Format, output: Path | None) -> None:
    """Write rows to a new file, or to standard output.

    CSV and JSON hold amounts with all their digits, JSON as text; times are UTC, ISO 8601.

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
            pq.write_table(table, sink)
        elif form is Format.CSV:
            pacsv.write_csv(_plain(table), sink)
        elif form is Format.JSON:
            rows = [
                {name: _json(value) for name, value in row.items()} for row in table.to_pylist()
            ]
            sink.write(json.dumps(rows, ensure_ascii=False, indent=1).encode() + b"\n")
        else:
            sink.write(_rendered(table).encode())


def show(table: pa.Table) -> None:
    """Print rows as a table, at most `SHOWN_ROWS`; on a terminal wide ones can be scrolled."""
    rendered = _table(table)
    is_wide = Console(width=10_000).measure(rendered).minimum > out.width
    if out.is_terminal and (is_wide or table.num_rows > out.height - 4):
        wide = Console(width=max(out.width, Console(width=10_000).measure(rendered).maximum))
        with wide.pager(styles=True):
            wide.print(rendered)
    else:
        out.print(rendered)
    if table.num_rows > SHOWN_ROWS:
        out.print(
            f"{SHOWN_ROWS:,} of {table.num_rows:,} rows are shown; --format csv writes all of them"
        )
    else:
        out.print(f"{table.num_rows:,} {'row' if table.num_rows == 1 else 'rows'}", style="dim")


def _table(table: pa.Table) -> Table:
    rendered = Table(box=None, pad_edge=False, header_style="bold", padding=(0, 2, 0, 0))
    for field in table.schema:
        is_number = any(is_kind(field.type) for is_kind in _NUMBERS)
        rendered.add_column(field.name, justify="right" if is_number else "left", no_wrap=True)
    for row in table.slice(0, SHOWN_ROWS).to_pylist():
        rendered.add_row(*(_cell(value) for value in row.values()))
    return rendered


def _rendered(table: pa.Table) -> str:
    console = Console(width=10_000, no_color=True)
    with console.capture() as captured:
        console.print(_table(table))
    return "\n".join(line.rstrip() for line in captured.get().splitlines()) + "\n"


def _cell(value: Any) -> Text:
    if value is None:
        return Text("null", style="dim")
    if isinstance(value, Decimal):
        return Text(_digits(value))
    if isinstance(value, datetime):
        return Text(f"{value:%Y-%m-%d %H:%M:%S}")
    return Text(" ".join(str(value).split()) if isinstance(value, str) else str(value))


def _digits(value: Decimal) -> str:
    """Return all digits of a decimal, without the zeros that its type pads it with."""
    return f"{value.normalize():f}"


def _json(value: Any) -> Any:
    if isinstance(value, Decimal):
        return _digits(value)
    if isinstance(value, date):  # an instant is a date too
        return value.isoformat()
    if isinstance(value, list):
        return [_json(item) for item in value]
    if isinstance(value, dict):
        return {str(name): _json(item) for name, item in value.items()}
    return value


def _plain(table: pa.Table) -> pa.Table:
    """Return the same rows in types that CSV can hold."""
    columns = [
        pa.array([_csv(value) for value in column.to_pylist()], pa.string())
        if pa.types.is_decimal(column.type)
        or pa.types.is_nested(column.type)
        or pa.types.is_timestamp(column.type)
        else column
        for column in table.columns
    ]
    return pa.table(columns, names=table.column_names)


def _csv(value: Any) -> str | None:
    if value is None:
        return None
    if isinstance(value, Decimal):
        return _digits(value)
    if isinstance(value, datetime):
        return value.isoformat()
    return json.dumps(_json(value), ensure_ascii=False)


@contextmanager
def _sink(output: Path | None) -> Iterator[IO[bytes]]:
    if output is None:
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
