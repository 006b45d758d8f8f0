"""What has landed of a tenant, and whether a new delivery may take a partition's place."""

import hashlib
import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import UTC, date, datetime
from typing import Any

from ingestion.lake import TenantLake

_INTERRUPTED = "interrupted-"


def is_settled(partition_version: str) -> bool:
    """Whether a partition's lines are what its loads say: replacing them was not interrupted."""
    return not partition_version.startswith(_INTERRUPTED)


@dataclass(frozen=True, slots=True)
class Load:
    """One row of `loads`, with its partition."""

    connection_id: str
    billing_period: str
    load_id: str
    provider: str
    scope: str
    dataset: str
    format: str
    export_name: str
    delivery_id: str
    source_uri: str
    delivered_at: datetime
    loaded_at: datetime
    watermark_date: date | None
    is_final: bool
    row_count: int
    rejected_row_count: int
    noted_row_count: int
    byte_count: int
    partition_count: int
    is_time_stated: bool
    first_date: date | None
    is_current: bool = True
    partition_version: str = ""

    @property
    def partition(self) -> tuple[str, str]:
        """Connection and billing period."""
        return self.connection_id, self.billing_period

    @property
    def is_settled(self) -> bool:
        """Whether its partition's lines are what its loads say."""
        return is_settled(self.partition_version)

    @property
    def family(self) -> str:
        """Family of its dataset: focus, cur or azure."""
        return self.dataset.partition("_")[0]

    def replaces(self, other: "Load") -> bool:
        """Whether the other's lines leave the partition when this one lands."""
        return other.dataset == self.dataset or other.family != self.family

    def is_older_than(self, other: "Load") -> bool:
        """Whether the other one was delivered later.

        The provider's own times decide where both have one. Files lose theirs when they are copied:
        then the delivery that reaches further into the month is the later, as all are cumulative.
        """
        if self.is_time_stated and other.is_time_stated:
            return self.delivered_at < other.delivered_at
        return self.reach < other.reach

    @property
    def reach(self) -> tuple[date, bool, datetime]:
        """How far into the month it goes, whether invoiced, and when it was written."""
        return (self.watermark_date or date.min, self.is_final, self.delivered_at)


class Ledger:
    """All loads of one tenant, kept in the lake's `loads` table."""

    def __init__(self, lake: TenantLake) -> None:
        table = lake.read("loads")
        rows = table.to_pylist() if table else []
        names = set(Load.__dataclass_fields__)
        self._loads: dict[tuple[str, str], list[Load]] = {}
        for row in rows:
            load = Load(**{name: _aware(value) for name, value in row.items() if name in names})
            self._loads.setdefault(load.partition, []).append(load)

    def of(self, connection_id: str, billing_period: str) -> Sequence[Load]:
        """Return the loads of a partition, current and former."""
        return self._loads.get((connection_id, billing_period), [])

    def current(self, connection_id: str, billing_period: str) -> list[Load]:
        """Return the loads whose lines the partition holds."""
        return [load for load in self.of(connection_id, billing_period) if load.is_current]

    def knows(self, connection_id: str) -> bool:
        """Whether anything landed in a connection, whatever the month."""
        return any(connection == connection_id for connection, _ in self._loads)

    def decided(self, load_id: str) -> list[Load]:
        """Return a delivery's loads if every partition of it has been decided on, else none.

        Where replacing a partition was interrupted, nothing is decided: what is there lands anew.
        """
        known = [
            load
            for loads in self._loads.values()
            for load in loads
            if load.load_id == load_id and load.is_settled
        ]
        partitions = {load.partition for load in known}
        return known if known and len(partitions) >= known[0].partition_count else []

    def siblings(self, load: Load) -> list[str]:
        """Return the provider's other connections with lines in the load's month."""
        return sorted(
            connection
            for (connection, period), loads in self._loads.items()
            if period == load.billing_period
            and connection != load.connection_id
            and any(other.is_current and other.provider == load.provider for other in loads)
        )

    def connection_of_export(self, export_name: str, place: str) -> Load | None:
        """Return a load of an export, to know where an empty delivery of it belongs.

        Args:
            export_name: Name of the export; another payer's may have the same.
            place: How the addresses of all its deliveries begin.
        """
        matches = (
            load
            for loads in self._loads.values()
            for load in loads
            if load.export_name == export_name and load.source_uri.startswith(place)
        )
        return next(matches, None)

    def interrupted_by(self, load: Load, partition: tuple[str, str]) -> list[Load]:
        """Return a partition's loads as they stand while a new load replaces its lines."""
        version = f"{_INTERRUPTED}{load.load_id}-{uuid.uuid4().hex[:8]}"
        return [replace(old, partition_version=version) for old in self.of(*partition)]

    def put(self, load: Load, replaced: Iterable[Load], before: Iterable[Load]) -> list[Load]:
        """Return the partition's loads with a new one current; `replaced` become history.

        Of others that were current when a replacement was interrupted, the lines may be another
        delivery's: they keep the mark until they are landed again.

        Args:
            load: The new load.
            replaced: Loads whose lines left the partition.
            before: The partition's loads as they were before this replacement began.
        """
        former = {old.load_id for old in replaced}
        kept = [
            replace(old, is_current=False) if old.load_id in former else old
            for old in before
            if old.load_id != load.load_id
        ]
        torn = {old.load_id: old for old in kept if old.is_current and not old.is_settled}
        return [torn.get(each.load_id, each) for each in self._versioned([*kept, load])]

    def marks(self, billing_periods: Iterable[str]) -> list[str]:
        """Return the marks of interrupted replacements in some months."""
        periods = set(billing_periods)
        return sorted(
            {
                load.partition_version
                for (_, period), loads in self._loads.items()
                if period in periods
                for load in loads
                if not load.is_settled
            }
        )

    def cleared(self, connection_id: str, billing_period: str) -> list[Load]:
        """Return a partition's loads once another connection supplies its charges."""
        held = self.of(connection_id, billing_period)
        return self._versioned([replace(old, is_current=False) for old in held])

    def put_superseded(self, load: Load) -> list[Load]:
        """Return the partition's loads with one that came too late.

        Its lines stay out, so that a partition whose replacement was interrupted stays so.
        """
        others = [old for old in self.of(*load.partition) if old.load_id != load.load_id]
        late = replace(load, is_current=False)
        torn = next((old.partition_version for old in others if not old.is_settled), None)
        if torn:
            return [*others, replace(late, partition_version=torn)]
        return self._versioned([*others, late])

    def remember(self, loads: Sequence[Load]) -> None:
        """Take over a partition's loads after they were written."""
        self._loads[loads[0].partition] = list(loads)

    def _versioned(self, loads: list[Load]) -> list[Load]:
        current = sorted(load.load_id for load in loads if load.is_current)
        version = hashlib.sha256("|".join(current).encode()).hexdigest()[:32]
        return [replace(load, partition_version=version) for load in loads]


def load_row(load: Load) -> Mapping[str, Any]:
    """Return a load as a row of the lake's table; times without zone are UTC there."""
    return {
        name: value.astimezone(UTC).replace(tzinfo=None) if isinstance(value, datetime) else value
        for name, value in asdict(load).items()
    }


def _aware(value: Any) -> Any:
    return value.replace(tzinfo=UTC) if isinstance(value, datetime) else value
