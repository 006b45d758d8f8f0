"""Virtual machines of Azure: idle, oversized, off, and near misses."""

from dataclasses import replace
from typing import Any

from estate.model import Load
from estate.planting.bed import BUSY_TRAFFIC, FEW_BYTES, MANY_BYTES, WELL_USED, Bed

_IDLE = Load(cpu=4.5, cpu_peak=18, memory=24)
_P10: dict[str, Any] = {"size": "P10", "size_gib": 128}
_PREMIUM_LOAD = Load(iops=310, mibps=58)


def plant_machines(bed: Bed) -> None:
    """Plant machines by how much they do."""
    _idle_machines(bed)
    _oversized_machines(bed)
    _machines_that_are_off(bed)


def _idle_machines(bed: Bed) -> None:
    rule = "azure_vm_idle"

    def machine(story: str, **facts: Any) -> None:
        common = {"load": _IDLE, "traffic": FEW_BYTES, "size": "Standard_D2s_v5"}
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
    machine("1,160 bytes/s over the network", near=rule, traffic=MANY_BYTES)
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
            traffic=BUSY_TRAFFIC,
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
            traffic=BUSY_TRAFFIC,
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


def plant_nightly_machines(bed: Bed) -> None:
    """Plant machines that work for one hour a day."""
    bed.plant(
        "azure_virtual_machine",
        near="azure_vm_idle",
        story="idle in the one hour a day in which it runs; of the others nothing is known",
        size="Standard_D2s_v5",
        schedule="nightly",
        load=_IDLE,
        traffic=FEW_BYTES / 25,
    )
