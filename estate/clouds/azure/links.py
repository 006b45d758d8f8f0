"""How resources of a directory refer to each other: by id, and by what is attached to what."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date

from estate.model import Resource


class Links:
    """Finds the resources that another one names."""

    def __init__(self, resources: Iterable[Resource]) -> None:
        self._by_id: dict[str, Resource] = {}
        self._attached: dict[str, list[Resource]] = defaultdict(list)
        for each in resources:
            self._by_id[each.resource_id] = each
            if each.attached_to:
                self._attached[each.attached_to].append(each)

    def get(self, resource_id: str) -> Resource | None:
        """Return a resource; None if it does not exist."""
        return self._by_id.get(resource_id)

    def attached(self, owner: Resource, kind: str) -> Sequence[Resource]:
        """Return the resources of a kind that are attached to one."""
        return [each for each in self._attached.get(owner.resource_id, ()) if each.kind == kind]


def instant(day: date) -> str:
    """Return when on a day things happen in the estate, as Resource Manager writes instants."""
    return f"{day.isoformat()}T00:05:00.0000000+00:00"


def sibling(resource: Resource, arm_type: str, name: str) -> str:
    """Return the id of another resource in a resource's group."""
    group = resource.resource_id.partition("/providers/")[0]
    return f"{group}/providers/{arm_type}/{name}"


def interface(machine: Resource) -> str:
    """Return the id of a machine's network interface."""
    return sibling(machine, "Microsoft.Network/networkInterfaces", f"{machine.name}-nic")
