"""A subscription is one, however an export of Azure writes its id."""

from decimal import Decimal
from pathlib import Path

import pytest

from ingestion.costs.report import Kind
from tests.conftest import Ingest, Lake
from tests.integration.ingestion import made

pytestmark = pytest.mark.integration

GUID = "abcdef11-1111-1111-1111-111111111111"
FOCUS = {
    "ProviderName": "Microsoft",
    "BillingAccountId": "/providers/Microsoft.Billing/billingAccounts/8611537",
    "SubAccountId": f"/subscriptions/{GUID}",
}


@pytest.mark.parametrize("written", [GUID, GUID.upper(), f"/subscriptions/{GUID.upper()}"])
def test_every_export_names_a_subscription_by_its_bare_id(
    written: str, exports: Path, ingest: Ingest, lake: Lake
) -> None:
    made.write(exports / "ea.csv", made.EA, {"SubscriptionId": written})
    ingest(tenant="ea")
    made.write(exports / "ea.csv", made.FOCUS, {**FOCUS, "SubAccountId": written})
    ingest(tenant="focus")

    assert lake.one("select sub_account_id from cost_lines", tenant="ea") == GUID
    assert lake.one("select sub_account_id from cost_lines", tenant="focus") == GUID


def test_other_providers_accounts_keep_their_case(
    exports: Path, ingest: Ingest, lake: Lake
) -> None:
    made.write(
        exports / "focus.csv", made.FOCUS, {"ProviderName": "Oracle", "SubAccountId": "Ocid1.A"}
    )

    ingest()

    assert lake.one("select sub_account_id from cost_lines") == "Ocid1.A"


def test_azures_focus_export_beside_actual_cost_is_counted_once(
    exports: Path, ingest: Ingest, lake: Lake
) -> None:
    made.write(exports / "ea.csv", made.EA, {"SubscriptionId": GUID})
    ingest()
    made.write(exports / "focus.csv", made.FOCUS, {**FOCUS, "BilledCost": "2.4"})

    (refused,) = ingest().of(Kind.REFUSED)

    assert f"both bill account {GUID}" in refused.message
    assert lake.costs()[0] == Decimal("2.4")


def test_a_month_restated_with_ids_in_upper_case_is_the_same_month(
    exports: Path, ingest: Ingest, lake: Lake
) -> None:
    made.write(exports / "ea.csv", made.EA, {"SubscriptionId": GUID})
    ingest()
    made.write(exports / "ea.csv", made.EA, *[{"SubscriptionId": GUID.upper()}] * 2)

    assert len(ingest().of(Kind.LANDED)) == 1
    assert lake.costs()[0] == Decimal("4.8")
    assert lake.one("select count(distinct connection_id) from loads") == 1
