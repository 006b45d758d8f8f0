"""A bill in FOCUS 1.0, 1.1 and 1.2, in AWS's and in Azure's flavour."""

import json

from estate.billing.charges import COMMITTED, USED, Bill, Charge, Kind
from estate.dice import digest
from estate.exports.focus_columns import AMOUNTS, INSTANTS, MAPS, columns_of
from estate.exports.names import region_name, service
from estate.exports.table import Row, Table, midnight

_CATEGORIES = {
    Kind.RECURRING_FEE: "Purchase",
    Kind.UPFRONT_FEE: "Purchase",
    Kind.COMMITMENT_REFUND: "Purchase",
    Kind.PURCHASE: "Purchase",
    Kind.SUPPORT: "Purchase",
    Kind.CREDIT: "Credit",
    Kind.TAX: "Tax",
    Kind.ROUNDING: "Adjustment",
}
_CORRECTIONS = frozenset({Kind.REFUND, Kind.COMMITMENT_REFUND})
_ONCE = frozenset({Kind.UPFRONT_FEE, Kind.COMMITMENT_REFUND, Kind.CREDIT, Kind.REFUND})
_COMMITMENTS = {
    ("aws", "reservation"): ("Usage", "Reserved Instance"),
    ("azure", "reservation"): ("Usage", "Reservation"),
    ("aws", "savings_plan"): ("Spend", "Savings Plan"),
    ("azure", "savings_plan"): ("Spend", "Savings Plan"),
}
_ISSUERS = {"aws": ("AWS", "Amazon Web Services, Inc."), "azure": ("Microsoft", "Microsoft")}


def focus(bill: Bill) -> Table:
    """Return the lines of a bill in the version that its export is set to."""
    provider, version = bill.scope.provider, bill.scope.export.format
    columns = columns_of(version, provider)
    known = frozenset(columns)
    rows = [
        {name: value for name, value in _row(bill, charge).items() if name in known}
        for charge in bill.charges
        if charge.kind is not Kind.NEGATION  # it cancels an amount that FOCUS does not write
    ]
    return Table(columns, rows, AMOUNTS, INSTANTS, MAPS[provider])


def _row(bill: Bill, charge: Charge) -> Row:
    scope, is_used = bill.scope, charge.kind in USED
    provider_name, issuer = _ISSUERS[scope.provider]
    service_name, category = service(charge.meter)
    row: Row = {
        "BilledCost": charge.billed_cost,
        "EffectiveCost": charge.effective_cost,
        "ListCost": charge.list_cost,
        "ContractedCost": charge.contracted_cost,
        "BillingAccountId": scope.billing_account_id,
        "BillingAccountName": scope.name,
        "BillingAccountType": "Billing Account" if scope.provider == "aws" else "Billing Profile",
        "BillingCurrency": scope.currency,
        "BillingPeriodStart": midnight(bill.period),
        "BillingPeriodEnd": midnight(bill.end),
        "ChargePeriodStart": midnight(charge.start),
        "ChargePeriodEnd": midnight(charge.end),
        "ChargeCategory": _CATEGORIES.get(charge.kind, "Usage"),
        "ChargeClass": "Correction" if charge.kind in _CORRECTIONS else None,
        "ChargeDescription": charge.description,
        "ChargeFrequency": _frequency(charge),
        "InvoiceIssuerName": issuer,
        "ProviderName": provider_name,
        "PublisherName": issuer,
        "PricingCategory": "Committed" if charge.kind in COMMITTED else "Standard",
        "PricingQuantity": charge.quantity,
        "PricingUnit": charge.meter.unit,
        "PricingCurrency": "USD",
        "RegionId": charge.region or None,
        "RegionName": region_name(scope.provider, charge.region) or None,
        "ServiceCategory": category,
        "ServiceName": service_name,
        "SkuId": digest("sku", charge.meter.usage_type, charge.meter.name, length=16).upper(),
        "SkuMeter": charge.meter.name or None,
        "SubAccountId": _sub_account_id(charge, scope.provider),
        "SubAccountName": charge.account.name,
        "SubAccountType": "Account" if scope.provider == "aws" else "Subscription",
        "x_ServiceCode": charge.meter.service,
        "x_UsageType": charge.meter.usage_type,
        "x_Operation": charge.meter.name,
        "x_SkuMeterCategory": charge.meter.service,
        "x_SkuMeterSubcategory": charge.meter.usage_type,
        "x_SkuMeterName": charge.meter.name,
        "x_SkuServiceFamily": charge.meter.family,
        "x_BillingExchangeRate": scope.terms.exchange_rate,
    }
    if bill.is_final:
        row["InvoiceId"] = f"INV{int(digest(scope.scope, bill.period, length=7), 16):09d}"
    if is_used:
        row["ConsumedQuantity"] = charge.quantity
        row["ConsumedUnit"] = charge.meter.unit
        row["ListUnitPrice"] = charge.list_price
        row["ContractedUnitPrice"] = charge.price
    row.update(_resource(charge, scope.provider))
    row.update(_commitment(charge, scope.provider))
    return row


def _sub_account_id(charge: Charge, provider: str) -> str:
    prefix = "/subscriptions/" if provider == "azure" else ""
    return prefix + charge.account.account_id


def _frequency(charge: Charge) -> str:
    if charge.kind in _ONCE:
        return "One-Time"
    is_fee = charge.kind in {Kind.RECURRING_FEE, Kind.PURCHASE, Kind.SUPPORT}
    return "Recurring" if is_fee else "Usage-Based"


def _resource(charge: Charge, provider: str) -> Row:
    if not charge.resource:
        return {}
    resource = charge.resource
    is_azure = provider == "azure"
    tags = dict(resource.tags)
    row: Row = {
        "ResourceId": resource.billing_id.lower() if is_azure else resource.billing_id,
        "ResourceName": resource.name if is_azure else None,
        "ResourceType": charge.meter.arm_type if is_azure else None,
        "AvailabilityZone": resource.zone or None,
        "Tags": json.dumps(tags, ensure_ascii=False) if is_azure else tags,
        "x_CostCenter": tags.get("CostCenter"),
    }
    if is_azure:
        parts = resource.billing_id.lower().split("/")
        row["x_ResourceGroupName"] = parts[4] if len(parts) > 4 else None
    return row


def _commitment(charge: Charge, provider: str) -> Row:
    if not charge.commitment:
        return {}
    category, kind = _COMMITMENTS[provider, charge.commitment.kind]
    row: Row = {
        "CommitmentDiscountCategory": category,
        "CommitmentDiscountId": charge.commitment.commitment_id,
        "CommitmentDiscountName": charge.commitment.name,
        "CommitmentDiscountType": kind,
    }
    if charge.kind in COMMITTED:
        row["CommitmentDiscountStatus"] = "Unused" if charge.kind is Kind.UNUSED else "Used"
        row["CommitmentDiscountQuantity"] = charge.quantity
        row["CommitmentDiscountUnit"] = "USD" if category == "Spend" else charge.meter.unit
    return row
