"""Building the warehouse: how it grows with the data, and what one new day costs.

1x is the bill of a partner of four tenants and five connections over eleven months and twenty
days, each resource standing for six: 1.6 million lines; 16x is 26 million.

A new day is the next delivery of the running month, which holds the month whole, landed on the
full build at 16x; once for every tenant, then for one. What is timed is the same call for a full
build and for a day: from a started process, dbt's import included, to marts that are built and
tested. The target holds for a day of every tenant, which no schedule can make cheaper. As a
delivery holds the month so far, 0.09 of all lines, no build can come below that. The copy that
publishing makes of all marts follows either build and is told beside them.
"""

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
_BASE = 6
_SEED, _MONTHS = 21, 11
_THROUGH, _HORIZON = date(2026, 5, 20), date(2026, 5, 22)
_ONE_TENANT = frozenset({"tidewater-games"})


def run(_rows: int, folder: Path) -> Iterator[Result]:
    """Yield growth from 1x to 16x, and a new day against the full build at 16x."""
    landed, largest = folder / "landed", folder / f"{FACTORS[-1]}x"
    _land(landed, _THROUGH)
    full: dict[int, Measured] = {}
    for factor in FACTORS:
        home = folder / f"{factor}x"
        shutil.rmtree(home, ignore_errors=True)
        multiply(landed, home, PARTNER, factor * _BASE)
        full[factor] = measure(_rebuild, home)
    yield _growth(full)
    for days, name, tenants in ((1, "every tenant", None), (2, "one tenant", _ONE_TENANT)):
        _land(landed, _THROUGH + timedelta(days=days), tenants)
        multiply(landed, largest, PARTNER, FACTORS[-1] * _BASE)
        target = TARGET_NEW_DAY if tenants is None else None
        yield _day(name, measure(_build, largest), full[FACTORS[-1]], target)
    published = measure(_publish, largest)
    yield Result(
        "publishing, 16x",
        "full build at 16x",
        published.seconds / full[FACTORS[-1]].seconds,
        None,
        _times(published),
    )


def _growth(full: dict[int, Measured]) -> Result:
    times = {f"seconds_{factor}x": found.seconds for factor, found in full.items()}
    cpu = {f"cpu_seconds_{factor}x": found.cpu_seconds for factor, found in full.items()}
    exponent = math.log(full[FACTORS[-1]].seconds / full[1].seconds) / math.log(FACTORS[-1])
    return Result(
        "full warehouse build, 1x to 16x", "its own 1x: growth exponent", exponent, 1.0, times | cpu
    )


def _day(name: str, day: Measured, full: Measured, target: float | None) -> Result:
    return Result(
        f"one new day of {name}, 16x",
        "full build at 16x",
        day.seconds / full.seconds,
        target,
        _times(day) | {f"full_{name}": value for name, value in _times(full).items()},
    )


def _times(found: Measured) -> dict[str, float]:
    return {"seconds": found.seconds, "cpu_seconds": found.cpu_seconds}


def _land(home: Path, through: date, tenants: frozenset[str] | None = None) -> None:
    """Land the bills of all or some tenants as they are on a day, on top of earlier days."""
    bills = home / f"bills-{through}"
    estate = write_bills(
        bills, seed=_SEED, size="1x", through=through, months=_MONTHS, horizon=_HORIZON
    )
    for (partner, tenant), folder in estate.folders.items():
        if tenants is None or tenant in tenants:
            ingest_costs(Settings(home=home), partner, tenant, str(folder), makes_tenant=True)


def _build(home: Path) -> None:
    build_warehouse(Settings(home=home), PARTNER)


def _rebuild(home: Path) -> None:
    build_warehouse(Settings(home=home), PARTNER, full_refresh=True)


def _publish(home: Path) -> None:
    publish_marts(Settings(home=home), PARTNER)
