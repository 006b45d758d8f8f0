"""The statements behind the costs page, put together from declared columns; values are bound."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from apps.dashboard.dimensions import COST_TYPES, DIMENSIONS, TAG_PREFIX, is_tag, needs_resources
from apps.dashboard.period import Span, before
from apps.dashboard.state import CostView

AMOUNTS = [COST_TYPES[key] for key in ("billed", "effective", "list", "contracted")]
AMOUNT_TYPE = "decimal(38, 20)"
_PERIODS = {"day": "charge_date", "month": "cast(date_trunc('month', charge_date) as date)"}
_LINE_COLUMNS = (
    "tenant_id",
    "provider",
    "connection_id",
    "billing_period",
    "charge_period_start",
    "charge_period_end",
    "sub_account_id",
    "service_name",
    "region_id",
    "resource_id",
    "resource_name",
    "charge_category",
    "charge_class",
    "charge_description",
    "pricing_category",
    "commitment_discount_id",
    "commitment_discount_status",
    "usage_type",
    "operation",
    "pricing_quantity",
    "pricing_unit",
    "billing_currency",
    "billed_cost",
    "effective_cost",
    "list_cost",
    "contracted_cost",
    "tags",
    "invoice_id",
    "source_file",
    "note",
)


@dataclass(frozen=True)
class Question:
    """A view as its statements need it: with its days resolved, and one currency.

    Attributes:
        view: What is asked.
        first: First day.
        last: Last day.
        currency: The currency that groups and lines are in; totals have all.
        oldest: First day with costs; nothing is compared with days before it.
    """

    view: CostView
    first: date
    last: date
    currency: str
    oldest: date

    @property
    def keys(self) -> tuple[str, ...]:
        """What rows are grouped by; a resource is only unique within its tenant."""
        keys = (self.view.by, self.view.then) if self.view.then else (self.view.by,)
        return ("tenant", *keys) if "resource" in keys and "tenant" not in keys else keys

    @property
    def earlier(self) -> Span:
        """The days to compare with."""
        return before(Span(self.first, self.last))

    @property
    def is_comparable(self) -> bool:
        """Whether costs of all days to compare with can have landed."""
        return self.earlier.first >= self.oldest


@dataclass(frozen=True)
class Statement:
    """SQL text and the values of its parameters."""

    sql: str
    params: dict[str, Any]


def group_names(keys: tuple[str, ...]) -> list[str]:
    """Return the names of the columns that hold the groups; tags are numbered by place."""
    return [
        DIMENSIONS[key].column if key in DIMENSIONS else f"tag_{place}"
        for place, key in enumerate(keys)
    ]


def sums(question: Question, keys: tuple[str, ...], *, in_one_currency: bool) -> Statement:
    """Return every amount by some dimensions, and that of the days to compare with.

    An amount of which every line is unknown is null; one of which some are comes with a count.
    """
    scope = _scope(question, keys, question.earlier.first, in_one_currency=in_one_currency)
    is_current = "charge_date >= $first"
    is_earlier = "charge_date <= $earlier_last"
    sql = f"""
        select
            {_group_list(keys)}
            {_amount_list(is_current)},
            {_earlier_amount(question, is_earlier)} as earlier_cost
        from {scope.sql}
        group by {_group_by(keys)}
        having count(*) filter (where {is_current}) > 0
    """
    days = {"first": question.first}
    if question.is_comparable:
        days["earlier_last"] = question.earlier.last
    return Statement(sql, scope.params | days)


def sums_by_period(question: Question, keys: tuple[str, ...]) -> Statement:
    """Return every amount by some dimensions and by day or month, in one currency."""
    scope = _scope(question, keys, question.first, in_one_currency=True)
    sql = f"""
        select
            {_PERIODS[question.view.grain]} as period,
            {_group_list(keys)}
            {_amount_list("true")}
        from {scope.sql}
        group by period, {_group_by(keys)}
    """
    return Statement(sql, scope.params)


def lines(question: Question) -> Statement:
    """Return the single lines of a view, newest first."""
    scope = _line_scope(question)
    sql = f"""
        select {", ".join(_LINE_COLUMNS)}
        from fct_cost_lines
        where {scope.sql}
        order by charge_period_start desc, effective_cost desc nulls last, resource_id, usage_type
    """
    return Statement(sql, scope.params)


def line_count(question: Question) -> Statement:
    """Return how many single lines a view has, per currency, the given one alone."""
    scope = _line_scope(question)
    return Statement(
        f"select count(*) as line_count from fct_cost_lines where {scope.sql}", scope.params
    )


def _scope(
    question: Question, keys: tuple[str, ...], since: date, *, in_one_currency: bool
) -> Statement:
    """Return the rows to sum, with a column per group."""
    used = frozenset(keys) | {key for key, _ in question.view.filters}
    mart = "fct_cost_daily" if needs_resources(used) else "fct_cost_summary_daily"
    params: dict[str, Any] = {"since": since, "last": question.last}
    conditions = ["charge_date >= $since", "charge_date <= $last"]
    if in_one_currency:
        conditions.append("billing_currency = $currency")
        params["currency"] = question.currency
    filters = _filters(question)
    columns = [
        f"{_value(key, f'group_path_{place}')} as group_{place}" for place, key in enumerate(keys)
    ]
    paths = {
        f"group_path_{place}": tag_pointer(key) for place, key in enumerate(keys) if is_tag(key)
    }
    sql = f"""(
            select {", ".join([*columns, "charge_date", "billing_currency", *_measures()])}
            from {mart}
            where {" and ".join([*conditions, filters.sql])}
        ) as scope"""
    return Statement(sql, params | filters.params | paths)


def _line_scope(question: Question) -> Statement:
    filters = _filters(question)
    days = "charge_date >= $first and charge_date <= $last and billing_currency = $currency"
    params = {"first": question.first, "last": question.last, "currency": question.currency}
    return Statement(f"{days} and {filters.sql}", params | filters.params)


def _filters(question: Question) -> Statement:
    conditions, params = ["true"], dict[str, Any]()
    for place, (key, values) in enumerate(question.view.filters):
        conditions.append(f"list_contains($filter_{place}, {_value(key, f'filter_path_{place}')})")
        params[f"filter_{place}"] = list(values)
        if is_tag(key):
            params[f"filter_path_{place}"] = tag_pointer(key)
    return Statement(" and ".join(conditions), params)


def _value(key: str, path_name: str) -> str:
    column = DIMENSIONS[key].column if key in DIMENSIONS else None
    return f"coalesce({column or f'json_extract_string(tags, ${path_name})'}, '')"


def tag_pointer(key: str) -> str:
    """Return the JSON pointer of a tag: no character of its key has a meaning."""
    return "/" + key.removeprefix(TAG_PREFIX).replace("~", "~0").replace("/", "~1")


def _group_list(keys: tuple[str, ...]) -> str:
    named = [f"group_{place} as {name}" for place, name in enumerate(group_names(keys))]
    return "".join(f"{column}, " for column in [*named, "billing_currency"])


def _group_by(keys: tuple[str, ...]) -> str:
    return ", ".join([*(f"group_{place}" for place in range(len(keys))), "billing_currency"])


def _measures() -> list[str]:
    amounts = [f"{cost_type.amount} as {cost_type.column}" for cost_type in AMOUNTS]
    unknown = [cost_type.unknown_column for cost_type in AMOUNTS if cost_type.unknown_column]
    return [*amounts, *unknown, "line_count"]


def _amount_list(condition: str) -> str:
    only = f"filter (where {condition})"
    lines = f"sum(line_count) {only}"
    columns = []
    for cost_type in AMOUNTS:
        unknown, total = cost_type.unknown_column, f"sum({cost_type.column}) {only}"
        if unknown:
            total = f"case when sum({unknown}) {only} < {lines} then {total} end"
            columns.append(f"cast(sum({unknown}) {only} as bigint) as {unknown}")
        columns.append(f"{total} as {cost_type.column}")
    return ", ".join([*columns, f"cast({lines} as bigint) as line_count"])


def _earlier_amount(question: Question, condition: str) -> str:
    cost_type = COST_TYPES[question.view.cost]
    only = f"filter (where {condition})"
    if not question.is_comparable:
        return f"cast(any_value(null) as {AMOUNT_TYPE})"
    total = f"coalesce(sum({cost_type.column}) {only}, 0)"
    if not cost_type.unknown_column:
        return total
    unknown, lines = f"sum({cost_type.unknown_column}) {only}", f"sum(line_count) {only}"
    return f"case when coalesce({unknown}, 0) < coalesce({lines}, 1) then {total} end"
