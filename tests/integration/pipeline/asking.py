"""Builds, publishes and asks."""

from typing import Any

from pipeline.build import build_warehouse
from pipeline.publish import publish_marts
from pipeline.settings import Settings
from serving.session import Session, open_session
from tests.conftest import PARTNER

APRIL = {
    "BillingPeriodStart": "2026-04-01T00:00:00Z",
    "BillingPeriodEnd": "2026-05-01T00:00:00Z",
    "ChargePeriodStart": "2026-04-02T00:00:00Z",
    "ChargePeriodEnd": "2026-04-03T00:00:00Z",
}
"""Cells of a line of another month than lines have by themselves."""


def day(number: int, **cells: str) -> dict[str, str]:
    return {
        "ChargePeriodStart": f"2026-05-{number:02d}T00:00:00Z",
        "ChargePeriodEnd": f"2026-05-{number + 1:02d}T00:00:00Z",
        **cells,
    }


class Served:
    """Builds, publishes and asks."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings

    def build(self, *, full_refresh: bool = False) -> int:
        """Return how many partitions changed."""
        report = build_warehouse(self.settings, PARTNER, full_refresh=full_refresh)
        publish_marts(self.settings, PARTNER)
        return report.changed_partitions

    def session(self) -> Session:
        return open_session(self.settings.serving, self.settings.keys, PARTNER)

    def rows(self, sql: str) -> list[dict[str, Any]]:
        with self.session() as session:
            rows: list[dict[str, Any]] = session.query(sql).to_pylist()
            return rows
