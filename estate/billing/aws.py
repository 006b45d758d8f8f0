"""What AWS charges: usage, commitments, and the charges that come once a month."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

from estate.aws_meters import AWS_METERS
from estate.billing.charges import COMMITTED, ZERO, Charge, Kind
from estate.billing.cover import DAY_HOURS, Part, Unused, cover
from estate.catalogue import list_price
from estate.meter import Meter
from estate.model import Account, BillingScope, Commitment
from estate.usage import metered

_PLACES = Decimal("0.0000000001")
_CENT = Decimal("0.01")
_TERM_HOURS = 8760
_ONE_DAY = timedelta(days=1)
_LATE = frozenset({"AmazonS3", "AmazonCloudWatch"})


def day_charges(scope: BillingScope, day: date, fraction: Decimal) -> Iterator[Charge]:
    """Yield what one day costs; an incomplete day lacks the services that report late."""
    parts = [
        Part(resource, meter, quantity)
        for resource in scope.resources
        for _, meter, quantity in metered(resource, day, fraction)
        if fraction == 1 or meter.service not in _LATE
    ]
    used, unused = cover(parts, scope.commitments, day, fraction)
    charges = [_used(scope, day, part) for part in used]
    yield from charges
    yield from _negations(charge for charge in charges if charge.kind is Kind.PLANNED)
    for spare in unused:
        yield _unused(scope, day, spare)
    for commitment in scope.commitments:
        if commitment.kind == "savings_plan" and commitment.start <= day:
            cost = commitment.recurring * DAY_HOURS * fraction
            yield _fee(scope, Kind.RECURRING_FEE, commitment, day, day + _ONE_DAY, cost)


def _used(scope: BillingScope, day: date, part: Part) -> Charge:
    region = part.resource.region
    public = list_price(part.meter, region)
    list_cost = (part.quantity * public).quantize(_PLACES)
    commitment = part.commitment
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
        price=public,
        list_cost=list_cost,
        contracted_cost=list_cost,
        billed_cost=ZERO,
        effective_cost=ZERO,
        gross_cost=list_cost,
        gross_effective_cost=list_cost,
        commitment=commitment,
        description=f"${public:f} per {part.meter.usage_type} {part.meter.unit}",
    )
    if commitment is None:
        kept = 1 - scope.terms.discount_on(day)
        net = (list_cost * kept).quantize(_PLACES)
        return replace(
            charge, price=public * kept, contracted_cost=net, billed_cost=net, effective_cost=net
        )
    gross = part.quantity * part.rate
    is_plan = commitment.kind == "savings_plan"
    return replace(
        charge,
        kind=Kind.PLANNED if is_plan else Kind.RESERVED,
        gross_cost=list_cost if is_plan else ZERO,
        gross_effective_cost=gross,
        effective_cost=gross * (1 - scope.terms.discount),
        description=f"{part.meter.usage_type} covered by {commitment.name}",
    )


def _negations(covered: Iterable[Charge]) -> Iterator[Charge]:
    groups: dict[tuple[str, str, str], list[Charge]] = defaultdict(list)
    for charge in covered:
        groups[charge.account.account_id, charge.region, charge.meter.usage_type].append(charge)
    for group in groups.values():
        first = group[0]
        yield replace(
            first,
            kind=Kind.NEGATION,
            resource=None,
            quantity=sum((charge.quantity for charge in group), ZERO),
            list_cost=ZERO,
            contracted_cost=ZERO,
            effective_cost=ZERO,
            gross_effective_cost=ZERO,
            gross_cost=-sum((charge.gross_cost for charge in group), ZERO),
            description=f"SavingsPlanNegation used by AccountId : {first.account.account_id}",
        )


def _fee_meter(commitment: Commitment) -> Meter:
    key = "savings_plan" if commitment.kind == "savings_plan" else f"ec2.{commitment.size}"
    return AWS_METERS[key]


def _fee(
    scope: BillingScope, kind: Kind, commitment: Commitment, start: date, end: date, cost: Decimal
) -> Charge:
    net = cost * (1 - scope.terms.discount)
    hours = DAY_HOURS * (end - start).days * commitment.units
    return Charge(
        kind=kind,
        account=commitment.account,
        start=start,
        end=end,
        meter=_fee_meter(commitment),
        region=commitment.region,
        resource=None,
        quantity=Decimal(commitment.units) if kind is Kind.UPFRONT_FEE else hours,
        list_price=ZERO,
        price=ZERO,
        list_cost=cost,
        contracted_cost=net,
        billed_cost=net,
        effective_cost=ZERO,
        gross_cost=cost,
        gross_effective_cost=ZERO,
        commitment=commitment,
        description=f"{kind.value.capitalize()} ({commitment.name})",
    )


def _unused(scope: BillingScope, day: date, spare: Unused) -> Charge:
    gross = spare.quantity * spare.rate
    charge = _fee(scope, Kind.UNUSED, spare.commitment, day, day + _ONE_DAY, ZERO)
    return replace(
        charge,
        quantity=spare.quantity,
        effective_cost=gross * (1 - scope.terms.discount),
        gross_effective_cost=gross,
    )


def month_charges(
    scope: BillingScope, period: date, end: date, as_of: date, daily: list[Charge]
) -> Iterator[Charge]:
    """Yield the charges of a month that are not made by the day, as known on a day.

    Args:
        scope: Who is billed.
        period: First day of the month.
        end: First day of the next one.
        as_of: Last day that is known.
        daily: The month's daily charges so far.
    """
    reserved = list(_reservation_fees(scope, period, end, as_of))
    yield from reserved
    if "support" in scope.terms.traits and as_of >= end:
        billed = sum((charge.billed_cost for charge in daily), ZERO)
        cost = max(Decimal(100), (billed * Decimal("0.1")).quantize(_CENT))
        yield _plain(scope, Kind.SUPPORT, "support", period, end, cost, "AWS Support (Business)")
    if "credits" in scope.terms.traits and as_of >= period.replace(day=15):
        day = period.replace(day=15)
        yield _plain(
            scope, Kind.CREDIT, "egress", day, day + _ONE_DAY, Decimal("-75.5"), "AWS Activate"
        )
    if scope.terms.tax_rate:
        yield from _taxes(scope, period, end, [*daily, *reserved])


def correction(scope: BillingScope, end: date, daily: list[Charge]) -> Charge:
    """Return the refund that AWS posts into a month after its invoice."""
    billed = sum(
        (charge.billed_cost for charge in daily if charge.meter.service == "AmazonEC2"), ZERO
    )
    cost = -(billed * Decimal("0.03")).quantize(_CENT)
    return _plain(
        scope, Kind.REFUND, "egress", end - _ONE_DAY, end, cost, "Refund for service interruption"
    )


def refund(scope: BillingScope, period: date) -> Charge:
    """Return a refund within an open month."""
    day = period.replace(day=20)
    return _plain(
        scope, Kind.REFUND, "s3.storage", day, day + _ONE_DAY, Decimal("-18.4"), "Refund (storage)"
    )


def _reservation_fees(
    scope: BillingScope, period: date, end: date, as_of: date
) -> Iterator[Charge]:
    for commitment in scope.commitments:
        if commitment.kind != "reservation" or commitment.start > min(as_of, end - _ONE_DAY):
            continue
        start = max(period, commitment.start)
        hours = DAY_HOURS * (end - start).days * commitment.units
        cost = commitment.recurring * hours
        yield _fee(scope, Kind.RECURRING_FEE, commitment, start, end, cost)
        if commitment.upfront and commitment.start >= period:
            cost = commitment.upfront * commitment.units * _TERM_HOURS
            yield _fee(scope, Kind.UPFRONT_FEE, commitment, start, start + _ONE_DAY, cost)


def _taxes(scope: BillingScope, period: date, end: date, charges: list[Charge]) -> Iterator[Charge]:
    bases: dict[tuple[Account, str], Decimal] = defaultdict(Decimal)
    meters: dict[str, Meter] = {}
    for charge in charges:
        if charge.kind not in COMMITTED:
            bases[charge.account, charge.meter.service] += charge.billed_cost
            meters.setdefault(charge.meter.service, charge.meter)
    for (account, service), base in bases.items():
        cost = (base * scope.terms.tax_rate).quantize(_CENT)
        text = f"Tax for product code {service}"
        charge = _plain(scope, Kind.TAX, "egress", period, end, cost, text)
        yield replace(charge, account=account, meter=meters[service], quantity=Decimal(1))


def _plain(
    scope: BillingScope, kind: Kind, meter: str, start: date, end: date, cost: Decimal, text: str
) -> Charge:
    return Charge(
        kind=kind,
        account=scope.accounts[0],
        start=start,
        end=end,
        meter=AWS_METERS[meter],
        region="",
        resource=None,
        quantity=Decimal(1),
        list_price=ZERO,
        price=ZERO,
        list_cost=ZERO,
        contracted_cost=cost,
        billed_cost=cost,
        effective_cost=cost,
        gross_cost=cost,
        gross_effective_cost=cost,
        commitment=None,
        description=text,
    )
