"""What Azure charges: usage, commitments, and the purchases of a month.

A cost is quantity times price times exchange rate, without rounding; Azure's exports hold no tax,
support or credit.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

from estate.azure_meters import AZURE_METERS
from estate.billing.charges import ZERO, Charge, Kind
from estate.billing.cover import Part, Unused, cover
from estate.catalogue import list_price
from estate.meter import Meter
from estate.model import BillingScope, Commitment
from estate.usage import metered

_PRICE = Decimal("0.00001")
_MONTH_HOURS = 730
_TERM_HOURS = 8760
_ONE_DAY = timedelta(days=1)
_LATE = frozenset({"Storage"})
_RERATED = Decimal("0.97")


def day_charges(
    scope: BillingScope, day: date, fraction: Decimal, *, is_rerated: bool
) -> Iterator[Charge]:
    """Yield what one day costs.

    Args:
        scope: Who is billed.
        day: The day.
        fraction: Part of the day that was metered so far.
        is_rerated: Whether machines are charged at the price that was corrected later.
    """
    parts = [
        Part(resource, meter, quantity)
        for resource in scope.resources
        for _, meter, quantity in metered(resource, day, fraction)
        if fraction == 1 or meter.service not in _LATE
    ]
    used, unused = cover(parts, scope.commitments, day, fraction)
    for part in used:
        yield _used(scope, day, part, is_rerated=is_rerated)
    for spare in unused:
        yield _unused(scope, day, spare)


def _used(scope: BillingScope, day: date, part: Part, *, is_rerated: bool) -> Charge:
    region, rate = part.resource.region, scope.terms.exchange_rate
    public = list_price(part.meter, region)
    price = (public * (1 - scope.terms.discount_on(day))).quantize(_PRICE).normalize()
    if is_rerated and part.meter.size:
        price = (price * _RERATED).quantize(_PRICE).normalize()
    contracted = part.quantity * price * rate
    charge = Charge(
        kind=Kind.USAGE,
        account=part.resource.account,
        start=day,
        end=day + _ONE_DAY,
        meter=part.meter,
        region=region,
        resource=part.resource,
        quantity=part.quantity,
        list_price=public,
        price=price,
        list_cost=part.quantity * public * rate,
        contracted_cost=contracted,
        billed_cost=contracted,
        effective_cost=contracted,
        gross_cost=contracted,
        gross_effective_cost=contracted,
        commitment=part.commitment,
        description=_product(part.meter, region),
    )
    if part.commitment is None:
        return charge
    is_plan = part.commitment.kind == "savings_plan"
    amortized = part.quantity * part.rate * rate
    return replace(
        charge,
        kind=Kind.PLANNED if is_plan else Kind.RESERVED,
        billed_cost=ZERO,
        gross_cost=ZERO,
        effective_cost=amortized,
        gross_effective_cost=amortized,
    )


def _product(meter: Meter, region: str) -> str:
    return " - ".join(filter(None, (meter.service, meter.usage_type, meter.name, region)))


def _unused(scope: BillingScope, day: date, spare: Unused) -> Charge:
    charge = _purchase(scope, Kind.UNUSED, _fee_meter(spare.commitment), day, ZERO)
    cost = spare.quantity * spare.rate * scope.terms.exchange_rate
    return replace(
        charge,
        account=spare.commitment.account,
        region=spare.commitment.region,
        commitment=spare.commitment,
        quantity=spare.quantity,
        price=spare.rate,
        effective_cost=cost,
        gross_effective_cost=cost,
    )


def _fee_meter(commitment: Commitment) -> Meter:
    key = "savings_plan" if commitment.kind == "savings_plan" else f"vm.{commitment.size}"
    return AZURE_METERS[key]


def month_charges(scope: BillingScope, period: date, end: date, as_of: date) -> Iterator[Charge]:
    """Yield the charges of a month that are not made by the day, as known on a day."""
    for commitment in scope.commitments:
        yield from _fees(scope, commitment, period, end, as_of)
    if as_of >= period.replace(day=5):
        meter = AZURE_METERS["marketplace"]
        yield _purchase(scope, Kind.PURCHASE, meter, period.replace(day=5), meter.price)
    if scope.export.format == "azure_mca" and as_of >= end:
        yield _purchase(
            scope, Kind.ROUNDING, AZURE_METERS["rounding"], end - _ONE_DAY, Decimal("0.0043")
        )


def refund(scope: BillingScope, period: date) -> Charge | None:
    """Return what is paid back for hours of a reservation; None without reservations."""
    for commitment in scope.commitments:
        if commitment.kind == "reservation":
            price = -commitment.hourly * 200
            day = period.replace(day=18)
            return _commitment_fee(scope, Kind.COMMITMENT_REFUND, commitment, day, price)
    return None


def _fees(
    scope: BillingScope, commitment: Commitment, period: date, end: date, as_of: date
) -> Iterator[Charge]:
    day = period.replace(day=min(commitment.start.day, 28))
    if not commitment.start <= day <= as_of:
        return
    if commitment.recurring:
        price = commitment.recurring * _MONTH_HOURS
        yield _commitment_fee(scope, Kind.RECURRING_FEE, commitment, day, price)
    if commitment.upfront and period <= commitment.start < end:
        price = commitment.upfront * _TERM_HOURS
        yield _commitment_fee(scope, Kind.UPFRONT_FEE, commitment, day, price)


def _commitment_fee(
    scope: BillingScope, kind: Kind, commitment: Commitment, day: date, price: Decimal
) -> Charge:
    charge = _purchase(scope, kind, _fee_meter(commitment), day, price, commitment.units)
    return replace(
        charge,
        account=commitment.account,
        region=commitment.region,
        commitment=commitment,
        effective_cost=ZERO,
        gross_effective_cost=ZERO,
    )


def _purchase(
    scope: BillingScope, kind: Kind, meter: Meter, day: date, price: Decimal, units: int = 1
) -> Charge:
    cost = price * units * scope.terms.exchange_rate
    return Charge(
        kind=kind,
        account=scope.accounts[0],
        start=day,
        end=day + _ONE_DAY,
        meter=meter,
        region="",
        resource=None,
        quantity=Decimal(units),
        list_price=ZERO,
        price=price,
        list_cost=cost,
        contracted_cost=cost,
        billed_cost=cost,
        effective_cost=cost,
        gross_cost=cost,
        gross_effective_cost=cost,
        commitment=None,
        description=_product(meter, ""),
    )
