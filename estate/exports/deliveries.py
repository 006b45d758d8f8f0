"""Delivers a bill as its provider does: data files in parts, manifests, folders, times.

Folders and manifests: AWS Cost and Usage Report and Data Exports delivery, Azure Cost Management
exports (partitioned, with manifest).
"""

import json
import os
import shutil
from collections.abc import Callable
from datetime import UTC, datetime, time, timedelta
from pathlib import Path

from estate.billing.charges import Bill
from estate.dice import guid
from estate.exports import azure, cur
from estate.exports.containers import write_table
from estate.exports.focus import focus
from estate.exports.table import Table

ROWS_PER_FILE = 2_000
_BUCKET = "billing-exports"
_DELIVERED = time(6, 30)
_SUFFIX = {"csv": "csv", "csv.gz": "csv.gz", "zip": "csv.zip", "parquet": "snappy.parquet"}


def deliver(bill: Bill, folder: Path) -> list[Path]:
    """Write one delivery of a bill below a folder and return its files.

    An export that keeps no versions overwrites its files in place; parts of a longer earlier
    delivery may stay, which the manifest does not name.
    """
    export = bill.scope.export
    root = folder / export.name
    if bill.scope.provider == "azure":
        files = _azure(bill, root)
    elif export.format == "cur_legacy":
        files = _legacy(bill, root)
    else:
        files = _data_export(bill, root)
    moment = delivered_at(bill).timestamp()
    for path in files:
        os.utime(path, (moment, moment))
    return files


def delivered_at(bill: Bill) -> datetime:
    """Return when a bill is delivered: the morning after its last day, UTC."""
    return datetime.combine(bill.as_of + timedelta(days=1), _DELIVERED, UTC)


def _id(bill: Bill, *names: object) -> str:
    return guid(bill.scope.scope, bill.scope.export.name, bill.period, bill.as_of, *names)


def _legacy(bill: Bill, root: Path) -> list[Path]:
    export, assembly = bill.scope.export, _id(bill)
    period = f"{bill.period:%Y%m%d}-{bill.end:%Y%m%d}"
    is_parquet = export.container == "parquet"
    table = cur.athena(bill, assembly) if is_parquet else cur.legacy(bill, assembly)
    above = root / period
    if is_parquet:
        folder = root / export.name / f"year={bill.period.year}" / f"month={bill.period.month}"
    else:
        folder = above / assembly if export.keeps_versions else above
    files = _write(table, folder, f"{export.name}-{{}}.{_SUFFIX[export.container]}", bill)
    columns = [column.rpartition("/") for column in table.columns]
    stamp = "%Y%m%dT000000.000Z"
    manifest = {
        "assemblyId": assembly,
        "account": bill.scope.scope,
        "columns": [{"category": category, "name": name} for category, _, name in columns],
        "charset": "UTF-8",
        "compression": {"csv.gz": "GZIP", "zip": "ZIP"}.get(export.container, "Parquet"),
        "contentType": "Parquet" if is_parquet else "text/csv",
        "reportId": guid(bill.scope.scope, export.name),
        "reportName": export.name,
        "billingPeriod": {"start": f"{bill.period:{stamp}}", "end": f"{bill.end:{stamp}}"},
        "bucket": _BUCKET,
        "reportKeys": [_key(path, root) for path in files],
        "additionalArtifactKeys": [],
    }
    name = f"{export.name}-Manifest.json"
    return [*files, *(_json(place / name, manifest) for place in dict.fromkeys((above, folder)))]


def _data_export(bill: Bill, root: Path) -> list[Path]:
    export, execution = bill.scope.export, _id(bill)
    table = cur.cur_2(bill, execution) if export.format == "cur_2_0" else focus(bill)
    period = f"BILLING_PERIOD={bill.period:%Y-%m}"
    version = f"{delivered_at(bill):%Y-%m-%dT%H:%M:%S.000Z}-{execution}"
    below = Path(period, version) if export.keeps_versions else Path(period)
    name = f"{export.name}-{{:0>5}}.{_SUFFIX[export.container]}"
    files = _write(table, root / "data" / below, name, bill)
    manifest = {
        "exportName": export.name,
        "executionId": execution,
        "compression": {"csv.gz": "GZIP", "parquet": "PARQUET"}.get(export.container, "NONE"),
        "contentType": "PARQUET" if export.container == "parquet" else "TEXT_OR_CSV",
        "columns": [{"name": column} for column in table.columns],
        "dataFiles": [f"s3://{_BUCKET}/{_key(path, root)}" for path in files],
    }
    manifest_path = root / "metadata" / below / f"{export.name}-Manifest.json"
    return [*files, _json(manifest_path, manifest)]


_Write = Callable[[Bill, str], Table]
_AZURE: dict[str, tuple[_Write, tuple[str, ...]]] = {
    "azure_ea": (azure.ea, (azure.ACTUAL, azure.AMORTIZED)),
    "azure_mca": (azure.mca, (azure.ACTUAL, azure.AMORTIZED)),
}


def _azure(bill: Bill, root: Path) -> list[Path]:
    write, datasets = _AZURE.get(
        bill.scope.export.format, (lambda bill, _: focus(bill), ("FocusCost",))
    )
    files: list[Path] = []
    for dataset in datasets:
        files += _azure_run(bill, root, dataset, write(bill, dataset))
    return files


def _azure_run(bill: Bill, root: Path, dataset: str, table: Table) -> list[Path]:
    export, run = bill.scope.export, _id(bill, dataset)
    name = f"{export.name}-{dataset.lower()}"
    last = bill.end - timedelta(days=1)
    days = root / name / f"{bill.period:%Y%m%d}-{last:%Y%m%d}"
    submitted = delivered_at(bill)
    if export.keeps_versions:
        folder = days / f"{submitted:%Y%m%d%H%M}" / run
    else:
        shutil.rmtree(days, ignore_errors=True)
        folder = days / run
    suffix = "snappy.parquet" if export.container == "parquet" else export.container
    files = _write(table, folder, f"part_{{}}_0001.{suffix}", bill, first=0)
    blobs = [
        {"blobName": _key(path, root), "byteCount": path.stat().st_size, "dataRowCount": rows}
        for path, rows in zip(files, _row_counts(table), strict=True)
    ]
    manifest = {
        "manifestVersion": "2024-04-01",
        "byteCount": sum(path.stat().st_size for path in files),
        "blobCount": len(blobs),
        "dataRowCount": len(table.rows),
        "exportConfig": {
            "exportName": name,
            "resourceId": f"{bill.scope.scope}/providers/Microsoft.CostManagement/exports/{name}",
            "dataVersion": "2025-04",
            "apiVersion": "2023-07-01-preview",
            "type": dataset,
            "timeFrame": "Custom",
            "granularity": "Daily",
        },
        "deliveryConfig": {
            "partitionData": True,
            "dataOverwriteBehavior": "CreateNewReport"
            if export.keeps_versions
            else "OverwritePreviousReport",
            "fileFormat": "Parquet" if export.container == "parquet" else "Csv",
            "compressionMode": {"csv.gz": "gzip", "parquet": "snappy"}.get(
                export.container, "None"
            ),
            "containerUri": _BUCKET,
            "rootFolderPath": "",
        },
        "runInfo": {
            "executionType": "Scheduled",
            "submittedTime": f"{submitted:%Y-%m-%dT%H:%M:%S}.0000000Z",
            "runId": run,
            "startDate": f"{bill.period:%Y-%m-%dT00:00:00}",
            "endDate": f"{last:%Y-%m-%dT00:00:00}",
        },
        "blobs": blobs,
    }
    return [*files, _json(folder / "manifest.json", manifest)]


def _write(table: Table, folder: Path, name: str, bill: Bill, *, first: int = 1) -> list[Path]:
    files = []
    for number, part in enumerate(table.parts(ROWS_PER_FILE), first):
        files.append(folder / name.format(number))
        write_table(part, files[-1], bill.scope.export.container)
    return files


def _row_counts(table: Table) -> list[int]:
    return [len(part.rows) for part in table.parts(ROWS_PER_FILE)]


def _key(path: Path, root: Path) -> str:
    return path.relative_to(root.parent).as_posix()


def _json(path: Path, content: object) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(content, indent=2), encoding="utf-8")
    return path
