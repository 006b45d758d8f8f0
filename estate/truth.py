"""What every rule must find in an estate, and what it must leave alone.

The table covers every resource: what is not listed as a finding must not be found by any rule.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from estate.model import Partner, Resource


@dataclass(frozen=True, slots=True)
class Expected:
    """What a rule must say about a resource.

    Attributes:
        resource_id: As cost lines write it: EC2's own ids, ARNs, ARM ids in lower case.
        is_finding: Whether it must be found; otherwise it is a near miss.
        why: The reason, in a sentence.
    """

    rule_id: str
    partner_id: str
    tenant_id: str
    resource_id: str
    is_finding: bool
    why: str


def truth(partners: Iterable[Partner], through: date) -> tuple[Expected, ...]:
    """Return what is planted, as a scan on the day after `through` must see it."""
    scan_day = through + timedelta(days=1)
    return tuple(
        expected
        for partner in partners
        for tenant in partner.tenants
        for scope in tenant.scopes
        for resource in scope.resources
        if resource.exists_on(scan_day)
        for expected in _of(resource, partner.partner_id, tenant.tenant_id)
    )


def canonical_id(resource: Resource) -> str:
    """Return a resource's id as lines of cost and inventories write it."""
    is_azure = resource.kind.startswith("azure")
    return resource.resource_id.lower() if is_azure else resource.resource_id


def _of(resource: Resource, partner_id: str, tenant_id: str) -> Iterator[Expected]:
    for rules, is_finding in ((resource.findings, True), (resource.near_misses, False)):
        for rule_id in rules:
            yield Expected(
                rule_id,
                partner_id,
                tenant_id,
                canonical_id(resource),
                is_finding,
                resource.story,
            )
