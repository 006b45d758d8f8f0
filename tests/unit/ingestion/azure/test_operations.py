"""No request leaves but the listed ones, whatever the role would allow."""

from collections.abc import Iterator
from typing import Any

import pytest
from azure.core.credentials import AccessToken
from azure.core.pipeline import PipelineContext, PipelineRequest
from azure.core.rest import HttpRequest
from azure.mgmt.resourcegraph import ResourceGraphClient
from azure.monitor.querymetrics import MetricsClient

from ingestion.azure.access import AzureClients, AzureEndpoints
from ingestion.azure.credentials import RenewableCredential
from ingestion.azure.operations import OPERATIONS, AllowedOperations
from ingestion.azure.throttling import Patience
from ingestion.errors import ForbiddenOperationError
from ingestion.model import AzureAccess

ARM = "https://management.azure.com"
METRICS = "https://westeurope.metrics.monitor.azure.com"
SUBSCRIPTION = "/subscriptions/00000000-0000-4000-8000-000000000001"
MACHINE = f"{SUBSCRIPTION}/resourceGroups/g/providers/Microsoft.Compute/virtualMachines/m"
STORAGE = f"{SUBSCRIPTION}/resourceGroups/g/providers/Microsoft.Storage/storageAccounts/s"
FORBIDDEN = (
    ("DELETE", ARM, f"{SUBSCRIPTION}/resourceGroups/g/providers/Microsoft.Compute/disks/d"),
    ("PUT", ARM, MACHINE),
    ("PATCH", ARM, MACHINE),
    ("POST", ARM, f"{MACHINE}/deallocate"),
    ("POST", ARM, f"{MACHINE}/runCommand"),
    ("POST", ARM, f"{STORAGE}/listKeys"),
    ("POST", ARM, f"{SUBSCRIPTION}/providers/Microsoft.Compute/register"),
    ("POST", ARM, f"{SUBSCRIPTION}/resourceGroups/g/providers/Microsoft.Compute/disks/d/"
     "beginGetAccess"),
    ("GET", ARM, MACHINE),
    ("GET", ARM, "/providers/Microsoft.ResourceGraph/resources"),
    ("POST", ARM, "/providers/Microsoft.ResourceGraph/resources/../../../register"),
    ("POST", ARM, f"{SUBSCRIPTION}/metrics:getBatch/x"),
    ("POST", METRICS, f"{SUBSCRIPTION}/providers/Microsoft.Insights/logs"),
    ("GET", "https://vault.vault.azure.net", "/secrets/s"),
    ("GET", "https://account.blob.core.windows.net", "/container/blob"),
)  # fmt: skip


@pytest.fixture(autouse=True)
def _signed_in(monkeypatch: pytest.MonkeyPatch) -> None:
    def get_token(*_: object, **__: object) -> AccessToken:
        return AccessToken("token", 2**40)

    monkeypatch.setattr(RenewableCredential, "get_token", get_token)


@pytest.fixture
def clients() -> Iterator[AzureClients]:
    access = AzureAccess("directory", "client", "secret")
    with AzureClients(access, AzureEndpoints(), Patience(patience_s=0)) as opened:
        yield opened


@pytest.mark.parametrize(("method", "address", "path"), FORBIDDEN)
def test_a_request_that_is_not_listed_never_leaves(
    clients: AzureClients, method: str, address: str, path: str
) -> None:
    for client in (clients.graph, clients.metrics("westeurope")):
        with pytest.raises(ForbiddenOperationError, match="no operation of ours"):
            _send(client, HttpRequest(method, f"{address}{path}?api-version=2024-01-01"))


def test_a_listed_request_may_not_go_to_another_address() -> None:
    request = HttpRequest("POST", "https://example.com/providers/Microsoft.ResourceGraph/resources")

    with pytest.raises(ForbiddenOperationError):
        AllowedOperations(ARM).on_request(_wrapped(request))


@pytest.mark.parametrize(
    ("address", "path"),
    [
        (ARM, "/providers/Microsoft.ResourceGraph/resources"),
        (f"{ARM}/", "/providers/Microsoft.ResourceGraph/resources"),
        (METRICS, f"{SUBSCRIPTION}/metrics:getBatch"),
    ],
)
def test_a_listed_request_passes(address: str, path: str) -> None:
    url = f"{address.rstrip('/')}{path}?api-version=2021-03-01"

    AllowedOperations(address).on_request(_wrapped(HttpRequest("POST", url)))


def test_every_operation_reads() -> None:
    permissions = [p for operation in OPERATIONS for p in operation.permissions]

    assert permissions
    assert all(permission.lower().endswith("/read") for permission in permissions)


def _wrapped(request: HttpRequest) -> PipelineRequest[Any]:
    return PipelineRequest(request, PipelineContext(None))


def _send(client: ResourceGraphClient | MetricsClient, request: HttpRequest) -> Any:
    return client._client.send_request(request)
