"""`python -m benchmarks`: runs the measured workloads, prints one table and writes JSON."""

import json
import os
import platform
from argparse import ArgumentParser, RawDescriptionHelpFormatter
from datetime import UTC, datetime
from pathlib import Path

from rich.console import Console
from rich.table import Table

from benchmarks.measure import Result
from benchmarks.workloads import findings, ingestion, inventory, queries, warehouse

WORKLOADS = {
    "ingestion": ingestion.run,
    "inventory": inventory.run,
    "warehouse": warehouse.run,
    "queries": queries.run,
    "findings": findings.run,
}
_RESULTS = Path(__file__).with_name("results")


def main() -> None:
    """Run what was asked for; figures are ratios within this run, as machines differ."""
    parser = ArgumentParser(
        prog="python -m benchmarks",
        description=__doc__,
        formatter_class=RawDescriptionHelpFormatter,
    )
    parser.add_argument("workloads", nargs="*", metavar="WORKLOAD", help=", ".join(WORKLOADS))
    parser.add_argument("--rows", type=int, default=int(os.environ.get("ROWS", "1000000")))
    parser.add_argument("--folder", type=Path, default=Path("var/benchmarks"), help="scratch space")
    arguments = parser.parse_args()
    chosen = arguments.workloads or list(WORKLOADS)
    if unknown := set(chosen) - set(WORKLOADS):
        parser.error(f"no workload {', '.join(sorted(unknown))}; there are {', '.join(WORKLOADS)}")
    console = Console(width=130)
    results: list[Result] = []
    for name in chosen:
        console.print(f"[bold]{name}[/]")
        for result in WORKLOADS[name](arguments.rows, arguments.folder.resolve()):
            console.print(f"  {result.workload}: {result.figure:.2f} {result.detail}")
            results.append(result)
            _write(results, arguments.rows)
    console.print(_table(results))


def _table(results: list[Result]) -> Table:
    table = Table(box=None, padding=(0, 2, 0, 0))
    for label in ("Workload", "Compared with", "Figure", "Target", ""):
        table.add_column(label, justify="right" if label in {"Figure", "Target"} else "left")
    for result in results:
        target = "" if result.target is None else f"{result.target:g}"
        met = "" if result.target is None else ("met" if result.is_met else "missed")
        table.add_row(result.workload, result.compared_with, f"{result.figure:.2f}", target, met)
    return table


def _write(results: list[Result], rows: int) -> None:
    _RESULTS.mkdir(exist_ok=True)
    content = {
        "measured_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "rows": rows,
        "machine": {"cpus": os.cpu_count(), "python": platform.python_version()},
        "results": [result.to_json() for result in results],
    }
    (_RESULTS / f"results-{rows}.json").write_text(json.dumps(content, indent=2), encoding="utf-8")


if __name__ == "__main__":
    main()
