"""Fills moto with an estate: through its API where that can, and directly where it cannot.

The API sets neither ids nor the times at which something was created, started, stopped or
attached, nor tags that AWS itself gives.
"""

import itertools
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from moto.backends import get_backend

from estate.clouds.aws.clients import Clients
from estate.clouds.aws.gaps import ChosenIds
from estate.clouds.aws.roles import ROLE_NAME, ConnectedAccount
from estate.dice import noise
from estate.model import Resource

PUBLIC_IMAGE = "ami-0c0ffee0c0ffee0c0"
_PERMISSIONS = (
    '{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}'
)
_DEVICES = tuple(f"/dev/sd{letter}" for letter in "fghijklmnop")


def instant(resource: Resource, day: date) -> datetime:
    """Return when something happened on a day: within the hour after midnight UTC."""
    minutes = int(50 * noise(resource.resource_id, day, "minute"))
    return datetime.combine(day, time(), UTC) + timedelta(minutes=minutes)


def fill(
    accounts: Iterable[ConnectedAccount], scan_day: date, ids: ChosenIds, clients: Clients
) -> None:
    """Create every account's role and everything that exists on the day of the scan."""
    for connected in accounts:
        clients.account_id = connected.account.account_id
        iam = clients.get("iam")
        iam.create_role(RoleName=ROLE_NAME, AssumeRolePolicyDocument=connected.trust_policy)
        iam.put_role_policy(RoleName=ROLE_NAME, PolicyName="read", PolicyDocument=_PERMISSIONS)
        existing = [found for found in connected.resources if found.exists_on(scan_day)]
        for region, resources in itertools.groupby(
            sorted(existing, key=lambda found: found.region), key=lambda found: found.region
        ):
            _Place(clients, region, tuple(resources), ids).fill()


class _Place:
    """One account and region while it is filled."""

    def __init__(
        self, clients: Clients, region: str, resources: tuple[Resource, ...], ids: ChosenIds
    ) -> None:
        account_id = clients.account_id
        self._resources = resources
        self._by_id = {found.resource_id: found for found in resources}
        self._ids = ids
        self._region = region
        self._ec2 = clients.get("ec2", region)
        self._autoscaling = clients.get("autoscaling", region)
        self._elb = clients.get("elb", region)
        self._elbv2 = clients.get("elbv2", region)
        self._backend = get_backend("ec2")[account_id][region]
        self._autoscaling_backend = get_backend("autoscaling")[account_id][region]
        self._elb_backend = get_backend("elb")[account_id][region]
        self._elbv2_backend = get_backend("elbv2")[account_id][region]
        self._roots = {
            found.attached_to: found for found in self._of("aws_volume") if found.is_root
        }
        self._snapshots = {found.resource_id: found for found in self._of("aws_snapshot")}
        self._devices = itertools.cycle(_DEVICES)

    def fill(self) -> None:
        """Create everything, what others need first."""
        subnets = self._ec2.describe_subnets()["Subnets"]
        self._subnets = {found["AvailabilityZone"]: found["SubnetId"] for found in subnets}
        for kind, create in (
            ("aws_image", self._image),
            ("aws_instance", self._instance),
            ("aws_volume", self._volume),
            ("aws_snapshot", self._snapshot),
            ("aws_launch_template", self._launch_template),
            ("aws_autoscaling_group", self._autoscaling_group),
            ("aws_load_balancer", self._load_balancer),
            ("aws_network_load_balancer", self._load_balancer),
            ("aws_classic_load_balancer", self._classic_load_balancer),
            ("aws_address", self._address),
            ("aws_nat_gateway", self._nat_gateway),
        ):
            for resource in self._of(kind):
                create(resource)

    def _of(self, kind: str) -> Iterator[Resource]:
        return (found for found in self._resources if found.kind == kind)

    def _tag(self, kept: Any, resource: Resource) -> None:
        kept.add_tags(dict(resource.tags))

    def _image(self, image: Resource) -> None:
        (snapshot_id,) = image.snapshot_ids
        snapshot = self._snapshots.pop(snapshot_id)
        self._ids.choose((image.resource_id, snapshot_id))
        self._ec2.register_image(Name=image.name, Description=f"{image.name} base image")
        kept: Any = self._backend.amis[image.resource_id]
        kept.creation_date = instant(image, image.created)
        kept.architecture, kept.virtualization_type = "x86_64", "hvm"
        if image.last_launched:
            kept.last_launched_time = kept.lld = instant(image, image.last_launched).isoformat()
        self._tag(kept, image)
        if image.shared_with:
            shares = [_launch_permission(whom) for whom in image.shared_with]
            self._ec2.modify_image_attribute(
                ImageId=image.resource_id, LaunchPermission={"Add": shares}
            )
        kept.ebs_snapshot.volume.size = snapshot.size_gib
        self._date_snapshot(kept.ebs_snapshot, snapshot)

    def _instance(self, machine: Resource) -> None:
        root = self._roots[machine.resource_id]
        self._ids.choose((machine.resource_id, root.resource_id))
        self._ec2.run_instances(
            ImageId=machine.image_id or PUBLIC_IMAGE,
            MinCount=1,
            MaxCount=1,
            InstanceType=machine.size,
            SubnetId=self._subnets[machine.zone],
            BlockDeviceMappings=[{"DeviceName": "/dev/sda1", "Ebs": _disk(root)}],
        )
        kept: Any = self._backend.get_instance(machine.resource_id)
        kept.launch_time = instant(machine, machine.created)
        kept.platform_details, kept.usage_operation = "Linux/UNIX", "RunInstances"
        kept.block_device_mapping["/dev/sda1"].attach_time = kept.launch_time
        self._tag(kept, machine)
        if machine.stopped_on:
            self._ec2.stop_instances(InstanceIds=[machine.resource_id])
            stopped = instant(machine, machine.stopped_on)
            kept._reason = f"User initiated ({stopped:%Y-%m-%d %H:%M:%S} GMT)"  # noqa: SLF001 - nothing else sets it
        self._date_volume(root)

    def _volume(self, volume: Resource) -> None:
        if volume.is_root:
            return
        self._ids.choose((volume.resource_id,))
        disk = _disk(volume)
        disk["Size"] = disk.pop("VolumeSize")
        disk.pop("DeleteOnTermination")
        self._ec2.create_volume(AvailabilityZone=volume.zone, **disk)
        if volume.attached_to:
            self._ec2.attach_volume(
                VolumeId=volume.resource_id,
                InstanceId=volume.attached_to,
                Device=next(self._devices),
            )
        self._date_volume(volume)

    def _date_volume(self, volume: Resource) -> None:
        kept: Any = self._backend.volumes[volume.resource_id]
        kept.create_time = instant(volume, volume.created)
        if kept.attachment:
            kept.attachment.attach_time = instant(volume, volume.attached_on or volume.created)
        self._tag(kept, volume)

    def _snapshot(self, snapshot: Resource) -> None:
        if snapshot.resource_id not in self._snapshots:
            return
        source = self._by_id.get(snapshot.source_id)
        zone = f"{self._region}a"
        volume_id = (
            source.resource_id
            if source
            else self._ec2.create_volume(AvailabilityZone=zone, Size=1)["VolumeId"]
        )
        self._ids.choose((snapshot.resource_id,))
        self._ec2.create_snapshot(VolumeId=volume_id, Description=snapshot.description)
        kept: Any = self._backend.snapshots[snapshot.resource_id]
        kept.volume = _Source(snapshot.source_id, snapshot.size_gib)
        if source is None:
            self._ec2.delete_volume(VolumeId=volume_id)
        self._date_snapshot(kept, snapshot)

    def _date_snapshot(self, kept: Any, snapshot: Resource) -> None:
        kept.start_time = instant(snapshot, snapshot.created)
        kept.volume = _Source(snapshot.source_id, snapshot.size_gib)
        self._tag(kept, snapshot)

    def _launch_template(self, template: Resource) -> None:
        self._ids.choose((template.resource_id,))
        self._ec2.create_launch_template(
            LaunchTemplateName=template.name,
            LaunchTemplateData={"ImageId": template.image_id, "InstanceType": template.size},
        )

    def _autoscaling_group(self, group: Resource) -> None:
        self._autoscaling.create_launch_configuration(
            LaunchConfigurationName=group.name,
            ImageId=group.image_id,
            InstanceType=group.size,
            UserData="export PASSWORD=never-read",
        )
        self._autoscaling.create_auto_scaling_group(
            AutoScalingGroupName=group.name,
            LaunchConfigurationName=group.name,
            MinSize=0,
            MaxSize=2,
            AvailabilityZones=[group.zone],
        )
        kept: Any = self._autoscaling_backend.autoscaling_groups[group.name]
        kept._id = group.resource_id.split(":")[6]  # noqa: SLF001 - nothing else sets it

    def _load_balancer(self, balancer: Resource) -> None:
        self._ids.choose((balancer.resource_id,))
        is_network = balancer.kind == "aws_network_load_balancer"
        self._elbv2.create_load_balancer(
            Name=balancer.name,
            Type="network" if is_network else "application",
            Subnets=list(self._subnets.values())[:2],
        )
        kept = self._elbv2_backend.load_balancers[balancer.resource_id]
        kept.state = "active"
        kept.created_time = instant(balancer, balancer.created).isoformat()
        self._elbv2_backend.tagging_service.tag_resource(
            balancer.resource_id, _tag_list(balancer.tags)
        )

    def _classic_load_balancer(self, balancer: Resource) -> None:
        listener = {"Protocol": "http", "LoadBalancerPort": 80, "InstancePort": 8080}
        self._elb.create_load_balancer(
            LoadBalancerName=balancer.name,
            Listeners=[listener],
            Subnets=list(self._subnets.values())[:2],
            Tags=_tag_list(balancer.tags) or [{"Key": "Name", "Value": balancer.name}],
        )
        kept = self._elb_backend.load_balancers[balancer.name]
        kept.created_time = instant(balancer, balancer.created)

    def _address(self, address: Resource) -> None:
        self._ids.choose((address.resource_id,))
        self._ec2.allocate_address(Domain="vpc")
        kept: Any = next(
            found for found in self._backend.addresses if found.id == address.resource_id
        )
        kept.network_border_group = self._region
        self._tag(kept, address)
        holder = self._by_id.get(address.attached_to)
        if holder is None or holder.kind == "aws_nat_gateway":
            return
        where = {"InstanceId": holder.resource_id}
        if holder.kind != "aws_instance":
            subnet = next(iter(self._subnets.values()))
            made = self._ec2.create_network_interface(
                SubnetId=subnet, Description=f"ELB {holder.name}"
            )
            where = {"NetworkInterfaceId": made["NetworkInterface"]["NetworkInterfaceId"]}
        self._ec2.associate_address(AllocationId=address.resource_id, **where)

    def _nat_gateway(self, gateway: Resource) -> None:
        address = next(
            found for found in self._of("aws_address") if found.attached_to == gateway.resource_id
        )
        self._ids.choose((gateway.resource_id,))
        self._ec2.create_nat_gateway(
            SubnetId=self._subnets[gateway.zone], AllocationId=address.resource_id
        )
        kept: Any = self._backend.nat_gateways[gateway.resource_id]
        kept._created_at = instant(gateway, gateway.created)  # noqa: SLF001 - nothing else sets it
        self._tag(kept, gateway)


class _Source:
    """What a snapshot tells of its volume, which need not exist any more."""

    def __init__(self, volume_id: str, size: int) -> None:
        self.id, self.size = volume_id, size


def _launch_permission(whom: str) -> dict[str, str]:
    return {"OrganizationArn" if whom.startswith("arn:") else "UserId": whom}


def _disk(volume: Resource) -> dict[str, Any]:
    disk: dict[str, Any] = {
        "VolumeType": volume.size,
        "VolumeSize": volume.size_gib,
        "DeleteOnTermination": volume.is_root,
    }
    if volume.size != "gp2":
        disk["Iops"] = volume.iops
    if volume.throughput:
        disk["Throughput"] = volume.throughput
    return disk


def _tag_list(tags: Mapping[str, str]) -> list[dict[str, str]]:
    return [{"Key": key, "Value": value} for key, value in tags.items()]
