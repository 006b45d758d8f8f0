"""Disks and snapshots of Azure: waste and near misses."""

from dataclasses import replace
from typing import Any

from estate.model import Load
from estate.planting.bed import HOSTILE_TAGS, Bed

_E10: dict[str, Any] = {"size": "E10", "size_gib": 128}
_P10: dict[str, Any] = {"size": "P10", "size_gib": 128}
_DISK_LOAD = Load(iops=160, mibps=18)


def plant_disks(bed: Bed) -> None:
    """Plant disks and snapshots."""
    _unattached_disks(bed)
    _idle_disks(bed)
    _premium_disks(bed)
    _snapshots(bed)


def _unattached_disks(bed: Bed) -> None:
    rule, setting = "azure_disk_unattached", bed.setting
    for days, extra in ((8, {}), (40, HOSTILE_TAGS)):
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
