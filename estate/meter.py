"""One thing that the simulated clouds charge for."""

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Meter:
    """One thing that is charged for, in its provider's words.

    Attributes:
        service: AWS product code, Azure meter category.
        family: AWS product family, Azure service family.
        usage_type: AWS usage type without region, Azure meter subcategory.
        name: AWS operation, Azure meter name.
        unit: Unit that the price is for.
        price: Public price per unit, USD.
        size: Instance type or VM size.
        arm_type: Azure resource type.
    """

    provider: str
    service: str
    family: str
    usage_type: str
    name: str
    unit: str
    price: Decimal
    size: str = ""
    arm_type: str = ""
