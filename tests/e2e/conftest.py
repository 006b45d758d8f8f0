"""The simulated estate's bills, taken through the whole pipeline once for all tests."""

import pickle
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest
from filelock import FileLock

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
def demo(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Demo:
    """Every format of the estate, landed, built and published; read only."""
    root = tmp_path_factory.getbasetemp()
    shared = root if worker_id == "master" else root.parent
    with FileLock(shared / "demo.lock"):
        made = shared / "demo.pickle"
        if not made.exists():
            made.write_bytes(pickle.dumps(_make(shared / "demo")))
    found: Demo = pickle.loads(made.read_bytes())  # noqa: S301 - written by this session
    return found


def _make(home: Path) -> Demo:
    settings = Settings(home=home)
    estate = write_bills(home / "bills", seed=3, through=THROUGH, months=2)
    reports = {
        (partner, tenant): ingest_costs(settings, partner, tenant, str(folder))
        for (partner, tenant), folder in estate.folders.items()
    }
    for partner in estate.partners:
        build_warehouse(settings, partner.partner_id)
        publish_marts(settings, partner.partner_id)
    return Demo(settings, estate, reports)
