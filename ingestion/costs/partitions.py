"""The partitions that a staged delivery has lines for: one per connection and month."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from ingestion.costs.deliveries import Delivery
from ingestion.costs.rejects import RejectedLine
from ingestion.costs.staging import NO_SCOPE, Part, Staged
from ingestion.names import connection_name, slug

NO_MONTH = "unknown"
_EA_CLOSES_AFTER = timedelta(days=5)


@dataclass(frozen=True, slots=True)
class Partition:
    """What a staged delivery holds of one connection and month."""

    connection_id: str
    billing_period: str
    provider: str
    scope: str
    parts: tuple[Part, ...]

    @property
    def row_count(self) -> int:
        """Lines that land."""
        return sum(part.row_count - part.rejected_row_count for part in self.parts)

    @property
    def totals(self) -> dict[str, Decimal]:
        """Provider's cost per currency, rejected lines included."""
        return _by_currency((part.currency, part.total) for part in self.parts)

    @property
    def uncommitted_totals(self) -> dict[str, Decimal]:
        """Of `totals`, what no commitment buys or covers."""
        return _by_currency((part.currency, part.uncommitted_total) for part in self.parts)

    def is_final(self, form: str, delivered_at: datetime) -> bool:
        """Return whether the month is invoiced.

        Enterprise agreements' lines name no invoice: their month is closed on its fifth day after
        (Microsoft, Understand Cost Management data).
        """
        last = max((part.last_date for part in self.parts if part.last_date), default=None)
        if form == "azure_ea" and last:
            month_end = (last.replace(day=1) + timedelta(days=31)).replace(day=1)
            return delivered_at.date() >= month_end + _EA_CLOSES_AFTER
        return bool(self.parts) and all(part.is_final for part in self.parts)


def _by_currency(amounts: Iterable[tuple[str, Decimal]]) -> dict[str, Decimal]:
    totals: dict[str, Decimal] = defaultdict(Decimal)
    for currency, amount in amounts:
        totals[currency] += amount
    return dict(totals)


def partition_filter(staged: Staged, partition: Partition) -> str | None:
    """Return the SQL condition of a partition's lines in the staged file, None for all of them."""
    has_rejects = any(part.rejected_row_count for part in staged.parts)
    conditions = ["x_note is null or x_note not like 'rejected: %'"] if has_rejects else []
    keys = {(part.provider, part.scope, part.billing_period) for part in staged.parts}
    if len(keys) > 1:
        conditions += [
            staged.scope_sql + " = '" + partition.scope.replace("'", "''") + "'",
            f"strftime(billing_period_start, '%Y-%m') = '{partition.billing_period}'",
            f"x_provider = '{partition.provider}'",
        ]
    return " and ".join(f"({condition})" for condition in conditions) or None


def partitions_of(delivery: Delivery, staged: Staged) -> list[Partition]:
    """Group the parts by connection and month; lines that name no month count to the latest."""
    latest = delivery.billing_period or max(
        (part.billing_period for part in staged.parts if part.billing_period), default=NO_MONTH
    )
    groups: dict[tuple[str, str, str], list[Part]] = defaultdict(list)
    for part in staged.parts:
        groups[part.provider, part.scope, part.billing_period or latest].append(part)
    found = []
    for (provider, scope, period), parts in groups.items():
        name = connection_name(provider, scope)
        if scope == NO_SCOPE:
            name = f"{provider}-{slug(delivery.files[0].name.partition('.')[0])}"[:63]
        found.append(Partition(name, period, provider, scope, tuple(parts)))
    return sorted(found, key=lambda partition: partition.row_count, reverse=True)


def own_rejects(
    rejected: Sequence[RejectedLine], partition: Partition, *, is_first: bool
) -> list[RejectedLine]:
    """Return the rejected lines of a partition; the first one takes those that name no scope."""
    own = (partition.scope, partition.billing_period)
    return [
        line
        for line in rejected
        if (line.scope, line.billing_period) == own
        or (
            line.billing_period is None
            and (line.scope == partition.scope if line.scope else is_first)
        )
    ]
