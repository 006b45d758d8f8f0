"""The switches of the simulated Azure: faults on and off, credentials, and the record of calls."""

import time
from collections.abc import Mapping
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from estate.clouds.azure.calls import CallRecord
from estate.clouds.azure.faults import OPERATIONS, Faults
from estate.clouds.azure.federation import Federation, Trust

PATH = "/_simulation"


def simulation_routes(faults: Faults, record: CallRecord, federation: Federation) -> list[Route]:
    """Return the routes that switch faults, add federated credentials and tell of calls."""

    async def switch(request: Request) -> Response:
        try:
            for name, value in (await request.json()).items():
                _switch(faults, name, value)
        except (KeyError, TypeError, ValueError) as error:
            return JSONResponse({"error": f"no such fault: {error}"}, 400)
        return JSONResponse({})

    async def trust(request: Request) -> Response:
        told = await request.json()
        federation.add(told["directory_id"], Trust.of(told))
        return JSONResponse({})

    async def calls(request: Request) -> Response:
        return JSONResponse(record.counts(request.query_params.get("directory_id", "")))

    async def reset(_: Request) -> Response:
        for name, value in vars(Faults()).items():
            setattr(faults, name, value)
        record.calls.clear()
        federation.trusts.clear()
        return JSONResponse({})

    return [
        Route(f"{PATH}/faults", switch, methods=["POST"]),
        Route(f"{PATH}/trust", trust, methods=["POST"]),
        Route(f"{PATH}/calls", calls),
        Route(f"{PATH}/reset", reset, methods=["POST"]),
    ]


def _switch(faults: Faults, name: str, value: Any) -> None:
    sets = {
        "deny": faults.denied,
        "vanish": faults.vanished,
        "expire_secret": faults.expired_secrets,
        "withhold": faults.withheld,
        "overgrant": faults.overgranted,
    }
    if name in sets:
        sets[name].add(str(value).lower())
    elif name == "throttle":
        _throttle(faults, value)
    elif name in {"token_seconds", "page_rows"}:
        setattr(faults, name, int(value))
    elif name in {"expire_tokens", "expire_skip_tokens"}:
        setattr(faults, f"{name.removeprefix('expire_')}_from", time.time())
    else:
        raise KeyError(name)


def _throttle(faults: Faults, value: Mapping[str, Any]) -> None:
    operation = value["operation"]
    if operation not in OPERATIONS:
        raise KeyError(operation)
    wait = value.get("retry_after", 1)
    faults.throttle(
        operation,
        int(value.get("calls", 0)),
        float(value.get("seconds", 0)),
        int(value.get("status", 429)),
        None if wait is None else int(wait),
    )
