"""Simulated clouds as those of a test."""

import pytest

from estate.clouds.azure.server import RunningAzure


def entered(running: RunningAzure, monkeypatch: pytest.MonkeyPatch) -> RunningAzure:
    """Let the environment name a running Azure, without the faults of earlier tests."""
    for name, value in running.environment.items():
        monkeypatch.setenv(name, value)
    running.reset()
    return running
