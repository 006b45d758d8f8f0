"""Where Azure's interfaces are, and the clients that ask them."""

from dataclasses import dataclass
from types import TracebackType
from typing import Any, Self

from azure.core import PipelineClient
from azure.core.rest import HttpRequest, HttpResponse
from azure.mgmt.resourcegraph import ResourceGraphClient
from azure.monitor.querymetrics import MetricsClient

from ingestion.azure.credentials import (
    METRICS_SCOPE,
    RESOURCE_MANAGER_SCOPE,
    RenewableCredential,
    RenewingAuthentication,
)
from ingestion.azure.operations import AllowedOperations
from ingestion.azure.throttling import Patience, PatientRetries
from ingestion.model import AzureAccess


@dataclass(frozen=True, slots=True)
class AzureEndpoints:
    """Where Azure answers; the public cloud unless configured otherwise.

    Attributes:
        resource_manager: Address of Resource Manager, which Resource Graph is part of.
        metrics: Address of Azure Monitor's data plane, with `{region}` in it.
    """

    resource_manager: str = "https://management.azure.com"
    metrics: str = "https://{region}.metrics.monitor.azure.com"

    def metrics_of(self, region_id: str) -> str:
        """Return the address that answers the metrics of one region."""
        return self.metrics.format(region=region_id)


class AzureClients:
    """The clients of a scan, behind one list of operations and one patience.

    Leaving the block closes them and forgets the secret and its tokens.

    Args:
        access: Who asks.
        endpoints: Whom.
        patience: Shared by all clients.
    """

    def __init__(self, access: AzureAccess, endpoints: AzureEndpoints, patience: Patience) -> None:
        self._endpoints = endpoints
        self._patience = patience
        self._credential = RenewableCredential(access)
        self._authentications: list[RenewingAuthentication] = []
        self._metrics: dict[str, MetricsClient] = {}
        self.graph = ResourceGraphClient(
            self._credential,
            endpoints.resource_manager,
            **self._policies(endpoints.resource_manager, RESOURCE_MANAGER_SCOPE),
        )
        policies = self._policies(endpoints.resource_manager, RESOURCE_MANAGER_SCOPE)
        self._manager: PipelineClient[HttpRequest, HttpResponse] = PipelineClient(
            endpoints.resource_manager,
            policies=[
                policies["retry_policy"],
                policies["authentication_policy"],
                *policies["per_retry_policies"],
            ],
        )

    def __enter__(self) -> Self:
        """Return itself."""
        return self

    def __exit__(
        self,
        error_type: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Close everything that holds a token."""
        self.graph.close()
        self._manager.close()
        for client in self._metrics.values():
            client.close()
        self._credential.close()
        for authentication in self._authentications:
            authentication.forget()

    def metrics(self, region_id: str) -> MetricsClient:
        """Return the client for the metrics of one region."""
        if region_id not in self._metrics:
            address = self._endpoints.metrics_of(region_id)
            self._metrics[region_id] = MetricsClient(
                address, self._credential, **self._policies(address, METRICS_SCOPE)
            )
        return self._metrics[region_id]

    def read(self, path: str, api_version: str) -> Any:
        """Return what Resource Manager answers at a path.

        Raises:
            AzureError: It refused, or cannot be reached.
            ForbiddenOperationError: The path is no operation of ours.
        """
        address = self._manager.format_url(path)
        request = HttpRequest("GET", address, params={"api-version": api_version})
        response = self._manager.send_request(request)
        response.raise_for_status()
        return response.json()

    def _policies(self, address: str, scope: str) -> dict[str, Any]:
        self._authentications.append(RenewingAuthentication(self._credential, scope))
        return {
            "authentication_policy": self._authentications[-1],
            "retry_policy": PatientRetries(self._patience),
            "per_retry_policies": [AllowedOperations(address)],
        }
