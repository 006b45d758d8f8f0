"""The simulated estate's bills, taken through the whole pipeline once for all tests."""

from dataclasses import dataclass
from datetime import date

import pytest

from estate.bills import Estate, write_bills
from ingestion.costs.report import IngestReport
from pipeline.build import build_warehouse
from pipeline.ingest import ingest_costs
from pipeline.publish import publish_marts
from pipeline.settings import Settings

THROUGH = date(2026, 5, 20)


@dataclass(frozen=True)
class Demo:
    """An installation that holds the estate."""

    settings: Settings
    estate: Estate
    reports: dict[tuple[str, str], IngestReport]


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Demo:
    """Every format of the estate, landed, built and published; read only."""
    home = tmp_path_factory.mktemp("demo")
    settings = Settings(home=home)
    estate = write_bills(home / "bills", seed=3, through=THROUGH, months=2)
    reports = {
        (partner, tenant): ingest_costs(settings, partner, tenant, str(folder), makes_tenant=True)
        for (partner, tenant), folder in estate.folders.items()
    }
    for partner in estate.partners:
        build_warehouse(settings, partner.partner_id)
        publish_marts(settings, partner.partner_id)
    return Demo(settings, estate, reports)
