"""A bill as an AWS Cost and Usage Report: legacy, with Athena's names, and 2.0.

A commitment's unused part stands on the line of its fee, as AWS writes it: per day for a savings
plan, per month for a reservation.
"""

from collections import defaultdict
from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from functools import lru_cache

from estate.billing.charges import USED, ZERO, Bill, Charge, Kind
from estate.dice import digest
from estate.exports.cur_columns import (
    AMOUNTS,
    ATHENA_AMOUNTS,
    ATHENA_INSTANTS,
    CUR_2,
    CUR_2_MAPS,
    INSTANTS,
    LEGACY,
    LEGACY_WITHOUT_NET,
    athena_name,
)
from estate.exports.names import AWS_SERVICES, region_name, region_prefix
from estate.exports.table import Row, Table, midnight

_TAG = "resourceTags/user:"
_TYPES = {
    Kind.USAGE: "Usage",
    Kind.RESERVED: "DiscountedUsage",
    Kind.PLANNED: "SavingsPlanCoveredUsage",
    Kind.NEGATION: "SavingsPlanNegation",
    Kind.SUPPORT: "Fee",
    Kind.CREDIT: "Credit",
    Kind.REFUND: "Refund",
    Kind.TAX: "Tax",
}
_COMMITMENT_TYPES = {
    ("reservation", Kind.RECURRING_FEE): "RIFee",
    ("reservation", Kind.UPFRONT_FEE): "Fee",
    ("savings_plan", Kind.RECURRING_FEE): "SavingsPlanRecurringFee",
    ("savings_plan", Kind.UPFRONT_FEE): "SavingsPlanUpfrontFee",
}
_ENTITY = "Amazon Web Services, Inc."
_LAST_SECOND = timedelta(seconds=1)


def legacy(bill: Bill, delivery_id: str) -> Table:
    """Return the lines of a legacy report: one column per tag, `lineItem/UnblendedCost`."""
    has_net = bool(bill.scope.terms.discount)
    tags = sorted({_TAG + key for found in bill.scope.resources for key in found.tags})
    columns = (*(LEGACY if has_net else LEGACY_WITHOUT_NET), *tags)
    rows = list(_rows(bill, delivery_id, has_net=has_net))
    return Table(columns, rows, AMOUNTS, INSTANTS)


def athena(bill: Bill, delivery_id: str) -> Table:
    """Return the same lines under the names that the report has in Parquet."""
    table = legacy(bill, delivery_id)
    names = {column: athena_name(column) for column in table.columns}
    rows = [{names[name]: value for name, value in row.items()} for row in table.rows]
    columns = tuple(dict.fromkeys(names.values()))
    return Table(columns, rows, ATHENA_AMOUNTS, ATHENA_INSTANTS)


def cur_2(bill: Bill, delivery_id: str, *, tag_keys: str = "user:") -> Table:
    """Return the lines of CUR 2.0: fixed columns, tags and product in maps.

    Args:
        bill: What to write.
        delivery_id: Name of the delivery, which line ids depend on.
        tag_keys: Prefix of tag keys: `user:` with keys as they are, `user_` in snake case.
    """
    has_net = bool(bill.scope.terms.discount)
    rows = [_cur_2_row(row, bill, tag_keys) for row in _rows(bill, delivery_id, has_net=has_net)]
    return Table(CUR_2, rows, ATHENA_AMOUNTS, ATHENA_INSTANTS, CUR_2_MAPS)


_SNAKE_NAMES = {column: athena_name(column) for column in LEGACY}
_CUR_2_NAMES = frozenset(CUR_2)


def _cur_2_row(row: Row, bill: Bill, tag_keys: str) -> Row:
    tags: dict[str, object] = {}
    product: dict[str, object] = {}
    converted: Row = {"resource_tags": tags, "product": product, "discount": {}}
    for name, value in row.items():
        if name.startswith(_TAG):
            key = name.removeprefix(_TAG)
            tags[tag_keys + (athena_name(key) if tag_keys == "user_" else key)] = value
        elif _SNAKE_NAMES[name] in _CUR_2_NAMES:
            converted[_SNAKE_NAMES[name]] = value
        elif name.startswith("product/"):
            product[_SNAKE_NAMES[name].removeprefix("product_")] = value
    accounts = {account.account_id: account.name for account in bill.scope.accounts}
    converted["bill_payer_account_name"] = bill.scope.name
    converted["line_item_usage_account_name"] = accounts[str(row["lineItem/UsageAccountId"])]
    return converted


def _rows(bill: Bill, delivery_id: str, *, has_net: bool) -> Iterator[Row]:
    unused = _unused_by_fee(bill)
    common: Row = {
        "bill/InvoicingEntity": _ENTITY,
        "bill/BillingEntity": "AWS",
        "bill/BillType": "Anniversary",
        "bill/PayerAccountId": bill.scope.billing_account_id,
        "bill/BillingPeriodStartDate": midnight(bill.period),
        "bill/BillingPeriodEndDate": midnight(bill.end),
        "lineItem/CurrencyCode": bill.scope.currency,
        "lineItem/LegalEntity": _ENTITY,
    }
    if bill.is_final:
        number = int(digest(bill.scope.scope, bill.period, length=8), 16) % 10**9
        common["bill/InvoiceId"] = f"EUINAA{number:09d}"
    for index, charge in enumerate(bill.charges):
        if charge.kind is Kind.UNUSED:
            continue
        row = {**common, **_line(charge, delivery_id, index)}
        if has_net:
            row.update(_net(charge))
        if charge.commitment:
            row.update(_commitment(charge, unused, has_net=has_net))
        yield row


def _line(charge: Charge, delivery_id: str, index: int) -> Row:
    prefix = region_prefix("aws", charge.region)
    start, end = midnight(charge.start), midnight(charge.end)
    is_used = charge.kind in USED
    row: Row = {
        "identity/LineItemId": digest(delivery_id, index, length=52),
        "identity/TimeInterval": f"{start.isoformat()}Z/{end.isoformat()}Z",
        "lineItem/UsageAccountId": charge.account.account_id,
        "lineItem/LineItemType": _line_type(charge),
        "lineItem/UsageStartDate": start,
        "lineItem/UsageEndDate": end if is_used else end - _LAST_SECOND,
        "lineItem/ProductCode": charge.meter.service,
        "lineItem/UsageAmount": charge.quantity,
        "lineItem/UnblendedCost": charge.gross_cost,
        "lineItem/BlendedCost": charge.gross_cost,
        "lineItem/LineItemDescription": charge.description,
        "product/ProductName": AWS_SERVICES[charge.meter.service][0],
        "product/servicecode": charge.meter.service,
        "pricing/publicOnDemandCost": charge.list_cost if is_used else ZERO,
        "pricing/currency": "USD",
    }
    if charge.kind is Kind.TAX:
        row["lineItem/TaxType"] = "VAT"
        return row
    if charge.kind in {Kind.CREDIT, Kind.REFUND, Kind.SUPPORT}:
        return row
    row["lineItem/UsageType"] = prefix + charge.meter.usage_type
    row["lineItem/Operation"] = charge.meter.name
    row["pricing/unit"] = charge.meter.unit
    if is_used:
        row.update(_usage(charge, prefix))
    return row


@lru_cache
def _sku(usage_type: str, region: str) -> str:
    return digest("sku", usage_type, region, length=16).upper()


@lru_cache
def _subscription(account_id: str, sku: str) -> str:
    """Return the id of an account's use of a SKU: AWS writes it on demand, too."""
    return str(int(digest("subscription", account_id, sku, length=9), 16))


def _usage(charge: Charge, prefix: str) -> Row:
    sku = _sku(charge.meter.usage_type, charge.region)
    row: Row = {
        "lineItem/UnblendedRate": charge.list_price,
        "product/productFamily": charge.meter.family,
        "product/region": charge.region,
        "product/regionCode": charge.region,
        "product/location": region_name("aws", charge.region),
        "product/locationType": "AWS Region",
        "product/sku": sku,
        "product/usagetype": prefix + charge.meter.usage_type,
        "product/operation": charge.meter.name,
        "pricing/RateCode": f"{sku}.JRTCKXETXF.6YS6EN2CT7",
        "pricing/publicOnDemandRate": charge.list_price,
        "pricing/term": "OnDemand" if charge.kind is Kind.USAGE else "Reserved",
        "reservation/SubscriptionId": _subscription(charge.account.account_id, sku),
    }
    if charge.meter.size:
        row["product/instanceType"] = charge.meter.size
    if charge.resource:
        row["lineItem/ResourceId"] = charge.resource.billing_id
        row["lineItem/AvailabilityZone"] = charge.resource.zone
        for key, value in charge.resource.tags.items():
            row[_TAG + key] = value
    return row


def _line_type(charge: Charge) -> str:
    if charge.kind in _TYPES:
        return _TYPES[charge.kind]
    kind = charge.commitment.kind if charge.commitment else "reservation"
    return _COMMITMENT_TYPES[kind, charge.kind]


def _net(charge: Charge) -> Row:
    cost = charge.gross_cost if charge.kind is Kind.NEGATION else charge.billed_cost
    if charge.kind is Kind.PLANNED:
        cost = charge.gross_cost
    saved = cost - charge.gross_cost
    return {
        "lineItem/NetUnblendedCost": cost,
        "discount/EdpDiscount": saved,
        "discount/TotalDiscount": saved,
    }


_UnusedByFee = dict[tuple[str, object], tuple[Decimal, Decimal]]


def _unused_by_fee(bill: Bill) -> _UnusedByFee:
    """Add up what stayed unused per fee line, before and after private rates."""
    found: _UnusedByFee = defaultdict(lambda: (ZERO, ZERO))
    for charge in bill.charges:
        if charge.kind is Kind.UNUSED and charge.commitment:
            key = _fee_key(charge)
            gross, net = found[key]
            found[key] = gross + charge.gross_effective_cost, net + charge.effective_cost
    return found


def _fee_key(charge: Charge) -> tuple[str, object]:
    assert charge.commitment  # noqa: S101 - only charges of commitments have a fee
    is_daily = charge.commitment.kind == "savings_plan"
    return charge.commitment.commitment_id, charge.start if is_daily else None


def _commitment(charge: Charge, unused: _UnusedByFee, *, has_net: bool) -> Row:
    assert charge.commitment  # noqa: S101 - the caller checked it
    if charge.commitment.kind == "savings_plan":
        return _savings_plan(charge, unused)
    row: Row = {"reservation/ReservationARN": charge.commitment.commitment_id}
    is_upfront = bool(charge.commitment.upfront)
    if charge.kind is Kind.RESERVED:
        row["reservation/EffectiveCost"] = charge.gross_effective_cost
        part = "AmortizedUpfrontCostForUsage" if is_upfront else "RecurringFeeForUsage"
        row[f"reservation/{part}"] = charge.gross_effective_cost
        if has_net:
            row["reservation/NetEffectiveCost"] = charge.effective_cost
    if charge.kind is Kind.RECURRING_FEE:
        gross, net = unused[_fee_key(charge)]
        fields = "UnusedRecurringFee", "UnusedAmortizedUpfrontFeeForBillingPeriod"
        for field, is_own in zip(fields, (not is_upfront, is_upfront), strict=True):
            row[f"reservation/{field}"] = gross if is_own else ZERO
            if has_net:
                row[f"reservation/Net{field}"] = net if is_own else ZERO
        row["reservation/NumberOfReservations"] = str(charge.commitment.units)
    return row


def _savings_plan(charge: Charge, unused: _UnusedByFee) -> Row:
    assert charge.commitment  # noqa: S101 - the caller checked it
    row: Row = {
        "savingsPlan/SavingsPlanARN": charge.commitment.commitment_id,
        "savingsPlan/OfferingType": "ComputeSavingsPlans",
        "savingsPlan/PaymentOption": "No Upfront",
        "savingsPlan/PurchaseTerm": "1yr",
    }
    if charge.kind is Kind.PLANNED:
        row["savingsPlan/SavingsPlanEffectiveCost"] = charge.gross_effective_cost
        row["savingsPlan/SavingsPlanRate"] = charge.gross_effective_cost / charge.quantity
    if charge.kind is Kind.RECURRING_FEE:
        gross, _ = unused[_fee_key(charge)]
        row["savingsPlan/TotalCommitmentToDate"] = charge.gross_cost
        row["savingsPlan/RecurringCommitmentForBillingPeriod"] = charge.gross_cost
        row["savingsPlan/AmortizedUpfrontCommitmentForBillingPeriod"] = ZERO
        row["savingsPlan/UsedCommitment"] = charge.gross_cost - gross
    return row
