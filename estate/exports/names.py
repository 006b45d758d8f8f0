"""Names that providers give services and regions, in FOCUS's words where they have them."""

from estate.catalogue import REGIONS
from estate.meter import Meter

AWS_SERVICES = {
    "AmazonEC2": ("Amazon Elastic Compute Cloud", "Compute"),
    "AmazonRDS": ("Amazon Relational Database Service", "Databases"),
    "AmazonVPC": ("Amazon Virtual Private Cloud", "Networking"),
    "AWSELB": ("Elastic Load Balancing", "Networking"),
    "AmazonS3": ("Amazon Simple Storage Service", "Storage"),
    "AWSLambda": ("AWS Lambda", "Compute"),
    "AmazonCloudWatch": ("AmazonCloudWatch", "Management and Governance"),
    "AWSSupportBusiness": ("AWS Support (Business)", "Management and Governance"),
    "ComputeSavingsPlans": ("Savings Plans for AWS Compute usage", "Compute"),
}
_AZURE_SERVICES = {
    "Microsoft.Compute/virtualMachines": ("Virtual Machines", "Compute"),
    "Microsoft.Compute/disks": ("Azure Disk Storage", "Storage"),
    "Microsoft.Compute/snapshots": ("Azure Disk Storage", "Storage"),
    "Microsoft.Network/publicIPAddresses": ("Azure Virtual Network", "Networking"),
    "Microsoft.Network/natGateways": ("Azure NAT Gateway", "Networking"),
    "Microsoft.Network/loadBalancers": ("Azure Load Balancer", "Networking"),
    "Microsoft.Storage/storageAccounts": ("Azure Storage", "Storage"),
    "Microsoft.Sql/servers": ("Azure SQL Database", "Databases"),
    "Microsoft.Web/serverfarms": ("Azure App Service", "Web"),
    "Microsoft.OperationalInsights/workspaces": ("Azure Monitor", "Management and Governance"),
    "Microsoft.SaaS/resources": ("SaaS", "Other"),
}


def service(meter: Meter) -> tuple[str, str]:
    """Return the name of a meter's service and its FOCUS category."""
    if meter.provider == "aws":
        return AWS_SERVICES[meter.service]
    return _AZURE_SERVICES.get(meter.arm_type, (meter.service, "Other"))


def region_name(provider: str, region_id: str) -> str:
    """Return what the provider calls a region; empty for none."""
    found = REGIONS[provider].get(region_id)
    return found.name if found else ""


def region_prefix(provider: str, region_id: str) -> str:
    """Return the prefix of AWS usage types, or the region of Azure meters."""
    found = REGIONS[provider].get(region_id)
    return found.prefix if found else ""
