"""Makes reservations and savings plans that fit what a billing scope runs."""

from collections import Counter
from datetime import date, timedelta
from decimal import Decimal

from estate.catalogue import METERS, list_price
from estate.dice import dice, digest, guid
from estate.model import Account, Commitment, Resource

_RATE = Decimal("0.00001")
RESERVED_PART = Decimal("0.62")
PLAN_PART = Decimal("0.72")
_MACHINES = {"aws": "aws_instance", "azure": "azure_virtual_machine"}
_METER = {"aws": "ec2.{}", "azure": "vm.{}"}


def build_commitments(
    seed: str,
    provider: str,
    account: Account,
    resources: tuple[Resource, ...],
    traits: frozenset[str],
    first_day: date,
) -> tuple[Commitment, ...]:
    """Return the commitments that the traits name.

    Traits: `reservation` (bought long ago, no upfront), `upfront` (bought in the second month
    shown, all upfront), `savings_plan`. Each is sized so that a part of it stays unused at times.
    """
    running = [
        resource
        for resource in resources
        if resource.kind == _MACHINES[provider]
        and resource.schedule == "always"
        and resource.deleted is None
        and resource.created < first_day
    ]
    sizes = Counter((resource.region, resource.size) for resource in running).most_common(2)
    made = []
    if "reservation" in traits and sizes:
        (region, size), count = sizes[0]
        made.append(_reservation(seed, provider, account, region, size, count + 1, first_day, 0))
    if "upfront" in traits and len(sizes) > 1:
        (region, size), count = sizes[1]
        bought = (first_day + timedelta(days=32)).replace(day=10)
        made.append(_reservation(seed, provider, account, region, size, count, bought, 1))
    if "savings_plan" in traits:
        made.append(_savings_plan(seed, provider, account, running, first_day))
    return tuple(made)


def _reservation(
    seed: str,
    provider: str,
    account: Account,
    region: str,
    size: str,
    units: int,
    day: date,
    number: int,
) -> Commitment:
    price = list_price(METERS[provider][_METER[provider].format(size)], region)
    rate = (price * RESERVED_PART).quantize(_RATE)
    is_upfront = number == 1
    unique = guid(seed, "reservation", number)
    arn = f"arn:aws:ec2:{region}:{account.account_id}:reserved-instances/{unique}"
    order = guid(seed, "order", number)
    arm = f"/providers/Microsoft.Capacity/reservationOrders/{order}/reservations/{unique}"
    return Commitment(
        commitment_id=arn if provider == "aws" else arm,
        name=f"VM_RI_{size}_{number + 1}",
        kind="reservation",
        account=account,
        region=region,
        size=size,
        units=units,
        recurring=Decimal(0) if is_upfront else rate,
        upfront=rate if is_upfront else Decimal(0),
        start=day if is_upfront else day - timedelta(days=100),
    )


def _savings_plan(
    seed: str, provider: str, account: Account, running: list[Resource], first_day: date
) -> Commitment:
    prices = [
        list_price(METERS[provider][_METER[provider].format(resource.size)], resource.region)
        for resource in running
    ]
    share = Decimal(str(round(dice(seed, "plan").uniform(0.35, 0.5), 2)))
    hourly = (sum(prices, Decimal("0.2")) * PLAN_PART * share).quantize(Decimal("0.001"))
    unique = guid(seed, "plan")
    arn = f"arn:aws:savingsplans::{account.account_id}:savingsplan/{unique}"
    order = digest(seed, "plan order", length=12)
    arm = (
        f"/providers/Microsoft.BillingBenefits/savingsPlanOrders/{guid(order)}"
        f"/savingsPlans/{unique}"
    )
    return Commitment(
        commitment_id=arn if provider == "aws" else arm,
        name="Compute_SavingsPlan_1",
        kind="savings_plan",
        account=account,
        region="",
        size="",
        units=1,
        recurring=hourly,
        upfront=Decimal(0),
        start=first_day - timedelta(days=60),
    )
