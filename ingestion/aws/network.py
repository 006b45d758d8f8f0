"""Addresses, NAT gateways and load balancers."""

from ingestion.aws.ec2 import INSTANT, NAME_TAG, TAGS, TEXT
from ingestion.aws.resource_type import AwsResourceType, TagLookup
from ingestion.model import Column, Metric

ELASTIC_IPS = AwsResourceType(
    name="aws_elastic_ips",
    description="One row per Elastic IP address, associated or not.",
    service="ec2",
    operation="describe_addresses",
    items="Addresses[]",
    permission="ec2:DescribeAddresses",
    columns=(
        Column("resource_id", "AllocationId", TEXT, "Identifier, `eipalloc-…`."),
        NAME_TAG,
        TAGS,
        Column("public_ip", "PublicIp", TEXT, "The address itself."),
        Column("association_id", "AssociationId", TEXT, "Null when nothing uses it."),
        Column("instance_id", "InstanceId", TEXT, "Instance that uses it, or null."),
        Column("network_interface_id", "NetworkInterfaceId", TEXT, "Interface that has it."),
        Column("network_border_group", "NetworkBorderGroup", TEXT, "Where it is announced."),
    ),
)

_OF_GATEWAY = {"NatGatewayId": "resource_id"}

NAT_GATEWAYS = AwsResourceType(
    name="aws_nat_gateways",
    description="One row per NAT gateway, those deleted within the hour included.",
    service="ec2",
    operation="describe_nat_gateways",
    items="NatGateways[]",
    permission="ec2:DescribeNatGateways",
    page_size=1000,
    columns=(
        Column("resource_id", "NatGatewayId", TEXT, "Identifier, `nat-…`."),
        NAME_TAG,
        TAGS,
        Column("state", "State", TEXT, "available, pending, deleted and so on."),
        Column("connectivity_type", "ConnectivityType", TEXT, "public or private."),
        Column("vpc_id", "VpcId", TEXT, "Network it serves."),
        Column("subnet_id", "SubnetId", TEXT, "Subnet it is in."),
        Column("created_at", "CreateTime", INSTANT, "When it was made, UTC."),
    ),
    metrics=(
        Metric(
            "BytesOutToDestination", "AWS/NATGateway", "Bytes", ("sum",), dimensions=_OF_GATEWAY
        ),
        Metric("BytesInFromSource", "AWS/NATGateway", "Bytes", ("sum",), dimensions=_OF_GATEWAY),
        Metric(
            "ActiveConnectionCount",
            "AWS/NATGateway",
            "Count",
            ("maximum",),
            dimensions=_OF_GATEWAY,
        ),
    ),
)

_OF_BALANCER = {"LoadBalancer": "resource_id"}
_OF_CLASSIC_BALANCER = {"LoadBalancerName": "resource_name"}

LOAD_BALANCERS = AwsResourceType(
    name="aws_load_balancers",
    description="One row per application, network or gateway load balancer.",
    service="elbv2",
    operation="describe_load_balancers",
    items="LoadBalancers[]",
    permission="elasticloadbalancing:DescribeLoadBalancers",
    page_size=400,
    tag_lookup=TagLookup(
        operation="describe_tags",
        parameter="ResourceArns",
        key="LoadBalancerArn",
        items="TagDescriptions[].{key: ResourceArn, tags: Tags}",
        batch_size=20,
        permission="elasticloadbalancing:DescribeTags",
        gone=frozenset({"LoadBalancerNotFound"}),
    ),
    columns=(
        Column("resource_id", "LoadBalancerArn", TEXT, "ARN, as the bill writes it."),
        Column("resource_name", "LoadBalancerName", TEXT, "Name within account and region."),
        TAGS,
        Column("load_balancer_type", "Type", TEXT, "application, network or gateway."),
        Column("scheme", "Scheme", TEXT, "internet-facing or internal."),
        Column("state", "State.Code", TEXT, "active, provisioning and so on."),
        Column("created_at", "CreatedTime", INSTANT, "When it was made, UTC."),
        Column("vpc_id", "VpcId", TEXT, "Network it is in."),
        Column("dns_name", "DNSName", TEXT, "Name that clients look up."),
    ),
    metrics=(
        Metric(
            "RequestCount",
            "AWS/ApplicationELB",
            "Count",
            ("sum",),
            dimensions=_OF_BALANCER,
            only={"load_balancer_type": "application"},
        ),
        Metric(
            "ProcessedBytes",  # what a listener answers itself or redirects is no counted request
            "AWS/ApplicationELB",
            "Bytes",
            ("sum",),
            dimensions=_OF_BALANCER,
            only={"load_balancer_type": "application"},
        ),
        Metric(
            "ProcessedBytes",  # a flow that was opened long ago is no new one
            "AWS/NetworkELB",
            "Bytes",
            ("sum",),
            dimensions=_OF_BALANCER,
            only={"load_balancer_type": "network"},
        ),
    ),
)

CLASSIC_LOAD_BALANCERS = AwsResourceType(
    name="aws_classic_load_balancers",
    description="One row per load balancer of the previous generation.",
    service="elb",
    operation="describe_load_balancers",
    items="LoadBalancerDescriptions[]",
    permission="elasticloadbalancing:DescribeLoadBalancers",
    page_size=400,
    tag_lookup=TagLookup(
        operation="describe_tags",
        parameter="LoadBalancerNames",
        key="LoadBalancerName",
        items="TagDescriptions[].{key: LoadBalancerName, tags: Tags}",
        batch_size=20,
        permission="elasticloadbalancing:DescribeTags",
        gone=frozenset({"LoadBalancerNotFound", "AccessPointNotFound"}),
    ),
    columns=(
        Column(
            "resource_id",
            "join('', ['arn:', Place.partition, ':elasticloadbalancing:', Place.region_id, ':', "
            "Place.account_id, ':loadbalancer/', LoadBalancerName])",
            TEXT,
            "ARN, as the bill writes it; made from the name, for the list has none.",
        ),
        Column("resource_name", "LoadBalancerName", TEXT, "Name within account and region."),
        TAGS,
        Column("scheme", "Scheme", TEXT, "internet-facing or internal."),
        Column("created_at", "CreatedTime", INSTANT, "When it was made, UTC."),
        Column("vpc_id", "VPCId", TEXT, "Network it is in."),
        Column(
            "instance_ids",
            "Instances[].InstanceId",
            TEXT,
            "Instances behind it, as the text of a JSON list.",
        ),
    ),
    metrics=(
        Metric(
            "RequestCount",
            "AWS/ELB",
            "Count",
            ("sum",),
            dimensions=_OF_CLASSIC_BALANCER,
        ),
        Metric(
            "EstimatedProcessedBytes",
            "AWS/ELB",
            "Bytes",
            ("sum",),
            dimensions=_OF_CLASSIC_BALANCER,
        ),
    ),
)

RESOURCE_TYPES = (ELASTIC_IPS, NAT_GATEWAYS, LOAD_BALANCERS, CLASSIC_LOAD_BALANCERS)
