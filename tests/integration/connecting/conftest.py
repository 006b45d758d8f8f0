"""Customers that run our templates, and partners that connect them."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from datetime import date

import pytest

from control.directory import Directory
from control.onboarding import SetupKind
from estate.clouds.azure.server import AzureConnection, RunningAzure, running_azure
from estate.world import build_partners, calendar
from pipeline.connect_role import begin
from pipeline.settings import Settings
from tests.clouds import entered
from tests.integration.ingestion.aws import customers
from tests.integration.ingestion.aws.cloud import Cloud
from tests.integration.ingestion.aws.conftest import (
    _server,  # noqa: F401 - the fixture behind `cloud`
    cloud,  # noqa: F401
)

A, B = ("northwind", "contoso"), ("southwind", "contoso")
"""Two partners, each with a tenant of one name."""
ACCOUNT = "222233334444"
ROLE = customers.role_of(ACCOUNT)

Begin = Callable[..., tuple[str, str]]
Enforce = Callable[[], None]


@pytest.fixture(autouse=True)
def partners(settings: Settings) -> None:
    """Two partners: a page or a worker makes none."""
    with closing(Directory(settings.control)) as directory:
        for whose in (A, B):
            directory.ensure_tenant(*whose)


@pytest.fixture
def begun(settings: Settings) -> Begin:
    """Begin to connect, as a partner; return setup and External ID."""

    def begin_as(whose: tuple[str, str], kind: SetupKind = SetupKind.ACCOUNT) -> tuple[str, str]:
        setup = begin(settings, *whose, kind, started_by="ada", makes_tenant=True)
        return setup.setup_id, setup.external_id

    return begin_as


@pytest.fixture
def enforce(
    cloud: Cloud,  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[Enforce]:
    """Let the cloud check trust and permissions from now on."""
    with ExitStack() as entered:
        yield lambda: entered.enter_context(customers.enforcing(cloud, monkeypatch))


@pytest.fixture(scope="package")
def running() -> Iterator[RunningAzure]:
    through = date(2026, 5, 20)
    partners = build_partners(11, "demo", calendar(through, 2))
    with running_azure(partners, through, queries_per_window=10_000) as azure:
        yield azure


@pytest.fixture
def azure(running: RunningAzure, monkeypatch: pytest.MonkeyPatch) -> RunningAzure:
    return entered(running, monkeypatch)


@pytest.fixture
def customer(azure: RunningAzure) -> AzureConnection:
    return next(c for c in azure.connections if len(c.subscriptions) > 1)


@pytest.fixture
def directory(settings: Settings) -> Iterator[Directory]:
    with closing(Directory(settings.control)) as opened:
        yield opened
