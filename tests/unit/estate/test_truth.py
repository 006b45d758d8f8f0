"""The planted truth: every rule in every scope, and facts that agree with the bills."""

# ruff: noqa: SIM905 - one rule a word; a list would take a line each

from collections import Counter
from datetime import date, timedelta
from decimal import Decimal
from statistics import quantiles

import pytest

from estate.billing.ledger import Ledger
from estate.model import BillingScope, Resource
from estate.truth import canonical_id, truth
from estate.utilization import BYTES_PER_GB, Hour, hourly, metrics_of
from estate.world import build_partners, calendar

THROUGH = date(2026, 5, 20)
SCAN_DAY = THROUGH + timedelta(days=1)
DAYS = calendar(THROUGH, 2)
AWS_RULES = frozenset(
    "aws_ebs_volume_unattached aws_ebs_volume_idle_attached aws_ebs_volume_on_stopped_instance"
    " aws_ebs_gp2_to_gp3 aws_ebs_io_to_gp3 aws_ebs_snapshot_old aws_ebs_snapshot_orphaned"
    " aws_ami_unused aws_eip_unassociated aws_eip_on_stopped_instance aws_ec2_instance_idle"
    " aws_ec2_instance_overprovisioned aws_ec2_previous_generation aws_ec2_instance_stopped_long"
    " aws_nat_gateway_idle aws_alb_idle aws_clb_idle".split()
)
AZURE_RULES = frozenset(
    "azure_disk_unattached azure_disk_idle_attached azure_disk_underutilized_premium"
    " azure_disk_on_deallocated_vm azure_snapshot_old azure_snapshot_orphaned"
    " azure_public_ip_unattached azure_vm_idle azure_vm_overprovisioned"
    " azure_vm_superseded_series azure_vm_stopped_not_deallocated azure_vm_deallocated_long"
    " azure_nat_gateway_orphaned azure_nat_gateway_idle azure_lb_no_backend azure_lb_idle".split()
)
PARTNERS = build_partners(23, "demo", DAYS)
SCOPES = [scope for partner in PARTNERS for tenant in partner.tenants for scope in tenant.scopes]


def measured(resource: Resource, metric: str, days: int = 14) -> list[tuple[date, Hour]]:
    return [
        (day, hour)
        for day in (SCAN_DAY - timedelta(days=n) for n in range(days, 0, -1))
        for hour in hourly(resource, metric, day)
        if hour
    ]


@pytest.mark.parametrize("scope", SCOPES, ids=lambda scope: f"{scope.tenant_id}-{scope.provider}")
def test_every_rule_has_waste_and_near_misses_in_every_scope(scope: BillingScope) -> None:
    rules = AWS_RULES if scope.provider == "aws" else AZURE_RULES

    found = {rule for resource in scope.resources for rule in resource.findings}
    near = {rule for resource in scope.resources for rule in resource.near_misses}

    assert found == rules
    assert near == rules
    assert len({resource.account for resource in scope.resources if resource.findings}) > 1
    assert len({resource.region for resource in scope.resources if resource.findings}) > 2
    assert len({canonical_id(resource) for resource in scope.resources}) == len(scope.resources)


def test_the_truth_says_one_thing_of_each_resource_and_rule() -> None:
    table = truth(PARTNERS, THROUGH)

    keys = Counter((each.partner_id, each.tenant_id, each.rule_id, each.resource_id)
                   for each in table)  # fmt: skip
    assert max(keys.values()) == 1
    assert all(each.why for each in table)
    assert {each.partner_id for each in table} == {partner.partner_id for partner in PARTNERS}


def test_what_a_resource_names_exists_in_its_place() -> None:
    compared = 0
    for scope in SCOPES:
        known = {resource.resource_id: resource for resource in scope.resources}
        for resource in scope.resources:
            holder = known.get(resource.attached_to)
            if resource.attached_to:
                assert holder is not None, resource
                assert (holder.account, holder.region) == (resource.account, resource.region)
                compared += 1
            for target in resource.targets:
                assert target.startswith("subnet") or target in known
            for snapshot_id in resource.snapshot_ids:
                assert known[snapshot_id].region == resource.region
    assert compared > 300


def test_the_hours_of_a_machine_are_what_its_load_says() -> None:
    compared = 0
    for scope in SCOPES:
        for machine in scope.resources:
            if machine.kind not in {"aws_instance", "azure_virtual_machine"} or (
                machine.schedule != "always" or machine.stopped_on or not machine.findings
            ):
                continue
            metric = "CPUUtilization" if scope.provider == "aws" else "Percentage CPU"
            hours = measured(machine, metric)
            by_day: dict[date, list[float]] = {}
            for day, hour in hours:
                by_day.setdefault(day, []).append(hour.average)
            greatest = [quantiles(values, n=100, method="inclusive")[94]
                        for values in by_day.values()]  # fmt: skip
            assert max(greatest) == pytest.approx(machine.load.cpu)
            assert max(hour.maximum for _, hour in hours) == machine.load.cpu_peak
            compared += 1
    assert compared > 20


def test_what_is_quiet_has_traffic_before_and_none_after() -> None:
    compared = 0
    for scope in SCOPES:
        for gateway in scope.resources:
            if gateway.kind != "aws_nat_gateway" or not gateway.quiet_since:
                continue
            totals = {day: hour.total for day, hour in measured(gateway, "BytesInFromSource", 20)}
            after = [total for day, total in totals.items() if day >= gateway.quiet_since]
            before = [total for day, total in totals.items() if day < gateway.quiet_since]
            assert after
            assert not any(after)
            assert all(before)
            compared += 1
    assert compared > 10


@pytest.mark.parametrize("provider", ["aws", "azure"])
def test_traffic_is_what_the_bill_charges_to_the_byte(provider: str) -> None:
    scope = next(found for found in SCOPES if found.provider == provider)
    bill = Ledger(scope, DAYS).bill(date(2026, 5, 1), THROUGH)
    day = date(2026, 5, 12)
    sent = "NetworkOut" if provider == "aws" else "Network Out Total"
    compared = 0
    for resource in scope.resources:
        if sent not in metrics_of(resource) or resource.load.coverage < 1:
            continue
        charged = sum(
            (
                charge.quantity
                for charge in bill.charges
                if charge.resource is resource
                and charge.start == day
                and "ransfer" in charge.meter.usage_type + charge.meter.name
            ),
            Decimal(0),
        )
        total = sum(hour.total for hour in hourly(resource, sent, day) if hour)
        assert total == int(charged * BYTES_PER_GB)
        compared += bool(total)
    assert compared > 10


def test_days_without_samples_are_none_not_zero() -> None:
    resource = next(
        found for scope in SCOPES for found in scope.resources if found.load.coverage < 1
    )
    days = [SCAN_DAY - timedelta(days=n) for n in range(1, 31)]

    known = [any(hourly(resource, metrics_of(resource)[0], day)) for day in days]

    assert sum(known) == 18
