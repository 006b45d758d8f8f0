"""Answers as files: CSV, Excel and Parquet, with every digit."""

import io
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv
import pyarrow.parquet
import xlsxwriter

EXCEL_ROWS = 1_048_575
_EXCEL_TEXT = 32_767
_CHUNK = 10_000
_FORMULA = r"\A([=+\-@\t\r])"
"""Beginnings of text that spreadsheets run."""


def to_csv(table: pa.Table) -> bytes:
    """Return CSV with a header; amounts are exact decimals without trailing zeros.

    Spreadsheets run what looks like a formula, so text that begins like one begins with an
    apostrophe, as OWASP advises.
    """
    columns = [_plain(column) for column in table.columns]
    names = _inert(pa.array(table.column_names, pa.string())).to_pylist()
    sink = io.BytesIO()
    pyarrow.csv.write_csv(pa.table(columns, names=names), sink)
    return sink.getvalue()


def to_parquet(table: pa.Table) -> bytes:
    """Return Parquet with the types of the answer."""
    sink = io.BytesIO()
    pyarrow.parquet.write_table(table, sink, compression="zstd")
    return sink.getvalue()


def to_excel(table: pa.Table) -> bytes:
    """Return a workbook of one sheet with as many rows as Excel holds.

    Excel keeps 15 digits, so each amount is followed by a column with its exact text. Text stays
    text: nothing in it becomes a formula or a link.
    """
    widened = _with_exact_text(table.slice(0, EXCEL_ROWS))
    sink = io.BytesIO()
    with xlsxwriter.Workbook(sink, {"constant_memory": True, "remove_timezone": True}) as book:
        sheet = book.add_worksheet("Costs")
        bold = book.add_format({"bold": True})
        formats = [_format(book, field.type) for field in widened.schema]
        for place, name in enumerate(widened.column_names):
            sheet.write_string(0, place, name, bold)
        sheet.freeze_panes(1, 0)
        sheet.set_column(0, max(widened.num_columns - 1, 0), 18)
        for number, row in enumerate(_rows(widened), start=1):
            for place, value in enumerate(row):
                _write(sheet, number, place, value, formats[place])
    return sink.getvalue()


def _write(sheet: Any, row: int, place: int, value: Any, cell_format: Any) -> None:
    if value is None:
        return
    if isinstance(value, str):
        sheet.write_string(row, place, value[:_EXCEL_TEXT])
    elif isinstance(value, Decimal | int | float) and not isinstance(value, bool):
        sheet.write_number(row, place, float(value), cell_format)
    else:
        sheet.write(row, place, value, cell_format)


def _format(book: Any, type_: pa.DataType) -> Any:
    if pa.types.is_decimal(type_):
        return book.add_format({"num_format": "#,##0.00"})
    if pa.types.is_date(type_):
        return book.add_format({"num_format": "yyyy-mm-dd"})
    if pa.types.is_timestamp(type_):
        return book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"})
    return None


def _with_exact_text(table: pa.Table) -> pa.Table:
    columns: list[tuple[str, pa.ChunkedArray]] = []
    for name, column in zip(table.column_names, table.columns, strict=True):
        columns.append((name, column))
        if pa.types.is_decimal(column.type):
            columns.append((f"{name} (exact)", _exact(column)))
    return pa.table([column for _, column in columns], names=[name for name, _ in columns])


def _exact(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """Return decimals as text without trailing zeros."""
    text = pc.cast(column, pa.string())
    fraction = pc.replace_substring_regex(text, pattern=r"(\.[0-9]*?)0+$", replacement=r"\1")
    return pc.replace_substring_regex(fraction, pattern=r"\.$", replacement="")


def _plain(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """Return a column as CSV holds it."""
    if pa.types.is_decimal(column.type):
        return _exact(column)
    if pa.types.is_dictionary(column.type):
        column = pc.cast(column, column.type.value_type)
    is_text = pa.types.is_string(column.type) or pa.types.is_large_string(column.type)
    return _inert(column) if is_text else column


def _inert(text: Any) -> Any:
    """Return text that no spreadsheet takes for a formula."""
    return pc.replace_substring_regex(text, pattern=_FORMULA, replacement=r"'\1")


def _rows(table: pa.Table) -> Iterator[tuple[Any, ...]]:
    for batch in table.to_batches(max_chunksize=_CHUNK):
        yield from zip(*(column.to_pylist() for column in batch.columns), strict=True)
