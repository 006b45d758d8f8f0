"""What resources are called: names, tags, and ids as the providers' APIs and bills write them."""

from collections.abc import Mapping
from random import Random

from estate.dice import digest
from estate.model import Account

APPS = ("checkout", "catalog", "search", "billing", "reports", "ingest", "portal", "etl", "auth")
ENVIRONMENTS = ("prod", "prod", "prod", "staging", "dev", "test")
_TEAMS = ("payments", "web", "data", "platform", "Mobile")
_ARM_TYPES = {
    "azure_virtual_machine": "Microsoft.Compute/virtualMachines",
    "azure_disk": "Microsoft.Compute/disks",
    "azure_snapshot": "Microsoft.Compute/snapshots",
    "azure_public_ip": "Microsoft.Network/publicIPAddresses",
    "azure_nat_gateway": "Microsoft.Network/natGateways",
    "azure_load_balancer": "Microsoft.Network/loadBalancers",
    "azure_storage_account": "Microsoft.Storage/storageAccounts",
    "azure_sql_database": "Microsoft.Sql/servers/{name}/databases",
    "azure_app_plan": "Microsoft.Web/serverfarms",
    "azure_log_workspace": "Microsoft.OperationalInsights/workspaces",
}
_AWS_IDS = {
    "aws_instance": "i-",
    "aws_volume": "vol-",
    "aws_image": "ami-",
    "aws_launch_template": "lt-",
}
_AWS_ARNS = {
    "aws_snapshot": ("ec2", "snapshot/", "snap-"),
    "aws_address": ("ec2", "elastic-ip/", "eipalloc-"),
    "aws_nat_gateway": ("ec2", "natgateway/", "nat-"),
    "aws_load_balancer": ("elasticloadbalancing", "loadbalancer/app/{name}/", ""),
    "aws_network_load_balancer": ("elasticloadbalancing", "loadbalancer/net/{name}/", ""),
    "aws_classic_load_balancer": ("elasticloadbalancing", "loadbalancer/{name}", None),
    "aws_autoscaling_group": (
        "autoscaling",
        "autoScalingGroup:{unique}:autoScalingGroupName/{name}",
        None,
    ),
    "aws_database": ("rds", "db:{name}", None),
    "aws_function": ("lambda", "function:{name}", None),
    "aws_log_group": ("logs", "log-group:/app/{name}", None),
}
_UPPER_CASE_EVERY = 5


def ids(
    seed: str, account: Account, kind: str, index: int, region: str, name: str
) -> tuple[str, str]:
    """Return a resource's id as the API names it, and as bills write it.

    AWS's bills write ARNs for some kinds; Azure's write some ids in upper case.
    """
    if kind.startswith("azure"):
        return _arm_ids(account, kind, name, index)
    unique = digest(seed, kind, index)
    if kind == "aws_bucket":
        return (f"{name}-{unique[:6]}",) * 2
    if kind in _AWS_IDS:
        return (_AWS_IDS[kind] + unique,) * 2
    service, path, prefix = _AWS_ARNS[kind]
    path = path.format(name=name, unique=unique)
    own = path if prefix is None else f"{path}{prefix}{unique}"
    arn = f"arn:aws:{service}:{region}:{account.account_id}:{own}"
    return (f"{prefix}{unique}" if prefix else arn), arn


def _arm_ids(account: Account, kind: str, name: str, index: int) -> tuple[str, str]:
    group = f"rg-{name.split('-')[0]}"
    arm_type = _ARM_TYPES[kind].format(name=f"sql-{name}")
    arm_id = (
        f"/subscriptions/{account.account_id}/resourceGroups/{group}/providers/{arm_type}/{name}"
    )
    return arm_id, arm_id.upper() if index % _UPPER_CASE_EVERY == 4 else arm_id


def tags(roll: Random, environment: str, name: str) -> Mapping[str, str]:
    """Return tags as people set them: some missing, keys spelled in several ways."""
    found: dict[str, str] = {}
    if roll.random() < 0.15:
        return found
    found[roll.choice(("Environment", "Environment", "environment", "env"))] = roll.choice(
        (environment, environment, environment.upper())
    )
    if roll.random() < 0.7:
        found["CostCenter"] = f"CC-{roll.randint(100, 140)}"
    if roll.random() < 0.6:
        found["Owner"] = f"{roll.choice(_TEAMS)}@example.com"
    if roll.random() < 0.25:
        found[" team"] = roll.choice(_TEAMS)
    if roll.random() < 0.06:
        found["Note"] = roll.choice(('keep "as is", please', "Büro ☂ 7", "a=b;c,d"))
    found["Name"] = name
    return found
