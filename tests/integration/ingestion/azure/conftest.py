"""A simulated Azure, and a collector of it that never waits for real."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import replace
from datetime import date
from typing import Any

import pyarrow as pa
import pytest

from estate.clouds.azure.server import AzureConnection, RunningAzure, running_azure
from estate.model import BillingScope, Partner, Resource
from estate.world import build_partners, calendar
from ingestion.azure.access import AzureEndpoints
from ingestion.azure.collector import AzureCollector
from ingestion.azure.throttling import Patience
from ingestion.model import Answer, AzureAccess
from tests.clouds import entered

THROUGH = date(2026, 5, 20)
HOSTILE = '<img src=x onerror="alert(1)">\'; drop table disks --\r\n\u202e\U0001f4a5=HYPERLINK("x")'


def _hostile(scope: BillingScope) -> BillingScope:
    """Give one disk of an Azure bill a name and tags as only a stranger would."""
    disk = next(
        (r for r in scope.resources if r.kind == "azure_disk" and r.exists_on(THROUGH)), None
    )
    if disk is None:
        return scope
    changed = replace(disk, name=HOSTILE, tags={HOSTILE: HOSTILE, "": ""})
    return replace(scope, resources=tuple(changed if r is disk else r for r in scope.resources))


def _partners() -> tuple[Partner, ...]:
    return tuple(
        replace(
            partner,
            tenants=tuple(
                replace(tenant, scopes=tuple(map(_hostile, tenant.scopes)))
                for tenant in partner.tenants
            ),
        )
        for partner in build_partners(11, "demo", calendar(THROUGH, 2))
    )


PARTNERS = _partners()

Collect = Callable[..., AzureCollector]


class Clock:
    """Time that passes by sleeping alone."""

    def __init__(self) -> None:
        self.slept: list[float] = []

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)

    def now(self) -> float:
        return sum(self.slept)


@pytest.fixture(scope="session")
def running() -> Iterator[RunningAzure]:
    with running_azure(PARTNERS, THROUGH, queries_per_window=10_000) as azure:
        yield azure


@pytest.fixture
def azure(running: RunningAzure, monkeypatch: pytest.MonkeyPatch) -> RunningAzure:
    """The simulated Azure without faults, as the environment's."""
    return entered(running, monkeypatch)


@pytest.fixture
def connection(azure: RunningAzure) -> AzureConnection:
    """A tenant with several subscriptions."""
    return next(c for c in azure.connections if len(c.subscriptions) > 1)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def collect(azure: RunningAzure, connection: AzureConnection, clock: Clock) -> Iterator[Collect]:
    """Open a collector of the tenant; parts of its access can be replaced."""
    with ExitStack() as opened:

        def opening(**changes: Any) -> AzureCollector:
            known = {name: getattr(connection, name) for name in _ACCESS} | {"subscriptions": ()}
            endpoints = AzureEndpoints(azure.url, azure.metrics_endpoint)
            patience = Patience(sleep=clock.sleep, clock=clock.now)
            access = AzureAccess(**(known | changes))
            return opened.enter_context(AzureCollector(access, endpoints, patience=patience))

        yield opening


_ACCESS = ("directory_id", "client_id", "client_secret")


def rows_of(answers: Sequence[Answer]) -> list[dict[str, Any]]:
    """Return all rows of answers."""
    tables = [answer.rows for answer in answers if isinstance(answer.rows, pa.Table)]
    return [row for table in tables for row in table.to_pylist()]


def existing(connection: AzureConnection, kind: str) -> dict[str, Resource]:
    """Return what the estate holds of a kind in a tenant's subscriptions, by resource id."""
    return {
        resource.resource_id.lower(): resource
        for partner in PARTNERS
        for tenant in partner.tenants
        for scope in tenant.scopes
        if {account.account_id for account in scope.accounts} == set(connection.subscriptions)
        for resource in scope.resources
        if resource.kind == kind and resource.exists_on(THROUGH)
    }
