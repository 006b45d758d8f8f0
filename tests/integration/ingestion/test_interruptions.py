"""A landing that was killed between its files: whatever lies in the source next heals it."""

import os
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from ingestion.costs.report import Kind
from pipeline.ingest import new_deliveries
from pipeline.settings import Settings
from tests.conftest import PARTNER, TENANT, Ingest, Lake
from tests.integration.ingestion import made
from tests.integration.ingestion.interruptions import killed_after

pytestmark = pytest.mark.integration

BROKEN = {"BilledCost": "many"}


def at(path: Path, hour: int) -> None:
    """Say that a file was written at that hour."""
    moment = datetime(2026, 6, 1, hour, tzinfo=UTC).timestamp()
    os.utime(path, (moment, moment))


def held(lake: Lake) -> tuple[list[Decimal], Decimal, int, int]:
    """Return costs of the lines, the provider's total, rejected lines and loads."""
    return (
        [cost for (cost,) in lake.rows("select billed_cost from cost_lines order by 1")],
        lake.one("select sum(provider_total) from bill_totals"),
        lake.one("select count(*) from rejected"),
        lake.one("select count(*) from loads"),
    )


@pytest.mark.parametrize("last", ["bill_totals", "rejected", "cost_lines"])
def test_what_replaces_an_interrupted_delivery_leaves_nothing_of_it(
    last: str, exports: Path, ingest: Ingest, lake: Lake, monkeypatch: pytest.MonkeyPatch
) -> None:
    may = exports / "may.csv"
    made.write(may, made.FOCUS, {"BilledCost": "9"}, {"BilledCost": "30"}, BROKEN)
    with killed_after(monkeypatch, last):
        ingest()
    made.write(may, made.FOCUS, {"BilledCost": "10"})

    ingest()

    assert held(lake) == ([Decimal(10)], Decimal(10), 0, 1)


def test_a_delivery_withdrawn_after_its_landing_was_killed_leaves_nothing(
    exports: Path, ingest: Ingest, lake: Lake, monkeypatch: pytest.MonkeyPatch
) -> None:
    may = exports / "may.csv"
    made.write(may, made.FOCUS, {"BilledCost": "7"})
    ingest()
    first = may.read_bytes()
    made.write(may, made.FOCUS, {"BilledCost": "9"}, {"BilledCost": "30"}, BROKEN)
    with killed_after(monkeypatch, "cost_lines"):
        ingest()
    torn = lake.one("select any_value(partition_version) from loads")
    may.write_bytes(first)

    report = ingest()

    assert torn.startswith("interrupted-")
    assert len(report.of(Kind.LANDED)) == 1
    assert held(lake) == ([Decimal(7)], Decimal(7), 0, 1)
    assert len(ingest().of(Kind.UNCHANGED)) == 1


def test_history_beside_it_does_not_hide_that_a_landing_was_killed(
    exports: Path, ingest: Ingest, lake: Lake, monkeypatch: pytest.MonkeyPatch
) -> None:
    for hour, cost in ((1, "3"), (2, "7")):
        at(made.write(exports / f"may-{hour}.csv", made.FOCUS, {"BilledCost": cost}), hour)
        ingest()
    withdrawn = made.write(exports / "may-3.csv", made.FOCUS, {"BilledCost": "9"}, {})
    at(withdrawn, 3)
    with killed_after(monkeypatch, "cost_lines"):
        ingest()
    withdrawn.unlink()

    report = ingest()

    assert len(report.of(Kind.LANDED)) == 1
    assert held(lake) == ([Decimal(7)], Decimal(7), 0, 2)
    assert len(ingest().of(Kind.UNCHANGED)) == 2


def azure(exports: Path, kind: str, cost: str, hour: int) -> None:
    """Write one run of an Azure export."""
    made.write(exports / kind / "part.csv", made.EA, {"Cost": cost})
    made.azure_manifest(
        exports / kind / "manifest.json",
        [f"{kind}/part.csv"],
        kind=kind,
        submitted=f"2026-05-10T{hour:02}:00:00.0000000Z",
    )


@pytest.mark.parametrize("last", ["bill_totals", "cost_lines"])
def test_what_was_kept_beside_a_killed_landing_is_landed_again(
    last: str, exports: Path, ingest: Ingest, lake: Lake, monkeypatch: pytest.MonkeyPatch
) -> None:
    azure(exports, "ActualCost", "2.4", 1)
    azure(exports, "AmortizedCost", "2.4", 2)
    ingest()
    before = (lake.costs(), lake.rows("select dataset, provider_total from bill_totals order by 1"))
    azure(exports, "AmortizedCost", "154", 3)
    with killed_after(monkeypatch, last):
        ingest()
    azure(exports, "AmortizedCost", "2.4", 2)

    ingest(exports / "ActualCost")
    between = lake.rows("select dataset, partition_version from loads where is_current order by 1")
    ingest()

    assert [version.startswith("interrupted-") for _, version in between] == [False, True]
    after = (lake.costs(), lake.rows("select dataset, provider_total from bill_totals order by 1"))
    assert after == before
    assert len(ingest().of(Kind.UNCHANGED)) == 2


@pytest.mark.parametrize("last", ["bill_totals", "cost_lines"])
def test_a_connection_whose_place_is_taken_is_marked_until_it_is_taken(
    last: str, exports: Path, ingest: Ingest, lake: Lake, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = {"SubAccountId": "111100001111"}, {"SubAccountId": "222200002222"}
    made.write(exports / "a.csv", made.FOCUS, first)
    made.write(exports / "b.csv", made.FOCUS, second)
    ingest()
    made.write(exports / "all.csv", made.FOCUS, first, second, {**second, "BilledCost": "3"})
    with killed_after(monkeypatch, last):
        ingest(exports / "all.csv")
    versions = lake.rows("select partition_version from loads")

    ingest(exports / "all.csv")

    assert [version.startswith("interrupted-") for (version,) in versions] == [True, True]
    assert held(lake)[:2] == ([Decimal("2.5"), Decimal("2.5"), Decimal(3)], Decimal(8))
    assert not lake.rows("select 1 from loads where partition_version like 'interrupted-%'")


def test_lines_of_a_killed_landing_refuse_nothing(
    exports: Path, ingest: Ingest, lake: Lake, monkeypatch: pytest.MonkeyPatch
) -> None:
    may = exports / "may.csv"
    made.write(may, made.FOCUS, {"BilledCost": "7"})
    ingest()
    made.write(may, made.FOCUS, {"BilledCost": "8"}, {"SubAccountId": "000033334444"})
    with killed_after(monkeypatch, "cost_lines"):
        ingest()
    made.write(may, made.FOCUS, {"BilledCost": "9"})

    report = ingest()

    assert len(report.of(Kind.LANDED)) == 1
    assert held(lake)[0] == [Decimal(9)]


def test_whoever_watches_a_source_learns_that_there_is_something_to_heal(
    exports: Path, ingest: Ingest, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    made.write(exports / "may.csv", made.FOCUS, {"BilledCost": "7"})
    ingest()
    made.write(exports / "may.csv", made.FOCUS, {"BilledCost": "9"})
    keys = []
    for _ in range(2):
        keys += [new.delivery_key for new in new_deliveries(settings, PARTNER, TENANT)]
        with killed_after(monkeypatch, "cost_lines"):
            ingest()
    keys += [new.delivery_key for new in new_deliveries(settings, PARTNER, TENANT)]
    ingest()

    assert len(keys) == len(set(keys)) == 3
    assert new_deliveries(settings, PARTNER, TENANT) == ()


def test_a_refusal_is_told_again_after_a_landing_was_killed(
    exports: Path, ingest: Ingest, lake: Lake, monkeypatch: pytest.MonkeyPatch
) -> None:
    made.write(
        exports / "april/cur-1.csv",
        made.CUR,
        {
            "bill/BillingPeriodStartDate": "2026-04-01T00:00:00Z",
            "bill/BillingPeriodEndDate": "2026-05-01T00:00:00Z",
            "lineItem/UsageStartDate": "2026-04-02T00:00:00Z",
        },
    )
    ingest()
    april = {
        "BillingPeriodStart": "2026-04-01T00:00:00Z",
        "BillingPeriodEnd": "2026-05-01T00:00:00Z",
        "ChargePeriodStart": "2026-04-02T00:00:00Z",
    }
    at(made.write(exports / "both.csv", made.FOCUS, april, {}), 1)
    at(made.write(exports / "may-1.csv", made.FOCUS, {"BilledCost": "7"}), 2)
    ingest()
    at(made.write(exports / "may-2.csv", made.FOCUS, {"BilledCost": "9"}), 3)
    with killed_after(monkeypatch, "cost_lines"):
        ingest()

    reports = [ingest(), ingest()]

    assert [report.exit_status for report in reports] == [3, 3]
    assert [len(report.of(Kind.REFUSED)) for report in reports] == [1, 1]
    assert lake.one("select count(*) from loads where billing_period = '2026-05'") == 3
    assert lake.one("select sum(billed_cost) from cost_lines where x_dataset = 'focus'") == 9
