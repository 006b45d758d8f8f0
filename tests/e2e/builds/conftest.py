"""Marts to ask, and findings."""

from pathlib import Path

import pytest

from pipeline.settings import Settings
from tests.conftest import Ingest
from tests.e2e.builds.scanned import Findings
from tests.integration.pipeline.asking import Served


@pytest.fixture
def marts(settings: Settings) -> Served:
    return Served(settings)


@pytest.fixture
def findings(settings: Settings, exports: Path, ingest: Ingest, tmp_path: Path) -> Findings:
    return Findings(settings, exports, ingest, tmp_path)
