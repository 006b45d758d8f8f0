"""`python -m estate.clouds`: the simulated clouds, until Ctrl-C or SIGTERM."""

import argparse
import json
import signal
import threading
from dataclasses import asdict
from datetime import date
from pathlib import Path

from estate.clouds.running import running_clouds
from estate.plans import SIZES
from estate.world import build_partners, calendar


def main() -> None:
    """Run the clouds and write how they are reached to a file."""
    parser = argparse.ArgumentParser(prog="estate.clouds", description=__doc__)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--size", choices=SIZES, default="demo")
    parser.add_argument("--through", type=date.fromisoformat, required=True)
    parser.add_argument("--months", type=int, default=3)
    parser.add_argument("--file", type=Path, help="receives environment and connections as JSON")
    chosen = parser.parse_args()
    partners = build_partners(chosen.seed, chosen.size, calendar(chosen.through, chosen.months))
    is_over = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: is_over.set())
    with running_clouds(partners, chosen.through) as clouds:
        found = {
            "environment": clouds.environment,
            "connections": [asdict(each) for each in clouds.connections],
        }
        if chosen.file:
            chosen.file.touch(mode=0o600)  # it holds the secrets of the simulation
            chosen.file.write_text(json.dumps(found, indent=2), encoding="utf-8")
        print("\n".join(f"export {name}={value}" for name, value in clouds.environment.items()))  # noqa: T201 - its output
        is_over.wait()


if __name__ == "__main__":
    main()
