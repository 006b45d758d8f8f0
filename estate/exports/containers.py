"""Writes a table as a file: CSV, gzip, zip or Parquet. Equal tables give equal bytes."""

import csv
import gzip
import io
import json
import zipfile
from datetime import datetime
from decimal import Decimal
from functools import lru_cache
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from estate.exports.table import Table

_ZIP_TIME = (1980, 1, 1, 0, 0, 0)
_MAP = pa.map_(pa.string(), pa.string())


def write_table(table: Table, path: Path, container: str) -> None:
    """Write a table.

    Args:
        table: What to write.
        path: The file; its folder is made.
        container: csv, csv.gz, zip or parquet.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    if container == "parquet":
        pq.write_table(_arrow(table), path, compression="snappy")
        return
    content = _csv(table)
    if container == "csv.gz":
        path.write_bytes(gzip.compress(content, compresslevel=4, mtime=0))
    elif container == "zip":
        _write_zip(content, path)
    else:
        path.write_bytes(content)


def _write_zip(content: bytes, path: Path) -> None:
    member = zipfile.ZipInfo(path.name.removesuffix(".zip"), date_time=_ZIP_TIME)
    member.compress_type = zipfile.ZIP_DEFLATED
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(member, content, compresslevel=4)


def _csv(table: Table) -> bytes:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(table.columns)
    position = {name: index for index, name in enumerate(table.columns)}
    empty = [""] * len(position)
    for row in table.rows:
        cells = empty.copy()
        for name, value in row.items():
            cells[position[name]] = value if type(value) is str else _cell(value, table)
        writer.writerow(cells)
    return text.getvalue().encode("utf-8-sig" if table.has_mark else "utf-8")


def _cell(value: object, table: Table) -> str:
    if isinstance(value, Decimal):
        return _decimal(value)
    if isinstance(value, datetime):
        return _instant(value, table.time_format)
    return json.dumps(value, ensure_ascii=False) if value is not None else ""


@lru_cache(maxsize=20_000)
def _decimal(value: Decimal) -> str:
    return f"{value.normalize():f}"


@lru_cache(maxsize=20_000)
def _instant(value: datetime, time_format: str) -> str:
    return value.strftime(time_format)


def _arrow(table: Table) -> pa.Table:
    return pa.table({name: _array(table, name) for name in table.columns})


def _array(table: Table, name: str) -> pa.Array:
    values = [row.get(name) for row in table.rows]
    if name in table.amounts:
        return pa.array([_number(value) for value in values], pa.float64())
    if name in table.instants:
        return pa.array(values, pa.timestamp("ms"))
    if name in table.maps:
        pairs = [list(value.items()) if isinstance(value, dict) else [] for value in values]
        return pa.array(pairs, _MAP)
    return pa.array([_text(value) for value in values], pa.string())


def _number(value: object) -> float | None:
    return float(value) if isinstance(value, Decimal) else None


def _text(value: object) -> str | None:
    return _decimal(value) if isinstance(value, Decimal) else value  # type: ignore[return-value]
