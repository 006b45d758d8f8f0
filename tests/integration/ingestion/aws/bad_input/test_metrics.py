"""Utilization that comes in part, late or not at all is asked for again."""

import itertools
import json
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest

from ingestion.inventory.schema import UTILIZATION_TABLE
from ingestion.lake import TenantLake
from ingestion.model import ScopeStatus
from tests.integration.ingestion.aws.bad_input.support import TOMORROW, Client, of
from tests.integration.ingestion.aws.cloud import Cloud
from tests.integration.ingestion.aws.conftest import (
    NOON,
    ScanDay,
)
from tests.integration.ingestion.aws.test_scan import days_asked, make_volume, rows

pytestmark = pytest.mark.integration


def test_utilization_of_what_a_denied_list_held_is_still_asked_for(
    cloud: Cloud, client: Client, scan: ScanDay, lake: TenantLake
) -> None:
    volume = make_volume(client)
    scan()
    cloud.fail("DescribeVolumes", "UnauthorizedOperation", status=403)
    cloud.bodies.clear()

    report = scan(TOMORROW)

    asked = [body for name, body in cloud.bodies if name == "GetMetricData"]
    assert len(asked) == 1
    assert volume in asked[0]
    assert of(report, UTILIZATION_TABLE, "eu-west-1").is_complete
    assert rows(lake, "aws_ebs_volumes", TOMORROW) == []


def test_days_of_which_the_list_was_denied_are_asked_for_again(
    cloud: Cloud, client: Client, scan: ScanDay
) -> None:
    make_volume(client)
    scan()
    cloud.fail("DescribeVolumes", "UnauthorizedOperation", status=403)
    scan(TOMORROW)
    cloud.faults.clear()
    later = make_volume(client)
    cloud.bodies.clear()

    scan(TOMORROW + timedelta(days=1))

    (asked,) = [body for name, body in cloud.bodies if name == "GetMetricData"]
    assert later in asked
    assert days_asked(asked) == 2


def test_metrics_that_come_in_part_are_asked_for_again(
    cloud: Cloud, client: Client, scan: ScanDay, lake: TenantLake
) -> None:
    make_volume(client)
    cloud.prepared["GetMetricData"] = metric_answers("InternalError", "PartialData", "Complete")

    report = scan()

    assert of(report, UTILIZATION_TABLE, "eu-west-1").is_complete
    assert cloud.count("GetMetricData") == 3


def test_metrics_that_never_come_whole_leave_their_days_missing(
    cloud: Cloud, client: Client, scan: ScanDay, lake: TenantLake
) -> None:
    make_volume(client)
    cloud.prepared["GetMetricData"] = metric_answers("InternalError")

    problem = of(scan(), UTILIZATION_TABLE, "eu-west-1")

    assert (problem.status, problem.error_code) == (ScopeStatus.FAILED, "InternalError")
    assert lake.partitions(UTILIZATION_TABLE) == []
    cloud.prepared.pop("GetMetricData")
    cloud.bodies.clear()
    assert of(scan(), UTILIZATION_TABLE, "eu-west-1").is_complete
    assert [name for name, _ in cloud.bodies].count("GetMetricData") == 1


def test_a_day_that_has_just_ended_is_asked_for_once_more(
    cloud: Cloud, client: Client, scan: ScanDay
) -> None:
    make_volume(client)
    scan(now=NOON.replace(hour=1))
    cloud.calls.clear()

    scan(now=NOON)
    scan(now=NOON)

    assert cloud.count("GetMetricData") == 1


def metric_answers(*states: str) -> Callable[[str], str]:
    """Return what answers GetMetricData with one state after the other; the last repeats."""
    left: Iterator[str] = itertools.chain(states, itertools.repeat(states[-1]))

    def answer(body: str) -> str:
        state = next(left)
        names = [query["Id"] for query in json.loads(body)["MetricDataQueries"]]
        results = [
            {"Id": name, "Label": name, "Timestamps": [], "Values": [], "StatusCode": state}
            for name in names
        ]
        return json.dumps({"MetricDataResults": results})

    return answer
