"""The estate's exports hold what the providers' own hold, also where it misleads."""

from datetime import date

import pytest

from estate.billing.ledger import Ledger
from estate.exports import azure, cur, focus
from estate.model import BillingScope
from estate.world import build_partners, calendar

THROUGH = date(2026, 5, 20)
DAYS = calendar(THROUGH, 1)
SCOPES = [
    scope
    for partner in build_partners(7, "small", DAYS)
    for tenant in partner.tenants
    for scope in tenant.scopes
]


def of_format(start: str, provider: str) -> list[BillingScope]:
    """Return the scopes whose export is of a format and provider."""
    return [
        scope
        for scope in SCOPES
        if scope.export.format.startswith(start) and scope.provider == provider
    ]


def test_every_line_of_aws_usage_names_a_subscription_and_covered_ones_an_arn() -> None:
    found = set()
    for scope in of_format("cur", "aws"):
        for row in cur.legacy(Ledger(scope, DAYS).bill(date(2026, 5, 1), THROUGH), "one").rows:
            kind = row["lineItem/LineItemType"]
            if kind in {"Usage", "DiscountedUsage"}:
                is_named = bool(row.get("reservation/ReservationARN"))
                found.add((kind, bool(row.get("reservation/SubscriptionId")), is_named))

    assert found == {("Usage", True, False), ("DiscountedUsage", True, True)}


@pytest.mark.parametrize("scope", of_format("focus", "azure"), ids=lambda scope: scope.scope)
def test_azures_focus_names_a_subscription_by_its_path(scope: BillingScope) -> None:
    rows = focus.focus(Ledger(scope, DAYS).bill(date(2026, 5, 1), THROUGH)).rows

    assert {str(row["SubAccountId"]).rpartition("/")[0] for row in rows} == {"/subscriptions"}


@pytest.mark.parametrize("scope", of_format("azure_mca", "azure"), ids=lambda scope: scope.scope)
def test_a_customer_agreement_writes_subscriptions_in_upper_case(scope: BillingScope) -> None:
    bill = Ledger(scope, DAYS).bill(date(2026, 5, 1), THROUGH)

    found = {row["SubscriptionId"] for row in azure.mca(bill, azure.ACTUAL).rows}

    assert found
    assert found <= {account.account_id.upper() for account in scope.accounts}
