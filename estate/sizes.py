"""Machine types, VM sizes and disk tiers that the simulated clouds sell, with their list prices.

On-demand Linux prices in USD of us-east-1 and East US, as published on 2026-09-06 (types of older
generations: 2023-11-01); vCPUs and memory from the providers' type lists.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class MachineSize:
    """A machine type.

    Attributes:
        price: USD an hour.
        series: Azure's meter subcategory.
        meter: Azure's meter name.
    """

    name: str
    vcpus: int
    memory_gib: float
    price: str
    series: str = ""
    meter: str = ""


@dataclass(frozen=True, slots=True)
class DiskTier:
    """A tier of Azure's managed disks; price in USD a month.

    Attributes:
        sku: Its storage account type.
        series: Azure's meter subcategory.
        mibps: MB a second.
    """

    name: str
    sku: str
    series: str
    size_gib: int
    iops: int
    mibps: int
    price: str


def _ec2(family: str, memory: dict[str, float], prices: str) -> list[MachineSize]:
    vcpus = {"medium": 2, "large": 2, "xlarge": 4, "2xlarge": 8, "4xlarge": 16}
    return [
        MachineSize(f"{family}.{size}", vcpus[size], gib, price)
        for (size, gib), price in zip(memory.items(), prices.split(), strict=True)
    ]


_GENERAL = {"large": 8.0, "xlarge": 16.0, "2xlarge": 32.0, "4xlarge": 64.0}
_COMPUTE = {"large": 4.0, "xlarge": 8.0, "2xlarge": 16.0, "4xlarge": 32.0}
_MEMORY = {"large": 16.0, "xlarge": 32.0, "2xlarge": 64.0, "4xlarge": 128.0}
_BURSTABLE = {"medium": 4.0, "large": 8.0, "xlarge": 16.0, "2xlarge": 32.0}

EC2_TYPES = {
    size.name: size
    for size in (
        *_ec2("t3", _BURSTABLE, "0.0416 0.0832 0.1664 0.3328"),
        *_ec2("m4", _GENERAL, "0.1 0.2 0.4 0.8"),
        *_ec2("m5", _GENERAL, "0.096 0.192 0.384 0.768"),
        *_ec2("m6i", _GENERAL, "0.096 0.192 0.384 0.768"),
        *_ec2("m7i", _GENERAL, "0.1008 0.2016 0.4032 0.8064"),
        *_ec2("c5", _COMPUTE, "0.085 0.17 0.34 0.68"),
        *_ec2("c6i", _COMPUTE, "0.085 0.17 0.34 0.68"),
        *_ec2("r5", _MEMORY, "0.126 0.252 0.504 1.008"),
        *_ec2("r6i", _MEMORY, "0.126 0.252 0.504 1.008"),
        MachineSize("g4dn.xlarge", 4, 16.0, "0.526"),
    )
}
RDS_TYPES = {"db.t3.medium": "0.068", "db.m5.large": "0.171", "db.r5.xlarge": "0.48"}


def _vms(series: str, *rows: tuple[str, int, float, str]) -> list[MachineSize]:
    return [
        MachineSize(
            f"Standard_{name}", vcpus, memory, price, f"{series} Series", name.replace("_", " ")
        )
        for name, vcpus, memory, price in rows
    ]


VM_SIZES = {
    size.name: size
    for size in (
        *_vms("BS", ("B2s", 2, 4, "0.0416"), ("B2ms", 2, 8, "0.0832"), ("B4ms", 4, 16, "0.166")),
        *_vms(
            "Dsv5",
            ("D2s_v5", 2, 8, "0.096"),
            ("D4s_v5", 4, 16, "0.192"),
            ("D8s_v5", 8, 32, "0.384"),
            ("D16s_v5", 16, 64, "0.768"),
        ),
        *_vms(
            "Esv5",
            ("E2s_v5", 2, 16, "0.126"),
            ("E4s_v5", 4, 32, "0.252"),
            ("E8s_v5", 8, 64, "0.504"),
        ),
        *_vms("Dv3/DSv3", ("D2s_v3", 2, 8, "0.096"), ("D4s_v3", 4, 16, "0.192")),
        *_vms("Dv2/DSv2", ("DS2_v2", 2, 7, "0.146"), ("DS3_v2", 4, 14, "0.293")),
        *_vms("Esv3", ("E4s_v3", 4, 32, "0.252")),
        *_vms("FS", ("F4s", 4, 8, "0.199")),
        *_vms("FSv2", ("F2s_v2", 2, 4, "0.0846"), ("F4s_v2", 4, 8, "0.169")),
        *_vms("NCasT4_v3", ("NC4as_T4_v3", 4, 28, "0.526")),
    )
}
_PREMIUM, _STANDARD, _HARD = (
    ("Premium_LRS", "Premium SSD Managed Disks"),
    ("StandardSSD_LRS", "Standard SSD Managed Disks"),
    ("Standard_LRS", "Standard HDD Managed Disks"),
)
DISK_TIERS = {
    tier.name: tier
    for tier in (
        DiskTier("P10", *_PREMIUM, 128, 500, 100, "19.71"),
        DiskTier("P20", *_PREMIUM, 512, 2300, 150, "73.22"),
        DiskTier("P30", *_PREMIUM, 1024, 5000, 200, "135.17"),
        DiskTier("E10", *_STANDARD, 128, 500, 100, "9.6"),
        DiskTier("E20", *_STANDARD, 512, 500, 100, "38.4"),
        DiskTier("S10", *_HARD, 128, 500, 60, "5.89"),
    )
}
