"""Waste and near misses of Azure: for each rule what it must find, and what it must leave alone."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

from estate.model import Load, Resource
from estate.planting.bed import WELL_USED, Bed
from estate.setting import Setting

_IDLE = Load(cpu=4.5, cpu_peak=18, memory=24)
_FEW_BYTES, _MANY_BYTES = Decimal("0.05"), Decimal("0.069")  # GB a day: 840 and 1,160 bytes/s
_BUSY_TRAFFIC = Decimal("6.5")
_E10: dict[str, Any] = {"size": "E10", "size_gib": 128}
_P10: dict[str, Any] = {"size": "P10", "size_gib": 128}
_DISK_LOAD = Load(iops=160, mibps=18)
_PREMIUM_LOAD = Load(iops=310, mibps=58)
_HOSTILE_TAGS = {
    "Name": '<img src=x onerror=alert(1)> O\'Brien "quoted" \U0001f98a',
    "Note": "first line\nsecond line; drop table findings --",
}


def plant_azure(setting: Setting) -> tuple[Resource, ...]:
    """Return the planted resources of a billing scope's subscriptions."""
    bed = Bed(setting)
    _unattached_disks(bed)
    _idle_disks(bed)
    _premium_disks(bed)
    _snapshots(bed)
    _addresses(bed)
    _idle_machines(bed)
    _oversized_machines(bed)
    _machines_that_are_off(bed)
    _gateways(bed)
    _load_balancers(bed)
    _nightly_machines(bed)
    return tuple(bed.made)


def _unattached_disks(bed: Bed) -> None:
    rule, setting = "azure_disk_unattached", bed.setting
    for days, extra in ((8, {}), (40, _HOSTILE_TAGS)):
        bed.plant(
            "azure_disk",
            finds=rule,
            story=f"detached {days} days ago",
            age=90,
            extra_tags=extra,
            attached_on=setting.days_ago(days),
            size="E20",
            size_gib=512,
        )
    detached: dict[str, Any] = {"age": 90, "attached_on": setting.days_ago(30), **_E10}
    bed.plant(
        "azure_disk",
        near=rule,
        story="detached 6 days ago",
        **{**detached, "attached_on": setting.days_ago(6)},
    )
    bed.plant(
        "azure_disk",
        near=rule,
        story="waits for the pods of a Kubernetes claim",
        extra_tags={"kubernetes.io-created-for-pvc-name": "data-postgres-0"},
        **detached,
    )
    bed.plant(
        "azure_disk",
        near=rule,
        story="replica that Site Recovery keeps",
        suffix="-ASRReplica",
        **detached,
    )
    bed.plant(
        "azure_disk",
        near=rule,
        story="being read through a shared access signature",
        state="ActiveSAS",
        **detached,
    )


def _idle_disks(bed: Bed) -> None:
    rule, setting = "azure_disk_idle_attached", bed.setting
    for near, days, age in (("", 15, 60), (rule, 13, 60), (rule, 9, 9)):
        bed.plant(
            "azure_disk",
            finds="" if near else rule,
            near=near,
            story=f"no operation for {days} of the {age} days it exists",
            age=age,
            on=bed.host(),
            quiet_since=setting.days_ago(days),
            size="E20",
            size_gib=512,
            load=_DISK_LOAD,
        )
    bed.plant(
        "azure_disk",
        near=rule,
        story="no operation on the days with samples, but two of five days have none",
        on=bed.host(),
        quiet_since=setting.days_ago(50),
        load=replace(_DISK_LOAD, coverage=0.6),
        **_E10,
    )


def _premium_disks(bed: Bed) -> None:
    rule = "azure_disk_underutilized_premium"
    for near, load, story in (
        ("", Load(iops=140, mibps=25), "28 % of its operations, 26 % of its throughput"),
        (rule, Load(iops=160, mibps=20), "32 % of its operations"),
        (rule, Load(iops=100, mibps=33), "35 % of its throughput"),
        (rule, Load(iops=90, mibps=10, coverage=0.6), "two of five days have no samples"),
    ):
        bed.plant(
            "azure_disk",
            finds="" if near else rule,
            near=near,
            story=story,
            on=bed.host(),
            load=load,
            **_P10,
        )


def _snapshots(bed: Bed) -> None:
    old, orphaned = "azure_snapshot_old", "azure_snapshot_orphaned"
    source, other = [found for found in bed.made if found.is_root][:2]
    gone = f"{source.resource_id}-gone"
    kept: dict[str, Any] = {"source_id": source.resource_id, "on": source, "attached_to": ""}
    bed.plant("azure_snapshot", finds=old, story="91 days old", age=91, size_gib=700, **kept)
    bed.plant("azure_snapshot", near=old, story="89 days old", age=89, size_gib=300, **kept)
    bed.plant(
        "azure_snapshot",
        finds=old,
        story="91 days old, the only one of its disk",
        age=91,
        size_gib=450,
        **{**kept, "source_id": other.resource_id, "on": other},
    )
    bed.plant(
        "azure_snapshot",
        finds=orphaned,
        story="its disk is gone, the only one of it, 31 days old",
        age=31,
        size_gib=350,
        source_id=f"{other.resource_id}-gone",
    )
    for near, age in (("", 31), (orphaned, 29)):
        bed.plant(
            "azure_snapshot",
            story=f"its disk is gone, {age} days old",
            age=age,
            size_gib=600,
            source_id=gone,
            finds="" if near else orphaned,
            near=near,
        )


def _addresses(bed: Bed) -> None:
    rule = "azure_public_ip_unattached"
    for age in (9, 50):
        bed.plant("azure_public_ip", finds=rule, story=f"held by nothing for {age} days", age=age)
    bed.plant("azure_public_ip", near=rule, story="held by nothing, but only for 5 days", age=5)
    bed.plant("azure_public_ip", near=rule, story="held by a running machine", on=bed.host())
    account = bed.host().account.account_id
    bed.plant(
        "azure_public_ip",
        near=rule,
        story="paid for with its prefix",
        source_id=f"/subscriptions/{account}/resourceGroups/rg-network/providers"
        "/Microsoft.Network/publicIPPrefixes/prefix-1",
    )


def _idle_machines(bed: Bed) -> None:
    rule = "azure_vm_idle"

    def machine(story: str, **facts: Any) -> None:
        common = {"load": _IDLE, "traffic": _FEW_BYTES, "size": "Standard_D2s_v5"}
        bed.plant("azure_virtual_machine", story=story, **{**common, **facts})

    machine("p95 of CPU 4.5 %, maximum 18 %, 840 bytes/s", finds=rule)
    machine(
        "idle, and large: half of it would be enough, too",
        finds=f"{rule} azure_vm_overprovisioned",
        size="Standard_D8s_v5",
    )
    machine("the same on a memory-optimised size", finds=rule, size="Standard_E2s_v5")
    machine("p95 of CPU 5.5 %", near=rule, load=replace(_IDLE, cpu=5.5))
    machine("maximum of CPU 22 %", near=rule, load=replace(_IDLE, cpu_peak=22))
    machine("1,160 bytes/s over the network", near=rule, traffic=_MANY_BYTES)
    machine("two of five days have no samples", near=rule, load=replace(_IDLE, coverage=0.6))
    machine("started 10 days ago", near=rule, age=10)


def _oversized_machines(bed: Bed) -> None:
    rule, superseded = "azure_vm_overprovisioned", "azure_vm_superseded_series"
    for finds, near, size, load, story in (
        (rule, "", "D8s_v5", Load(38, 60, 36), "p99 of CPU 38 %, memory 36 %"),
        (rule, "", "E8s_v5", Load(30, 52, 33), "p99 of CPU 30 %, memory 33 %"),
        ("", rule, "D4s_v5", Load(42, 70, 38), "p99 of CPU 42 %: half would be at 84 %"),
        ("", rule, "E4s_v5", Load(20, 42, 85), "CPU alone would allow half, memory does not"),
        ("", rule, "D8s_v5", Load(30, 52, 34, coverage=0.6), "two of five days without samples"),
        (superseded, "", "DS3_v2", WELL_USED, "a v2, where a v5 gives more for less"),
        (superseded, "", "F4s", WELL_USED, "a first F series, where the second costs less"),
        ("", superseded, "D4s_v3", WELL_USED, "a v3: its successor costs the same"),
    ):
        bed.plant(
            "azure_virtual_machine",
            finds=finds,
            near=near,
            story=story,
            size=f"Standard_{size}",
            load=load,
            traffic=_BUSY_TRAFFIC,
        )


def _machines_that_are_off(bed: Bed) -> None:
    allocated, deallocated, disk = (
        "azure_vm_stopped_not_deallocated",
        "azure_vm_deallocated_long",
        "azure_disk_on_deallocated_vm",
    )

    def machine(days: int, state: str, root: dict[str, Any], **facts: Any) -> None:
        story = f"{state} for {days} days"
        bed.plant(
            "azure_virtual_machine",
            story=story,
            age=150,
            size="Standard_D4s_v5",
            load=WELL_USED,
            traffic=_BUSY_TRAFFIC,
            state=state,
            stopped_on=bed.setting.days_ago(days),
            disk={"load": _PREMIUM_LOAD, "story": story, **root},
            **facts,
        )

    machine(5, "stopped", {}, finds=allocated)
    machine(33, "deallocated", {**_P10, "findings": (disk,)}, finds=deallocated)
    machine(28, "deallocated", {**_P10, "near_misses": (disk,)}, near=deallocated)
    machine(34, "deallocated", {"near_misses": (disk,)}, finds=deallocated)
    machine(5, "deallocated", {}, near=f"{allocated} {deallocated}")


def _gateways(bed: Bed) -> None:
    idle, orphaned, setting = "azure_nat_gateway_idle", "azure_nat_gateway_orphaned", bed.setting
    for near, days, age in (("", 15, 60), (idle, 13, 60), (idle, 9, 9)):
        bed.plant(
            "azure_nat_gateway",
            finds="" if near else idle,
            near=near,
            story=f"no byte for {days} of the {age} days it exists",
            age=age,
            traffic=Decimal(40),
            quiet_since=setting.days_ago(days),
            targets=("subnet-1",),
        )
    bed.plant(
        "azure_nat_gateway",
        near=f"{idle} {orphaned}",
        story="some kilobytes a day from one subnet",
        traffic=Decimal("0.002"),
        targets=("subnet-1",),
    )
    bed.plant(
        "azure_nat_gateway",
        finds=orphaned,
        story="without subnets since five days",
        traffic=Decimal(30),
        quiet_since=setting.days_ago(5),
    )


def _load_balancers(bed: Bed) -> None:
    idle, empty, setting = "azure_lb_idle", "azure_lb_no_backend", bed.setting
    for near, days, age in (("", 15, 60), (idle, 13, 60), (idle, 9, 9)):
        bed.plant(
            "azure_load_balancer",
            finds="" if near else idle,
            near=near,
            story=f"no packet for {days} of the {age} days it exists",
            age=age,
            traffic=Decimal(25),
            quiet_since=setting.days_ago(days),
            targets=(bed.host().resource_id,),
        )
    for has_pools, story in ((True, "a pool without members"), (False, "no pool")):
        bed.plant(
            "azure_load_balancer",
            finds=empty,
            story=f"{story} since five days",
            traffic=Decimal(25),
            quiet_since=setting.days_ago(5),
            has_pools=has_pools,
        )
    bed.plant(
        "azure_load_balancer",
        near=empty,
        story="one machine behind it",
        traffic=Decimal(25),
        targets=(bed.host().resource_id,),
    )
    bed.plant(
        "azure_load_balancer",
        near=empty,
        story="no pool, and an inbound NAT rule to one machine",
        traffic=Decimal(25),
        targets=(bed.host().resource_id,),
        has_pools=False,
        has_nat_rules=True,
    )


def _nightly_machines(bed: Bed) -> None:
    bed.plant(
        "azure_virtual_machine",
        near="azure_vm_idle",
        story="idle in the one hour a day in which it runs; of the others nothing is known",
        size="Standard_D2s_v5",
        schedule="nightly",
        load=_IDLE,
        traffic=_FEW_BYTES / 25,
    )
