"""CloudWatch answers what bills and truth say."""

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta
from decimal import Decimal

import pytest

from estate.model import Partner, Resource
from estate.utilization import BYTES_PER_GB, billed_quantity, hourly
from tests.integration.estate.aws.support import (
    PARTNERS,
    SCAN_DAY,
    THROUGH,
    Scanner,
    refusal,
    series,
)

pytestmark = pytest.mark.integration

BALANCERS = {
    "aws_load_balancer": (
        ("AWS/ApplicationELB", "LoadBalancer"),
        ("RequestCount", "ProcessedBytes"),
    ),
    "aws_network_load_balancer": (("AWS/NetworkELB", "LoadBalancer"), ("ProcessedBytes",)),
    "aws_classic_load_balancer": (
        ("AWS/ELB", "LoadBalancerName"),
        ("RequestCount", "EstimatedProcessedBytes"),
    ),
}


def balancers_of(partner: Partner) -> Iterator[Resource]:
    for tenant in partner.tenants:
        for scope in tenant.scopes:
            yield from (found for found in scope.resources if found.kind in BALANCERS)


def test_bytes_of_a_gateway_are_those_of_its_bill(scanner: Scanner) -> None:
    gateways = scanner.resources("aws_nat_gateway")
    where = ("AWS/NATGateway", "NatGatewayId")

    for gateway in gateways:
        sent = series(scanner, gateway, where, "BytesInFromSource", "Sum")
        received = series(scanner, gateway, where, "BytesInFromDestination", "Sum")
        for day, value in sent.items():
            billed = int(billed_quantity(gateway, day, "nat.bytes") * BYTES_PER_GB)
            assert Decimal(value) + Decimal(received[day]) == billed
    assert any(gateway.findings for gateway in gateways) or len(gateways) > 1


def test_namespaces_are_kept_apart_and_idle_balancers_report_nothing(scanner: Scanner) -> None:
    machine = next(
        found
        for found in scanner.resources("aws_instance")
        if found.load.memory and not found.stopped_on and found.load.coverage == 1
    )

    assert series(scanner, machine, ("AWS/EC2", "InstanceId"), "CPUUtilization", "p95")
    assert not series(scanner, machine, ("CWAgent", "InstanceId"), "CPUUtilization", "p95")
    assert series(scanner, machine, ("CWAgent", "InstanceId"), "mem_used_percent", "Maximum")
    compared = Counter[tuple[str, bool]]()
    for balancer in scanner.resources(*BALANCERS):
        where, metrics = BALANCERS[balancer.kind]
        first_day = max(balancer.created, SCAN_DAY - timedelta(days=14))
        is_idle = balancer.quiet_since is not None and balancer.quiet_since <= first_day
        for metric in metrics:
            assert bool(series(scanner, balancer, where, metric, "Sum")) is not is_idle
        compared[balancer.kind, is_idle] += 1
    assert len(compared) > 2


def test_balancers_that_answer_requests_report_their_bytes() -> None:
    compared = Counter[tuple[str, bool]]()
    busy_day = THROUGH - timedelta(days=30)
    for balancer in (found for partner in PARTNERS for found in balancers_of(partner)):
        (_, metrics) = BALANCERS[balancer.kind]
        reported = {any(hourly(balancer, metric, busy_day)) for metric in metrics}
        (is_reported,) = reported
        compared[balancer.kind, is_reported] += 1

    assert {kind for kind, is_reported in compared if is_reported} == set(BALANCERS)


def test_statistics_are_those_of_the_hours(scanner: Scanner) -> None:
    machine = next(
        found
        for found in scanner.resources("aws_instance")
        if "aws_ec2_instance_idle" in found.findings
    )
    where = ("AWS/EC2", "InstanceId")
    found = {
        stat: series(scanner, machine, where, "CPUUtilization", stat)
        for stat in ("Average", "p50", "p95", "p99", "Maximum", "Minimum", "SampleCount")
    }

    for day, p95 in found["p95"].items():
        ordered = [found[stat][day] for stat in ("Minimum", "p50", "p95", "p99", "Maximum")]
        assert ordered == sorted(ordered)
        assert found["SampleCount"][day] == 288
        if day.weekday() < 5:
            assert p95 == pytest.approx(machine.load.cpu)
    assert max(found["Maximum"].values()) == machine.load.cpu_peak
    assert len(found["p95"]) == 14


def test_points_beyond_the_limit_come_on_further_pages(scanner: Scanner) -> None:
    machines = [found for found in scanner.resources("aws_instance") if not found.stopped_on]
    region = machines[0].region
    queries = [
        {
            "Id": f"q{number}",
            "MetricStat": {
                "Metric": {
                    "Namespace": "AWS/EC2",
                    "MetricName": metric,
                    "Dimensions": [{"Name": "InstanceId", "Value": machine.resource_id}],
                },
                "Period": 3600,
                "Stat": "Average",
            },
        }
        for number, (machine, metric) in enumerate(
            (machine, metric)
            for machine in machines
            if machine.region == region
            for metric in ("CPUUtilization", "NetworkIn")
        )
    ]
    end = datetime.combine(SCAN_DAY, time(), UTC)
    window = {"StartTime": end - timedelta(days=10), "EndTime": end}
    cloudwatch = scanner.client("cloudwatch", region)

    whole = cloudwatch.get_metric_data(MetricDataQueries=queries, **window)
    pages = list(
        cloudwatch.get_paginator("get_metric_data").paginate(
            MetricDataQueries=queries, MaxDatapoints=100, **window
        )
    )

    by_query = Counter[str]()
    for page in pages:
        assert sum(len(each["Values"]) for each in page["MetricDataResults"]) <= 100
        for each in page["MetricDataResults"]:
            by_query[each["Id"]] += len(each["Values"])
    assert "NextToken" not in whole
    assert by_query == {each["Id"]: len(each["Values"]) for each in whole["MetricDataResults"]}
    too_many = queries[:1] * 501
    assert refusal(cloudwatch.get_metric_data, MetricDataQueries=too_many, **window) == (
        "ValidationError"
    )
