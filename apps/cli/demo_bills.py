"""The demo's simulated bills: written once, used again."""

import json
import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path

from apps.cli.console import err, progress
from estate.bills import write_bills
from pipeline.settings import Settings

MARKER = "estate.json"
SIZE = "demo"
MONTHS = 5
_SEED = 7


def bills_folder(settings: Settings) -> Path:
    """Return where the simulated bills lie."""
    return settings.home.resolve() / "demo" / "bills"


def simulated_bills(settings: Settings) -> dict[tuple[str, str], str]:
    """Write the bills of the simulated partners, if they are not there, and return their folders.

    Returns:
        Folder of each tenant's exports, by partner and tenant.
    """
    root = bills_folder(settings)
    marker = root / MARKER
    if marker.exists():
        err.print(f"Simulated bills lie in {root}, as written before.")
    else:
        shutil.rmtree(root, ignore_errors=True)
        through = datetime.now(UTC).date() - timedelta(days=1)
        with progress("Writing the bills of three simulated partners") as step:
            estate = write_bills(
                root, seed=_SEED, size=SIZE, through=through, months=MONTHS, say=step.say
            )
            err.print(f"Simulated bills: {estate.file_count} files in {root}, in {step.elapsed}.")
        marker.write_text(
            json.dumps({"seed": _SEED, "through": through.isoformat()}), encoding="utf-8"
        )
    return {
        (folder.parent.name, folder.name): str(folder)
        for folder in sorted(root.glob("*/*"))
        if folder.is_dir()
    }
