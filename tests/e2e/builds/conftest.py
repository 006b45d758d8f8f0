"""Marts to ask."""

import pytest

from pipeline.settings import Settings
from tests.integration.pipeline.asking import Served


@pytest.fixture
def marts(settings: Settings) -> Served:
    return Served(settings)
