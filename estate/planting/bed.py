"""Where waste is planted: makes resources that differ from healthy ones in what is told alone."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any

from estate.catalogue import REGIONS
from estate.dice import dice
from estate.model import Load, Resource
from estate.naming import APPS, ids, tags
from estate.resources import address_of, disk_of
from estate.setting import Setting

_FIRST = 20_000
_AGE = 60
_HOST_AGE = 300
_ENVIRONMENTS = ("prod", "staging", "dev")
WELL_USED = Load(cpu=56, cpu_peak=82, memory=61)
FEW_BYTES, MANY_BYTES = Decimal("0.05"), Decimal("0.069")
"""GB a day: 840 and 1,160 bytes/s."""
BUSY_TRAFFIC = Decimal("6.5")
"""GB a day of what is in use."""
HOSTILE_TAGS = {
    "Name": '<img src=x onerror=alert(1)> O\'Brien "quoted" \U0001f98a',
    "Note": "first line\nsecond line; drop table findings --",
}
"""What somebody may have called a resource."""
_WELL_USED_DISK = Load(iops=180, mibps=24)
_MACHINES = {"aws": "aws_instance", "azure": "azure_virtual_machine"}
_HOST_SIZES = {"aws": "m6i.xlarge", "azure": "Standard_D4s_v5"}
_ROOT_DISKS: dict[str, dict[str, Any]] = {
    "aws": {"size": "gp3", "size_gib": 40, "iops": 3000, "throughput": 125},
    "azure": {"size": "E10", "size_gib": 128},
}


@dataclass
class Bed:
    """The planted resources of one billing scope, spread over its accounts and regions."""

    setting: Setting
    made: list[Resource] = field(default_factory=list)
    hosts: list[Resource] = field(default_factory=list)
    _count: int = 0

    def __post_init__(self) -> None:
        """Set up a well-used machine in each account, to hold what is planted."""
        regions = self._regions()
        for number, _ in enumerate(self.setting.accounts):
            machine = self._resource(_MACHINES[self.setting.provider], number, None)
            host = replace(
                machine,
                size=_HOST_SIZES[self.setting.provider],
                region=regions[2 * number % len(regions)],
                created=self.setting.days_ago(_HOST_AGE),
                load=WELL_USED,
            )
            host = replace(host, zone=self._zone(host.region))
            self.hosts.append(host)
            self._keep(host, {})

    def plant(
        self,
        kind: str,
        *,
        finds: str = "",
        near: str = "",
        story: str,
        age: int = _AGE,
        on: Resource | None = None,
        disk: Mapping[str, Any] | None = None,
        extra_tags: Mapping[str, str] | None = None,
        suffix: str = "",
        **facts: Any,
    ) -> Resource:
        """Add a resource and what belongs to it.

        Args:
            kind: Its kind.
            finds: Rules that must find it, separated by blanks.
            near: Rules that it escapes.
            story: Why, in a sentence.
            age: Days before the scan at which it was created.
            on: Machine, gateway or load balancer that holds it; it lies in its account and region.
            disk: What differs in the root disk of a machine.
            extra_tags: Tags beside the usual ones.
            suffix: What its name ends with.
            facts: Further fields of the resource.
        """
        base = self._resource(kind, self._count, on, suffix)
        made = replace(
            base,
            created=self.setting.days_ago(age),
            tags={**base.tags, **(extra_tags or {})},
            findings=tuple(finds.split()),
            near_misses=tuple(near.split()),
            story=story,
            **facts,
        )
        self._keep(made, disk or {})
        return made

    def host(self) -> Resource:
        """Return the next of the machines that hold what is planted."""
        return self.hosts[self._count % len(self.hosts)]

    def _keep(self, made: Resource, disk: Mapping[str, Any]) -> None:
        self.made.append(made)
        index = _FIRST + self._count
        if made.kind == _MACHINES[self.setting.provider]:
            root = disk_of(made, self.setting, index)
            plain = {"findings": (), "load": _WELL_USED_DISK, "story": ""}
            self.made.append(
                replace(root, **{**plain, **_ROOT_DISKS[self.setting.provider], **disk})
            )
        if made.kind in {"aws_nat_gateway", "azure_nat_gateway"}:
            self.made.append(
                replace(
                    address_of(made, self.setting, index),
                    near_misses=(
                        "aws_eip_unassociated"
                        if self.setting.provider == "aws"
                        else "azure_public_ip_unattached",
                    ),
                    story="address of a NAT gateway",
                )
            )
        self._count += 1

    def _resource(self, kind: str, number: int, on: Resource | None, suffix: str = "") -> Resource:
        setting, regions = self.setting, self._regions()
        account = on.account if on else setting.accounts[number % len(setting.accounts)]
        region = on.region if on else regions[number // len(setting.accounts) % len(regions)]
        roll = dice(setting.seed, "planted", number)
        environment = roll.choice(_ENVIRONMENTS)
        name = f"{roll.choice(APPS)}-{environment}-{200 + number}{suffix}"
        resource_id, billing_id = ids(setting.seed, account, kind, _FIRST + number, region, name)
        return Resource(
            resource_id=resource_id,
            billing_id=billing_id,
            kind=kind,
            name=name,
            account=account,
            region=region,
            zone=on.zone if on else self._zone(region),
            size="",
            size_gib=0,
            schedule="always",
            traffic=Decimal(0),
            growth=0.0,
            attached_to=on.resource_id if on else "",
            created=setting.days_ago(_AGE),
            deleted=None,
            tags=tags(roll, environment, name),
        )

    def _regions(self) -> list[str]:
        return list(REGIONS[self.setting.provider])

    def _zone(self, region: str) -> str:
        return f"{region}a" if self.setting.provider == "aws" else ""
