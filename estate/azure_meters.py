"""What the simulated Azure sells, with public list prices in USD of East US."""

from decimal import Decimal

from estate.meter import Meter
from estate.sizes import DISK_TIERS, VM_SIZES


def _azure(
    service: str, family: str, usage_type: str, name: str, unit: str, price: str, arm_type: str
) -> Meter:
    return Meter(
        "azure", service, family, usage_type, name, unit, Decimal(price), arm_type=arm_type
    )


AZURE_METERS = {
    **{
        f"vm.{size.name}": Meter(
            "azure",
            "Virtual Machines",
            "Compute",
            size.series,
            size.meter,
            "1 Hour",
            Decimal(size.price),
            size.name,
            "Microsoft.Compute/virtualMachines",
        )
        for size in VM_SIZES.values()
    },
    **{
        f"disk.{tier.name}": _azure(
            "Storage",
            "Storage",
            tier.series,
            f"{tier.name} LRS Disk",
            "1/Month",
            tier.price,
            "Microsoft.Compute/disks",
        )
        for tier in DISK_TIERS.values()
    },
    "snapshot": _azure(
        "Storage",
        "Storage",
        "Standard HDD Managed Disks",
        "Snapshots LRS Snapshots",
        "1 GB/Month",
        "0.05",
        "Microsoft.Compute/snapshots",
    ),
    "address": _azure(
        "Virtual Network",
        "Networking",
        "IP Addresses",
        "Standard IPv4 Static Public IP",
        "1 Hour",
        "0.005",
        "Microsoft.Network/publicIPAddresses",
    ),
    "nat.hours": _azure(
        "NAT Gateway",
        "Networking",
        "",
        "Standard Gateway",
        "1 Hour",
        "0.045",
        "Microsoft.Network/natGateways",
    ),
    "nat.bytes": _azure(
        "NAT Gateway",
        "Networking",
        "",
        "Standard Data Processed",
        "1 GB",
        "0.045",
        "Microsoft.Network/natGateways",
    ),
    "lb.hours": _azure(
        "Load Balancer",
        "Networking",
        "Standard",
        "Standard Included LB Rules and Outbound Rules",
        "1 Hour",
        "0.025",
        "Microsoft.Network/loadBalancers",
    ),
    "lb.bytes": _azure(
        "Load Balancer",
        "Networking",
        "Standard",
        "Standard Data Processed",
        "1 GB",
        "0.005",
        "Microsoft.Network/loadBalancers",
    ),
    "egress": _azure(
        "Bandwidth",
        "Networking",
        "Rtn Preference: MGN",
        "Standard Data Transfer Out",
        "1 GB",
        "0.087",
        "Microsoft.Compute/virtualMachines",
    ),
    "blob.storage": _azure(
        "Storage",
        "Storage",
        "Tiered Block Blob",
        "Hot LRS Data Stored",
        "1 GB/Month",
        "0.0184",
        "Microsoft.Storage/storageAccounts",
    ),
    "blob.operations": _azure(
        "Storage",
        "Storage",
        "Tiered Block Blob",
        "Hot Read Operations",
        "10K",
        "0.0044",
        "Microsoft.Storage/storageAccounts",
    ),
    "sql.vcore": _azure(
        "SQL Database",
        "Databases",
        "Single/Elastic Pool General Purpose - Compute Gen5",
        "vCore",
        "1 Hour",
        "0.1259",
        "Microsoft.Sql/servers",
    ),
    "sql.storage": _azure(
        "SQL Database",
        "Databases",
        "Single/Elastic Pool General Purpose - Storage",
        "General Purpose Data Stored",
        "1 GB/Month",
        "0.115",
        "Microsoft.Sql/servers",
    ),
    "plan": _azure(
        "Azure App Service",
        "Compute",
        "Azure App Service Premium v3 Plan",
        "P1 v3 App",
        "1 Hour",
        "0.155",
        "Microsoft.Web/serverfarms",
    ),
    "logs": _azure(
        "Azure Monitor",
        "Management and Governance",
        "",
        "Analytics Logs Data Ingestion",
        "1 GB",
        "2.3",
        "Microsoft.OperationalInsights/workspaces",
    ),
    "marketplace": _azure(
        "Unassigned",
        "SaaS",
        "",
        "Patch Service - Monthly Plan",
        "1/Month",
        "89",
        "Microsoft.SaaS/resources",
    ),
    "rounding": _azure("Unassigned", "", "", "Rounding", "1", "0", ""),
    "savings_plan": _azure(
        "Virtual Machines",
        "Compute",
        "Compute Savings Plan",
        "1 Year",
        "1 Hour",
        "1",
        "",
    ),
}
