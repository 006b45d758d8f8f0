"""Applies commitments to a day's use: reservations first, then savings plans on what is left."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from decimal import ROUND_DOWN, Decimal

from estate.catalogue import list_price
from estate.commitments import PLAN_PART
from estate.meter import Meter
from estate.model import Commitment, Resource

_PLACES = Decimal("0.0001")
_RATE = Decimal("0.00001")
DAY_HOURS = Decimal(24)


@dataclass(frozen=True, slots=True)
class Part:
    """A quantity of one meter that one price applies to.

    Attributes:
        commitment: What covers it; None if nothing does.
        rate: Amortized price per unit under the commitment, in pricing currency.
    """

    resource: Resource
    meter: Meter
    quantity: Decimal
    commitment: Commitment | None = None
    rate: Decimal = Decimal(0)


@dataclass(frozen=True, slots=True)
class Unused:
    """What of a commitment nothing used: hours of a reservation, or money of a savings plan."""

    commitment: Commitment
    quantity: Decimal
    rate: Decimal


def cover(
    parts: Iterable[Part], commitments: Iterable[Commitment], day: date, fraction: Decimal
) -> tuple[list[Part], list[Unused]]:
    """Split a day's use into covered and other parts, and say what stayed unused."""
    left, covered, unused = list(parts), list[Part](), list[Unused]()
    for commitment in sorted(commitments, key=lambda found: found.kind):
        if commitment.start <= day:
            apply = _reserve if commitment.kind == "reservation" else _plan
            taken, left, spare = apply(commitment, left, fraction)
            covered.extend(taken)
            if spare.quantity:
                unused.append(spare)
    return covered + left, unused


def _reserve(
    commitment: Commitment, parts: list[Part], fraction: Decimal
) -> tuple[list[Part], list[Part], Unused]:
    hours = commitment.units * DAY_HOURS * fraction
    taken, left = list[Part](), list[Part]()
    for part in parts:
        is_fit = part.meter.size == commitment.size and part.resource.region == commitment.region
        quantity = min(part.quantity, hours) if is_fit else Decimal(0)
        hours -= quantity
        _split(part, quantity, commitment, commitment.hourly, taken, left)
    return taken, left, Unused(commitment, hours, commitment.hourly)


def _plan(
    commitment: Commitment, parts: list[Part], fraction: Decimal
) -> tuple[list[Part], list[Part], Unused]:
    money = commitment.hourly * DAY_HOURS * fraction
    taken, left = list[Part](), list[Part]()
    for part in parts:
        quantity, rate = Decimal(0), Decimal(0)
        if part.resource.kind in {"aws_instance", "azure_virtual_machine"} and part.meter.size:
            rate = (list_price(part.meter, part.resource.region) * PLAN_PART).quantize(_RATE)
            quantity = min(part.quantity, (money / rate).quantize(_PLACES, ROUND_DOWN))
            money -= quantity * rate
        _split(part, quantity, commitment, rate, taken, left)
    return taken, left, Unused(commitment, money, Decimal(1))


def _split(
    part: Part,
    quantity: Decimal,
    commitment: Commitment,
    rate: Decimal,
    taken: list[Part],
    left: list[Part],
) -> None:
    if quantity:
        taken.append(replace(part, quantity=quantity, commitment=commitment, rate=rate))
    if quantity < part.quantity:
        left.append(replace(part, quantity=part.quantity - quantity))
