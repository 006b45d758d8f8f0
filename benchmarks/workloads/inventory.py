"""A scan of 10,000 resources: its calls against full pages, its time against a bare SDK loop.

Calls are counted by the servers. The constant is what a scan of an account without these resources
makes: regions or subscriptions are looked up, and every other list is asked for once and is empty.
"""

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date, timedelta
from math import ceil
from pathlib import Path
from typing import Any

import boto3
import pyarrow as pa
from azure.identity import ClientSecretCredential
from azure.mgmt.resourcegraph import ResourceGraphClient
from azure.mgmt.resourcegraph.models import QueryRequest, QueryRequestOptions

from benchmarks.measure import Result, measure
from estate.clouds.aws.prepared import PAGE_SIZES, running_pages
from estate.clouds.azure.fleet import build_fleet
from estate.clouds.azure.server import AzureConnection, running_azure
from ingestion.aws.resource_type import AwsResourceType
from ingestion.azure.access import AzureEndpoints
from ingestion.azure.graph import ROWS_PER_PAGE
from ingestion.azure.metrics import RESOURCES_PER_CALL
from ingestion.azure.resource_type import AzureResourceType
from ingestion.collectors import CloudLimits, open_collector
from ingestion.model import (
    AwsAccess,
    AzureAccess,
    Connection,
    Place,
    ResourceType,
    UtilizationRequest,
)
from ingestion.registry import RESOURCE_TYPES, resource_types_of

RESOURCES = 10_000
_DAY = date(2026, 5, 20)
_QUERIES_PER_CALL = 500  # AWS: MetricDataQueries of one GetMetricData
_UNLIMITED = 1_000_000
_AWS_TYPES = [kind for kind in RESOURCE_TYPES if isinstance(kind, AwsResourceType)]
_AZURE_TYPES = [kind for kind in RESOURCE_TYPES if isinstance(kind, AzureResourceType)]
_ARM_SCOPE = "https://management.azure.com/.default"


def run(_rows: int, _folder: Path) -> Iterator[Result]:
    """Yield results of both clouds; the number of resources is fixed."""
    yield from _aws()
    yield from _azure()


def _aws() -> Iterator[Result]:
    with running_pages() as empty, _environment(empty.environment):
        _scan(_aws_connection(empty.role_arn), AzureEndpoints(), "")
        constant = sum(empty.calls().values()) - 1  # an empty list of volumes is a call, too
    with running_pages(volumes=RESOURCES) as pages, _environment(pages.environment):
        connection = _aws_connection(pages.role_arn)
        ours = measure(_scan, connection, AzureEndpoints(), "")
        calls = sum(pages.calls().values())
        bare = measure(_bare_boto3, pages.role_arn)
        _scan(connection, AzureEndpoints(), "aws_ebs_volumes")
        metrics = pages.calls()["GetMetricData"]
    full = ceil(RESOURCES / PAGE_SIZES["DescribeVolumes"])
    yield _calls("volumes, AWS", calls - constant, full, constant)
    yield _time("AWS", "boto3", ours.seconds, bare.seconds)
    queries = RESOURCES * len(_kind("aws_ebs_volumes").metrics)
    yield _calls("volumes' metrics, AWS", metrics, ceil(queries / _QUERIES_PER_CALL), 0)


def _azure() -> Iterator[Result]:
    constant = len(resource_types_of("azure"))  # subscriptions, and every other list
    partners = [build_fleet(RESOURCES, _DAY)]
    with running_azure(partners, _DAY, _UNLIMITED) as azure, _environment(azure.environment):
        (given,) = azure.connections
        endpoints = AzureEndpoints(azure.url, azure.metrics_endpoint)
        ours = measure(_scan, _azure_connection(given), endpoints, "")
        calls = sum(azure.calls()["resource_graph"].values())
        bare = measure(_bare_azure, azure.url, given)
        _scan(_azure_connection(given), endpoints, "azure_managed_disks")
        metrics = sum(azure.calls()["metrics_batch"].values())
    full = ceil(RESOURCES / ROWS_PER_PAGE)
    yield _calls("disks, Azure", calls - constant, full, constant)
    yield _time("Azure", "Azure SDK", ours.seconds, bare.seconds)
    yield _calls("disks' metrics, Azure", metrics, ceil(RESOURCES / RESOURCES_PER_CALL), 0)


def _calls(what: str, calls: int, pages: int, constant: int) -> Result:
    return Result(
        f"calls for {RESOURCES:,} {what}",
        f"{pages} full calls, besides {constant}",
        calls / pages,
        1.0,
        {"calls": calls, "full_calls": pages, "constant": constant},
    )


def _time(cloud: str, sdk: str, seconds: float, bare_seconds: float) -> Result:
    return Result(
        f"inventory of {RESOURCES:,} resources, {cloud}",
        f"a bare {sdk} loop over the same lists",
        seconds / bare_seconds,
        None,
        {"seconds": seconds, "bare_seconds": bare_seconds},
    )


def _scan(connection: Connection, endpoints: AzureEndpoints, measured: str) -> None:
    """Read a connection's whole inventory, or a day of the utilization of one table."""
    kinds = resource_types_of(connection.provider)
    wanted = [kind for kind in kinds if not measured or kind.name == measured]
    limits = CloudLimits(azure=endpoints)
    with open_collector(connection, kinds, limits=limits) as collector:
        answers = list(collector.inventory(wanted))
        if measured:
            tables = [each.rows for each in answers if isinstance(each.rows, pa.Table)]
            rows = [row for table in tables for row in table.to_pylist()]
            answers += collector.utilization(_requests(wanted[0], rows))
    if refused := [answer for answer in answers if not answer.is_complete]:
        raise RuntimeError(f"{refused[0].message}; {refused[0].action}")


def _requests(kind: ResourceType, rows: list[dict[str, Any]]) -> list[UtilizationRequest]:
    places: dict[Place, list[dict[str, Any]]] = {}
    for row in rows:
        places.setdefault(Place(row["sub_account_id"], row["region_id"]), []).append(row)
    day = _DAY - timedelta(days=1)
    return [UtilizationRequest(kind, place, found, day, day) for place, found in places.items()]


def _bare_boto3(role_arn: str) -> None:
    """List the same with boto3 alone, one list after the other."""
    given = boto3.client("sts").assume_role(RoleArn=role_arn, RoleSessionName="bare")["Credentials"]
    session = boto3.Session(given["AccessKeyId"], given["SecretAccessKey"], given["SessionToken"])
    for region in session.client("ec2").describe_regions()["Regions"]:
        for kind in _AWS_TYPES:
            client = session.client(kind.service, region_name=region["RegionName"])
            operation = kind.parent.operation if kind.parent else kind.operation
            if client.can_paginate(operation):
                paging = {"PageSize": kind.page_size} if kind.page_size else {}
                pages = client.get_paginator(operation).paginate(PaginationConfig=paging)
                list(pages)
            else:
                getattr(client, operation)()


def _bare_azure(url: str, given: AzureConnection) -> None:
    """List the same with the SDK alone."""
    credential = ClientSecretCredential(
        given.directory_id, given.client_id, given.client_secret, disable_instance_discovery=True
    )
    client = ResourceGraphClient(credential, url, credential_scopes=[_ARM_SCOPE])
    for kind in _AZURE_TYPES:
        token: str | None = ""
        while token is not None:
            options = QueryRequestOptions(
                top=ROWS_PER_PAGE, skip_token=token or None, result_format="objectArray"
            )
            request = QueryRequest(query=kind.query, options=options)
            token = client.resources(request).skip_token


def _kind(name: str) -> ResourceType:
    return next(kind for kind in resource_types_of(name.partition("_")[0]) if kind.name == name)


def _aws_connection(role_arn: str) -> Connection:
    return Connection("bench", "bench", "aws-bench", "aws", AwsAccess(role_arn, "bench"))


def _azure_connection(given: AzureConnection) -> Connection:
    access = AzureAccess(given.directory_id, given.client_id, given.client_secret)
    return Connection("bench", "bench", "azure-bench", "azure", access)


@contextmanager
def _environment(values: Mapping[str, str]) -> Iterator[None]:
    before = dict(os.environ)
    os.environ.update(values)
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)
