"""Addresses and gateways as the resource provider Microsoft.Network describes them."""

from typing import Any

from estate.clouds.azure.links import Links, interface, sibling
from estate.dice import dice, guid
from estate.model import Resource

_STANDARD = {"name": "Standard", "tier": "Regional"}


def _common(found: Resource) -> dict[str, Any]:
    return {"provisioningState": "Succeeded", "resourceGuid": guid(found.resource_id)}


def _reference(resource_id: str) -> dict[str, str]:
    return {"id": resource_id}


def public_ip(found: Resource, links: Links) -> dict[str, Any]:
    """Return what a public address has beyond the columns that all resources have."""
    roll = dice("address", found.resource_id)
    properties = {
        **_common(found),
        "publicIPAddressVersion": "IPv4",
        "publicIPAllocationMethod": "Static",
        "idleTimeoutInMinutes": 4,
        "ipAddress": f"198.51.100.{roll.randint(1, 254)}",
        "ipTags": [],
        "ddosSettings": {"protectionMode": "VirtualNetworkInherited"},
    }
    owner = links.get(found.attached_to)
    if owner is not None and owner.kind == "azure_nat_gateway":
        properties["natGateway"] = _reference(owner.resource_id)
    elif found.source_id:
        properties["publicIPPrefix"] = _reference(found.source_id)
    elif owner is not None:
        properties["ipConfiguration"] = _reference(_configuration(owner))
    return {"sku": dict(_STANDARD), "properties": properties}


def _configuration(owner: Resource) -> str:
    if owner.kind == "azure_load_balancer":
        return f"{owner.resource_id}/frontendIPConfigurations/frontend"
    return f"{interface(owner)}/ipConfigurations/primary"


def nat_gateway(found: Resource, links: Links) -> dict[str, Any]:
    """Return what a NAT gateway has beyond the columns that all resources have."""
    network = sibling(found, "Microsoft.Network/virtualNetworks", f"{found.name}-net")
    properties = {**_common(found), "idleTimeoutInMinutes": 4}
    addresses = links.attached(found, "azure_public_ip")
    if addresses:
        properties["publicIpAddresses"] = [_reference(each.resource_id) for each in addresses]
    if found.targets:
        properties["subnets"] = [_reference(f"{network}/subnets/{name}") for name in found.targets]
    return {"sku": {"name": "Standard"}, "properties": properties}


def load_balancer(found: Resource, links: Links) -> dict[str, Any]:
    """Return what a load balancer has beyond the columns that all resources have."""
    pool = f"{found.resource_id}/backendAddressPools/backend"
    frontend = f"{found.resource_id}/frontendIPConfigurations/frontend"
    addresses = [_reference(each.resource_id) for each in links.attached(found, "azure_public_ip")]
    properties = {
        **_common(found),
        "frontendIPConfigurations": [
            {
                "name": "frontend",
                "id": frontend,
                "type": "Microsoft.Network/loadBalancers/frontendIPConfigurations",
                "properties": {
                    "provisioningState": "Succeeded",
                    "privateIPAllocationMethod": "Dynamic",
                    **({"publicIPAddress": addresses[0]} if addresses else {}),
                },
            }
        ],
        "backendAddressPools": [_pool(found, links, pool)] if found.has_pools else [],
        "loadBalancingRules": [_rule(found, pool, frontend)] if found.has_pools else [],
        "probes": [],
        "inboundNatRules": _nat_rules(found, links, frontend) if found.has_nat_rules else [],
        "outboundRules": [],
        "inboundNatPools": [],
    }
    return {"sku": dict(_STANDARD), "properties": properties}


def _machines(found: Resource, links: Links) -> list[Resource]:
    return [machine for target in found.targets if (machine := links.get(target))]


def _pool(found: Resource, links: Links, pool: str) -> dict[str, Any]:
    machines = _machines(found, links)
    return {
        "name": "backend",
        "id": pool,
        "type": "Microsoft.Network/loadBalancers/backendAddressPools",
        "properties": {
            "provisioningState": "Succeeded",
            "backendIPConfigurations": [
                _reference(f"{interface(each)}/ipConfigurations/primary") for each in machines
            ],
            "loadBalancerBackendAddresses": [
                {"name": each.name, "properties": {}} for each in machines
            ],
        },
    }


def _rule(found: Resource, pool: str, frontend: str) -> dict[str, Any]:
    return {
        "name": "https",
        "id": f"{found.resource_id}/loadBalancingRules/https",
        "type": "Microsoft.Network/loadBalancers/loadBalancingRules",
        "properties": {
            "provisioningState": "Succeeded",
            "frontendIPConfiguration": _reference(frontend),
            "backendAddressPool": _reference(pool),
            "protocol": "Tcp",
            "frontendPort": 443,
            "backendPort": 443,
            "enableFloatingIP": False,
            "idleTimeoutInMinutes": 4,
            "loadDistribution": "Default",
        },
    }


def _nat_rules(found: Resource, links: Links, frontend: str) -> list[dict[str, Any]]:
    return [
        {
            "name": f"ssh-{number}",
            "id": f"{found.resource_id}/inboundNatRules/ssh-{number}",
            "type": "Microsoft.Network/loadBalancers/inboundNatRules",
            "properties": {
                "provisioningState": "Succeeded",
                "frontendIPConfiguration": _reference(frontend),
                "backendIPConfiguration": _reference(
                    f"{interface(machine)}/ipConfigurations/primary"
                ),
                "protocol": "Tcp",
                "frontendPort": 50_000 + number,
                "backendPort": 22,
                "enableFloatingIP": False,
                "idleTimeoutInMinutes": 4,
            },
        }
        for number, machine in enumerate(_machines(found, links))
    ]
