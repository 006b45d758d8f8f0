"""What the dashboard asks, at 16x, against a bare count over the same mart."""

import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from statistics import median

from apps.dashboard.data import costs, health, overview
from apps.dashboard.data.cost_sql import Question
from apps.dashboard.data.source import Source, current_source, forget_answers, query
from apps.dashboard.state import CostView
from benchmarks.measure import Result
from benchmarks.workloads.warehouse import PARTNER
from pipeline.settings import Settings

_REPEATS = 7


def run(_rows: int, folder: Path) -> Iterator[Result]:
    """Yield a result per question of a page; needs the 16x warehouse, published."""
    source = current_source(Settings(home=folder / "16x"), PARTNER)
    if source is None:
        raise RuntimeError("the 16x marts are not published: run the warehouse workload first")
    for name, mart, ask in _questions(source):
        bare = _time(partial(query, source, f"select count(*) from {mart}"))
        ours = _time(ask)
        yield Result(
            f"page query: {name}", f"count of {mart}", ours / bare, None, {"ms": ours * 1000}
        )


def _questions(source: Source) -> Iterator[tuple[str, str, Callable[[], object]]]:
    bounds = costs.load_bounds(source)
    if bounds is None:
        raise RuntimeError("the 16x marts hold no costs: run the warehouse workload first")
    for name, mart, view in (
        ("costs by service", "fct_cost_summary_daily", CostView()),
        ("costs by resource", "fct_cost_daily", CostView(by="resource")),
        ("costs by tag", "fct_cost_daily", CostView(by="tag:Environment", then="service")),
    ):
        question = Question(view, bounds.oldest, bounds.newest, "USD", bounds.oldest)
        yield name, mart, partial(costs.load_groups, source, question, 500)
    lines = Question(CostView(), bounds.oldest, bounds.newest, "USD", bounds.oldest)
    yield "newest lines", "fct_cost_lines", partial(costs.load_lines, source, lines, 500)
    yield (
        "month to date",
        "fct_cost_month_to_date",
        partial(overview.load_month_to_date, source, ""),
    )
    yield "connections", "fct_load_freshness", partial(health.load_connections, source)


def _time(ask: Callable[[], object]) -> float:
    """Return the median time of an uncached question, seconds, after one that warms the marts."""
    times = []
    for _ in range(_REPEATS + 1):
        forget_answers()
        started = time.perf_counter()
        ask()
        times.append(time.perf_counter() - started)
    return median(times[1:])
