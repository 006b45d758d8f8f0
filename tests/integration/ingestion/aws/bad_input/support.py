"""Answers of a cloud that things go wrong in."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from ingestion.inventory.report import ScanReport, ScopeOutcome
from tests.integration.ingestion.aws.conftest import (
    TODAY,
)

Client = Callable[..., Any]
TOMORROW = TODAY + timedelta(days=1)


def of(report: ScanReport, table: str, region: str) -> ScopeOutcome:
    (found,) = (s for s in report.scopes if (s.table_name, s.region_id) == (table, region))
    return found
