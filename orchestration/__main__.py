"""`python -m orchestration`: Dagster's page and daemon for this installation, on loopback.

The instance lies in `DAGSTER_HOME`, by default `<CLOUDPRUNE_HOME>/dagster`, with a `dagster.yaml`
that is written once and may be changed.
"""

import argparse
import os
import shutil
import signal
import sys
from pathlib import Path

from pipeline.settings import Settings

_HERE = Path(__file__).parent


def prepare_home(settings: Settings) -> Path:
    """Return the instance's folder, with its `dagster.yaml`."""
    home = Path(os.environ.get("DAGSTER_HOME") or settings.home / "dagster").resolve()
    home.mkdir(parents=True, exist_ok=True)
    if not (home / "dagster.yaml").exists():
        shutil.copy(_HERE / "dagster.yaml", home)
    return home


def main() -> None:
    """Become `dagster dev`, stoppable by Ctrl-C and by SIGTERM."""
    parser = argparse.ArgumentParser(prog="python -m orchestration", description=__doc__)
    parser.add_argument("--port", type=int, default=3000, help="port on 127.0.0.1 (3000)")
    arguments = parser.parse_args()
    settings = Settings()
    environment = {
        **os.environ,
        "CLOUDPRUNE_HOME": str(settings.home.resolve()),
        "DAGSTER_HOME": str(prepare_home(settings)),
    }
    signal.signal(signal.SIGINT, signal.default_int_handler)
    os.chdir(_HERE.parent)
    command = [sys.executable, "-m", "dagster", "dev", "--workspace", "workspace.yaml"]
    address = ["--host", "127.0.0.1", "--port", str(arguments.port)]
    os.execve(sys.executable, [*command, *address], environment)  # noqa: S606 - no shell


if __name__ == "__main__":
    main()
