"""Makes the resources of one billing scope: what a company of that size would run."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from random import Random

from estate.catalogue import DISK_TIERS, EC2_TYPES, RDS_TYPES, REGIONS, VM_SIZES
from estate.dice import dice, digest
from estate.model import Account, Resource

_APPS = ("checkout", "catalog", "search", "billing", "reports", "ingest", "portal", "etl", "auth")
_ENVIRONMENTS = ("prod", "prod", "prod", "staging", "dev", "test")
_TEAMS = ("payments", "web", "data", "platform", "Mobile")
_OFTEN_OFF = {"dev", "test"}


@dataclass(frozen=True, slots=True)
class Made:
    """What a kind of resource looks like: its size, storage, traffic a day and growth a day."""

    size: str = ""
    size_gib: int = 0
    traffic: float = 0.0
    growth: float = 0.0


def _machine(sizes: dict[str, object]) -> Callable[[Random], Made]:
    ordinary = [size for size in sizes if not size.startswith(("g4", "Standard_NC"))]
    return lambda roll: Made(roll.choice(ordinary), traffic=round(roll.uniform(0.2, 18), 1))


def _sized(*choices: tuple[str, int]) -> Callable[[Random], Made]:
    return lambda roll: Made(*roll.choice(choices))


def _flow(low: float, high: float, growth: float = 0.001) -> Callable[[Random], Made]:
    return lambda roll: Made(traffic=round(roll.uniform(low, high), 1), growth=growth)


def _store(roll: Random) -> Made:
    return Made("", roll.choice((40, 250, 900, 4000)), round(roll.uniform(5, 90), 1), 0.002)


_VOLUMES = _sized(("gp2", 100), ("gp2", 500), ("gp3", 200), ("gp3", 1000), ("io1", 200))
_DISKS = _sized(*((tier, gib) for tier, (_, gib, _) in DISK_TIERS.items()))
_SNAPSHOTS = _sized(("", 80), ("", 200), ("", 500))
_DATABASES = _sized(*((size, 200) for size in RDS_TYPES))

_KINDS: dict[str, dict[str, tuple[int, Callable[[Random], Made]]]] = {
    "aws": {
        "aws_instance": (30, _machine({**EC2_TYPES})),
        "aws_volume": (8, _VOLUMES),
        "aws_snapshot": (8, _SNAPSHOTS),
        "aws_address": (4, lambda _: Made()),
        "aws_nat_gateway": (4, _flow(20, 160)),
        "aws_load_balancer": (5, _flow(12, 60)),
        "aws_database": (7, _DATABASES),
        "aws_bucket": (9, _store),
        "aws_function": (6, _flow(5, 400)),
        "aws_log_group": (4, _flow(1, 14, 0.002)),
    },
    "azure": {
        "azure_virtual_machine": (30, _machine({**VM_SIZES})),
        "azure_disk": (8, _DISKS),
        "azure_snapshot": (8, _SNAPSHOTS),
        "azure_public_ip": (5, lambda _: Made()),
        "azure_nat_gateway": (3, _flow(20, 120)),
        "azure_load_balancer": (4, lambda _: Made()),
        "azure_storage_account": (8, _store),
        "azure_sql_database": (6, _sized(("", 100), ("", 500))),
        "azure_app_plan": (5, lambda _: Made()),
        "azure_log_workspace": (3, _flow(1, 9, 0.002)),
    },
}
_MACHINES = {"aws": "aws_instance", "azure": "azure_virtual_machine"}
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
_AWS_ARNS = {
    "aws_snapshot": ("ec2", "snapshot/", "snap-"),
    "aws_address": ("ec2", "elastic-ip/", "eipalloc-"),
    "aws_nat_gateway": ("ec2", "natgateway/", "nat-"),
    "aws_load_balancer": ("elasticloadbalancing", "loadbalancer/app/{name}/", ""),
    "aws_database": ("rds", "db:{name}", None),
    "aws_function": ("lambda", "function:{name}", None),
    "aws_log_group": ("logs", "log-group:/app/{name}", None),
}


@dataclass(frozen=True, slots=True)
class Setting:
    """Where resources are made: whose they are, and what time the estate shows."""

    seed: str
    provider: str
    accounts: tuple[Account, ...]
    first_day: date
    last_day: date
    mover: str
    event_date: date


def build_resources(setting: Setting, count: int) -> tuple[Resource, ...]:
    """Return a core of steady machines, `count` more resources, and the machines' disks."""
    made = list(_core(setting))
    for index in range(count):
        made.extend(_with_disk(_resource(setting, index, _kind(setting, index)), setting, index))
    if setting.mover == "new":
        made.extend(_arrivals(setting))
    return tuple(made)


def _kind(setting: Setting, index: int) -> str:
    kinds = _KINDS[setting.provider]
    names = list(kinds)
    if index < len(names):
        return names[index]
    weights = [weight for weight, _ in kinds.values()]
    return dice(setting.seed, "kind", index).choices(names, weights)[0]


def _resource(setting: Setting, index: int, kind: str) -> Resource:
    roll = dice(setting.seed, index)
    made = _KINDS[setting.provider][kind][1](roll)
    account = setting.accounts[index % len(setting.accounts)]
    regions = list(REGIONS[setting.provider])
    region = roll.choice((regions[0], regions[0], regions[2], roll.choice(regions)))
    environment = roll.choice(_ENVIRONMENTS)
    name = f"{roll.choice(_APPS)}-{environment}-{index:03d}"
    resource_id, billing_id = _ids(setting, index, kind, account, region, name)
    created, deleted = _life(setting, roll, kind)
    return Resource(
        resource_id=resource_id,
        billing_id=billing_id,
        kind=kind,
        name=name,
        account=account,
        region=region,
        zone=region + roll.choice("abc") if setting.provider == "aws" else "",
        size=made.size,
        size_gib=made.size_gib,
        schedule=_schedule(roll, environment, kind),
        traffic=Decimal(str(made.traffic)),
        growth=made.growth,
        attached_to="",
        created=created,
        deleted=deleted,
        tags=_tags(roll, environment, name),
    )


def _schedule(roll: Random, environment: str, kind: str) -> str:
    if kind in {"aws_instance", "azure_virtual_machine"} and environment in _OFTEN_OFF:
        return roll.choice(("always", "office", "stopped"))
    return "always"


def _life(setting: Setting, roll: Random, kind: str) -> tuple[date, date | None]:
    span = (setting.last_day - setting.first_day).days
    created = setting.first_day - timedelta(days=roll.randint(5, 900))
    if roll.random() < 0.15:
        created = setting.first_day + timedelta(days=roll.randint(0, span))
    is_machine = kind in {"aws_instance", "azure_virtual_machine"}
    if setting.mover == "gone" and is_machine and roll.random() < 0.35:
        return created, max(setting.event_date, created)
    if roll.random() < 0.08:
        return created, created + timedelta(days=roll.randint(20, 400))
    return created, None


def _core(setting: Setting) -> Iterator[Resource]:
    small, large = {
        "aws": ("m5.large", "c5.2xlarge"),
        "azure": ("Standard_D2s_v5", "Standard_E4s_v5"),
    }[setting.provider]
    for number, size in enumerate((small, small, large)):
        base = _resource(setting, 8000 + number, _MACHINES[setting.provider])
        yield _copy(
            base,
            size=size,
            region=next(iter(REGIONS[setting.provider])),
            zone="us-east-1a" if setting.provider == "aws" else "",
            schedule="always",
            created=setting.first_day - timedelta(days=400 + number),
            deleted=None,
        )


def _arrivals(setting: Setting) -> Iterator[Resource]:
    size = {"aws": "g4dn.xlarge", "azure": "Standard_NC4as_T4_v3"}[setting.provider]
    for number in range(3):
        base = _resource(setting, 9000 + number, _MACHINES[setting.provider])
        yield _copy(base, size=size, schedule="always", created=setting.event_date, deleted=None)


def _with_disk(resource: Resource, setting: Setting, index: int) -> Iterator[Resource]:
    yield resource
    kind = {"aws_instance": "aws_volume", "azure_virtual_machine": "azure_disk"}.get(resource.kind)
    if kind is None:
        return
    made = _KINDS[setting.provider][kind][1](dice(setting.seed, "disk", index))
    name = f"{resource.name}-root"
    resource_id, billing_id = _ids(
        setting, 5000 + index, kind, resource.account, resource.region, name
    )
    yield _copy(
        resource,
        resource_id=resource_id,
        billing_id=billing_id,
        kind=kind,
        name=name,
        size=made.size,
        size_gib=made.size_gib,
        schedule="always",
        traffic=Decimal(0),
        attached_to=resource.resource_id,
    )


def _copy(resource: Resource, **changes: object) -> Resource:
    values = {name: getattr(resource, name) for name in Resource.__slots__}
    return Resource(**{**values, **changes})


def _ids(
    setting: Setting, index: int, kind: str, account: Account, region: str, name: str
) -> tuple[str, str]:
    if setting.provider == "azure":
        return _arm_ids(account, kind, name, index)
    unique = digest(setting.seed, kind, index)
    if kind == "aws_bucket":
        return (f"{name}-{unique[:6]}",) * 2
    if kind in {"aws_instance", "aws_volume"}:
        return ({"aws_instance": "i-", "aws_volume": "vol-"}[kind] + unique,) * 2
    service, path, prefix = _AWS_ARNS[kind]
    own = path.format(name=name) if prefix is None else f"{path.format(name=name)}{prefix}{unique}"
    arn = f"arn:aws:{service}:{region}:{account.account_id}:{own}"
    return (f"{prefix}{unique}" if prefix else arn), arn


def _arm_ids(account: Account, kind: str, name: str, index: int) -> tuple[str, str]:
    group = f"rg-{name.split('-')[0]}"
    arm_type = _ARM_TYPES[kind].format(name=f"sql-{name}")
    arm_id = (
        f"/subscriptions/{account.account_id}/resourceGroups/{group}/providers/{arm_type}/{name}"
    )
    return arm_id, arm_id.upper() if index % 5 == 4 else arm_id


def _tags(roll: Random, environment: str, name: str) -> dict[str, str]:
    tags: dict[str, str] = {}
    if roll.random() < 0.15:
        return tags
    tags[roll.choice(("Environment", "Environment", "environment", "env"))] = roll.choice(
        (environment, environment, environment.upper())
    )
    if roll.random() < 0.7:
        tags["CostCenter"] = f"CC-{roll.randint(100, 140)}"
    if roll.random() < 0.6:
        tags["Owner"] = f"{roll.choice(_TEAMS)}@example.com"
    if roll.random() < 0.25:
        tags[" team"] = roll.choice(_TEAMS)
    if roll.random() < 0.06:
        tags["Note"] = roll.choice(('keep "as is", please', "Büro ☂ 7", "a=b;c,d"))
    tags["Name"] = name
    return tags
