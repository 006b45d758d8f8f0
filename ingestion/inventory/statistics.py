"""A day's statistics from its hours, where a provider answers none by the day."""

import math
from collections.abc import Collection, Sequence

QUANTILES = {"p50": 0.50, "p95": 0.95, "p99": 0.99}


def quantile(values: Sequence[float], share: float) -> float:
    """Return a quantile of sorted values, interpolated linearly between neighbours."""
    position = share * (len(values) - 1)
    below = math.floor(position)
    above = min(below + 1, len(values) - 1)
    return values[below] + (values[above] - values[below]) * (position - below)


def of_hourly_sums(sums: Sequence[float], statistics: Collection[str]) -> dict[str, float]:
    """Return the wanted statistics of a day's hourly sums, and how many hours there were."""
    ordered = sorted(sums)
    known = {
        "sum": math.fsum(ordered),
        "minimum": ordered[0],
        "maximum": ordered[-1],
        "average": math.fsum(ordered) / len(ordered),
        **{name: quantile(ordered, share) for name, share in QUANTILES.items()},
    }
    wanted = {name: value for name, value in known.items() if name in statistics}
    return wanted | {"sample_count": float(len(ordered))}
