"""The only operations our clients of Azure may ask for.

A role that is wider than needed (Reader, or more) gives us nothing: a request that is not listed
here never leaves the process, whoever composed it. All operations read; some are POST because
their questions do not fit into an address.
"""

import re
from dataclasses import dataclass
from typing import Any

from azure.core.pipeline import PipelineRequest
from azure.core.pipeline.policies import SansIOHTTPPolicy

from ingestion.errors import ForbiddenOperationError


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation of an interface of Azure.

    Attributes:
        method: HTTP method.
        path: Pattern of the whole path.
        permissions: What a role must allow for it, whatever is asked.
    """

    method: str
    path: re.Pattern[str]
    permissions: tuple[str, ...]

    def allows(self, method: str, path: str) -> bool:
        """Whether a request is this operation."""
        return method == self.method and self.path.fullmatch(path) is not None


READ_GRAPH = "Microsoft.ResourceGraph/resources/read"
READ_SUBSCRIPTIONS = "Microsoft.Resources/subscriptions/read"
READ_METRICS = "Microsoft.Insights/Metrics/Read"
READ_EXPORTS = "Microsoft.CostManagement/exports/read"
READ_PERMISSIONS = "Microsoft.Authorization/permissions/read"

OPERATIONS = (
    Operation(
        "POST",
        re.compile(r"/providers/Microsoft\.ResourceGraph/resources"),
        (READ_GRAPH, READ_SUBSCRIPTIONS),
    ),
    Operation(
        "POST",
        re.compile(r"/subscriptions/[0-9a-fA-F-]{36}/metrics:getBatch"),
        (READ_METRICS,),
    ),
    Operation(
        "GET",
        re.compile(r"/subscriptions/[0-9a-fA-F-]{36}/providers/Microsoft\.CostManagement/exports"),
        (READ_EXPORTS,),
    ),
    Operation(
        "GET",
        re.compile(
            r"/subscriptions/[0-9a-fA-F-]{36}/providers/Microsoft\.Authorization/permissions"
        ),
        (READ_PERMISSIONS,),
    ),
)


class AllowedOperations(SansIOHTTPPolicy[Any, Any]):
    """Refuses every request but the listed operations at one address.

    Args:
        address: Base address of the interface; a redirect elsewhere is refused as well.
    """

    def __init__(self, address: str) -> None:
        self._address = address.rstrip("/")

    def on_request(self, request: PipelineRequest[Any]) -> None:
        """Let a listed operation pass.

        Raises:
            ForbiddenOperationError: It is not listed.
        """
        method, url = request.http_request.method, request.http_request.url
        asked, _, _ = url.partition("?")
        path = asked.removeprefix(self._address)
        is_ours = asked.startswith(self._address)
        if not is_ours or not any(operation.allows(method, path) for operation in OPERATIONS):
            raise ForbiddenOperationError(f"{method} {asked} is no operation of ours")
