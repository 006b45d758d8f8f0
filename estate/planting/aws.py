"""Waste and near misses of AWS: for each rule what it must find, and what it must leave alone."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

from estate.model import Load, Resource
from estate.planting.aws_images import plant_images, plant_images_that_others_use
from estate.planting.bed import WELL_USED, Bed
from estate.setting import Setting

_IDLE = Load(cpu=4.5, cpu_peak=18, memory=22)
_FEW_BYTES, _MANY_BYTES = Decimal("0.05"), Decimal("0.069")  # GB a day: 840 and 1,160 bytes/s
_BUSY_TRAFFIC = Decimal("6.5")
_GP3: dict[str, Any] = {"size": "gp3", "iops": 3000, "throughput": 125}
_QUIET_DISK = Load(iops=0.02, mibps=0.001)
_DISK_LOAD = Load(iops=160, mibps=18)
_HOSTILE_TAGS = {
    "Name": '<img src=x onerror=alert(1)> O\'Brien "quoted" \U0001f98a',
    "Note": "first line\nsecond line; drop table findings --",
}


def plant_aws(setting: Setting) -> tuple[Resource, ...]:
    """Return the planted resources of a payer's accounts."""
    bed = Bed(setting)
    _unattached_volumes(bed)
    _idle_volumes(bed)
    _volume_types(bed)
    _snapshots(bed)
    plant_images(bed)
    _addresses(bed)
    _idle_instances(bed)
    _oversized_instances(bed)
    _stopped_instances(bed)
    _gateways(bed)
    _load_balancers(bed)
    _nightly_instances(bed)
    plant_images_that_others_use(bed)
    return tuple(bed.made)


def _unattached_volumes(bed: Bed) -> None:
    rule = "aws_ebs_volume_unattached"
    for size_gib, age, extra in ((500, 8, {}), (1000, 45, _HOSTILE_TAGS)):
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


def _addresses(bed: Bed) -> None:
    rule = "aws_eip_unassociated"
    for age in (9, 50):
        bed.plant("aws_address", finds=rule, story=f"held by nothing for {age} days", age=age)
    bed.plant("aws_address", near=rule, story="held by nothing, but only for 5 days", age=5)
    bed.plant("aws_address", near=rule, story="held by a running machine", on=bed.host())


def _idle_instances(bed: Bed) -> None:
    rule = "aws_ec2_instance_idle"

    def machine(story: str, *, size: str = "m5.large", **facts: Any) -> None:
        common = {"load": _IDLE, "traffic": _FEW_BYTES, "disk": {"load": _QUIET_DISK}}
        bed.plant("aws_instance", story=story, size=size, **{**common, **facts})

    machine("p95 of CPU 4.5 %, maximum 18 %, 840 bytes/s", finds=rule)
    machine(
        "idle, and large: half of it would be enough, too",
        finds=f"{rule} aws_ec2_instance_overprovisioned",
        size="m6i.2xlarge",
    )
    machine("the same, without an agent for memory", finds=rule, size="r5.large",
            load=replace(_IDLE, memory=None))  # fmt: skip
    machine("p95 of CPU 5.5 %", near=rule, load=replace(_IDLE, cpu=5.5))
    machine("maximum of CPU 22 %", near=rule, load=replace(_IDLE, cpu_peak=22))
    machine("1,160 bytes/s over the network", near=rule, traffic=_MANY_BYTES)
    machine("two of five days have no samples", near=rule, load=replace(_IDLE, coverage=0.6))
    machine("started 10 days ago", near=rule, age=10)
    machine(
        "waits in an Auto Scaling group",
        near=rule,
        extra_tags={"aws:autoscaling:groupName": "web-standby"},
    )


def _oversized_instances(bed: Bed) -> None:
    rule = "aws_ec2_instance_overprovisioned"

    def machine(story: str, **facts: Any) -> None:
        bed.plant("aws_instance", story=story, **{"traffic": _BUSY_TRAFFIC, **facts})

    machine(
        "p99 of CPU 38 % and memory 36 %: half the size is enough",
        finds=rule,
        size="m6i.2xlarge",
        load=Load(38, 60, 36),
    )
    machine(
        "p99 of CPU 36 %, memory unknown",
        finds=rule,
        size="m7i.xlarge",
        load=Load(36, 58, None),
    )
    machine(
        "p99 of CPU 42 %: half the size would be at 84 %",
        near=rule,
        size="m6i.xlarge",
        load=Load(42, 70, 38),
    )
    machine(
        "CPU alone would allow half the size, memory at 85 % does not",
        near=rule,
        size="r6i.xlarge",
        load=Load(20, 42, 85),
    )
    machine(
        "two of five days have no samples",
        near=rule,
        size="m6i.2xlarge",
        load=Load(30, 52, 34, coverage=0.6),
    )
    machine(
        "an m4, where an m5 gives more for less",
        finds="aws_ec2_previous_generation",
        size="m4.2xlarge",
        load=WELL_USED,
    )
    machine(
        "a c5: its successor costs the same",
        near="aws_ec2_previous_generation",
        size="c5.xlarge",
        load=WELL_USED,
    )


def _stopped_instances(bed: Bed) -> None:
    stopped, volume, address = (
        "aws_ec2_instance_stopped_long",
        "aws_ebs_volume_on_stopped_instance",
        "aws_eip_on_stopped_instance",
    )

    def machine(days: int, story: str, disk: dict[str, Any], **facts: Any) -> Resource:
        return bed.plant(
            "aws_instance",
            story=story,
            age=120,
            size="m5.xlarge",
            load=WELL_USED,
            traffic=_BUSY_TRAFFIC,
            state="stopped",
            stopped_on=bed.setting.days_ago(days),
            disk={"size_gib": 500, "story": story, **disk},
            **facts,
        )

    long = machine(31, "stopped for 31 days", {"findings": (volume,)}, finds=stopped)
    bed.plant("aws_address", finds=address, story="on a machine stopped for 31 days", on=long)
    machine(29, "stopped for 29 days", {"near_misses": (volume,)}, near=stopped)
    for days, near in ((8, ""), (6, address)):
        held = machine(days, f"stopped for {days} days", {}, near=stopped)
        story = f"on a machine stopped for {days} days"
        bed.plant("aws_address", story=story, on=held, finds="" if near else address, near=near)


def _gateways(bed: Bed) -> None:
    rule, setting = "aws_nat_gateway_idle", bed.setting
    for near, days, age in (("", 15, 60), (rule, 13, 60), (rule, 9, 9)):
        bed.plant(
            "aws_nat_gateway",
            finds="" if near else rule,
            near=near,
            story=f"no byte for {days} of the {age} days it exists",
            age=age,
            traffic=Decimal(40),
            quiet_since=setting.days_ago(days),
        )
    bed.plant(
        "aws_nat_gateway",
        near=rule,
        story="some kilobytes a day",
        traffic=Decimal("0.002"),
    )


def _load_balancers(bed: Bed) -> None:
    setting = bed.setting
    for kind, rule in (
        ("aws_load_balancer", "aws_alb_idle"),
        ("aws_network_load_balancer", "aws_alb_idle"),
        ("aws_classic_load_balancer", "aws_clb_idle"),
    ):
        for near, days, age in (("", 15, 60), (rule, 13, 60), (rule, 9, 9)):
            bed.plant(
                kind,
                finds="" if near else rule,
                near=near,
                story=f"no request for {days} of the {age} days it exists",
                age=age,
                traffic=Decimal(14),
                quiet_since=setting.days_ago(days),
            )
    balancer = bed.plant(
        "aws_network_load_balancer",
        story="answers",
        traffic=Decimal(20),
    )
    bed.plant(
        "aws_address",
        near="aws_eip_unassociated",
        story="address of a load balancer, not of a machine",
        on=balancer,
    )


def _nightly_instances(bed: Bed) -> None:
    bed.plant(
        "aws_instance",
        near="aws_ec2_instance_idle",
        story="idle in the one hour a day in which it runs; of the others nothing is known",
        size="m5.large",
        schedule="nightly",
        load=_IDLE,
        traffic=_FEW_BYTES / 25,
    )
