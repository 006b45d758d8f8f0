"""A bill as Azure's actual and amortized cost exports, of EA and MCA accounts.

Actual cost shows what is invoiced: commitments as purchases, what they cover without cost.
Amortized cost spreads them over what they cover and shows what stayed unused, without purchases.
Subscription ids come in either case: here a customer agreement writes them upper.
"""

import json
from datetime import timedelta
from decimal import Decimal

from estate.billing.charges import COMMITTED, FEES, USED, ZERO, Bill, Charge, Kind
from estate.dice import guid
from estate.exports.azure_columns import AMOUNTS, EA, INSTANTS, MCA
from estate.exports.names import region_name, region_prefix
from estate.exports.table import Row, Table, midnight

ACTUAL, AMORTIZED = "ActualCost", "AmortizedCost"
_CHARGE_TYPES = {
    Kind.COMMITMENT_REFUND: "Refund",
    Kind.REFUND: "Refund",
    Kind.ROUNDING: "RoundingAdjustment",
    **dict.fromkeys((Kind.RECURRING_FEE, Kind.UPFRONT_FEE, Kind.PURCHASE), "Purchase"),
    **dict.fromkeys(USED, "Usage"),
}
_FREQUENCIES = {
    Kind.RECURRING_FEE: "Recurring",
    Kind.PURCHASE: "Recurring",
    Kind.UPFRONT_FEE: "OneTime",
    Kind.COMMITMENT_REFUND: "OneTime",
}
_BENEFITS = {"reservation": "Reservation", "savings_plan": "SavingsPlan"}
_DATES = "%m/%d/%Y"
_PLACES = Decimal("0.000000000001")


def ea(bill: Bill, dataset: str) -> Table:
    """Return the lines of an enterprise agreement's export: ActualCost or AmortizedCost."""
    rows = [_ea_row(bill, charge, dataset) for charge in _lines(bill, dataset)]
    return Table(EA, rows, AMOUNTS, INSTANTS, time_format=_DATES, has_mark=True)


def mca(bill: Bill, dataset: str) -> Table:
    """Return the lines of a customer agreement's export: ActualCost or AmortizedCost."""
    rows = [_mca_row(bill, charge, dataset) for charge in _lines(bill, dataset)]
    return Table(MCA, rows, AMOUNTS, INSTANTS, time_format=_DATES, has_mark=True)


def _lines(bill: Bill, dataset: str) -> list[Charge]:
    left_out = FEES if dataset == AMORTIZED else {Kind.UNUSED}
    return [charge for charge in bill.charges if charge.kind not in left_out]


def _ea_row(bill: Bill, charge: Charge, dataset: str) -> Row:
    row: Row = {
        "BillingAccountId": bill.scope.billing_account_id,
        "BillingAccountName": bill.scope.name,
        "BillingPeriodStartDate": midnight(bill.period),
        "BillingPeriodEndDate": midnight(bill.end - timedelta(days=1)),
        "BillingProfileId": bill.scope.billing_account_id,
        "BillingProfileName": bill.scope.name,
        "AccountName": bill.scope.name,
        "SubscriptionId": charge.account.account_id,
        "SubscriptionName": charge.account.name,
        "Date": midnight(charge.start),
        "Product": charge.description,
        "MeterId": guid("meter", charge.meter.usage_type, charge.meter.name, charge.region),
        "ServiceFamily": charge.meter.family,
        "MeterCategory": charge.meter.service,
        "MeterSubCategory": charge.meter.usage_type,
        "MeterRegion": region_prefix("azure", charge.region),
        "MeterName": charge.meter.name,
        "Quantity": charge.quantity,
        "EffectivePrice": _effective_price(bill, charge, dataset),
        "Cost": _cost(charge, dataset),
        "UnitPrice": charge.price,
        "BillingCurrency": bill.scope.currency,
        "ResourceLocation": charge.region,
        "ConsumedService": _consumed_service(charge),
        "CostCenter": _cost_center(charge),
        "UnitOfMeasure": charge.meter.unit,
        "IsAzureCreditEligible": "True",
        "PublisherName": "Azure",
        "ChargeType": _charge_type(charge),
        "Frequency": _FREQUENCIES.get(charge.kind, "UsageBased"),
        "PublisherType": "Azure",
        "PayGPrice": charge.list_price,
        "PricingModel": _pricing_model(charge),
    }
    if charge.resource:
        row["ResourceId"] = charge.resource.billing_id
        row["ResourceName"] = charge.resource.name
        row["ResourceGroup"] = _resource_group(charge)
        row["Tags"] = _tags(charge.resource.tags).removeprefix("{").removesuffix("}")
    if charge.commitment:
        row["benefitId"] = charge.commitment.commitment_id
        row["benefitName"] = charge.commitment.name
        if charge.commitment.kind == "reservation":
            row["ReservationId"] = charge.commitment.commitment_id.rsplit("/", 1)[-1]
            row["ReservationName"] = charge.commitment.name
    return row


def _mca_row(bill: Bill, charge: Charge, dataset: str) -> Row:
    rate, cost = bill.scope.terms.exchange_rate, _cost(charge, dataset)
    in_pricing = (cost / rate).quantize(_PLACES)
    account, _, profile = bill.scope.scope.partition("/billingProfiles/")
    row: Row = {
        "billingAccountId": account.rsplit("/", 1)[-1],
        "billingAccountName": bill.scope.name,
        "billingProfileId": profile,
        "billingProfileName": bill.scope.name,
        "invoiceSectionName": "Cloud",
        "costCenter": _cost_center(charge),
        "billingPeriodEndDate": midnight(bill.end - timedelta(days=1)),
        "billingPeriodStartDate": midnight(bill.period),
        "date": midnight(charge.start),
        "serviceFamily": charge.meter.family,
        "consumedService": _consumed_service(charge),
        "meterId": guid("meter", charge.meter.usage_type, charge.meter.name, charge.region),
        "meterName": charge.meter.name,
        "meterCategory": charge.meter.service,
        "meterSubCategory": charge.meter.usage_type,
        "meterRegion": region_prefix("azure", charge.region),
        "ProductName": charge.description,
        "SubscriptionId": charge.account.account_id.upper(),
        "subscriptionName": charge.account.name,
        "publisherType": "Microsoft",
        "publisherName": "Microsoft",
        "resourceLocation": charge.region,
        "location": region_name("azure", charge.region),
        "effectivePrice": _effective_price(bill, charge, dataset),
        "quantity": charge.quantity,
        "unitOfMeasure": charge.meter.unit,
        "chargeType": _charge_type(charge),
        "billingCurrency": bill.scope.currency,
        "pricingCurrency": "USD",
        "costInBillingCurrency": cost,
        "costInPricingCurrency": in_pricing,
        "costInUsd": in_pricing,
        "paygCostInBillingCurrency": charge.list_cost,
        "paygCostInUsd": (charge.list_cost / rate).quantize(_PLACES),
        "exchangeRatePricingToBilling": rate,
        "exchangeRateDate": midnight(bill.period),
        "isAzureCreditEligible": "True",
        "PayGPrice": charge.list_price,
        "frequency": _FREQUENCIES.get(charge.kind, "UsageBased"),
        "pricingModel": _pricing_model(charge),
        "unitPrice": charge.price,
        "provider": "Azure",
    }
    if bill.is_final:
        row["invoiceId"] = f"G{int(guid(bill.scope.scope, bill.period)[:7], 16):09d}"
    if charge.resource:
        row["ResourceId"] = charge.resource.billing_id
        row["resourceGroupName"] = _resource_group(charge)
        row["tags"] = _tags(charge.resource.tags)
    if charge.commitment:
        row["benefitId"] = charge.commitment.commitment_id
        row["benefitName"] = charge.commitment.name
        if charge.commitment.kind == "reservation":
            row["reservationId"] = charge.commitment.commitment_id.rsplit("/", 1)[-1]
            row["reservationName"] = charge.commitment.name
    return row


def _cost(charge: Charge, dataset: str) -> Decimal:
    return charge.effective_cost if dataset == AMORTIZED else charge.billed_cost


def _effective_price(bill: Bill, charge: Charge, dataset: str) -> Decimal:
    if charge.kind in COMMITTED:
        covered = charge.quantity * bill.scope.terms.exchange_rate
        return (_cost(charge, dataset) / covered).quantize(_PLACES) if covered else ZERO
    return charge.price


def _charge_type(charge: Charge) -> str:
    if charge.kind is Kind.UNUSED and charge.commitment:
        return f"Unused{_BENEFITS[charge.commitment.kind]}"
    return _CHARGE_TYPES[charge.kind]


def _pricing_model(charge: Charge) -> str:
    return _BENEFITS[charge.commitment.kind] if charge.commitment else "OnDemand"


def _consumed_service(charge: Charge) -> str:
    if charge.kind in FEES:
        return "Microsoft.Capacity"
    return charge.meter.arm_type.partition("/")[0]


def _cost_center(charge: Charge) -> str:
    return str(charge.resource.tags.get("CostCenter", "")) if charge.resource else ""


def _resource_group(charge: Charge) -> str:
    assert charge.resource  # noqa: S101 - the caller checked it
    parts = charge.resource.billing_id.split("/")
    return parts[4] if len(parts) > 4 else ""


def _tags(tags: object) -> str:
    return json.dumps(dict(tags), ensure_ascii=False) if tags else ""  # type: ignore[call-overload]
