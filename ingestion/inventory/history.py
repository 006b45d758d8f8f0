"""What earlier scans of a connection knew: for places that do not answer today."""

from datetime import date
from functools import cache
from typing import Any

import pyarrow as pa

from ingestion.inventory.schema import SCOPES, SCOPES_TABLE, UTILIZATION_TABLE
from ingestion.inventory.snapshots import as_declared, rows_in
from ingestion.lake import TenantLake
from ingestion.model import EVERYWHERE, Place, ResourceType, ScopeStatus, landed_schema

LOOK_BACK = 35
"""Snapshots that are looked through; what none of them knows is not known."""


class History:
    """Snapshots of one connection, up to and including a day.

    Args:
        lake: The tenant's lake.
        connection_id: Whose snapshots.
        until: The last day.
    """

    def __init__(self, lake: TenantLake, connection_id: str, until: date) -> None:
        self._lake = lake
        self._connection_id = connection_id
        days = [day for _, day in lake.partitions(SCOPES_TABLE, connection_id)]
        self._days = [day for day in reversed(days) if day <= until.isoformat()][:LOOK_BACK]
        self._scopes = cache(self._read_scopes)

    def used_regions(self) -> frozenset[str]:
        """Return the regions that held resources, or were said to be disabled, the last time.

        Of what was refused a day, the day before it tells.
        """
        known: dict[tuple[str, ...], bool] = {}
        for day in self._days:
            refused = False
            for scope in self._scopes(day):
                key = tuple(scope[name] for name in ("sub_account_id", "region_id", "table_name"))
                if scope["table_name"] == UTILIZATION_TABLE or key in known:
                    continue
                is_disabled = scope["status"] == ScopeStatus.DISABLED.value
                if is_disabled or scope["status"] == ScopeStatus.COMPLETE.value:
                    known[key] = is_disabled or bool(scope["resource_count"])
                else:
                    refused = True
            if known and not refused:
                break
        used = {region for (_, region, _), is_used in known.items() if is_used}
        return frozenset(used - {EVERYWHERE})

    def sub_accounts(self) -> frozenset[str]:
        """Return the sub accounts that were asked the last time, whatever they answered."""
        for day in self._days:
            asked = {str(scope["sub_account_id"]) for scope in self._scopes(day)}
            if asked - {EVERYWHERE}:
                return frozenset(asked - {EVERYWHERE})
        return frozenset()

    def last_known(self, resource_type: ResourceType, place: Place) -> pa.Table:
        """Return the rows of the latest snapshot that knows a type in a place."""
        schema = landed_schema(resource_type)
        for day in self._days:
            if (place, resource_type.name) in self._known(day):
                landed = self._lake.open(resource_type.name, self._connection_id, day)
                if landed is not None:
                    return as_declared(rows_in(landed.read(), place), schema)
        return schema.empty_table()

    def _known(self, day: str) -> set[tuple[Place, str]]:
        return {
            (Place(scope["sub_account_id"], scope["region_id"]), scope["table_name"])
            for scope in self._scopes(day)
            if scope["status"] == ScopeStatus.COMPLETE.value
        }

    def _read_scopes(self, day: str) -> list[dict[str, Any]]:
        opened = self._lake.open(SCOPES_TABLE, self._connection_id, day)
        scopes = SCOPES.empty_table() if opened is None else opened.read()
        return list(scopes.to_pylist())
