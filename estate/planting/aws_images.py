"""Images of AWS that nothing uses, and near misses: each with the snapshot that it holds."""

from typing import Any

from estate.model import Resource
from estate.planting.bed import BUSY_TRAFFIC, WELL_USED, Bed

RULE = "aws_ami_unused"


def _image(bed: Bed, *, age: int, size_gib: int, story: str, **facts: Any) -> Resource:
    """Plant an image and its snapshot, which the image keeps from being old or orphaned."""
    snapshot = bed.plant(
        "aws_snapshot",
        near="aws_ebs_snapshot_old aws_ebs_snapshot_orphaned",
        story="belongs to an image",
        age=age,
        size_gib=size_gib,
        source_id=f"vol-0{size_gib:012d}beef"[:21],
        on=facts.pop("on", None),
        attached_to="",
    )
    return bed.plant(
        "aws_image",
        story=story,
        age=age,
        on=snapshot,
        attached_to="",
        snapshot_ids=(snapshot.resource_id,),
        **facts,
    )


def plant_images(bed: Bed) -> None:
    """Add images that nothing uses, and such that a machine or a template of the account uses."""
    rule, setting = RULE, bed.setting
    _image(bed, age=182, size_gib=400, story="never started, 182 days old", finds=rule)
    _image(
        bed,
        age=300,
        size_gib=350,
        story="last started 181 days ago",
        finds=rule,
        last_launched=setting.days_ago(181),
    )
    _image(bed, age=178, size_gib=60, story="never started, but only 178 days old", near=rule)
    _image(
        bed,
        age=300,
        size_gib=60,
        story="last started 179 days ago",
        near=rule,
        last_launched=setting.days_ago(179),
    )
    used = _image(bed, age=310, size_gib=60, story="a machine runs from it", near=rule)
    bed.plant(
        "aws_instance",
        story="runs from an image of its own",
        on=used,
        attached_to="",
        size="m6i.large",
        image_id=used.resource_id,
        load=WELL_USED,
        traffic=BUSY_TRAFFIC,
    )
    named = _image(bed, age=320, size_gib=60, story="a launch template names it", near=rule)
    bed.plant(
        "aws_launch_template",
        story="starts machines on demand",
        on=named,
        attached_to="",
        size="m6i.large",
        image_id=named.resource_id,
    )
    _image(
        bed,
        age=400,
        size_gib=60,
        story="made and removed by AWS Backup",
        near=rule,
        extra_tags={"aws:backup:source-resource": "arn:aws:ec2:us-east-1::instance/x"},
    )


def plant_images_that_others_use(bed: Bed) -> None:
    """Add images that other accounts may start, and one that an Auto Scaling group may start."""
    for whom, story in (
        ("444455556666", "another account may start it"),
        ("arn:aws:organizations::444455556666:organization/o-example1234", "shared in full"),
    ):
        _image(bed, age=330, size_gib=60, story=story, near=RULE, shared_with=(whom,))
    hidden = _image(
        bed,
        age=340,
        size_gib=60,
        story="a group without machines starts from a launch configuration that names it",
        near=RULE,
        on=_without_unused_images(bed),
    )
    bed.plant(
        "aws_autoscaling_group",
        story="starts machines on demand from a launch configuration, which nobody reads",
        on=hidden,
        attached_to="",
        size="m6i.large",
        image_id=hidden.resource_id,
    )


def _without_unused_images(bed: Bed) -> Resource:
    """Return what lies where no image is to be found: a group hides the use of all in its place."""
    places = {(found.account, found.region) for found in bed.made if RULE in found.findings}
    return next(found for found in bed.made if (found.account, found.region) not in places)
