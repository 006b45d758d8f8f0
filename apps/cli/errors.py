"""The last boundary: a sentence for the person, the traceback for the log."""

import logging
from datetime import UTC, datetime
from pathlib import Path

from pydantic import ValidationError
from rich.markup import escape

from apps.cli.console import err
from apps.dashboard.launch import DashboardError
from control.errors import ControlError
from delivery.errors import DeliveryError
from ingestion.errors import IngestionError
from pipeline.backup.errors import BackupError
from pipeline.errors import BuildError
from pipeline.settings import Settings
from serving.errors import ServingError

FAILED = 1
PARTLY = 3


class CommandError(Exception):
    """A command cannot do what was asked; the message says what to do."""


EXPECTED = (
    BackupError,
    BuildError,
    CommandError,
    ControlError,
    DashboardError,
    DeliveryError,
    IngestionError,
    ServingError,
)


def tell(error: Exception) -> None:
    """Print what went wrong, as a sentence."""
    err.print(f"[bold red]error:[/] {escape(str(error))}")


def tell_settings(error: ValidationError) -> None:
    """Print which settings are not to be used, and why; their values may be secrets."""
    for each in error.errors(include_url=False, include_input=False):
        name = f"CLOUDPRUNE_{'_'.join(str(part) for part in each['loc']).upper()}"
        told = each["msg"].removeprefix("Value error, ")
        err.print(f"[bold red]error:[/] {name}: {escape(told)}")


def record(error: Exception, settings: Settings) -> Path:
    """Append an error that nobody foresaw to the log of this installation, and return its path."""
    path = settings.home.resolve() / "logs" / "cloudprune.log"
    path.parent.mkdir(parents=True, exist_ok=True)
    handler = logging.FileHandler(path, encoding="utf-8")
    logger = logging.getLogger("cloudprune")
    logger.propagate = False
    logger.addHandler(handler)
    try:
        logger.error("%s unexpected error", datetime.now(UTC).isoformat(), exc_info=error)
    finally:
        logger.removeHandler(handler)
        handler.close()
    return path
