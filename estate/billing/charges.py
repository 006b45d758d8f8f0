"""The neutral model of a bill: charges with the four costs of FOCUS, in decimals."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from estate.meter import Meter
from estate.model import Account, BillingScope, Commitment, Resource

ZERO = Decimal(0)


class Kind(StrEnum):
    """What a charge is for; each format has its own words for it."""

    USAGE = "usage"
    RESERVED = "reserved usage"
    PLANNED = "usage under a savings plan"
    NEGATION = "negation of usage under a savings plan"
    UNUSED = "unused part of a commitment"
    RECURRING_FEE = "recurring fee of a commitment"
    UPFRONT_FEE = "upfront fee of a commitment"
    COMMITMENT_REFUND = "refund of a commitment"
    PURCHASE = "purchase of anything else"
    SUPPORT = "support fee"
    CREDIT = "credit"
    REFUND = "refund of usage"
    TAX = "tax"
    ROUNDING = "rounding"


USED = frozenset({Kind.USAGE, Kind.RESERVED, Kind.PLANNED})
COMMITTED = frozenset({Kind.RESERVED, Kind.PLANNED, Kind.UNUSED})
FEES = frozenset({Kind.RECURRING_FEE, Kind.UPFRONT_FEE, Kind.COMMITMENT_REFUND})


@dataclass(frozen=True, slots=True)
class Charge:
    """One charge. Amounts are in billing currency, prices in pricing currency per meter unit.

    Attributes:
        start: First day charged for.
        end: Day after the last one.
        list_price: Public price.
        price: Price that applies without commitments: public, or negotiated.
        list_cost: Quantity times public price; a commitment's fee for its purchase.
        contracted_cost: Quantity times negotiated price.
        billed_cost: What is invoiced.
        effective_cost: Billed cost with commitments spread over what they cover.
        gross_cost: What AWS calls unblended: before private rates are taken off.
        gross_effective_cost: Effective cost before private rates are taken off.
    """

    kind: Kind
    account: Account
    start: date
    end: date
    meter: Meter
    region: str
    resource: Resource | None
    quantity: Decimal
    list_price: Decimal
    price: Decimal
    list_cost: Decimal
    contracted_cost: Decimal
    billed_cost: Decimal
    effective_cost: Decimal
    gross_cost: Decimal
    gross_effective_cost: Decimal
    commitment: Commitment | None
    description: str


@dataclass(frozen=True, slots=True)
class Bill:
    """Everything charged to a billing scope in one month, as known on a day.

    Attributes:
        period: First day of the month.
        end: First day of the next one.
        as_of: Last day that it has charges for; that day is incomplete unless the month is over.
        is_final: Whether the invoice was issued.
    """

    scope: BillingScope
    period: date
    end: date
    as_of: date
    is_final: bool
    charges: tuple[Charge, ...]
