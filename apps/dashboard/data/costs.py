"""What the costs page asks: groups, their course over time, and single lines."""

from dataclasses import dataclass
from datetime import date
from typing import Any

import pandas as pd
import pyarrow as pa

from apps.dashboard.data import cost_sql
from apps.dashboard.data.cost_sql import Question
from apps.dashboard.data.source import Source, cached, query, query_frame
from apps.dashboard.dimensions import COST_TYPES, DIMENSIONS, TAG_PREFIX, is_tag
from apps.dashboard.state import CostView

CHOICE_LIMIT = 1000


@dataclass(frozen=True)
class Bounds:
    """First and newest day of the partner's costs."""

    oldest: date
    newest: date


@cached
def load_bounds(source: Source) -> Bounds | None:
    """Return the days that have costs; nothing if no cost line has landed."""
    answer = query(
        source,
        "select min(charge_date) as oldest, max(charge_date) as newest from fct_cost_summary_daily",
    ).to_pylist()[0]
    return Bounds(**answer) if answer["newest"] else None


@cached
def load_choices(source: Source, key: str) -> list[str]:
    """Return the values of a dimension to choose from; `""` stands for no value."""
    column = DIMENSIONS[key].column
    answer = query(
        source,
        f"""
        select coalesce({column}, '') as choice
        from fct_cost_summary_daily
        group by 1
        order by sum(line_count) desc, 1
        limit {CHOICE_LIMIT}
        """,
    )
    return sorted(str(value) for value in answer["choice"].to_pylist())


def load_all_choices(source: Source, view: CostView) -> dict[str, list[str]]:
    """Return the values of every dimension and every tag that the view uses."""
    choices = {
        key: load_choices(source, key)
        for key, dimension in DIMENSIONS.items()
        if dimension.has_choices
    }
    used = {view.by, view.then, *(key for key, _ in view.filters)}
    tags = sorted(key for key in used if is_tag(key))
    return choices | {key: load_tag_values(source, key.removeprefix(TAG_PREFIX)) for key in tags}


@cached
def load_account_names(source: Source) -> dict[str, str]:
    """Return the name of each sub account that has one."""
    rows = query(
        source,
        """
        select sub_account_id, max(sub_account_name) as sub_account_name
        from dim_account
        where sub_account_id is not null and sub_account_name is not null
        group by sub_account_id
        """,
    ).to_pylist()
    return {row["sub_account_id"]: row["sub_account_name"] for row in rows}


@cached
def load_tag_keys(source: Source) -> list[str]:
    """Return the tag keys, the one on most lines first."""
    answer = query(
        source,
        f"""
        select tag_key
        from dim_tag
        group by tag_key
        order by sum(line_count) desc, tag_key
        limit {CHOICE_LIMIT}
        """,
    )
    return [str(value) for value in answer["tag_key"].to_pylist()]


@cached
def load_tag_values(source: Source, tag_key: str) -> list[str]:
    """Return the values of one tag key, and `""` for its absence."""
    answer = query(
        source,
        f"""
        select tag_value
        from dim_tag
        where tag_key = $tag_key and tag_value <> ''
        group by tag_value
        order by sum(line_count) desc, tag_value
        limit {CHOICE_LIMIT}
        """,
        {"tag_key": tag_key},
    )
    return ["", *sorted(str(value) for value in answer["tag_value"].to_pylist())]


@cached
def load_totals(source: Source, question: Question) -> pd.DataFrame:
    """Return one row per currency: amounts, unknown counts, the cost of the days before."""
    statement = cost_sql.sums(question, (), in_one_currency=False)
    sql = f"{statement.sql} order by line_count desc, billing_currency"
    return query_frame(source, sql, statement.params)


@cached
def load_groups(source: Source, question: Question, limit: int) -> pd.DataFrame:
    """Return the costliest groups: key columns, amounts, unknown counts, the days before.

    `group_count` holds in every row how many groups there are without the limit.
    """
    statement = cost_sql.sums(question, question.keys, in_one_currency=True)
    names = ", ".join(cost_sql.group_names(question.keys))
    sql = f"""
        select *, count(*) over () as group_count
        from ({statement.sql}) as grouped
        order by abs({COST_TYPES[question.view.cost].column}) desc nulls last, {names}
        limit $limit
    """
    if "resource" in question.keys:
        sql = _with_names(sql)
    return query_frame(source, sql, statement.params | {"limit": limit})


def export_groups(source: Source, question: Question) -> pa.Table:
    """Return every group in each day or month, without a limit; not cached."""
    statement = cost_sql.sums_by_period(question, question.keys)
    names = ", ".join(cost_sql.group_names(question.keys))
    return query(source, f"{statement.sql} order by period, {names}", statement.params)


@cached
def load_series(source: Source, question: Question, limit: int) -> pd.DataFrame:
    """Return period, series, rank and cost of the costliest values of the first dimension.

    What is beyond the limit is summed in one series without a name, of rank `limit + 1`.
    """
    key = question.view.by
    statement = cost_sql.sums_by_period(question, (key,))
    column, name = COST_TYPES[question.view.cost].column, cost_sql.group_names((key,))[0]
    sql = f"""
        with grouped as ({statement.sql}),
        ranked as (
            select
                {name} as series,
                row_number() over (
                    order by sum(abs({column})) desc nulls last, {name}
                ) as series_rank
            from grouped
            group by {name}
        )
        select
            grouped.period,
            case when ranked.series_rank <= $limit then ranked.series end as series,
            least(ranked.series_rank, $limit + 1) as series_rank,
            sum(grouped.{column}) as cost
        from grouped
        inner join ranked on grouped.{name} = ranked.series
        group by 1, 2, 3
        order by 1, 3
    """
    return query_frame(source, sql, statement.params | {"limit": limit})


@cached
def load_lines(source: Source, question: Question, limit: int) -> pd.DataFrame:
    """Return the newest lines of a view, at most so many."""
    lines: pd.DataFrame = export_lines(source, question, limit).to_pandas()
    return lines


@cached
def load_line_count(source: Source, question: Question) -> int:
    """Return how many lines a view has."""
    statement = cost_sql.line_count(question)
    return int(query(source, statement.sql, statement.params)["line_count"][0].as_py())


def export_lines(source: Source, question: Question, limit: int) -> pa.Table:
    """Return the newest lines of a view for a file, at most so many; not cached."""
    statement = cost_sql.lines(question)
    return query(source, f"{statement.sql} limit $limit", statement.params | {"limit": limit})


@cached
def load_resource(source: Source, tenant: str, resource_id: str) -> dict[str, Any] | None:
    """Return the latest known values of one resource."""
    rows = query(
        source,
        """
        select
            resource_name, resource_type, provider, service_name, region_id, sub_account_id, tags,
            first_charge_date, last_charge_date
        from dim_resource
        where tenant_id = $tenant and resource_id = $resource_id
        limit 1
        """,
        {"tenant": tenant, "resource_id": resource_id},
    ).to_pylist()
    return rows[0] if rows else None


def _with_names(sql: str) -> str:
    return f"""
        select top.*, named.resource_name
        from ({sql}) as top
        left join (
            select tenant_id, resource_id, max(resource_name) as resource_name
            from dim_resource
            group by tenant_id, resource_id
        ) as named
            on top.tenant_id = named.tenant_id and top.resource_id = named.resource_id
    """
