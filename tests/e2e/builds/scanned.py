"""A tenant whose resources are billed and scanned: what is landed, and asked of findings."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from pathlib import Path
from types import MappingProxyType
from typing import Any

from pipeline.build import BuildReport, build_warehouse
from pipeline.publish import publish_marts
from pipeline.settings import Settings
from serving.session import open_session
from tests.conftest import PARTNER, Ingest
from tests.integration.ingestion import made
from tests.integration.pipeline.scans import Scans

SCANNED = date(2026, 5, 25)
OLD = datetime(2025, 1, 1)  # noqa: DTZ001 - UTC, as landed
VOLUME = {
    "resource_id": "vol-1",
    "resource_name": 'logs "old" <b>☂</b>\n2',
    "state": "available",
    "volume_type": "gp2",
    "size_gib": 100,
    "created_at": OLD,
    "tags": '{"Team": "web", "backup": "keep"}',
}
STOPPED = {
    "resource_id": "i-1",
    "resource_name": "batch",
    "state": "stopped",
    "instance_type": "m5.large",
    "state_transition_reason": "User initiated (2026-03-01 08:00:00 GMT)",
    "launched_at": OLD,
    "root_device_name": "/dev/xvda",
}
ATTACHED = {**VOLUME, "state": "in-use", "instance_id": "i-1", "device": "/dev/xvda"}
BALANCER = {
    "resource_id": "lb-1",
    "resource_name": "web",
    "state": "active",
    "load_balancer_type": "application",
    "created_at": datetime(2026, 5, 5),  # noqa: DTZ001 - UTC, as landed
}


class Findings:
    """Lands, builds, publishes and asks."""

    def __init__(self, settings: Settings, exports: Path, ingest: Ingest, spool: Path) -> None:
        self._settings, self._exports, self._ingest = settings, exports, ingest
        self.scans = Scans(settings, spool)

    def bill(
        self,
        last: date,
        costs: Mapping[str, str],
        *,
        days: int = 45,
        ended: Mapping[str, date] = MappingProxyType({}),
    ) -> None:
        """Land a bill in which each resource costs the same every day until its end."""
        months: dict[str, list[dict[str, str]]] = {}
        for day in (last - timedelta(days=back) for back in range(days)):
            first = day.replace(day=1)
            after = (first + timedelta(days=31)).replace(day=1)
            months.setdefault(f"{day:%Y-%m}", []).extend(
                {
                    "BillingPeriodStart": f"{first}T00:00:00Z",
                    "BillingPeriodEnd": f"{after}T00:00:00Z",
                    "ChargePeriodStart": f"{day}T00:00:00Z",
                    "ChargePeriodEnd": f"{day + timedelta(days=1)}T00:00:00Z",
                    "ResourceId": resource_id,
                    "EffectiveCost": cost,
                    "BilledCost": cost,
                }
                for resource_id, cost in costs.items()
                if day < ended.get(resource_id, date.max)
            )
        for month, lines in months.items():
            made.write(self._exports / f"{month}.csv", made.FOCUS, *lines)
        self._ingest()

    def build(self, **options: Any) -> BuildReport:
        """Build and publish."""
        report = build_warehouse(self._settings, PARTNER, **options)
        publish_marts(self._settings, PARTNER)
        return report

    def rows(self, sql: str) -> list[dict[str, Any]]:
        with open_session(self._settings.serving, self._settings.keys, PARTNER) as session:
            rows: list[dict[str, Any]] = session.query(sql).to_pylist()
            return rows
