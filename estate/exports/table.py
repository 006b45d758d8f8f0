"""Rows of an export before they are a file."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time

Row = dict[str, object]


@dataclass(frozen=True, slots=True)
class Table:
    """Columns in order, rows that hold the cells which are not empty, and how cells are written.

    Attributes:
        amounts: Columns of numbers.
        instants: Columns of dates or times.
        maps: Columns of keys and values; JSON text in a CSV file.
        time_format: How a CSV file writes an instant, for `strftime`.
        has_mark: Whether a CSV file starts with a byte order mark.
    """

    columns: tuple[str, ...]
    rows: list[Row]
    amounts: frozenset[str]
    instants: frozenset[str]
    maps: frozenset[str] = frozenset()
    time_format: str = "%Y-%m-%dT%H:%M:%SZ"
    has_mark: bool = False

    def parts(self, size: int) -> Iterator["Table"]:
        """Yield tables of at most `size` rows; one empty table if there are none."""
        for start in range(0, max(len(self.rows), 1), size):
            yield Table(
                self.columns,
                self.rows[start : start + size],
                self.amounts,
                self.instants,
                self.maps,
                self.time_format,
                self.has_mark,
            )


def midnight(day: date) -> datetime:
    """Return the start of a day; UTC, as all times in exports."""
    return datetime.combine(day, time())
