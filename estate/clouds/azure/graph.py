"""Resource Graph: answers queries over the resources of a directory, a page at a time."""

import base64
import binascii
import hashlib
import json
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from estate.clouds.azure.directories import Directory
from estate.clouds.azure.errors import GraphRefusedError
from estate.clouds.azure.faults import Faults, throttled_graph
from estate.clouds.azure.inventory import Inventory
from estate.clouds.azure.kql import Query, QueryError, parse

MAX_ROWS = 1000
QUERIES_PER_WINDOW = 15  # per user: "Guidance for throttled requests in Azure Resource Graph"
WINDOW_S = 5
_OPTIONS = {"$top", "$skipToken", "resultFormat", "allowPartialScopes"}


@dataclass
class _Window:
    started: float = 0.0
    queries: int = 0


@dataclass
class Graph:
    """Resource Graph over the inventories of all directories."""

    inventories: Mapping[str, Inventory]
    faults: Faults
    queries_per_window: int = QUERIES_PER_WINDOW
    _windows: dict[str, _Window] = field(default_factory=dict)

    def spend(self, directory: Directory) -> dict[str, str]:
        """Count a query against the application's quota; return the headers that tell of it.

        Raises:
            GraphRefusedError: The quota of this window is used up.
        """
        now = time.monotonic()
        window = self._windows.setdefault(directory.directory_id, _Window())
        if now - window.started >= WINDOW_S:
            window.started, window.queries = now, 0
        wait = max(1, round(window.started + WINDOW_S - now))
        if window.queries >= self.queries_per_window:
            raise throttled_graph(429, {"Retry-After": str(wait)}, wait)
        window.queries += 1
        return {
            "x-ms-user-quota-remaining": str(self.queries_per_window - window.queries),
            "x-ms-user-quota-resets-after": f"00:00:{wait:02d}",
        }

    def answer(self, directory: Directory, request: Mapping[str, Any]) -> dict[str, Any]:
        """Return one page of a query's rows.

        Raises:
            GraphRefusedError: Query, options or skip token are not right, or nothing may be read.
        """
        query = _understood(request.get("query") or "")
        subscriptions = self._subscriptions(directory, request.get("subscriptions"))
        options = request.get("options") or {}
        top = _page_size(options)
        mark = _mark(str(request.get("query")), subscriptions)
        start = self._start(options.get("$skipToken"), mark)
        inventory = self.inventories[directory.directory_id]
        found = inventory.select(query.table, query.arm_type, subscriptions, self.faults.vanished)
        if query.is_descending:
            found = found[::-1]
        end = start + min(top, self.faults.page_rows)
        rows = _rows(query, inventory, found[start:end])
        is_truncated = end < len(found)
        answer = {
            "totalRecords": len(found),
            "count": len(rows),
            "data": rows,
            "facets": [],
            "resultTruncated": "true" if is_truncated else "false",
        }
        if is_truncated and query.has_id:
            answer["$skipToken"] = _skip_token(end, mark)
        return answer

    def _subscriptions(self, directory: Directory, asked: Sequence[str] | None) -> tuple[str, ...]:
        known = [account.account_id for account in directory.subscriptions]
        wanted = known if not asked else [each for each in known if each in set(asked)]
        if not wanted and asked:
            raise _bad_request(
                "NoValidSubscriptionsInQueryRequest",
                "There must be at least one subscription that is eligible to contain resources. "
                f"Given: '{','.join(asked)}'.",
            )
        readable = tuple(each for each in wanted if each not in self.faults.denied)
        if not readable:
            message = (
                "Access is denied to the requested resource. The user might not have enough "
                "permission."
            )
            raise GraphRefusedError(
                403, "AccessDenied", [{"code": "AccessDenied", "message": message}]
            )
        return readable

    def _start(self, token: str | None, mark: str) -> int:
        if not token:
            return 0
        try:
            offset, issued, marked = json.loads(base64.b64decode(token, validate=True))
        except (binascii.Error, ValueError) as error:
            raise _bad_request("InvalidSkipToken", "The skip token is invalid.") from error
        if marked != mark:
            raise _bad_request("InvalidSkipToken", "The skip token belongs to another query.")
        if issued < self.faults.skip_tokens_from:
            raise _bad_request("InvalidSkipToken", "The skip token has expired.")
        return int(offset)


def _understood(text: str) -> Query:
    try:
        return parse(text)
    except QueryError as error:
        invalid = (
            "Query is invalid. Please refer to the documentation for the Azure Resource Graph "
            "service and fix the error before retrying."
        )
        details: list[dict[str, Any]] = [
            {"code": "InvalidQuery", "message": invalid},
            {
                "code": "ParserFailure",
                "message": str(error),
                "line": 1,
                "characterPositionInLine": error.position,
            },
        ]
        raise GraphRefusedError(400, "BadRequest", details) from error


def _rows(query: Query, inventory: Inventory, page: Sequence[Any]) -> list[dict[str, Any]]:
    return [query.row(inventory.document(each)) for each in page]


def _page_size(options: Mapping[str, Any]) -> int:
    top = options.get("$top", 100)
    if not isinstance(top, int) or not 1 <= top <= MAX_ROWS:
        raise _bad_request("InvalidTop", f"The value of $top must be between 1 and {MAX_ROWS}.")
    is_array = options.get("resultFormat", "objectArray") == "objectArray"
    if not is_array or set(options) - _OPTIONS:
        message = "Only $top, $skipToken and the result format objectArray are served."
        raise _bad_request("InvalidOptions", message)
    return top


def _mark(query: str, subscriptions: Sequence[str]) -> str:
    asked = json.dumps([query, *subscriptions])
    return hashlib.sha256(asked.encode()).hexdigest()[:16]


def _skip_token(offset: int, mark: str) -> str:
    return base64.b64encode(json.dumps([offset, time.time(), mark]).encode()).decode()


def _bad_request(code: str, message: str) -> GraphRefusedError:
    return GraphRefusedError(400, "BadRequest", [{"code": code, "message": message}])
