"""What the simulated clouds sell: meters with public list prices, declared as data.

Prices are public list prices in USD of us-east-1 and East US; other regions cost the factor in
`REGIONS` more. They are rounded facts of 2026 for a simulation, not a price list to quote.
"""

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


EC2_TYPES = {
    "t3.medium": "0.0416",
    "t3.large": "0.0832",
    "m5.large": "0.096",
    "m5.xlarge": "0.192",
    "m6i.xlarge": "0.192",
    "m4.xlarge": "0.2",
    "c5.2xlarge": "0.34",
    "r5.large": "0.126",
    "r5.2xlarge": "0.504",
    "g4dn.xlarge": "0.526",
}
RDS_TYPES = {"db.t3.medium": "0.068", "db.m5.large": "0.171", "db.r5.xlarge": "0.48"}
VM_SIZES = {
    "Standard_B2s": ("BS Series", "B2s", "0.0416"),
    "Standard_B4ms": ("BS Series", "B4ms", "0.166"),
    "Standard_D2s_v5": ("Dsv5 Series", "D2s v5", "0.096"),
    "Standard_D4s_v5": ("Dsv5 Series", "D4s v5", "0.192"),
    "Standard_D4s_v3": ("Dv3/DSv3 Series", "D4 v3/D4s v3", "0.192"),
    "Standard_E4s_v5": ("Esv5 Series", "E4s v5", "0.252"),
    "Standard_F4s_v2": ("FSv2 Series", "F4s v2", "0.169"),
    "Standard_NC4as_T4_v3": ("NCasT4_v3 Series", "NC4as T4 v3", "0.526"),
}
DISK_TIERS = {
    "P10": ("Premium SSD Managed Disks", 128, "19.71"),
    "P20": ("Premium SSD Managed Disks", 512, "73.22"),
    "P30": ("Premium SSD Managed Disks", 1024, "135.17"),
    "E10": ("Standard SSD Managed Disks", 128, "9.6"),
    "S10": ("Standard HDD Managed Disks", 128, "5.89"),
}

AWS_METERS = {
    **{
        f"ec2.{size}": _aws(
            "AmazonEC2", "Compute Instance", f"BoxUsage:{size}", "RunInstances", "Hrs", price
        )
        for size, price in EC2_TYPES.items()
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
        for kind, price in {"gp2": "0.1", "gp3": "0.08", "io1": "0.125", "st1": "0.045"}.items()
    },
    "snapshot": _aws(
        "AmazonEC2", "Storage Snapshot", "EBS:SnapshotUsage", "CreateSnapshot", "GB-Mo", "0.05"
    ),
    "egress": _aws(
        "AmazonEC2", "Data Transfer", "DataTransfer-Out-Bytes", "RunInstances", "GB", "0.09"
    ),
    "address": _aws(
        "AmazonVPC", "IP Address", "PublicIPv4:IdleAddress", "AllocateAddressVPC", "Hrs", "0.005"
    ),
    "nat.hours": _aws("AmazonEC2", "NAT Gateway", "NatGateway-Hours", "NatGateway", "Hrs", "0.045"),
    "nat.bytes": _aws("AmazonEC2", "NAT Gateway", "NatGateway-Bytes", "NatGateway", "GB", "0.045"),
    "elb.hours": _aws(
        "AWSELB",
        "Load Balancer-Application",
        "LoadBalancerUsage",
        "LoadBalancing:Application",
        "Hrs",
        "0.0225",
    ),
    "elb.lcu": _aws(
        "AWSELB",
        "Load Balancer-Application",
        "LCUUsage",
        "LoadBalancing:Application",
        "LCU-Hrs",
        "0.008",
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
        f"vm.{size}": Meter(
            "azure",
            "Virtual Machines",
            "Compute",
            series,
            name,
            "1 Hour",
            Decimal(price),
            size,
            "Microsoft.Compute/virtualMachines",
        )
        for size, (series, name, price) in VM_SIZES.items()
    },
    **{
        f"disk.{tier}": _azure(
            "Storage",
            "Storage",
            series,
            f"{tier} LRS Disk",
            "1/Month",
            price,
            "Microsoft.Compute/disks",
        )
        for tier, (series, _, price) in DISK_TIERS.items()
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
