"""What the simulated clouds sell: meters with public list prices, declared as data.

Prices are public list prices in USD of us-east-1 and East US; other regions cost the factor in
`REGIONS` more. They are rounded facts of 2026 for a simulation, not a price list to quote.
"""

from dataclasses import dataclass
from decimal import Decimal

from estate.aws_meters import AWS_METERS
from estate.azure_meters import AZURE_METERS
from estate.meter import Meter


@dataclass(frozen=True, slots=True)
class Region:
    """A region, the name prices use for it, its usage type prefix and its price level."""

    region_id: str
    name: str
    prefix: str
    factor: Decimal


def _regions(*rows: tuple[str, str, str, str]) -> dict[str, Region]:
    return {row[0]: Region(row[0], row[1], row[2], Decimal(row[3])) for row in rows}


REGIONS = {
    "aws": _regions(
        ("us-east-1", "US East (N. Virginia)", "", "1"),
        ("us-west-2", "US West (Oregon)", "USW2-", "1"),
        ("eu-west-1", "Europe (Ireland)", "EU-", "1.1"),
        ("eu-central-1", "Europe (Frankfurt)", "EUC1-", "1.2"),
    ),
    "azure": _regions(
        ("eastus", "East US", "US East", "1"),
        ("westus2", "West US 2", "US West 2", "1"),
        ("westeurope", "West Europe", "EU West", "1.2"),
        ("northeurope", "North Europe", "EU North", "1.1"),
    ),
}


METERS = {"aws": AWS_METERS, "azure": AZURE_METERS}


def list_price(meter: Meter, region: str) -> Decimal:
    """Return the public price of a meter in a region, USD per unit."""
    known = REGIONS[meter.provider].get(region)
    return (meter.price * known.factor if known else meter.price).normalize()
