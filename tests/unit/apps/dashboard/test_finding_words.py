"""What the parts of a finding are called."""

import pytest

from apps.dashboard import format as fmt
from apps.dashboard.data.source import cached
from apps.dashboard.finding_words import evidence_name, limit, resource_label, verdict, window


@pytest.mark.parametrize(
    ("value", "comparison", "threshold", "told"),
    [
        (4.9, "<", 5, "met"),
        (5, "<", 5, "not met"),
        (5, "<=", 5, "met"),
        (7, ">=", 7, "met"),
        (7, ">", 7, "not met"),
        (0, "=", 0, "met"),
        (None, "<", 5, "not measured"),
        (1, "<", None, "unknown"),
        (1, "like", 5, "unknown"),
    ],
)
def test_a_figure_is_held_against_its_limit(
    value: float | None, comparison: str, threshold: float | None, told: str
) -> None:
    assert verdict({"value": value, "comparison": comparison, "threshold": threshold}) == told


def test_a_limit_is_said_in_words_with_its_unit() -> None:
    assert limit({"comparison": "<", "threshold": 5, "unit": "%"}) == "below 5 %"
    assert limit({"comparison": ">=", "threshold": 1000.5, "unit": ""}) == "at least 1,000.5"


def test_a_window_tells_how_much_of_it_had_data() -> None:
    assert window({"window_days": 14, "coverage_ratio": 0.9286}) == "14 days, 93% with data"
    assert window({"window_days": None}) == "(none)"


def test_a_resource_without_a_name_is_called_by_the_end_of_its_identifier() -> None:
    assert resource_label(None, "arn:aws:ec2:eu-west-1:1:instance/i-0a") == "i-0a"
    assert resource_label("", "vol-0b") == "vol-0b"
    assert resource_label("web", "vol-0b") == "web"


@pytest.mark.parametrize(
    ("value", "text"),
    [(0, "0"), (5.0, "5"), (1234.5, "1,234.5"), (0.001, "<0.01"), (None, "unknown"), (0.1, "0.1")],
)
def test_a_figure_is_written_without_needless_digits(value: float | None, text: str) -> None:
    assert fmt.figure(value) == text


def test_a_loader_without_a_source_cannot_be_cached() -> None:
    def load(tenant: str) -> str:
        return tenant

    with pytest.raises(TypeError, match="must take a Source first"):
        cached(load)


@pytest.mark.parametrize(
    ("name", "statistic", "told"),
    [
        ("cpu p95", "p95", "CPU, 95th percentile"),
        ("cpu maximum", "maximum", "CPU, maximum"),
        ("network", "mean", "Network, average"),
        ("days_unattached", None, "Days unattached"),
    ],
)
def test_a_statistic_is_named_once(name: str, statistic: str | None, told: str) -> None:
    assert evidence_name({"name": name, "statistic": statistic}) == told
