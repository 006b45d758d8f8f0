"""Instances of EC2: idle, oversized, stopped, and near misses."""

from dataclasses import replace
from typing import Any

from estate.model import Load, Resource
from estate.planting.bed import BUSY_TRAFFIC, FEW_BYTES, MANY_BYTES, WELL_USED, Bed

_IDLE = Load(cpu=4.5, cpu_peak=18, memory=22)
_QUIET_DISK = Load(iops=0.02, mibps=0.001)


def plant_instances(bed: Bed) -> None:
    """Plant instances by how much they do."""
    _idle_instances(bed)
    _oversized_instances(bed)
    _stopped_instances(bed)


def _idle_instances(bed: Bed) -> None:
    rule = "aws_ec2_instance_idle"

    def machine(story: str, *, size: str = "m5.large", **facts: Any) -> None:
        common = {"load": _IDLE, "traffic": FEW_BYTES, "disk": {"load": _QUIET_DISK}}
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
    machine("1,160 bytes/s over the network", near=rule, traffic=MANY_BYTES)
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
        bed.plant("aws_instance", story=story, **{"traffic": BUSY_TRAFFIC, **facts})

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
            traffic=BUSY_TRAFFIC,
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


def plant_nightly_instances(bed: Bed) -> None:
    """Plant instances that work for one hour a day."""
    bed.plant(
        "aws_instance",
        near="aws_ec2_instance_idle",
        story="idle in the one hour a day in which it runs; of the others nothing is known",
        size="m5.large",
        schedule="nightly",
        load=_IDLE,
        traffic=FEW_BYTES / 25,
    )
