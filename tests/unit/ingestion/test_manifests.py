"""Manifests of every form are read, or refused in a sentence; other JSON is left alone."""

import json
from typing import Any

import pytest

from ingestion.costs.manifests import read_manifest
from ingestion.errors import UnreadableFileError

AZURE: dict[str, Any] = {
    "exportConfig": {
        "exportName": "daily",
        "resourceId": "/subscriptions/x/providers/Microsoft.CostManagement/exports/daily",
        "type": "ActualCost",
    },
    "runInfo": {"runId": "r", "startDate": "2026-05-01T00:00:00"},
    "blobs": [{"blobName": "run/part_0_0001.csv"}],
}
AWS: dict[str, Any] = {"assemblyId": "a", "reportName": "cur", "reportKeys": ["cur/cur-1.csv"]}


@pytest.mark.parametrize("count", [12, "12", 12.0])
def test_a_count_of_lines_is_read_as_it_is_written(count: object) -> None:
    manifest = read_manifest("m.json", json.dumps(AZURE | {"dataRowCount": count}).encode())

    assert manifest is not None
    assert manifest.row_count == 12


@pytest.mark.parametrize(
    "written",
    [
        AZURE | {"dataRowCount": "many"},
        AZURE | {"dataRowCount": True},
        AZURE | {"blobs": [{"blobName": 5}]},
        AZURE | {"blobs": [{"blobName": None}]},
        AZURE | {"blobs": "run/part_0_0001.csv"},
        AZURE | {"runInfo": {"startDate": "2026-99-01"}},
        AZURE | {"runInfo": {"startDate": "05/01/2026"}},
        AWS | {"reportKeys": [None]},
        AWS | {"reportKeys": "cur/cur-1.csv"},
        AWS | {"assemblyId": "\ud800"},
        AWS | {"billingPeriod": {"start": 20260501}},
    ],
)
def test_a_manifest_of_another_form_is_named(written: dict[str, Any]) -> None:
    with pytest.raises(UnreadableFileError, match=r"run/m\.json is a manifest of a form we do not"):
        read_manifest("run/m.json", json.dumps(written).encode())


@pytest.mark.parametrize("written", ["[" * 100_000, '{"a": ' + "1" * 6_000 + "}"])
def test_json_that_is_too_deep_or_long_is_no_manifest_unless_it_is_called_so(written: str) -> None:
    assert read_manifest("package.json", written.encode()) is None
    with pytest.raises(UnreadableFileError, match=r"cur-Manifest\.json is no readable JSON"):
        read_manifest("cur-Manifest.json", written.encode())
