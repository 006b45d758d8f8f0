"""The addresses of the simulated Azure: tokens, Resource Manager, Resource Graph, metrics.

Regional endpoints of Azure Monitor are paths here: `/metrics/<region>`. What tests switch is under
`/_simulation`, which Azure does not have.
"""

import json
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime
from typing import Any
from urllib.parse import parse_qsl
from uuid import uuid4

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from estate.clouds.azure.calls import CallRecord
from estate.clouds.azure.directories import Directory
from estate.clouds.azure.errors import RefusedError, TokenRefusedError
from estate.clouds.azure.faults import Faults
from estate.clouds.azure.graph import QUERIES_PER_WINDOW, Graph
from estate.clouds.azure.inventory import Inventory
from estate.clouds.azure.metrics import Metrics
from estate.clouds.azure.rights import Rights
from estate.clouds.azure.simulation import simulation_routes
from estate.clouds.azure.tokens import METRICS, RESOURCE_MANAGER, TokenService

_Handler = Callable[["Service", Request, Directory], Awaitable[Response]]


class Service:
    """The state of the simulated Azure."""

    def __init__(
        self,
        directories: Sequence[Directory],
        now: datetime,
        queries_per_window: int = QUERIES_PER_WINDOW,
        *,
        is_prepared: bool = False,
    ) -> None:
        """Open directories for questions.

        Args:
            directories: What exists.
            now: Instant that the estate shows.
            queries_per_window: Queries of Resource Graph that an application may send in five
                seconds.
            is_prepared: Whether all resources of a type show the same metrics.
        """
        self.faults = Faults()
        self.record = CallRecord()
        inventories = {each.directory_id: Inventory(each, now.date()) for each in directories}
        self.tokens = TokenService(directories, self.faults)
        self.graph = Graph(inventories, self.faults, queries_per_window)
        self.rights = Rights(self.faults)
        self.metrics = Metrics(inventories, self.faults, now, is_prepared)


def build_app(service: Service) -> Starlette:
    """Return the application that answers for a service."""
    arm, post = RESOURCE_MANAGER, ["POST"]
    graph = _guarded(service, "resource_graph", arm, _resource_graph)
    batch = _guarded(service, "metrics_batch", METRICS, _metrics_batch)
    return Starlette(
        routes=[
            Route("/{tenant}/v2.0/.well-known/openid-configuration", _openid(service)),
            Route("/{tenant}/oauth2/v2.0/token", _token(service), methods=post),
            Route("/subscriptions", _guarded(service, "subscriptions", arm, _subscriptions)),
            Route(
                "/subscriptions/{subscription}/providers/Microsoft.Authorization/permissions",
                _guarded(service, "permissions", arm, _permissions),
            ),
            Route(
                "/subscriptions/{subscription}/providers/Microsoft.CostManagement/exports",
                _guarded(service, "exports", arm, _exports),
            ),
            Route("/providers/Microsoft.ResourceGraph/resources", graph, methods=post),
            Route(
                "/metrics/{region}/subscriptions/{subscription}/metrics:getBatch",
                batch,
                methods=post,
            ),
            *simulation_routes(service.faults, service.record, service.tokens.federation),
        ]
    )


def _openid(service: Service) -> Callable[[Request], Awaitable[Response]]:
    async def answer(request: Request) -> Response:
        tenant = request.path_params["tenant"]
        try:
            service.tokens.directory(tenant)
        except TokenRefusedError as error:
            return _refused(error)
        root = f"{str(request.base_url).rstrip('/')}/{tenant}"
        return JSONResponse(
            {
                "token_endpoint": f"{root}/oauth2/v2.0/token",
                "authorization_endpoint": f"{root}/oauth2/v2.0/authorize",
                "device_authorization_endpoint": f"{root}/oauth2/v2.0/devicecode",
                "issuer": f"https://sts.windows.net/{tenant}/",
                "token_endpoint_auth_methods_supported": ["client_secret_post"],
                "response_types_supported": ["code", "id_token", "token"],
                "subject_types_supported": ["pairwise"],
            }
        )

    return answer


def _token(service: Service) -> Callable[[Request], Awaitable[Response]]:
    async def answer(request: Request) -> Response:
        tenant = request.path_params["tenant"]
        form = dict(parse_qsl((await request.body()).decode()))
        try:
            service.faults.check_throttle("token")
            response: Response = JSONResponse(service.tokens.issue(tenant, form))
        except RefusedError as error:
            response = _refused(error)
        service.record.add("token", tenant, response.status_code)
        return response

    return answer


def _guarded(
    service: Service, operation: str, audiences: Sequence[str], handler: _Handler
) -> Callable[[Request], Awaitable[Response]]:
    """Return an endpoint that asks for a token, can be throttled, and is recorded."""

    async def answer(request: Request) -> Response:
        directory_id = ""
        try:
            directory = service.tokens.check(request.headers.get("authorization", ""), audiences)
            directory_id = directory.directory_id
            service.faults.check_throttle(operation)
            response = await handler(service, request, directory)
        except RefusedError as error:
            response = _refused(error)
        response.headers["x-ms-request-id"] = str(uuid4())
        service.record.add(operation, directory_id, response.status_code)
        return response

    return answer


async def _subscriptions(service: Service, request: Request, directory: Directory) -> Response:
    _api_version(_parameters(request))
    values = [
        {
            "id": f"/subscriptions/{each.account_id}",
            "subscriptionId": each.account_id,
            "tenantId": directory.directory_id,
            "displayName": each.name,
            "state": "Enabled",
            "authorizationSource": "RoleBased",
        }
        for each in directory.subscriptions
        if each.account_id not in service.faults.denied
    ]
    count = {"type": "Total", "value": len(values)}
    return JSONResponse({"value": values, "count": count})


async def _permissions(service: Service, request: Request, directory: Directory) -> Response:
    _api_version(_parameters(request))
    subscription = request.path_params["subscription"]
    return JSONResponse(service.rights.permissions(directory, subscription))


async def _exports(service: Service, request: Request, directory: Directory) -> Response:
    _api_version(_parameters(request))
    return JSONResponse(service.rights.exports(directory, request.path_params["subscription"]))


async def _resource_graph(service: Service, request: Request, directory: Directory) -> Response:
    _api_version(_parameters(request))
    headers = service.graph.spend(directory)
    return JSONResponse(service.graph.answer(directory, await _body(request)), headers=headers)


async def _metrics_batch(service: Service, request: Request, directory: Directory) -> Response:
    query = _parameters(request)
    _api_version(query)
    resource_ids = (await _body(request)).get("resourceids", [])
    answer = service.metrics.answer(
        directory,
        request.path_params["region"],
        request.path_params["subscription"],
        query,
        resource_ids,
    )
    return Response(answer, media_type="application/json")


def _parameters(request: Request) -> Mapping[str, str]:
    return {name.lower(): value for name, value in request.query_params.items()}


def _api_version(query: Mapping[str, str]) -> None:
    if "api-version" not in query:
        raise RefusedError(
            400,
            "MissingApiVersionParameter",
            "The api-version query parameter (?api-version=) is required for all requests.",
        )


async def _body(request: Request) -> Mapping[str, Any]:
    try:
        found = json.loads(await request.body())
    except ValueError as error:
        raise RefusedError(400, "InvalidRequestContent", "The body is not valid JSON.") from error
    if not isinstance(found, dict):
        raise RefusedError(400, "InvalidRequestContent", "The body is not a JSON object.")
    return found


def _refused(error: RefusedError) -> Response:
    return JSONResponse(error.body(), error.status, error.headers)
