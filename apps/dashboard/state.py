"""What a page shows, as its address says it: read, checked and written in one place."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date

from apps.dashboard.dimensions import COST_TYPES, is_grouping
from apps.dashboard.params import Filters, Params, checked, filters_of, one, with_filter
from apps.dashboard.period import CUSTOM_PERIOD, DEFAULT_PERIOD, PERIODS, Span, span_of

DEFAULT_GROUPING = "service"
GRAINS = {"day": "Day", "month": "Month"}


@dataclass(frozen=True)
class CostView:
    """Everything that the costs page shows, but the partner.

    Attributes:
        by: First dimension, or `tag:<key>`.
        then: Second dimension, or nothing.
        cost: Which of the four amounts leads.
        period: A named period, or `custom`.
        first: First day of a custom period.
        last: Last day of a custom period.
        grain: Width of a bar in the chart.
        currency: The currency shown; nothing for the one with most lines.
        filters: Permitted values by dimension, sorted; `""` stands for no value.
        is_lines: Whether single lines are shown instead of groups.
    """

    by: str = DEFAULT_GROUPING
    then: str = ""
    cost: str = "effective"
    period: str = DEFAULT_PERIOD
    first: date | None = None
    last: date | None = None
    grain: str = "day"
    currency: str = ""
    filters: Filters = ()
    is_lines: bool = False

    def values(self, key: str) -> tuple[str, ...]:
        """Return the values that one dimension is filtered to."""
        return dict(self.filters).get(key, ())

    def with_filter(self, key: str, values: Iterable[str]) -> "CostView":
        """Return the view with one filter replaced; no values removes it."""
        return replace(self, filters=with_filter(self.filters, key, tuple(values)))

    def span(self, newest: date) -> Span:
        """Return the days shown, given the newest day of the data."""
        if self.period == CUSTOM_PERIOD and self.first and self.last:
            return Span(self.first, self.last)
        return span_of(self.period, newest)


@dataclass(frozen=True)
class Read:
    """A view read from an address, and the parts of the address that say nothing."""

    view: CostView
    ignored: tuple[str, ...]


def read_view(params: Params) -> Read:
    """Return the view that an address asks for; what it cannot mean falls back and is named."""
    first, last = _day(params, "from"), _day(params, "to")
    if first and last and first > last:
        first, last = last, first
    view = CostView(
        by=checked(params, "by", DEFAULT_GROUPING, is_grouping),
        then=checked(params, "then", "", is_grouping),
        cost=checked(params, "cost", "effective", COST_TYPES.__contains__),
        period=checked(params, "period", DEFAULT_PERIOD, PERIODS.__contains__),
        first=first,
        last=last,
        grain=checked(params, "grain", "day", GRAINS.__contains__),
        currency=one(params, "currency"),
        filters=filters_of(params, is_grouping),
        is_lines=one(params, "show") == "lines",
    )
    return Read(_consistent(view), _ignored(params, view))


def write_view(view: CostView) -> dict[str, list[str]]:
    """Return the parameters of the address that restores a view; defaults are left out."""
    plain = CostView()
    params = {
        name: [value]
        for name, value, default in (
            ("by", view.by, plain.by),
            ("then", view.then, plain.then),
            ("cost", view.cost, plain.cost),
            ("period", view.period, plain.period),
            ("from", view.first.isoformat() if view.first else "", ""),
            ("to", view.last.isoformat() if view.last else "", ""),
            ("grain", view.grain, plain.grain),
            ("currency", view.currency, plain.currency),
            ("show", "lines" if view.is_lines else "", ""),
        )
        if value != default
    }
    return params | {key: list(values) for key, values in view.filters}


def drill_into(view: CostView, values: Mapping[str, str]) -> CostView:
    """Return the view behind one row: its values as filters, by resource, then its lines."""
    for key, value in values.items():
        view = view.with_filter(key, (value,))
    return replace(view, by="resource", then="", is_lines="resource" in values)


def _consistent(view: CostView) -> CostView:
    if view.then == view.by:
        view = replace(view, then="")
    if view.period != CUSTOM_PERIOD:
        return replace(view, first=None, last=None)
    return (
        view
        if view.first and view.last
        else replace(view, period=DEFAULT_PERIOD, first=None, last=None)
    )


def _ignored(params: Params, view: CostView) -> tuple[str, ...]:
    read = {
        "by": view.by,
        "then": view.then,
        "cost": view.cost,
        "period": view.period,
        "grain": view.grain,
        "from": view.first.isoformat() if view.first else "",
        "to": view.last.isoformat() if view.last else "",
    }
    return tuple(name for name, value in read.items() if one(params, name) not in ("", value))


def _day(params: Params, name: str) -> date | None:
    try:
        return date.fromisoformat(one(params, name))
    except ValueError:
        return None
