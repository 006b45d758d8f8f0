"""Building the warehouse: how it grows with the data, and what one new day costs."""

import math
import shutil
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

from benchmarks.lakes import multiply
from benchmarks.measure import Measured, Result, measure
from estate.bills import write_bills
from pipeline.build import build_warehouse
from pipeline.ingest import ingest_costs
from pipeline.publish import publish_marts
from pipeline.settings import Settings

PARTNER = "harbor-cloud"
FACTORS = (1, 4, 16)
TARGET_NEW_DAY = 0.1
_SEED, _MONTHS = 21, 11
_THROUGH = date(2026, 5, 20)


def run(_rows: int, folder: Path) -> Iterator[Result]:
    """Yield growth from 1x to 16x, and a new day of every tenant against the full build at 16x."""
    landed = folder / "landed"
    _land(landed, _THROUGH)
    full: dict[int, Measured] = {}
    for factor in FACTORS:
        home = folder / f"{factor}x"
        shutil.rmtree(home, ignore_errors=True)
        multiply(_lake(landed), _lake(home), factor)
        full[factor] = measure(_rebuild, home)
    times = {factor: found.seconds for factor, found in full.items()}
    yield Result(
        "full warehouse build, 1x to 16x",
        "its own 1x: growth exponent",
        math.log(times[16] / times[1]) / math.log(16),
        1.0,
        {f"seconds_{factor}x": seconds for factor, seconds in times.items()},
    )
    _land(landed, _THROUGH + timedelta(days=1))
    multiply(_lake(landed), _lake(folder / "16x"), 16)
    day = measure(_build, folder / "16x")
    yield Result(
        "one new day of every tenant, 16x",
        "full build at 16x",
        day.seconds / times[16],
        TARGET_NEW_DAY,
        {"seconds": day.seconds, "full_seconds": times[16]},
    )
    measure(_publish, folder / "16x")


def _lake(home: Path) -> Path:
    return Path(Settings(home=home).lake)


def _land(home: Path, through: date) -> None:
    """Land the estate's bills as they are on a day; later days land on top of earlier ones."""
    bills = home / f"bills-{through}"
    estate = write_bills(bills, seed=_SEED, size="1x", through=through, months=_MONTHS)
    for (partner, tenant), folder in estate.folders.items():
        ingest_costs(Settings(home=home), partner, tenant, str(folder))


def _build(home: Path) -> None:
    build_warehouse(Settings(home=home), PARTNER)


def _rebuild(home: Path) -> None:
    build_warehouse(Settings(home=home), PARTNER, full_refresh=True)


def _publish(home: Path) -> None:
    publish_marts(Settings(home=home), PARTNER)
