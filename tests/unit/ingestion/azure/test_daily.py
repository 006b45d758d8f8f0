"""Daily statistics of hourly values."""

import pytest

from ingestion.azure.daily import aggregations, summarise
from ingestion.model import Metric

CPU = Metric("CPU", "ns", "Percent", ("average", "p50", "p95", "p99", "maximum"), 3600)
BYTES = Metric("Bytes", "ns", "Bytes", ("sum", "maximum"), 3600)
HOURS = [{"average": float(hour), "maximum": 10.0 + hour} for hour in range(24)]


def test_percentiles_are_interpolated_between_hourly_averages() -> None:
    day = summarise(CPU, HOURS)

    assert day["average"] == pytest.approx(11.5)
    assert day["p50"] == pytest.approx(11.5)
    assert day["p95"] == pytest.approx(21.85)
    assert day["p99"] == pytest.approx(22.77)
    assert day["sample_count"] == 24


def test_a_maximum_is_of_hourly_maxima_as_averages_flatten_it() -> None:
    assert summarise(CPU, HOURS)["maximum"] == 33.0


def test_missing_hours_are_no_zeros() -> None:
    day = summarise(CPU, [{"average": 4.0, "maximum": 6.0}, {}, {"average": None}])

    assert day["average"] == 4.0
    assert day["sample_count"] == 1


def test_a_day_without_values_has_no_statistics() -> None:
    assert summarise(CPU, [{}, {}]) == {"sample_count": 0}


def test_totals_are_summed_and_their_maximum_is_the_busiest_hour() -> None:
    day = summarise(BYTES, [{"total": 5.0, "maximum": 1e9}, {"total": 7.0}, {"total": 0.0}])

    assert day == {"sum": 12.0, "maximum": 7.0, "sample_count": 3}


def test_the_lowest_availability_is_of_hourly_minima() -> None:
    memory = Metric("Memory", "ns", "Bytes", ("average", "minimum"), 3600)
    hours = [{"average": 8.0, "minimum": 2.0}, {"average": 6.0, "minimum": 5.0}]

    assert summarise(memory, hours) == {"average": 7.0, "minimum": 2.0, "sample_count": 2}
    assert aggregations([memory]) == ("average", "minimum")


def test_only_the_aggregations_that_are_used_are_asked_for() -> None:
    assert aggregations([BYTES]) == ("total",)
    assert aggregations([CPU, BYTES]) == ("average", "maximum", "total")
