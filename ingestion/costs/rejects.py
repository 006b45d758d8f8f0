"""Finds the lines of a delivery that did not land, or landed with an unknown value.

DuckDB tells which records break a text's form; which values cannot be read stands in the mapping's
note. A second, ordered reading of the files concerned gives each record its line and its text.
"""

import csv
import gzip
import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import TextIO

import duckdb

from ingestion.costs.containers import Container
from ingestion.costs.engine import file_literal
from ingestion.costs.relation import REJECTS, cost_lines_sql
from ingestion.costs.staging import Staged
from ingestion.costs.tables import SourceTable

_CAPS = {True: 100_000, False: 1_000}
_SHOWN = 2_000
_COLUMN = re.compile(r"(\S+) (?:is no |has more |is rounded )")
_MESSAGES = {
    "TOO MANY COLUMNS": "has more values than the header has columns",
    "MISSING COLUMNS": "has fewer values than the header has columns",
    "UNQUOTED VALUE": "has a quote that is not closed or not doubled",
    "LINE SIZE OVER MAXIMUM": "is longer than 16 MB",
    "INVALID ENCODING": "is not UTF-8 text",
}


@dataclass(frozen=True, slots=True)
class RejectedLine:
    """One line that did not land whole.

    Attributes:
        source_file: File of the delivery.
        record: Number of the record in the file, for the search; not landed.
        scope: Billing scope, or None where the line does not tell.
        billing_period: `YYYY-MM`, or None.
        reason: What is wrong, in a sentence.
        is_row_rejected: Whether the whole line is missing.
        currency: Its currency, if known.
        cost: Its cost, if known.
        line_number: Line in the file, from 1.
        source_line: Its text.
    """

    source_file: str
    record: int
    scope: str | None
    billing_period: str | None
    reason: str
    is_row_rejected: bool
    currency: str | None = None
    cost: Decimal | None = None
    line_number: int | None = None
    source_line: str | None = None

    @property
    def column_name(self) -> str | None:
        """Column that could not be read, None for the whole line."""
        found = _COLUMN.match(self.reason)
        return found.group(1) if found else None


def structural_rejects(
    con: duckdb.DuckDBPyConnection, tables: Iterable[SourceTable]
) -> dict[str, dict[int, str]]:
    """Return per file the records that break the form of a text, with the reason.

    Records count from 1, header and blank lines included.
    """
    texts = {str(table.local): table.name for table in tables if table.is_text}
    exists = con.execute(
        "select count(*) from duckdb_tables() where table_name = ?", [REJECTS]
    ).fetchone()
    if not texts or not exists or not exists[0]:
        return {}
    rows = con.execute(f"""
        select
            scans.file_path,
            errors.line,
            any_value(errors.error_type),
            max(length(rtrim(errors.csv_line, chr(10))))
            - max(length(replace(rtrim(errors.csv_line, chr(10)), chr(10), '')))
        from {REJECTS} as errors
        join {REJECTS}_scans as scans using (scan_id, file_id)
        where errors.scan_id = (select max(scan_id) from {REJECTS}_scans as latest
            where latest.file_path = scans.file_path)
        group by all
    """).fetchall()
    found: dict[str, dict[int, str]] = {}
    for path, record, kind, swallowed in rows:
        words = _MESSAGES.get(kind, kind.lower())
        more = f"; the {swallowed:,} lines after it were read as part of it" if swallowed else ""
        found.setdefault(texts[path], {})[record] = f"the line {words}{more}"
    return found


def rejected_lines(
    con: duckdb.DuckDBPyConnection, staged: Staged, broken: Mapping[str, Mapping[int, str]]
) -> list[RejectedLine]:
    """Return the lines that did not land whole, with their place and text.

    Up to 100,000 rejected and 1,000 noted lines are listed; one more entry counts the rest.
    """
    found: list[RejectedLine] = []
    listed = {True: 0, False: 0}
    for table in staged.tables:
        with _in_order(con):
            noted = list(_noted(con, staged, table))
        for line in noted:
            listed[line.is_row_rejected] += 1
        found.extend(_located(table, noted, broken.get(table.name, {})))
    found.extend(_rest(con, staged, listed))
    return found


@contextmanager
def _in_order(con: duckdb.DuckDBPyConnection) -> Iterator[None]:
    """Read lines in the order of their file, as numbering them needs."""
    row = con.execute("select current_setting('threads')").fetchone()
    con.execute("set preserve_insertion_order = true")
    con.execute("set threads = 1")
    try:
        yield
    finally:
        con.execute("set preserve_insertion_order = false")
        con.execute(f"set threads = {row[0] if row else 1}")


def _noted(
    con: duckdb.DuckDBPyConnection, staged: Staged, table: SourceTable
) -> Iterator[RejectedLine]:
    name = table.name.replace("'", "''")
    number = "row_number() over ()"
    constants = staged.constants | {"source_file": f"'{name}' || chr(9) || {number}"}
    lines = cost_lines_sql(con, staged.family, [table], constants)
    for is_rejected, cap in _CAPS.items():
        wanted = sum(
            part.rejected_row_count if is_rejected else part.noted_row_count
            for part in staged.parts
        )
        if not wanted:
            continue
        rows = con.execute(f"""
            select
                cast(split_part(x_source_file, chr(9), -1) as bigint),
                {staged.scope_sql},
                strftime(billing_period_start, '%Y-%m'),
                x_note, billing_currency, x_source_cost
            from ({lines})
            where {"" if is_rejected else "not"} x_note like 'rejected: %'
            limit {cap}
        """).fetchall()
        for record, scope, period, note, currency, cost in rows:
            reason = note.removeprefix("rejected: ").replace("; rejected: ", "; ")
            yield RejectedLine(
                table.name, record, scope, period, reason, is_rejected, currency, cost
            )


def _located(
    table: SourceTable, noted: Iterable[RejectedLine], broken: Mapping[int, str]
) -> Iterator[RejectedLine]:
    wanted = {line.record: line for line in noted}
    if not table.is_text:
        yield from wanted.values()
        return
    if not wanted and not broken:
        return
    good, left = 0, len(wanted) + len(broken)
    for record, (line_number, values, text) in enumerate(_records(table), start=1):
        if record == 1 or not values:
            continue
        if record in broken:
            line = _broken(table, record, broken[record])
        else:
            good += 1
            if good not in wanted:
                continue
            line = wanted[good]
        yield replace(line, line_number=line_number, source_line=text[:_SHOWN])
        left -= 1
        if not left:
            return


def _broken(table: SourceTable, record: int, reason: str) -> RejectedLine:
    return RejectedLine(table.name, record, None, None, reason, is_row_rejected=True)


def _records(table: SourceTable) -> Iterator[tuple[int, list[str], str]]:
    """Yield each record's first line number, its values and its text."""
    with _opened(table) as handle:
        consumed: list[str] = []

        def lines() -> Iterator[str]:
            for line in handle:
                consumed.append(line)
                yield line

        reader = csv.reader(lines())
        first = 1
        for values in reader:
            yield first, values, "".join(consumed).rstrip("\r\n")
            first = reader.line_num + 1
            consumed.clear()


def _opened(table: SourceTable) -> TextIO:
    encoding = "utf-8-sig" if table.encoding == "utf-8" else table.encoding
    if table.container is Container.GZIP:
        return gzip.open(table.local, "rt", encoding=encoding, errors="replace", newline="")
    return table.local.open("rt", encoding=encoding, errors="replace", newline="")


def _rest(
    con: duckdb.DuckDBPyConnection, staged: Staged, listed: Mapping[bool, int]
) -> Iterator[RejectedLine]:
    """Count the lines beyond the cap, by scope, month and currency."""
    for is_rejected, count in listed.items():
        if count < _CAPS[is_rejected]:
            continue
        words = "did not land" if is_rejected else "landed with an unknown value"
        rows = con.execute(f"""
            select
                {staged.scope_sql},
                strftime(billing_period_start, '%Y-%m'), billing_currency, count(*)
            from read_parquet({file_literal(staged.path)}, hive_partitioning = false)
            where {"" if is_rejected else "not"} x_note like 'rejected: %'
            group by all
        """).fetchall()
        for scope, period, currency, lines in rows:
            reason = f"{lines:,} lines {words}; the first {_CAPS[is_rejected]:,} are listed"
            yield RejectedLine(staged.tables[0].name, 0, scope, period, reason, False, currency)
