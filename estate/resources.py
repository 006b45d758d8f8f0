"""Makes the ordinary resources of one billing scope: what a company of that size would run.

All of them are healthy, but for the gp2 volumes that every company has.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from random import Random

from estate.catalogue import REGIONS
from estate.dice import dice
from estate.model import Load, Resource
from estate.naming import APPS, ENVIRONMENTS, ids, tags
from estate.setting import Setting
from estate.sizes import DISK_TIERS, RDS_TYPES

_OFTEN_OFF = {"dev", "test"}
_PAUSED_DAYS = 12
_ROTATION_DAYS = 80
_SETTLED_DAYS = 20


@dataclass(frozen=True, slots=True)
class Made:
    """What a kind of resource looks like: its size, storage, traffic a day and growth a day."""

    size: str = ""
    size_gib: int = 0
    traffic: float = 0.0
    growth: float = 0.0


def _one_of(*sizes: str) -> Callable[[Random], Made]:
    return lambda roll: Made(roll.choice(sizes), traffic=round(roll.uniform(0.5, 18), 1))


def _sized(*choices: tuple[str, int]) -> Callable[[Random], Made]:
    return lambda roll: Made(*roll.choice(choices))


def _flow(low: float, high: float, growth: float = 0.001) -> Callable[[Random], Made]:
    return lambda roll: Made(traffic=round(roll.uniform(low, high), 1), growth=growth)


def _store(roll: Random) -> Made:
    return Made("", roll.choice((40, 250, 900, 4000)), round(roll.uniform(5, 90), 1), 0.002)


_EC2 = _one_of(
    *("t3.medium", "t3.large", "m5.large", "m5.xlarge", "m6i.xlarge", "m7i.large"),
    *("c5.2xlarge", "r5.large", "r6i.2xlarge"),
)
_VMS = _one_of(*(f"Standard_{size}" for size in ("B2s", "B4ms", "D2s_v5", "D4s_v5", "E4s_v5")))
_VOLUMES = _sized(("gp2", 100), ("gp2", 500), ("gp3", 200), ("gp3", 1000))
_DISKS = _sized(*((tier.name, tier.size_gib) for tier in DISK_TIERS.values()))
_SNAPSHOTS = _sized(("", 80), ("", 200), ("", 500))
_DATABASES = _sized(*((size, 200) for size in RDS_TYPES))

_KINDS: dict[str, dict[str, tuple[int, Callable[[Random], Made]]]] = {
    "aws": {
        "aws_instance": (30, _EC2),
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
        "azure_virtual_machine": (30, _VMS),
        "azure_disk": (8, _DISKS),
        "azure_snapshot": (8, _SNAPSHOTS),
        "azure_public_ip": (5, lambda _: Made()),
        "azure_nat_gateway": (3, _flow(20, 120)),
        "azure_load_balancer": (4, _flow(20, 90)),
        "azure_storage_account": (8, _store),
        "azure_sql_database": (6, _sized(("", 100), ("", 500))),
        "azure_app_plan": (5, lambda _: Made()),
        "azure_log_workspace": (3, _flow(1, 9, 0.002)),
    },
}
_MACHINES = {"aws": "aws_instance", "azure": "azure_virtual_machine"}
_DISK_KINDS = {"aws_instance": "aws_volume", "azure_virtual_machine": "azure_disk"}
_ADDRESS_KINDS = {"aws_nat_gateway": "aws_address", "azure_nat_gateway": "azure_public_ip"}
_HELD = frozenset({"aws_volume", "aws_address", "azure_disk", "azure_public_ip"})
_SNAPSHOT_KINDS = frozenset({"aws_snapshot", "azure_snapshot"})
_BALANCED = frozenset({"aws_load_balancer", "azure_load_balancer", "azure_nat_gateway"})


def build_ordinary(setting: Setting, count: int) -> tuple[Resource, ...]:
    """Return a core of steady machines, `count` more resources, and what belongs to them."""
    core = tuple(_core(setting))
    made: list[Resource] = []
    for number, machine in enumerate(core):
        made.extend(with_belongings(machine, setting, 8000 + number))
    for index in range(count):
        found = _resource(setting, index, _kind(setting, index), core)
        made.extend(with_belongings(found, setting, index))
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


def _resource(setting: Setting, index: int, kind: str, core: tuple[Resource, ...] = ()) -> Resource:
    """Return a resource; disks and addresses belong to a machine of the core."""
    roll = dice(setting.seed, index)
    made = _KINDS[setting.provider][kind][1](roll)
    account = setting.accounts[index % len(setting.accounts)]
    regions = list(REGIONS[setting.provider])
    region = roll.choice((regions[0], regions[0], regions[2], roll.choice(regions)))
    zone = region + roll.choice("abc") if setting.provider == "aws" else ""
    environment = roll.choice(ENVIRONMENTS)
    name = f"{roll.choice(APPS)}-{environment}-{index:03d}"
    created, deleted = _life(setting, roll, kind)
    host = core[index % len(core)] if core and kind in _HELD | _SNAPSHOT_KINDS else None
    if host:
        account, region, zone = host.account, host.region, host.zone
        created = max(created, host.created)
    resource_id, billing_id = ids(setting.seed, account, kind, index, region, name)
    found = Resource(
        resource_id=resource_id,
        billing_id=billing_id,
        kind=kind,
        name=name,
        account=account,
        region=region,
        zone=zone,
        size=made.size,
        size_gib=made.size_gib,
        schedule="always",
        traffic=Decimal(str(made.traffic)),
        growth=made.growth,
        attached_to=host.resource_id if host and kind in _HELD else "",
        created=created,
        deleted=deleted,
        tags=tags(roll, environment, name),
        targets=tuple(machine.resource_id for machine in core) if kind in _BALANCED else (),
    )
    if host and kind in _SNAPSHOT_KINDS:
        return _rotated(found, setting, roll, disk_of(host, setting, 8000 + index % len(core)))
    if kind == _MACHINES[setting.provider]:
        return _working(_scheduled(found, setting, roll, environment), setting, index)
    return settled(found, setting, index) if kind in _HELD else found


def _rotated(snapshot: Resource, setting: Setting, roll: Random, source: Resource) -> Resource:
    """Return a snapshot of a disk, young enough to be kept."""
    created = setting.days_ago(roll.randint(3, _ROTATION_DAYS))
    return replace(snapshot, created=created, deleted=None, source_id=source.resource_id)


def _scheduled(machine: Resource, setting: Setting, roll: Random, environment: str) -> Resource:
    """Return the machine as it is run: always, in office hours, or paused for some days."""
    if environment not in _OFTEN_OFF:
        return machine
    schedule = roll.choice(("always", "office", "paused"))
    if schedule != "paused":
        return replace(machine, schedule=schedule)
    return replace(
        machine,
        state="stopped" if setting.provider == "aws" else "deallocated",
        stopped_on=max(setting.days_ago(_PAUSED_DAYS), machine.created),
    )


def _working(machine: Resource, setting: Setting, index: int) -> Resource:
    """Return the machine with a load that fits it; every other one in AWS runs the agent."""
    roll = dice(setting.seed, "load", index)
    cpu = round(roll.uniform(48, 74), 1)
    has_memory = setting.provider == "azure" or roll.random() < 0.5
    memory = round(roll.uniform(52, 80), 1)
    return replace(machine, load=Load(cpu, round(cpu + 18, 1), memory if has_memory else None))


def settled(held: Resource, setting: Setting, index: int) -> Resource:
    """Return a disk with a load that fits it, and what follows from its type."""
    roll = dice(setting.seed, "io", index)
    tier = DISK_TIERS.get(held.size)
    if tier:
        part = roll.uniform(0.4, 0.7)
        return replace(held, load=Load(iops=round(tier.iops * part), mibps=tier.mibps * part))
    if held.kind != "aws_volume":
        return held
    load = Load(iops=roll.randint(90, 280), mibps=roll.randint(4, 40))
    is_steady = held.schedule == "always" and held.stopped_on is None
    if held.size == "gp3":
        return replace(held, load=load, iops=3000, throughput=125)
    if not is_steady or held.created > setting.days_ago(_SETTLED_DAYS):
        return replace(held, size="gp3", load=load, iops=3000, throughput=125)
    return replace(
        held,
        load=load,
        iops=max(100, 3 * held.size_gib),
        findings=("aws_ebs_gp2_to_gp3",),
        story="gp2, where gp3 gives the same for less",
    )


def _life(setting: Setting, roll: Random, kind: str) -> tuple[date, date | None]:
    span = (setting.last_day - setting.first_day).days
    created = setting.first_day - timedelta(days=roll.randint(5, 900))
    if roll.random() < 0.15:
        created = setting.first_day + timedelta(days=roll.randint(0, span))
    is_machine = kind == _MACHINES[setting.provider]
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
        yield replace(
            base,
            size=size,
            region=next(iter(REGIONS[setting.provider])),
            zone="us-east-1a" if setting.provider == "aws" else "",
            schedule="always",
            state="running",
            stopped_on=None,
            created=setting.first_day - timedelta(days=400 + number),
            deleted=None,
        )


def _arrivals(setting: Setting) -> Iterator[Resource]:
    size = {"aws": "g4dn.xlarge", "azure": "Standard_NC4as_T4_v3"}[setting.provider]
    for number in range(3):
        base = _resource(setting, 9000 + number, _MACHINES[setting.provider])
        machine = replace(
            base,
            size=size,
            schedule="always",
            state="running",
            stopped_on=None,
            created=setting.event_date,
            deleted=None,
        )
        yield from with_belongings(machine, setting, 9000 + number)


def with_belongings(resource: Resource, setting: Setting, index: int) -> Iterator[Resource]:
    """Yield a resource and what it cannot be without: a machine's disk, a gateway's address."""
    yield resource
    if resource.kind in _DISK_KINDS:
        yield disk_of(resource, setting, index)
    if resource.kind in _ADDRESS_KINDS:
        yield address_of(resource, setting, index)


def disk_of(machine: Resource, setting: Setting, index: int) -> Resource:
    """Return the disk that a machine starts from."""
    kind = _DISK_KINDS[machine.kind]
    made = _KINDS[setting.provider][kind][1](dice(setting.seed, "disk", index))
    disk = _belonging(machine, setting, kind, 5000 + index, f"{machine.name}-root")
    disk = replace(disk, size=made.size, size_gib=made.size_gib, is_root=True)
    return settled(disk, setting, 5000 + index)


def address_of(holder: Resource, setting: Setting, index: int) -> Resource:
    """Return a public address that a gateway, machine or load balancer holds."""
    kind = "aws_address" if setting.provider == "aws" else "azure_public_ip"
    return _belonging(holder, setting, kind, 6000 + index, f"{holder.name}-ip")


def _belonging(owner: Resource, setting: Setting, kind: str, index: int, name: str) -> Resource:
    resource_id, billing_id = ids(setting.seed, owner.account, kind, index, owner.region, name)
    return Resource(
        resource_id=resource_id,
        billing_id=billing_id,
        kind=kind,
        name=name,
        account=owner.account,
        region=owner.region,
        zone=owner.zone,
        size="",
        size_gib=0,
        schedule=owner.schedule,
        traffic=Decimal(0),
        growth=0.0,
        attached_to=owner.resource_id,
        created=owner.created,
        deleted=owner.deleted,
        tags=owner.tags,
        state=owner.state,
        stopped_on=owner.stopped_on,
    )
