"""Daily statistics of hourly values.

Azure Monitor answers no percentiles, so that a day's are taken over its (at most 24) hourly values,
interpolated between neighbours:

- `average`, `p50`, `p95`, `p99`: of the hourly averages, or of the hourly totals of a metric that
  is summed;
- `minimum`, `maximum`: of the hourly minima and maxima, or of the hourly totals of a metric that
  is summed;
- `sum`: of the hourly totals;
- `sample_count`: hours with a value. An hour without one is missing, never zero.

A peak of minutes shows in `maximum` alone: an hour's average has flattened it.
"""

import math
from collections.abc import Mapping, Sequence
from typing import Any

from ingestion.inventory.statistics import QUANTILES, quantile
from ingestion.model import Metric

_STATISTICS = ("average", "minimum", "p50", "p95", "p99", "maximum", "sum")


def aggregations(metrics: Sequence[Metric]) -> tuple[str, ...]:
    """Return the aggregations that the hourly values of metrics are asked in."""
    asked = {
        aggregation
        for metric in metrics
        for statistic, aggregation in _sources(metric).items()
        if statistic in metric.statistics
    }
    return tuple(sorted(asked))


def summarise(metric: Metric, points: Sequence[Mapping[str, Any]]) -> dict[str, float]:
    """Return the declared statistics of one day, and how many hours they rest on.

    Args:
        metric: What was measured.
        points: One mapping per hour, from aggregation to value; None or absent where missing.
    """
    sources = _sources(metric)
    hours = {name: _present(points, name) for name in set(sources.values())}
    values = sorted(hours[sources["average"]])
    known = {
        statistic: _statistic(statistic, hours[sources[statistic]], values)
        for statistic in metric.statistics
        if hours[sources[statistic]]
    }
    return known | {"sample_count": len(values)}


def _sources(metric: Metric) -> dict[str, str]:
    """Return the hourly aggregation that each statistic is taken over."""
    if "sum" in metric.statistics:
        return dict.fromkeys(_STATISTICS, "total")
    return dict.fromkeys(_STATISTICS, "average") | {"minimum": "minimum", "maximum": "maximum"}


def _statistic(name: str, hours: Sequence[float], sorted_hours: Sequence[float]) -> float:
    match name:
        case "average":
            return math.fsum(hours) / len(hours)
        case "sum":
            return math.fsum(hours)
        case "minimum":
            return min(hours)
        case "maximum":
            return max(hours)
        case _:
            return quantile(sorted_hours, QUANTILES[name])


def _present(points: Sequence[Mapping[str, Any]], aggregation: str) -> list[float]:
    answered = (point.get(aggregation) for point in points)
    return [float(value) for value in answered if value is not None]
