"""A good delivery beside every bad one."""

from ingestion.costs.report import IngestReport, Kind
from tests.conftest import Lake

GOOD = {"SubAccountId": "999900001111", "BillingAccountId": "999900001111"}


def message(report: IngestReport, kind: Kind) -> str:
    """Return the only message of a kind."""
    (outcome,) = report.of(kind)
    return outcome.message


def good_landed(lake: Lake) -> bool:
    """Return whether the sound export is whole."""
    return bool(
        lake.one("select count(*) = 2 from cost_lines where sub_account_id = '999900001111'")
    )
