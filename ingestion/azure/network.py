"""Network resource types: public addresses, NAT gateways and load balancers."""

import pyarrow as pa

from ingestion.azure.resource_type import AzureResourceType
from ingestion.model import Column, Metric

_GATEWAYS = "Microsoft.Network/natGateways"
_BALANCERS = "Microsoft.Network/loadBalancers"
_SKU = Column("sku_name", "tostring(sku.name)", pa.string(), "Basic, Standard or StandardV2.")
_MEMBERS = (
    "sum([].max([length(properties.backendIPConfigurations || `[]`), "
    "length(properties.loadBalancerBackendAddresses || `[]`)]))"
)
"""A machine's interface is listed in one or both, by age of its pool; an address in the second."""


def _traffic(namespace: str) -> tuple[Metric, ...]:
    return (
        Metric("ByteCount", namespace, "Bytes", ("sum", "maximum"), period_seconds=3600),
        Metric("PacketCount", namespace, "Count", ("sum", "maximum"), period_seconds=3600),
    )


PUBLIC_IPS = AzureResourceType(
    name="azure_public_ips",
    description="One row per public IP address, in use or not.",
    arm_type="Microsoft.Network/publicIPAddresses",
    declared=(
        Column(
            "ip_address",
            "tostring(properties.ipAddress)",
            pa.string(),
            "The address; null for a dynamic one that nothing uses.",
        ),
        _SKU,
        Column(
            "allocation_method",
            "tostring(properties.publicIPAllocationMethod)",
            pa.string(),
            "Static or Dynamic.",
        ),
        Column(
            "ip_configuration_id",
            "tolower(tostring(properties.ipConfiguration.id))",
            pa.string(),
            "What uses it, lower case: an interface's, gateway's or load balancer's front end.",
        ),
        Column(
            "nat_gateway_id",
            "tolower(tostring(properties.natGateway.id))",
            pa.string(),
            "NAT gateway that uses it, lower case.",
        ),
        Column(
            "public_ip_prefix_id",
            "tolower(tostring(properties.publicIPPrefix.id))",
            pa.string(),
            "Prefix it was taken of, lower case; the prefix is what is billed then.",
        ),
    ),
)

NAT_GATEWAYS = AzureResourceType(
    name="azure_nat_gateways",
    description="One row per NAT gateway.",
    arm_type=_GATEWAYS,
    declared=(
        _SKU,
        Column(
            "subnet_count",
            "coalesce(array_length(properties.subnets), 0)",
            pa.int64(),
            "Subnets that leave through it.",
        ),
        Column(
            "public_ip_count",
            "coalesce(array_length(properties.publicIpAddresses), 0)",
            pa.int64(),
            "Public addresses it has, prefixes not counted.",
        ),
    ),
    metrics=_traffic(_GATEWAYS),
)

LOAD_BALANCERS = AzureResourceType(
    name="azure_load_balancers",
    description="One row per load balancer.",
    arm_type=_BALANCERS,
    declared=(
        _SKU,
        Column(
            "backend_pool_count",
            "coalesce(array_length(properties.backendAddressPools), 0)",
            pa.int64(),
            "Back-end pools.",
        ),
        Column(
            "backend_member_count",
            "properties.backendAddressPools",
            pa.int64(),
            "Interfaces and addresses in all its pools.",
        ),
        Column(
            "inbound_nat_rule_count",
            "coalesce(array_length(properties.inboundNatRules), 0)",
            pa.int64(),
            "Inbound NAT rules; each leads to one machine, without a pool.",
        ),
        Column(
            "rule_count",
            "coalesce(array_length(properties.loadBalancingRules), 0)"
            " + coalesce(array_length(properties.outboundRules), 0)",
            pa.int64(),
            "Load-balancing and outbound rules: what a Standard one is billed by.",
        ),
    ),
    metrics=_traffic(_BALANCERS),
    shapes={"backend_member_count": _MEMBERS},
)

RESOURCE_TYPES = (PUBLIC_IPS, NAT_GATEWAYS, LOAD_BALANCERS)
