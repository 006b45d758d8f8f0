"""What the tiers of managed disks provide: the limits that Azure documents for each size."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class DiskTier:
    """One tier: its SKU, size in GiB, and what it sustains a second."""

    sku_name: str
    size_gib: int
    iops: int
    throughput_mbps: int

    @property
    def is_premium(self) -> bool:
        """Whether it is a Premium SSD, the only kind that Azure names the tier of."""
        return self.sku_name.startswith("Premium")


_PREMIUM = {
    "P4": (32, 120, 25),
    "P6": (64, 240, 50),
    "P10": (128, 500, 100),
    "P15": (256, 1100, 125),
    "P20": (512, 2300, 150),
    "P30": (1024, 5000, 200),
    "P40": (2048, 7500, 250),
    "P50": (4096, 7500, 250),
}
_SIZES = {"4": 32, "6": 64, "10": 128, "15": 256, "20": 512, "30": 1024, "40": 2048, "50": 4096}
TIERS = {
    **{tier: DiskTier("Premium_LRS", *limits) for tier, limits in _PREMIUM.items()},
    **{f"E{n}": DiskTier("StandardSSD_LRS", gib, 500, 100) for n, gib in _SIZES.items()},
    **{f"S{n}": DiskTier("Standard_LRS", gib, 500, 60) for n, gib in _SIZES.items()},
}
