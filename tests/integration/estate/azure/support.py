"""The simulated Azure as its clients see it."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

from azure.identity import ClientSecretCredential
from azure.mgmt.resourcegraph import ResourceGraphClient
from azure.mgmt.resourcegraph.models import QueryRequest, QueryRequestOptions
from azure.monitor.querymetrics import MetricsClient

from estate.clouds.azure.server import AzureConnection, RunningAzure
from estate.model import BillingScope, Resource
from estate.world import build_partners, calendar

THROUGH = date(2026, 5, 20)
SHOWN = THROUGH + timedelta(days=1)
PARTNERS = build_partners(11, "demo", calendar(THROUGH, 2))
ARM_SCOPE = "https://management.azure.com/.default"
DISKS = "resources | where type =~ 'Microsoft.Compute/disks' | project id, location"
NO_RETRY = {"retry_total": 0}


def scope_of(connection: AzureConnection) -> BillingScope:
    (found,) = (
        scope
        for partner in PARTNERS
        for tenant in partner.tenants
        for scope in tenant.scopes
        if {account.account_id for account in scope.accounts} == set(connection.subscriptions)
    )
    return found


def existing(connection: AzureConnection, kind: str) -> list[Resource]:
    return [
        each
        for each in scope_of(connection).resources
        if each.kind == kind and each.exists_on(SHOWN)
    ]


def credential(connection: AzureConnection, secret: str = "") -> ClientSecretCredential:
    return ClientSecretCredential(
        connection.directory_id,
        connection.client_id,
        secret or connection.client_secret,
        disable_instance_discovery=True,
    )


def graph(azure: RunningAzure, connection: AzureConnection, **options: Any) -> ResourceGraphClient:
    return ResourceGraphClient(
        credential(connection), base_url=azure.url, credential_scopes=[ARM_SCOPE], **options
    )


def page(
    client: ResourceGraphClient,
    query: str = DISKS,
    subscriptions: list[str] | None = None,
    **options: Any,
) -> Any:
    options = {"top": 1000, "result_format": "objectArray", **options}
    request = QueryRequest(
        query=query, subscriptions=subscriptions, options=QueryRequestOptions(**options)
    )
    return client.resources(request)


def batch(
    azure: RunningAzure,
    connection: AzureConnection,
    resources: list[Resource],
    names: tuple[str, ...],
    days: int = 1,
    **options: Any,
) -> Any:
    client = MetricsClient(
        azure.metrics_endpoint.format(region=resources[0].region),
        credential(connection),
        **{**NO_RETRY, **options},
    )
    end = datetime(SHOWN.year, SHOWN.month, SHOWN.day, tzinfo=UTC)
    kinds = {
        "azure_virtual_machine": "microsoft.compute/virtualMachines",
        "azure_disk": "microsoft.compute/disks",
        "azure_nat_gateway": "microsoft.network/natGateways",
    }
    return client.query_resources(
        resource_ids=[each.resource_id for each in resources],
        metric_namespace=kinds[resources[0].kind],
        metric_names=list(names),
        timespan=(end - timedelta(days=days), end),
        granularity=timedelta(hours=1),
        aggregations=["average", "maximum", "total", "count"],
    )


def machine(azure: RunningAzure) -> tuple[AzureConnection, Resource]:
    """A machine that runs, and the connection that sees it."""
    return next(
        (connection, each)
        for connection in azure.connections
        for each in existing(connection, "azure_virtual_machine")
        if each.schedule == "always"
        and each.state == "running"
        and each.load.coverage == 1
        and each.created < THROUGH - timedelta(days=40)
    )
