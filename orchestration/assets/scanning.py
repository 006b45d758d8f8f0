"""What became of a tenant's scans, as metadata and check results."""

from collections.abc import Mapping, Sequence
from typing import Any

import dagster as dg

from ingestion.inventory.report import ScanReport, ScopeOutcome
from ingestion.inventory.schema import SCOPES_TABLE
from pipeline.scan import TenantScan

_SHOWN_PROBLEMS = 50


def table_metadata(reports: Sequence[ScanReport]) -> dict[str, Mapping[str, Any]]:
    """Return rows, bytes, calls and errors of each table, summed over a tenant's connections."""
    found: dict[str, dict[str, Any]] = {}
    for report in reports:
        for table, landed in report.tables.items():
            sums = found.setdefault(
                table, {"dagster/row_count": 0, "bytes": 0, "calls": 0, "errors": 0}
            )
            sums["dagster/row_count"] += landed.row_count
            sums["bytes"] += landed.byte_count
            sums["calls"] += landed.call_count
            sums["errors"] += sum(scope.table_name == table for scope in report.problems)
    if reports:
        found[SCOPES_TABLE] = _scopes_metadata(reports)
    return dict(found)


def scan_check_result(scan: TenantScan, check: dg.AssetCheckSpec) -> dg.AssetCheckResult:
    """Return whether everything was read, and who must do what about the rest."""
    problems = [scope for report in scan.reports for scope in report.problems]
    sentences = [f"{failure.connection_id}: {failure.message}" for failure in scan.failures]
    sentences += dict.fromkeys(f"{scope.message}; {scope.action}" for scope in problems)
    return dg.AssetCheckResult(
        passed=not sentences,
        asset_key=check.asset_key,
        check_name=check.name,
        severity=dg.AssetCheckSeverity.ERROR if scan.failures else dg.AssetCheckSeverity.WARN,
        description="\n".join(sentences[:_SHOWN_PROBLEMS]) or "everything was read",
    )


def _scopes_metadata(reports: Sequence[ScanReport]) -> dict[str, Any]:
    scopes = [scope for report in reports for scope in report.scopes]
    return {
        "dagster/row_count": len(scopes),
        "resources": sum(report.resource_count for report in reports),
        "calls": sum(report.call_count for report in reports),
        "errors": sum(not scope.is_complete for scope in scopes),
        "snapshot_date": max(report.snapshot_date for report in reports).isoformat(),
        "scans": dg.MetadataValue.md(
            "\n".join(f"- {r.connection_id}: {r.status.value}, {r.message}" for r in reports)
        ),
        "problems": _problems(tuple(scope for scope in scopes if not scope.is_complete)),
    }


def _problems(scopes: Sequence[ScopeOutcome]) -> dg.TableMetadataValue:
    names = ("sub_account_id", "region_id", "table_name", "status", "message", "action")
    records = [
        dg.TableRecord({name: str(getattr(scope, name)) for name in names})
        for scope in scopes[:_SHOWN_PROBLEMS]
    ]
    return dg.MetadataValue.table(records, dg.TableSchema([dg.TableColumn(n) for n in names]))
