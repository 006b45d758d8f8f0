"""What the simulated AWS sells, with public list prices in USD of us-east-1."""

from decimal import Decimal

from estate.meter import Meter
from estate.sizes import EC2_TYPES, RDS_TYPES


def _aws(service: str, family: str, usage_type: str, name: str, unit: str, price: str) -> Meter:
    size = usage_type.partition(":")[2] if "Usage:" in usage_type else ""
    if not size.count("."):
        size = ""
    return Meter("aws", service, family, usage_type, name, unit, Decimal(price), size)


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
