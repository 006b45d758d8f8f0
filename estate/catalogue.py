"""What the simulated clouds sell: meters with public list prices, declared as data.

Prices are public list prices in USD of us-east-1 and East US; other regions cost the factor in
`REGIONS` more. They are rounded facts of 2026 for a simulation, not a price list to quote.
"""

from dataclasses import dataclass
from decimal import Decimal

from estate.sizes import DISK_TIERS, EC2_TYPES, RDS_TYPES, VM_SIZES


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


def _aws(service: str, family: str, usage_type: str, name: str, unit: str, price: str) -> Meter:
    size = usage_type.partition(":")[2] if "Usage:" in usage_type else ""
    if not size.count("."):
        size = ""
    return Meter("aws", service, family, usage_type, name, unit, Decimal(price), size)


def _azure(
    service: str, family: str, usage_type: str, name: str, unit: str, price: str, arm_type: str
) -> Meter:
    return Meter(
        "azure", service, family, usage_type, name, unit, Decimal(price), arm_type=arm_type
    )


AWS_METERS = {
    **{
        f"ec2.{size.name}": _aws(
            "AmazonEC2",
            "Compute Instance",
            f"BoxUsage:{size.name}",
            "RunInstances",
            "Hrs",
            size.price,
        )
        for size in EC2_TYPES.values()
    },
    **{
        f"rds.{size}": _aws(
            "AmazonRDS",
            "Database Instance",
            f"InstanceUsage:{size}",
            "CreateDBInstance:0014",
            "Hrs",
            price,
        )
        for size, price in RDS_TYPES.items()
    },
    **{
        f"ebs.{kind}": _aws(
            "AmazonEC2", "Storage", f"EBS:VolumeUsage.{kind}", "CreateVolume", "GB-Mo", price
        )
        for kind, price in {"gp2": "0.1", "gp3": "0.08", "io1": "0.125", "io2": "0.125"}.items()
    },
    **{
        f"ebs.iops.{kind}": _aws(
            "AmazonEC2", "System Operation", f"EBS:VolumeP-IOPS.{name}", "", "IOPS-Mo", price
        )
        for kind, name, price in (
            ("gp3", "gp3", "0.005"),
            ("io1", "piops", "0.065"),
            ("io2", "io2", "0.065"),
        )
    },
    "ebs.throughput.gp3": _aws(
        "AmazonEC2",
        "Provisioned Throughput",
        "EBS:VolumeP-Throughput.gp3",
        "",
        "MiBps-Mo",
        "0.04",
    ),
    "snapshot": _aws(
        "AmazonEC2", "Storage Snapshot", "EBS:SnapshotUsage", "CreateSnapshot", "GB-Mo", "0.05"
    ),
    "egress": _aws(
        "AmazonEC2", "Data Transfer", "DataTransfer-Out-Bytes", "RunInstances", "GB", "0.09"
    ),
    "address.idle": _aws(
        "AmazonVPC", "IP Address", "PublicIPv4:IdleAddress", "AllocateAddressVPC", "Hrs", "0.005"
    ),
    "address.used": _aws(
        "AmazonVPC", "IP Address", "PublicIPv4:InUseAddress", "AssociateAddressVPC", "Hrs", "0.005"
    ),
    "nat.hours": _aws("AmazonEC2", "NAT Gateway", "NatGateway-Hours", "NatGateway", "Hrs", "0.045"),
    "nat.bytes": _aws("AmazonEC2", "NAT Gateway", "NatGateway-Bytes", "NatGateway", "GB", "0.045"),
    **{
        f"{kind}.{what}": _aws(
            "AWSELB",
            f"Load Balancer-{name}",
            usage,
            f"LoadBalancing:{name}",
            unit,
            price,
        )
        for kind, name, lcu_price in (("alb", "Application", "0.008"), ("nlb", "Network", "0.006"))
        for what, usage, unit, price in (
            ("hours", "LoadBalancerUsage", "Hrs", "0.0225"),
            ("lcu", "LCUUsage", "LCU-Hrs", lcu_price),
        )
    },
    "clb.hours": _aws(
        "AWSELB", "Load Balancer", "LoadBalancerUsage", "LoadBalancing", "Hrs", "0.025"
    ),
    "clb.bytes": _aws(
        "AWSELB", "Load Balancer", "DataProcessing-Bytes", "LoadBalancing", "GB", "0.008"
    ),
    "rds.storage": _aws(
        "AmazonRDS", "Database Storage", "RDS:GP2-Storage", "CreateDBInstance", "GB-Mo", "0.115"
    ),
    "s3.storage": _aws(
        "AmazonS3", "Storage", "TimedStorage-ByteHrs", "StandardStorage", "GB-Mo", "0.023"
    ),
    "s3.put": _aws(
        "AmazonS3", "API Request", "Requests-Tier1", "PutObject", "Requests", "0.000005"
    ),
    "s3.get": _aws(
        "AmazonS3", "API Request", "Requests-Tier2", "GetObject", "Requests", "0.0000004"
    ),
    "lambda.seconds": _aws(
        "AWSLambda", "Serverless", "Lambda-GB-Second", "Invoke", "Lambda-GB-Second", "0.0000166667"
    ),
    "lambda.requests": _aws(
        "AWSLambda", "Serverless", "Request", "Invoke", "Requests", "0.0000002"
    ),
    "logs": _aws(
        "AmazonCloudWatch", "Data Payload", "DataProcessing-Bytes", "PutLogEvents", "GB", "0.5"
    ),
    "support": _aws("AWSSupportBusiness", "AWS Support", "Dollar", "", "Dollar", "1"),
    "savings_plan": _aws("ComputeSavingsPlans", "", "ComputeSP:1yrNoUpfront", "", "Hrs", "1"),
}

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
METERS = {"aws": AWS_METERS, "azure": AZURE_METERS}


def list_price(meter: Meter, region: str) -> Decimal:
    """Return the public price of a meter in a region, USD per unit."""
    known = REGIONS[meter.provider].get(region)
    return (meter.price * known.factor if known else meter.price).normalize()
