"""What costs can be grouped and filtered by, and which amounts there are."""

from dataclasses import dataclass

TAG_PREFIX = "tag:"


@dataclass(frozen=True)
class Dimension:
    """One column to group or filter by.

    Attributes:
        key: Its name in the address.
        label: Its name on the page.
        column: Its column in the cost marts.
        has_choices: Whether its values are few enough to choose from a list.
    """

    key: str
    label: str
    column: str
    has_choices: bool = True


@dataclass(frozen=True)
class CostType:
    """One of the four amounts of a line.

    Attributes:
        key: Its name in the address.
        label: Its name on the page.
        column: Its column in the cost marts.
        unknown_column: Column that counts lines whose amount is unknown, if there can be any.
        meaning: What it says, in a sentence.
        twice_column: Column of the part that is in it twice, if there can be one: what buys a
            commitment has a price, and so has the usage that it covers.
    """

    key: str
    label: str
    column: str
    unknown_column: str | None
    meaning: str
    twice_column: str | None = None

    @property
    def amount(self) -> str:
        """What is summed, as SQL over a cost mart."""
        return f"{self.column} - {self.twice_column}" if self.twice_column else self.column


_DIMENSIONS = (
    Dimension("tenant", "Tenant", "tenant_id"),
    Dimension("provider", "Provider", "provider"),
    Dimension("account", "Sub account", "sub_account_id"),
    Dimension("service", "Service", "service_name"),
    Dimension("category", "Service category", "service_category"),
    Dimension("region", "Region", "region_id"),
    Dimension("charge", "Charge category", "charge_category"),
    Dimension("pricing", "Pricing category", "pricing_category"),
    Dimension("commitment", "Commitment status", "commitment_discount_status"),
    Dimension("resource", "Resource", "resource_id", has_choices=False),
)
DIMENSIONS = {dimension.key: dimension for dimension in _DIMENSIONS}

_COST_TYPES = (
    CostType(
        "effective",
        "Effective cost",
        "effective_cost",
        "unknown_effective_count",
        "Billed cost with prepaid commitments spread over the usage they cover.",
    ),
    CostType(
        "billed",
        "Billed cost",
        "billed_cost",
        None,
        "What the invoice is based on: after discounts, upfront payments on the day they are made.",
    ),
    CostType(
        "list",
        "List cost",
        "list_cost",
        "unknown_list_count",
        "Quantity times the public price, before any discount; without what buys commitments, as "
        "the usage they cover has its own price.",
        "commitment_purchase_list_cost",
    ),
    CostType(
        "contracted",
        "Contracted cost",
        "contracted_cost",
        "unknown_contracted_count",
        "Quantity times the negotiated price, before commitment discounts; without what buys "
        "commitments, as the usage they cover has its own price.",
        "commitment_purchase_contracted_cost",
    ),
)
COST_TYPES = {cost_type.key: cost_type for cost_type in _COST_TYPES}


def is_tag(key: str) -> bool:
    """Return whether the key names a tag, as in `tag:environment`."""
    return key.startswith(TAG_PREFIX) and len(key) > len(TAG_PREFIX)


def is_grouping(key: str) -> bool:
    """Return whether costs can be grouped and filtered by the key."""
    return key in DIMENSIONS or is_tag(key)


def label(key: str) -> str:
    """Return the name of a dimension or tag on the page; a tag's key is a stranger's text."""
    return DIMENSIONS[key].label if key in DIMENSIONS else f"Tag {key.removeprefix(TAG_PREFIX)}"


def needs_resources(keys: frozenset[str]) -> bool:
    """Return whether the keys ask for more than the summary by day holds."""
    return any(key == "resource" or is_tag(key) for key in keys)
