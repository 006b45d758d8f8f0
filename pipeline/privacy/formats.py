"""Writes one table into an archive as JSON, CSV and Parquet, a batch of rows at a time."""

import json
from collections.abc import Iterable, Iterator
from datetime import date
from decimal import Decimal
from typing import Any, BinaryIO
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv
import pyarrow.parquet as pq

_FORMULA = r"\A([=+\-@\t\r])"
BATCH_ROWS = 20_000
_EPOCH = (1980, 1, 1, 0, 0, 0)


class Archive:
    """A zip that grows; each table comes in three forms.

    Args:
        target: Where its bytes go; it need not be seekable.
    """

    def __init__(self, target: BinaryIO) -> None:
        self._zip = ZipFile(target, "w", ZIP_DEFLATED)
        self.tables: dict[str, int] = {}

    def add_text(self, name: str, text: str) -> None:
        """Add a file of text."""
        self._zip.writestr(_info(name), text)

    def add_table(self, name: str, schema: pa.Schema, load: "Batches") -> None:
        """Add a table; its rows are asked for once per form.

        Args:
            name: Its path, without an ending.
            schema: Its columns.
            load: Returns the rows, in batches.
        """
        with self._file(f"parquet/{name}.parquet") as file, pq.ParquetWriter(file, schema) as out:
            self.tables[name] = sum(_write_parquet(out, batch) for batch in load())
        with self._file(f"csv/{name}.csv") as file, pa.csv.CSVWriter(file, _texts(schema)) as out:
            for batch in load():
                out.write_batch(_inert(batch))
        with self._file(f"json/{name}.json") as file:
            _write_json(file, load())

    def close(self) -> None:
        """Write the zip's directory."""
        self._zip.close()

    def _file(self, name: str) -> Any:
        return self._zip.open(_info(name), "w", force_zip64=True)


class Batches:
    """Rows that can be asked for several times.

    Args:
        rows: A table, or nothing but its batches.
    """

    def __init__(self, rows: pa.Table) -> None:
        self._rows = rows

    def __call__(self) -> Iterable[pa.RecordBatch]:
        """Return them."""
        batches: list[pa.RecordBatch] = self._rows.to_batches(max_chunksize=BATCH_ROWS)
        return batches


def rows_table(rows: list[dict[str, Any]]) -> pa.Table:
    """Return rows of the control database as a table; a column without a value is text."""
    names = list(rows[0]) if rows else []
    columns = []
    for name in names:
        values = [row[name] for row in rows]
        is_known = any(value is not None for value in values)
        columns.append(pa.array(values) if is_known else pa.array(values, pa.string()))
    return pa.table(columns, names=names)


def _write_parquet(out: pq.ParquetWriter, batch: pa.RecordBatch) -> int:
    out.write_batch(batch)
    return int(batch.num_rows)


def _texts(schema: pa.Schema) -> pa.Schema:
    return pa.schema([(field.name, pa.string()) for field in schema])


def _inert(batch: pa.RecordBatch) -> pa.RecordBatch:
    """Return all values as text, none of which a spreadsheet takes for a formula."""
    columns = []
    for column in batch.columns:
        is_text = pa.types.is_string(column.type)
        plain = column if is_text else pa.array([_plain(v) for v in column.to_pylist()], "string")
        columns.append(
            pc.replace_substring_regex(plain, pattern=_FORMULA, replacement=r"'\1")
            if is_text
            else plain
        )
    return pa.RecordBatch.from_arrays(columns, schema=_texts(batch.schema))


def _write_json(file: BinaryIO, batches: Iterable[pa.RecordBatch]) -> None:
    file.write(b"[")
    for number, line in enumerate(_lines(batches)):
        file.write((b",\n" if number else b"\n") + line)
    file.write(b"\n]\n")


def _lines(batches: Iterable[pa.RecordBatch]) -> Iterator[bytes]:
    for batch in batches:
        for row in batch.to_pylist():
            yield json.dumps(row, default=_plain, ensure_ascii=False).encode()


def _plain(value: Any) -> str | None:
    if value is None:
        return None
    if isinstance(value, Decimal):
        return f"{value.normalize():f}" if value else "0"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, bool):
        return str(value).lower()
    return json.dumps(value, default=str) if isinstance(value, list | dict) else str(value)


def _info(name: str) -> ZipInfo:
    info = ZipInfo(name, _EPOCH)
    info.compress_type = ZIP_DEFLATED
    info.external_attr = 0o600 << 16
    return info
