"""Opens a delivery's files as tables of one family."""

from pathlib import Path

import duckdb

from ingestion.costs.deliveries import Delivery
from ingestion.costs.formats.model import Family
from ingestion.costs.formats.registry import recognise
from ingestion.costs.sidecars import may_be_prose
from ingestion.costs.tables import SourceTable, open_tables
from ingestion.errors import UnreadableFileError
from ingestion.storage import Storage


class NoTableError(UnreadableFileError):
    """A file that holds no table."""


def open_delivery(
    con: duckdb.DuckDBPyConnection, source: Storage, delivery: Delivery, spool: Path
) -> tuple[Family, tuple[SourceTable, ...]]:
    """Return the delivery's family and its tables, fetched to disk where they are remote.

    Raises:
        UnreadableFileError: A file is damaged, or its files are of different exports.
        UnknownFormatError: It is no cost export, or holds no table at all.
    """
    tables: list[SourceTable] = []
    without: list[str] = []
    words = f"{delivery.name} holds no table; skipped"
    for number, found in enumerate(delivery.files):
        local = source.fetch(found.path, spool / "fetched")
        try:
            opened = list(open_tables(con, found.path, local, spool / f"unpacked-{number}"))
        except UnreadableFileError as error:
            if not may_be_prose(found.path):
                raise
            opened, words = [], f"{error}; skipped, as a text may be no table"
        tables += opened
        without += [] if opened else [found.path]
    if without and (tables or delivery.manifest):
        raise UnreadableFileError(
            f"{without[0]} holds no table, but is a part of {delivery.name}; fetch it again, "
            "nothing of the delivery was taken"
        )
    if not tables:
        raise NoTableError(words)
    families = {recognise(table.name, table.columns).name: table for table in tables}
    if len(families) > 1:
        raise UnreadableFileError(
            f"{delivery.name} mixes exports of different kinds: "
            + ", ".join(f"{table.name} is {name}" for name, table in families.items())
            + "; put each export into its own folder"
        )
    return recognise(tables[0].name, tables[0].columns), tuple(tables)
