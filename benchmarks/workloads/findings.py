"""What the rules find in estates with planted waste, against the planted truth.

`python -m benchmarks.workloads.findings 101 102 103` takes each seed through bills, simulated
clouds, scans, build and publication, and prints a line per rule.
"""

import shutil
import tempfile
from argparse import ArgumentParser
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from rich.console import Console
from rich.table import Table

from apps.cli.demo_clouds import cloud_environment, connect
from benchmarks.measure import Result
from estate.bills import write_bills
from estate.clouds.running import running_clouds
from estate.model import Partner
from estate.truth import Expected, truth
from pipeline.build import build_warehouse
from pipeline.ingest import ingest_costs
from pipeline.publish import publish_marts
from pipeline.scan import scan_tenant
from pipeline.settings import Settings
from serving.session import open_session

THROUGH = date(2026, 5, 20)
MONTHS = 2
_SEEDS = (101, 102, 103)
Key = tuple[str, str, str, str]
"""Rule, partner, tenant and resource."""


@dataclass(frozen=True, slots=True)
class RuleScore:
    """What one rule found of what was planted for it."""

    rule_id: str
    missed: frozenset[Key]
    unexpected: frozenset[Key]
    planted: int
    near_misses: int

    @property
    def found(self) -> int:
        """Findings, right or wrong."""
        return self.planted - len(self.missed) + len(self.unexpected)

    @property
    def precision(self) -> float:
        """Part of the findings that were planted; 1 without findings."""
        right = self.planted - len(self.missed)
        return right / self.found if self.found else 1.0

    @property
    def recall(self) -> float:
        """Part of what was planted that was found."""
        return (self.planted - len(self.missed)) / self.planted if self.planted else 1.0


def take_through(
    settings: Settings, seed: int, *, size: str = "small", through: date = THROUGH
) -> tuple[Partner, ...]:
    """Land an estate's bills, scan its clouds over HTTP, build and publish.

    Raises:
        RuntimeError: A scan was not complete.
    """
    estate = write_bills(
        settings.home / "bills", seed=seed, size=size, through=through, months=MONTHS
    )
    for (partner_id, tenant_id), folder in estate.folders.items():
        ingest_costs(settings, partner_id, tenant_id, str(folder), makes_tenant=True)
    with (
        running_clouds(estate.partners, through) as clouds,
        cloud_environment(clouds.environment),
    ):
        reached = Settings(home=settings.home)
        tenants = {connect(reached, found)[:2] for found in clouds.connections}
        for partner_id, tenant_id in sorted(tenants):
            day = through + timedelta(days=1)
            done = scan_tenant(reached, partner_id, tenant_id, snapshot_date=day)
            if done.exit_status:
                messages = [report.message for report in done.reports]
                messages += [failure.message for failure in done.failures]
                raise RuntimeError("; ".join(messages))
    for partner in estate.partners:
        build_warehouse(settings, partner.partner_id)
        publish_marts(settings, partner.partner_id)
    return estate.partners


def found_in(settings: Settings, partners: Iterable[Partner]) -> set[Key]:
    """Return the open findings of every partner, read as the dashboard reads them."""
    found: set[Key] = set()
    for partner in partners:
        with open_session(settings.serving, settings.keys, partner.partner_id) as session:
            rows = session.query("select rule_id, tenant_id, resource_id from fct_findings")
            found |= {
                (row["rule_id"], partner.partner_id, row["tenant_id"], row["resource_id"])
                for row in rows.to_pylist()
            }
    return found


def scores(expected: Iterable[Expected], found: set[Key]) -> list[RuleScore]:
    """Return a score for each rule that was planted or that found something."""
    table = list(expected)
    planted = {_key(each) for each in table if each.is_finding}
    near = {_key(each) for each in table if not each.is_finding}
    return [
        RuleScore(
            rule_id,
            frozenset(key for key in planted - found if key[0] == rule_id),
            frozenset(key for key in found - planted if key[0] == rule_id),
            sum(key[0] == rule_id for key in planted),
            sum(key[0] == rule_id for key in near),
        )
        for rule_id in sorted({key[0] for key in planted | found})
    ]


def _key(expected: Expected) -> Key:
    return (
        expected.rule_id,
        expected.partner_id,
        expected.tenant_id,
        expected.resource_id,
    )


def score_seed(seed: int, folder: Path, *, size: str = "small") -> list[RuleScore]:
    """Take an estate through everything and score every rule."""
    home = folder / f"findings-{seed}"
    shutil.rmtree(home, ignore_errors=True)
    settings = Settings(home=home)
    partners = take_through(settings, seed, size=size)
    return scores(truth(partners, THROUGH), found_in(settings, partners))


def run(_rows: int, folder: Path) -> Iterator[Result]:
    """Yield the part of wrong or missed findings of each seed; the target is none."""
    for seed in _SEEDS:
        found = score_seed(seed, folder)
        wrong = sum(len(each.missed) + len(each.unexpected) for each in found)
        planted = sum(each.planted for each in found)
        detail = {f"{each.rule_id}_recall": each.recall for each in found}
        yield Result(f"findings, seed {seed}", "planted truth", wrong / planted, 0.0, detail)


def table_of(results: Sequence[RuleScore], title: str) -> Table:
    """Return a line per rule: planted, near misses, found, precision, recall."""
    table = Table(title=title, title_justify="left", box=None, padding=(0, 2, 0, 0))
    table.add_column("Rule")
    for name in ("Planted", "Near misses", "Found", "Precision", "Recall"):
        table.add_column(name, justify="right")
    for each in results:
        counts = (each.planted, each.near_misses, each.found)
        rates = (each.precision, each.recall)
        table.add_row(each.rule_id, *map(str, counts), *(f"{rate:.3f}" for rate in rates))
    return table


def main() -> None:
    """Score the seeds that were given, and name what is wrong."""
    parser = ArgumentParser(description=__doc__)
    parser.add_argument("seeds", type=int, nargs="*", default=_SEEDS)
    parser.add_argument("--size", default="small")
    chosen = parser.parse_args()
    console = Console(width=110)
    with tempfile.TemporaryDirectory(prefix="findings-") as folder:
        for seed in chosen.seeds:
            found = score_seed(seed, Path(folder), size=chosen.size)
            console.print(table_of(found, f"Seed {seed}"))
            for each in found:
                for what, keys in (("missed", each.missed), ("unexpected", each.unexpected)):
                    for key in sorted(keys):
                        console.print(f"  {what}: {' '.join(key)}", soft_wrap=True)


if __name__ == "__main__":
    main()
