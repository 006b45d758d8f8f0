"""A simulated Azure that answers on loopback."""

from collections.abc import Iterator

import pytest

from estate.clouds.azure.server import RunningAzure, running_azure
from tests.clouds import entered
from tests.integration.estate.azure.support import PARTNERS, THROUGH


@pytest.fixture(scope="module")
def running() -> Iterator[RunningAzure]:
    with running_azure(PARTNERS, THROUGH, queries_per_window=10_000) as azure:
        yield azure


@pytest.fixture
def azure(running: RunningAzure, monkeypatch: pytest.MonkeyPatch) -> RunningAzure:
    return entered(running, monkeypatch)
