"""What became of a tenant's month, as metadata and check results."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import dagster as dg

from ingestion.costs.report import Kind, Outcome
from ingestion.errors import IngestionError, SourceError
from orchestration.partitions import TenantPeriod
from pipeline.ingest import ingest_costs
from pipeline.settings import Settings

_LOSSES = {Kind.UNRECOGNISED, Kind.REFUSED, Kind.FAILED}
_CURRENT = {Kind.LANDED, Kind.UNCHANGED}


@dataclass(frozen=True, slots=True)
class SourceFailure:
    """A source of which nothing landed."""

    message: str
    is_transient: bool


@dataclass(frozen=True, slots=True)
class Landing:
    """Everything that became of a tenant's sources in one billing month.

    Attributes:
        outcomes: One per delivery.
        failures: One per source that could not be read at all.
    """

    outcomes: tuple[Outcome, ...]
    failures: tuple[SourceFailure, ...]

    @property
    def current(self) -> tuple[Outcome, ...]:
        """The deliveries that the partitions hold now."""
        return tuple(outcome for outcome in self.outcomes if outcome.kind in _CURRENT)

    @property
    def losses(self) -> tuple[str, ...]:
        """A sentence for each delivery or source that did not land."""
        unread = tuple(outcome.message for outcome in self.outcomes if outcome.kind in _LOSSES)
        return unread + tuple(failure.message for failure in self.failures)

    @property
    def is_readable(self) -> bool:
        """Whether anything landed, or nothing was there to land."""
        return bool(self.current) or not self.losses

    def cost_lines_metadata(self) -> Mapping[str, Any]:
        """Return rows, bytes, freshness and totals."""
        watermarks = [o.watermark_date for o in self.current if o.watermark_date]
        return {
            "dagster/row_count": sum(outcome.row_count for outcome in self.current),
            "bytes": sum(outcome.byte_count for outcome in self.current),
            "deliveries_landed": sum(outcome.kind is Kind.LANDED for outcome in self.outcomes),
            "rejected_rows": sum(outcome.rejected_row_count for outcome in self.current),
            "last_charge_date": max(watermarks).isoformat() if watermarks else "no charges",
            "provider_totals": self.totals(),
            "deliveries": _bullets(outcome.message for outcome in self.outcomes),
        }

    def rejected_metadata(self) -> Mapping[str, Any]:
        """Return the count of lines that did not land and of values kept as unknown."""
        lines = sum(outcome.rejected_row_count for outcome in self.current)
        values = sum(outcome.noted_row_count for outcome in self.current)
        return {
            "dagster/row_count": lines + values,
            "rejected_rows": lines,
            "rows_with_unknown_values": values,
        }

    def totals(self) -> dg.TableMetadataValue:
        """Return the provider's totals: a row per connection, dataset and currency."""
        names = ("connection_id", "dataset", "billing_currency", "provider_total")
        records = [
            dg.TableRecord(
                dict(
                    zip(
                        names,
                        (o.connection_id or "", o.dataset or "", currency, format(total, "f")),
                        strict=True,
                    )
                )
            )
            for o in self.current
            for currency, total in sorted(o.totals.items())
        ]
        schema = dg.TableSchema([dg.TableColumn(name) for name in names])
        return dg.MetadataValue.table(records, schema)

    def check_result(self, check: dg.AssetCheckSpec) -> dg.AssetCheckResult:
        """Return whether every delivery and every line landed, and what did not."""
        rejected = sum(outcome.rejected_row_count for outcome in self.current)
        rows = [f"{rejected} lines were rejected; see `rejected`"] if rejected else []
        return dg.AssetCheckResult(
            passed=not self.losses and not rejected,
            asset_key=check.asset_key,
            check_name=check.name,
            severity=dg.AssetCheckSeverity.ERROR if self.losses else dg.AssetCheckSeverity.WARN,
            description="\n".join([*self.losses, *rows]) or "everything landed",
        )

    def raise_failure(self) -> None:
        """Fail the run if a source failed or nothing landed.

        Raises:
            Failure: With the sentences; retried only if a retry can help.
        """
        if self.failures or not self.is_readable:
            raise dg.Failure(
                "\n".join(self.losses),
                allow_retries=any(failure.is_transient for failure in self.failures),
            )


def land(
    settings: Settings,
    partition: TenantPeriod,
    sources: Sequence[str],
    *,
    say: Callable[[str], None],
) -> Landing:
    """Land a month from each source; one that cannot be read does not stop the others.

    Raises:
        RestrictedError: The tenant may not be processed.
    """
    outcomes: list[Outcome] = []
    failures: list[SourceFailure] = []
    for source in sources:
        try:
            report = ingest_costs(
                settings,
                *partition.tenant,
                source,
                billing_period=partition.billing_period,
                say=say,
            )
        except IngestionError as error:
            failures.append(SourceFailure(str(error), is_transient=_is_transient(error, source)))
        else:
            outcomes += [o for o in report.outcomes if o.billing_period in _of(partition)]
    return Landing(tuple(outcomes), tuple(failures))


def _of(partition: TenantPeriod) -> tuple[str | None, ...]:
    return (partition.billing_period, None)


def _is_transient(error: IngestionError, source: str) -> bool:
    return type(error) is SourceError and "://" in source


def _bullets(sentences: Iterable[str]) -> dg.MarkdownMetadataValue:
    return dg.MetadataValue.md("\n".join(f"- {sentence}" for sentence in sentences) or "none")
