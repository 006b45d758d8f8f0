"""Volumes and snapshots of AWS: waste and near misses."""

from dataclasses import replace
from typing import Any

from estate.model import Load
from estate.planting.bed import HOSTILE_TAGS, Bed

_GP3: dict[str, Any] = {"size": "gp3", "iops": 3000, "throughput": 125}
_DISK_LOAD = Load(iops=160, mibps=18)


def plant_storage(bed: Bed) -> None:
    """Plant volumes and snapshots."""
    _unattached_volumes(bed)
    _idle_volumes(bed)
    _volume_types(bed)
    _snapshots(bed)


def _unattached_volumes(bed: Bed) -> None:
    rule = "aws_ebs_volume_unattached"
    for size_gib, age, extra in ((500, 8, {}), (1000, 45, HOSTILE_TAGS)):
        bed.plant(
            "aws_volume",
            finds=rule,
            story=f"attached to nothing, made {age} days ago",
            age=age,
            extra_tags=extra,
            size_gib=size_gib,
            **_GP3,
        )
    bed.plant(
        "aws_volume",
        near=rule,
        story="attached to nothing, but only 6 days old",
        age=6,
        size_gib=400,
        **_GP3,
    )
    bed.plant(
        "aws_volume",
        near=rule,
        story="waits for the pods of a Kubernetes claim",
        extra_tags={
            "kubernetes.io/created-for/pvc/name": "data-postgres-0",
            "kubernetes.io/created-for/pvc/namespace": "shop",
        },
        size_gib=300,
        **_GP3,
    )


def _idle_volumes(bed: Bed) -> None:
    rule, setting = "aws_ebs_volume_idle_attached", bed.setting
    common: dict[str, Any] = {"size_gib": 600, "load": _DISK_LOAD, **_GP3}
    bed.plant(
        "aws_volume",
        finds=rule,
        story="no operation for 15 days on a running machine",
        on=bed.host(),
        quiet_since=setting.days_ago(15),
        **common,
    )
    bed.plant(
        "aws_volume",
        near=rule,
        story="last operation 14 days ago, within the window",
        on=bed.host(),
        quiet_since=setting.days_ago(13),
        **common,
    )
    bed.plant(
        "aws_volume",
        near=rule,
        story="no operation, but attached for 9 days only",
        on=bed.host(),
        age=9,
        quiet_since=setting.days_ago(9),
        **common,
    )
    bed.plant(
        "aws_volume",
        near=rule,
        story="no operation on the days with samples, but two of five days have none",
        on=bed.host(),
        quiet_since=setting.days_ago(40),
        **{**common, "load": replace(_DISK_LOAD, coverage=0.6)},
    )


def _volume_types(bed: Bed) -> None:
    gp2, io = "aws_ebs_gp2_to_gp3", "aws_ebs_io_to_gp3"
    bed.plant(
        "aws_volume",
        finds=gp2,
        story="gp2 of 800 GiB that needs no more than gp3 includes",
        on=bed.host(),
        size="gp2",
        size_gib=800,
        iops=2400,
        load=Load(iops=900, mibps=60),
    )
    bed.plant(
        "aws_volume",
        near=gp2,
        story="gp2 of 200 GiB at 240 MiB/s: gp3 with that throughput costs more",
        on=bed.host(),
        size="gp2",
        size_gib=200,
        iops=600,
        load=Load(iops=560, mibps=240),
    )
    bed.plant(
        "aws_volume",
        finds=io,
        story="io1 with 4,000 operations a second bought, 2,600 needed",
        on=bed.host(),
        size="io1",
        size_gib=500,
        iops=4000,
        load=Load(iops=2600, mibps=110),
    )
    bed.plant(
        "aws_volume",
        near=io,
        story="io2 that needs 17,000 operations a second, more than gp3 gives",
        on=bed.host(),
        size="io2",
        size_gib=500,
        iops=24000,
        load=Load(iops=17000, mibps=420),
    )
    bed.plant(
        "aws_volume",
        near=io,
        story="io1 whose peak nobody knows: two of five days have no samples",
        on=bed.host(),
        size="io1",
        size_gib=300,
        iops=3000,
        load=Load(iops=1500, mibps=60, coverage=0.6),
    )


def _snapshots(bed: Bed) -> None:
    old, orphaned, setting = "aws_ebs_snapshot_old", "aws_ebs_snapshot_orphaned", bed.setting
    source, other = [found for found in bed.made if found.is_root][:2]
    gone = "vol-0" + "0" * 12 + "dead"
    kept: dict[str, Any] = {"source_id": source.resource_id, "on": source, "attached_to": ""}
    bed.plant("aws_snapshot", finds=old, story="91 days old", age=91, size_gib=700, **kept)
    bed.plant("aws_snapshot", near=old, story="89 days old", age=89, size_gib=300, **kept)
    bed.plant(
        "aws_snapshot",
        finds=old,
        story="91 days old, the only one of its volume",
        age=91,
        size_gib=450,
        **{**kept, "source_id": other.resource_id, "on": other},
    )
    bed.plant(
        "aws_snapshot",
        near=old,
        story="made and removed by AWS Backup",
        age=200,
        size_gib=250,
        extra_tags={"aws:backup:source-resource": "arn:aws:ec2:us-east-1::volume/x"},
        description="This snapshot is created by the AWS Backup service.",
        **kept,
    )
    bed.plant(
        "aws_snapshot",
        finds=orphaned,
        story="its volume is gone, 31 days old",
        age=31,
        size_gib=900,
        source_id=gone,
    )
    bed.plant(
        "aws_snapshot",
        finds=orphaned,
        story="its volume is gone, the only one of it, 31 days old",
        age=31,
        size_gib=350,
        source_id="vol-0" + "0" * 12 + "feed",
    )
    bed.plant(
        "aws_snapshot",
        near=orphaned,
        story="its volume is gone, but only 29 days old",
        age=29,
        size_gib=200,
        source_id=gone,
    )
    bed.plant(
        "aws_snapshot",
        near=orphaned,
        story="a copy: AWS names vol-ffffffff where it does not know the volume",
        age=50,
        size_gib=150,
        source_id="vol-ffffffff",
        description=f"[Copied snap-0123456789abcdef0 from eu-west-1] {setting.seed[:1]}",
    )
