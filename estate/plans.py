"""The estates that can be built, as data: who is served, in which formats they are billed."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class ScopePlan:
    """One bill of a tenant: its format and what it shows.

    Attributes:
        traits: Any of reservation, upfront, savings_plan, private_rate, credits, refunds, tax,
            support, restated.
        mover: What changes near the end: usage, price, new, gone, or empty.
    """

    provider: str
    format: str
    container: str
    traits: str = ""
    mover: str = ""
    accounts: int = 2
    currency: str = "USD"
    keeps_versions: bool = False


@dataclass(frozen=True, slots=True)
class TenantPlan:
    """A tenant and its bills."""

    tenant_id: str
    name: str
    scopes: tuple[ScopePlan, ...]


@dataclass(frozen=True, slots=True)
class PartnerPlan:
    """A partner and its tenants."""

    partner_id: str
    name: str
    tenants: tuple[TenantPlan, ...]


@dataclass(frozen=True, slots=True)
class EstatePlan:
    """An estate: partners, resources per bill, and days kept of month-to-date deliveries."""

    partners: tuple[PartnerPlan, ...]
    resources: int
    snapshots: int = field(default=3)


_HARBOR = PartnerPlan(
    "harbor-cloud",
    "Harbor Cloud Partners",
    (
        TenantPlan(
            "acorn-retail",
            "Acorn Retail",
            (
                ScopePlan(
                    "aws",
                    "cur_legacy",
                    "csv.gz",
                    "reservation savings_plan credits refunds tax support restated",
                    "usage",
                    accounts=3,
                    keeps_versions=True,
                ),
            ),
        ),
        TenantPlan(
            "orchard-foods",
            "Orchard Foods",
            (
                ScopePlan("aws", "cur_2_0", "parquet", "savings_plan upfront tax", "new"),
                ScopePlan("azure", "azure_ea", "csv", "reservation refunds", "gone", accounts=2),
            ),
        ),
        TenantPlan(
            "lumen-health",
            "Lumen Health",
            (
                ScopePlan(
                    "aws",
                    "cur_legacy",
                    "zip",
                    "private_rate reservation credits tax",
                    "price",
                    accounts=2,
                ),
            ),
        ),
        TenantPlan(
            "tidewater-games",
            "Tidewater Games",
            (ScopePlan("aws", "focus_1_0", "parquet", "savings_plan credits", "usage"),),
        ),
    ),
)
_BLUEFIN = PartnerPlan(
    "bluefin-advisory",
    "Bluefin Advisory",
    (
        TenantPlan(
            "polder-logistics",
            "Polder Logistics",
            (
                ScopePlan(
                    "azure",
                    "azure_mca",
                    "parquet",
                    "private_rate reservation savings_plan upfront",
                    "price",
                    accounts=2,
                    currency="EUR",
                ),
            ),
        ),
        TenantPlan(
            "kestrel-air",
            "Kestrel Air",
            (
                ScopePlan(
                    "aws",
                    "cur_2_0",
                    "csv.gz",
                    "reservation upfront refunds support tax",
                    "gone",
                    accounts=2,
                    keeps_versions=True,
                ),
            ),
        ),
        TenantPlan(
            "fjord-energy",
            "Fjord Energy",
            (
                ScopePlan(
                    "azure",
                    "azure_ea",
                    "csv.gz",
                    "private_rate reservation savings_plan restated refunds",
                    "usage",
                    accounts=3,
                    keeps_versions=True,
                ),
            ),
        ),
        TenantPlan(
            "saffron-media",
            "Saffron Media",
            (ScopePlan("aws", "focus_1_2", "csv.gz", "reservation tax credits", "new", 2),),
        ),
    ),
)
_MERIDIAN = PartnerPlan(
    "meridian-msp",
    "Meridian MSP",
    (
        TenantPlan(
            "quarry-build",
            "Quarry Build",
            (ScopePlan("aws", "cur_legacy", "parquet", "savings_plan upfront tax", "usage", 2),),
        ),
        TenantPlan(
            "willow-bank",
            "Willow Bank",
            (ScopePlan("azure", "focus_1_0", "csv.gz", "reservation savings_plan", "gone", 2),),
        ),
        TenantPlan(
            "mosaic-learning",
            "Mosaic Learning",
            (
                ScopePlan("azure", "focus_1_2", "parquet", "reservation upfront", "new"),
                ScopePlan("azure", "azure_mca", "csv", "savings_plan", "usage"),
            ),
        ),
        TenantPlan(
            "amber-labs",
            "Amber Labs",
            (ScopePlan("aws", "focus_1_1", "csv", "savings_plan refunds", "gone"),),
        ),
    ),
)

_SMALL = (
    PartnerPlan(
        "aurora",
        "Aurora Consulting",
        (
            TenantPlan(
                "birch",
                "Birch & Co",
                (
                    ScopePlan(
                        "aws",
                        "cur_legacy",
                        "csv.gz",
                        "reservation savings_plan upfront credits refunds tax support restated",
                        "usage",
                        accounts=2,
                        keeps_versions=True,
                    ),
                ),
            ),
            TenantPlan(
                "cedar",
                "Cedar Labs",
                (
                    ScopePlan(
                        "azure",
                        "azure_ea",
                        "csv",
                        "private_rate reservation savings_plan refunds",
                        "new",
                    ),
                ),
            ),
        ),
    ),
    PartnerPlan(
        "borealis",
        "Borealis MSP",
        (
            TenantPlan(
                "birch",
                "Birch Works",
                (
                    ScopePlan("aws", "cur_2_0", "parquet", "private_rate reservation tax", "price"),
                    ScopePlan(
                        "azure",
                        "azure_mca",
                        "csv.gz",
                        "reservation upfront restated",
                        "gone",
                        currency="EUR",
                        keeps_versions=True,
                    ),
                ),
            ),
            TenantPlan(
                "dune",
                "Dune Travel",
                (ScopePlan("azure", "focus_1_2", "csv", "reservation savings_plan", "usage"),),
            ),
        ),
    ),
)

_FACTORS = {"1x": 1, "4x": 4, "16x": 16}
SIZES = ("small", "demo", *_FACTORS)


def estate_plan(size: str) -> EstatePlan:
    """Return the plan of a size: small, demo, or 1x, 4x, 16x of one partner.

    Raises:
        ValueError: The size is not one of these.
    """
    if size == "small":
        return EstatePlan(_SMALL, resources=10, snapshots=2)
    if size == "demo":
        return EstatePlan((_HARBOR, _BLUEFIN, _MERIDIAN), resources=26)
    if size in _FACTORS:
        return EstatePlan((_HARBOR,), resources=60 * _FACTORS[size], snapshots=1)
    raise ValueError(f"no estate of size {size!r}; take one of {', '.join(SIZES)}")
