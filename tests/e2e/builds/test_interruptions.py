"""Builds beside landings, and what was killed: nothing half is published."""

from decimal import Decimal
from pathlib import Path

import pytest

from control.directory import Directory
from pipeline.build import build_warehouse
from pipeline.errors import BuildError
from pipeline.publish import publish_marts
from pipeline.settings import Settings
from pipeline.warehouse import Warehouse
from serving.errors import PublishError
from tests.conftest import PARTNER, Ingest
from tests.content import served
from tests.integration.ingestion import made
from tests.integration.ingestion.interruptions import killed_after
from tests.integration.pipeline.asking import APRIL, Served, day

pytestmark = pytest.mark.e2e


def test_what_a_failed_build_left_is_not_published(
    marts: Served, exports: Path, ingest: Ingest, settings: Settings
) -> None:
    made.write(exports / "april.csv", made.FOCUS, APRIL)
    made.write(exports / "may.csv", made.FOCUS, day(2))
    ingest()
    marts.build()
    before = served(settings, PARTNER)
    made.write(exports / "may.csv", made.FOCUS, day(2), day(3))
    ingest()
    (lines,) = Path(settings.lake).glob("**/cost_lines/**/billing_period=2026-04/data.parquet")
    lines.write_bytes(lines.read_bytes()[:-20])
    with pytest.raises(BuildError, match="nothing of it will be published"):
        build_warehouse(settings, PARTNER, full_refresh=True)

    with pytest.raises(PublishError, match=r"did not end.*cloudprune build --partner"):
        publish_marts(settings, PARTNER)

    assert served(settings, PARTNER) == before


def test_a_bill_whose_landing_was_killed_is_not_built(
    marts: Served,
    exports: Path,
    ingest: Ingest,
    settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    may = made.write(exports / "may.csv", made.FOCUS, day(2))
    ingest()
    marts.build()
    before = served(settings, PARTNER)
    made.write(may, made.FOCUS, day(2), day(3))
    with killed_after(monkeypatch, "cost_lines"):
        ingest()

    with pytest.raises(BuildError, match=r"landing 2026-05 of contoso .*cloudprune ingest PATH"):
        build_warehouse(settings, PARTNER)

    publish_marts(settings, PARTNER)
    assert served(settings, PARTNER) == before
    ingest()
    assert marts.build() == 1
    assert marts.rows("select sum(billed_cost) as cost from fct_cost_lines") == [
        {"cost": Decimal(5)}
    ]


@pytest.mark.parametrize("node", ["fct_cost_lines", "assert_costs_are_preserved"])
def test_what_lands_during_a_build_is_built_before_anything_is_published(
    node: str, exports: Path, ingest: Ingest, settings: Settings, marts: Served
) -> None:
    may = made.write(exports / "may.csv", made.FOCUS, day(2))
    ingest()
    told: list[str] = []

    def land_once(text: str) -> None:
        if node in text and len(told) == 0:
            made.write(may, made.FOCUS, day(2), day(3))
            told.append(ingest().outcomes[0].message)

    report = build_warehouse(settings, PARTNER, say=land_once)

    publish_marts(settings, PARTNER)
    assert report.changed_partitions == 1
    assert "landed" in told[0]
    assert build_warehouse(settings, PARTNER).nodes == ()
    assert marts.rows(
        "select sum(billed_cost) as cost, (select row_count from fct_load_freshness) as lines "
        "from fct_cost_lines"
    ) == [{"cost": Decimal(5), "lines": 2}]


def test_a_landing_that_is_killed_during_a_build_is_not_published(
    marts: Served,
    exports: Path,
    ingest: Ingest,
    settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    may = made.write(exports / "may.csv", made.FOCUS, day(2))
    ingest()
    marts.build()
    made.write(may, made.FOCUS, day(2), day(3))
    ingest()
    made.write(may, made.FOCUS, day(2), day(3), day(4))

    def kill_once(text: str) -> None:
        if "billing periods changed" in text:
            with killed_after(monkeypatch, "bill_totals"):
                ingest()

    with pytest.raises(BuildError, match=r"was interrupted.*may\.csv"):
        build_warehouse(settings, PARTNER, say=kill_once)

    with pytest.raises(PublishError, match="did not end"):
        publish_marts(settings, PARTNER)
    ingest()
    marts.build()
    assert marts.rows("select sum(billed_cost) as cost from fct_cost_lines") == [
        {"cost": Decimal("7.5")}
    ]


def test_a_warehouse_that_was_killed_at_its_very_start_is_not_published(
    settings: Settings,
) -> None:
    with Directory(settings.control) as directory:
        directory.ensure_partner(PARTNER)
    warehouse = Warehouse.of(settings, PARTNER)
    with warehouse.connect() as connection:
        connection.execute("drop schema warehouse.state cascade")

    with pytest.raises(PublishError, match="did not end"):
        publish_marts(settings, PARTNER)
