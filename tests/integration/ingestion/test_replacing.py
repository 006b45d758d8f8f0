"""Which delivery replaces which, and what is refused because lines of another would be lost."""

import os
import shutil
from collections.abc import Mapping
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from ingestion.costs.report import IngestReport, Kind
from tests.conftest import Ingest, Lake
from tests.integration.ingestion import made

pytestmark = pytest.mark.integration

OTHER_ACCOUNT = {"SubAccountId": "000033334444"}
OTHER_SUBSCRIPTION = {
    "SubscriptionId": "22222222-2222-2222-2222-222222222222",
    "ResourceId": "/subscriptions/22222222-2222-2222-2222-222222222222/resourceGroups/rg/"
    "providers/Microsoft.Compute/disks/d",
}


def message(report: IngestReport, kind: Kind) -> str:
    """Return the only message of a kind."""
    (outcome,) = report.of(kind)
    return outcome.message


def written(path: Path, cost: str, *, day: int, at: int) -> Path:
    """Write one line of May or, by its path, April, up to a day, as if written at that hour."""
    month = "04" if "april" in path.name else "05"
    made.write(
        path,
        made.FOCUS,
        {
            "BilledCost": cost,
            "BillingPeriodStart": f"2026-{month}-01T00:00:00Z",
            "BillingPeriodEnd": f"2026-{int(month) + 1:02}-01T00:00:00Z",
            "ChargePeriodStart": f"2026-{month}-{day:02}T00:00:00Z",
            "ChargePeriodEnd": f"2026-{month}-{day + 1:02}T00:00:00Z",
        },
    )
    moment = datetime(2026, 6, 1, at, tzinfo=UTC).timestamp()
    os.utime(path, (moment, moment))
    return path


def test_a_second_export_of_the_same_period_is_refused(
    exports: Path, ingest: Ingest, lake: Lake
) -> None:
    made.write(exports / "a/cur-1.csv", made.CUR, {}, {})
    made.cur_manifest(exports / "a/cur-Manifest.json", ["a/cur-1.csv"])
    ingest()
    made.write(exports / "b/FOCUS-00001.csv", made.FOCUS, {})

    report = ingest()

    assert len(report.of(Kind.REFUSED)) == 1
    assert "--take-over" in message(report, Kind.REFUSED)
    assert lake.one("select count(*) from cost_lines") == 2


def test_a_bill_restated_back_in_its_place_is_the_newest(
    exports: Path, ingest: Ingest, lake: Lake
) -> None:
    may = exports / "may.csv"
    for cost, hour in (("7", 1), ("9", 2), ("7", 3)):
        written(may, cost, day=2, at=hour)
        assert len(ingest().of(Kind.LANDED)) == 1

    assert lake.costs()[0] == Decimal(7)
    assert len(ingest().of(Kind.UNCHANGED)) == 1
    assert len(ingest(take_over=True).of(Kind.UNCHANGED)) == 1


def test_a_shorter_bill_in_the_same_place_is_kept_out_told_and_read_once(
    exports: Path, ingest: Ingest, lake: Lake
) -> None:
    may = exports / "may.csv"
    for cost, day, hour in (("7", 2, 1), ("9", 3, 2), ("7", 2, 3)):
        written(may, cost, day=day, at=hour)
        report = ingest()

    assert "ends on 2026-05-02, that on 2026-05-03" in message(report, Kind.SUPERSEDED)
    assert "repeat with --take-over" in message(report, Kind.SUPERSEDED)
    assert report.exit_status == 3
    assert lake.costs()[0] == Decimal(9)
    assert "equals a delivery" not in message(ingest(), Kind.UNCHANGED)


def test_an_older_bill_is_kept_out_and_asks_for_nothing(
    exports: Path, ingest: Ingest, lake: Lake
) -> None:
    written(exports / "new/may.csv", "9", day=3, at=2)
    ingest()
    shutil.rmtree(exports / "new")
    written(exports / "old/may.csv", "7", day=2, at=1)

    report = ingest()

    assert "is older than" in message(report, Kind.SUPERSEDED)
    assert report.exit_status == 0
    assert lake.costs()[0] == Decimal(9)


def test_a_former_delivery_elsewhere_is_taken_over_when_asked(
    exports: Path, ingest: Ingest, lake: Lake
) -> None:
    written(exports / "a/may.csv", "7", day=2, at=1)
    ingest()
    written(exports / "b/may.csv", "9", day=2, at=2)
    ingest()
    shutil.rmtree(exports / "a")
    shutil.rmtree(exports / "b")
    written(exports / "c/may.csv", "7", day=2, at=3)

    report = ingest()
    kept = lake.costs()[0]
    taken = ingest(take_over=True)

    assert "repeat with --take-over" in message(report, Kind.SUPERSEDED)
    assert report.exit_status == 3
    assert (kept, lake.costs()[0]) == (Decimal(9), Decimal(7))
    assert len(taken.of(Kind.LANDED)) == 1
    assert len(ingest(take_over=True).of(Kind.UNCHANGED)) == 1


def test_taking_over_a_folder_leaves_its_own_history_in_order(
    exports: Path, ingest: Ingest, lake: Lake
) -> None:
    made.write(exports / "cur/cur-1.csv", made.CUR, {})
    made.cur_manifest(exports / "cur/cur-Manifest.json", ["cur/cur-1.csv"])
    ingest()
    written(exports / "april-20.csv", "20", day=20, at=1)
    written(exports / "april-10.csv", "10", day=10, at=2)
    written(exports / "may.csv", "5", day=2, at=3)
    refused = ingest().of(Kind.REFUSED)
    shutil.rmtree(exports / "cur")

    taken = ingest(take_over=True)

    assert [outcome.billing_period for outcome in refused] == ["2026-05"]
    assert lake.rows("select billed_cost from cost_lines order by 1") == [
        (Decimal(5),),
        (Decimal(20),),
    ]
    assert len(taken.of(Kind.LANDED)) == 1
    assert len(ingest(take_over=True).of(Kind.UNCHANGED)) == 3


def test_of_former_snapshots_the_last_one_is_taken_back(
    exports: Path, ingest: Ingest, lake: Lake
) -> None:
    for day in (10, 20, 28):
        written(exports / f"may-{day}.csv", str(day), day=day, at=day - 9)
        ingest()
    (exports / "may-28.csv").unlink()

    ingest(take_over=True)

    assert lake.costs()[0] == Decimal(20)
    assert len(ingest(take_over=True).of(Kind.UNCHANGED)) == 2


def test_azures_two_exports_are_taken_back_together(
    exports: Path, ingest: Ingest, lake: Lake
) -> None:
    benefit = {"PricingModel": "Reservation", "benefitId": "/r", "Cost": "0"}
    made.write(exports / "azure/actual/p.csv", made.EA, {}, benefit)
    made.azure_manifest(exports / "azure/actual/manifest.json", ["azure/actual/p.csv"])
    made.write(exports / "azure/amortized/q.csv", made.EA, {}, {**benefit, "Cost": "10"})
    made.azure_manifest(
        exports / "azure/amortized/manifest.json", ["azure/amortized/q.csv"], kind="AmortizedCost"
    )
    ingest()
    both = lake.costs()
    focus = {
        "ProviderName": "Microsoft",
        "BillingAccountId": "/providers/Microsoft.Billing/billingAccounts/8611537",
        "SubAccountId": made.EA["SubscriptionId"],
    }
    made.write(exports / "focus/f.csv", made.FOCUS, focus)
    ingest(exports / "focus", take_over=True)
    between = lake.costs()[0]

    ingest(exports / "azure", take_over=True)

    assert between == Decimal("2.5")
    assert lake.costs() == both
    assert len(ingest(exports / "azure", take_over=True).of(Kind.UNCHANGED)) == 2


def test_of_new_snapshots_the_last_one_stays_when_taken_over(
    exports: Path, ingest: Ingest, lake: Lake
) -> None:
    written(exports / "may-20.csv", "20", day=20, at=1)
    written(exports / "may-10.csv", "10", day=10, at=2)

    ingest(take_over=True)

    assert lake.costs()[0] == Decimal(20)


def test_an_account_that_another_connection_bills_is_refused_whatever_is_asked(
    exports: Path, ingest: Ingest, lake: Lake
) -> None:
    made.write(exports / "organisation.csv", made.FOCUS, {}, OTHER_ACCOUNT)
    ingest()
    member = {**OTHER_ACCOUNT, "BillingAccountId": "000033334444"}
    made.write(exports / "member.csv", made.FOCUS, member)

    reports = [ingest(), ingest(take_over=True)]

    for report in reports:
        assert "000033334444" in message(report, Kind.REFUSED)
        assert "land the other again without the account" in message(report, Kind.REFUSED)
    assert lake.one("select count(*) from cost_lines") == 2
    made.write(exports / "organisation.csv", made.FOCUS, {"BilledCost": "3"})
    ingest(exports / "organisation.csv", take_over=True)
    assert len(ingest().of(Kind.LANDED)) == 1
    assert lake.rows("select sub_account_id from cost_lines order by 1") == [
        ("000011112222",),
        ("000033334444",),
    ]


def test_a_file_without_accounts_that_landed_does_not_replace_them(
    exports: Path, ingest: Ingest, lake: Lake
) -> None:
    made.write(exports / "may.csv", made.FOCUS, {}, OTHER_ACCOUNT)
    ingest()
    made.write(exports / "may.csv", made.FOCUS, {"BilledCost": "3"})

    report = ingest()
    kept = lake.costs()[0]
    ingest(take_over=True)

    assert "has no line of account 000033334444" in message(report, Kind.REFUSED)
    assert (kept, lake.costs()[0]) == (Decimal(5), Decimal(3))


def test_an_account_that_never_cost_anything_may_leave(
    exports: Path, ingest: Ingest, lake: Lake
) -> None:
    made.write(exports / "may.csv", made.FOCUS, {}, {**OTHER_ACCOUNT, "BilledCost": "0"})
    ingest()
    made.write(exports / "may.csv", made.FOCUS, {"BilledCost": "3"})

    assert ingest().exit_status == 0
    assert lake.costs()[0] == Decimal(3)


@pytest.mark.parametrize(
    ("amortized", "told"),
    [
        ((), "has no records, but"),
        (({"Date": "05/02/2026"}, OTHER_SUBSCRIPTION), "ends on 2026-05-02, but"),
        (({"Date": "05/09/2026"},), "has no line of account 22222222"),
    ],
)
def test_amortized_cost_without_the_usage_of_actual_cost_does_not_replace_it(
    amortized: tuple[Mapping[str, str], ...],
    told: str,
    exports: Path,
    ingest: Ingest,
    lake: Lake,
) -> None:
    made.write(exports / "actual/p.csv", made.EA, {}, {"Date": "05/09/2026"}, OTHER_SUBSCRIPTION)
    made.azure_manifest(exports / "actual/manifest.json", ["actual/p.csv"])
    ingest()
    made.write(exports / "amortized/q.csv", made.EA, *amortized)
    made.azure_manifest(
        exports / "amortized/manifest.json", ["amortized/q.csv"], kind="AmortizedCost"
    )

    report = ingest()
    kept = lake.costs()[0]
    ingest(take_over=True)

    assert told in message(report, Kind.REFUSED)
    assert "would be lost" in message(report, Kind.REFUSED)
    assert (kept, lake.costs()[0] or 0) == (Decimal("7.2"), Decimal("2.4") * len(amortized))


def test_amortized_cost_may_be_empty_where_nothing_was_used_yet(
    exports: Path, ingest: Ingest, lake: Lake
) -> None:
    bought = {
        "ChargeType": "Purchase",
        "PricingModel": "Reservation",
        "benefitId": "/providers/Microsoft.Capacity/reservationOrders/o/reservations/r",
        "Cost": "30",
        "ResourceId": "",
    }
    made.write(exports / "actual/p.csv", made.EA, bought)
    made.azure_manifest(exports / "actual/manifest.json", ["actual/p.csv"])
    ingest()
    made.write(exports / "amortized/q.csv", made.EA)
    made.azure_manifest(
        exports / "amortized/manifest.json", ["amortized/q.csv"], kind="AmortizedCost"
    )

    report = ingest()

    assert report.exit_status == 0
    assert lake.costs()[0] == Decimal(30)
