"""Rows as whoever they are about may have them (GDPR, Articles 15 and 20): no secret, no digest."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import Engine, Table, select

from control.mentions import Mentions
from control.models import Base
from control.store import translated

_WITHHELD = frozenset({"token_digest", "open_key", "session_id"})
Extract = dict[str, list[dict[str, Any]]]


class ExtractRecords:
    """Everything that the control database says of a partner or a member."""

    _engine: Engine

    def partner_extract(self, partner_id: str) -> Extract:
        """Return every row of a partner, by table."""
        return {
            table.name: [_shown(row) for row in self._rows(table, partner_id)]
            for table in _tables()
        }

    def member_extract(self, partner_id: str, member_id: str, address: str) -> Extract:
        """Return every row that is about a member, or names it, by table."""
        mentions = Mentions([address, member_id])
        return {
            table.name: [
                _shown(row)
                for row in self._rows(table, partner_id)
                if mentions.within(*(value for value in row.values() if isinstance(value, str)))
            ]
            for table in _tables()
        }

    def _rows(self, table: Table, partner_id: str) -> Iterator[dict[str, Any]]:
        query = select(table).where(table.c.partner_id == partner_id).order_by(*table.primary_key)
        with translated(self._engine), self._engine.connect() as connection:
            for row in connection.execute(query).mappings():
                yield dict(row)


def _tables() -> list[Table]:
    return [t for t in Base.metadata.sorted_tables if t.name != "erasure_tombstones"]


def _shown(row: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in row.items() if name not in _WITHHELD}
