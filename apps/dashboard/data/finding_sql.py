"""The statements behind the list of findings, put together from declared fields."""

from typing import Any

from apps.dashboard.data.cost_sql import Statement, tag_pointer
from apps.dashboard.data.decided import IS_WAITING, JOIN, STATE, Decided
from apps.dashboard.dimensions import is_tag
from apps.dashboard.finding_fields import FIELDS, ORDERS
from apps.dashboard.finding_state import FindingView

_FROM = f"""
    from fct_findings as findings
    left join fct_savings as savings
        on
            findings.tenant_id = savings.tenant_id
            and findings.finding_id = savings.finding_id
    {JOIN}
"""
_COUNTED = "savings.counted_monthly_savings"
_NOT_COUNTED = f"findings.estimated_monthly_savings - coalesce({_COUNTED}, 0)"
_SUMS = f"""
    count(*) as finding_count,
    count(distinct findings.resource_id) as resource_count,
    sum({_COUNTED}) as counted_savings,
    coalesce(sum({_NOT_COUNTED}), 0) as not_counted_savings,
    count(*) filter (where {_NOT_COUNTED} > 0) as not_counted_count,
    count(*) filter (where findings.estimated_monthly_savings is null) as unknown_count
"""
_SEARCHED = (
    "findings.resource_id",
    "findings.resource_name",
    "findings.rule_title",
    "findings.rule_id",
    "findings.sentence",
    "findings.sub_account_name",
    "findings.tags",
)
_COLUMNS = (
    "finding_id", "tenant_id", "provider", "connection_id", "sub_account_id", "sub_account_name",
    "region_id", "resource_id", "resource_name", "resource_type", "service_name", "rule_id",
    "rule_title", "category", "action", "severity", "effort", "risk", "confidence", "sentence",
    "recommendation", "current_value", "target_value", "owner", "tags", "billing_currency",
    "effective_cost_30d", "estimated_monthly_savings", "savings_unknown_reason", "is_counted",
    "not_counted_reason", "savings_formula", "savings_inputs", "evidence", "observed_date",
    "first_seen_date", "console_url",
)  # fmt: skip


def totals(view: FindingView, decided: Decided) -> Statement:
    """Return one row per currency; findings without a bill have none."""
    scope = _scope(view)
    return Statement(
        f"""
        select findings.billing_currency, {_SUMS}
        {_FROM}
        where {scope.sql}
        group by findings.billing_currency
        order by counted_savings desc nulls last, findings.billing_currency nulls last
        """,
        scope.params | decided.params,
    )


def not_counted(view: FindingView, decided: Decided) -> Statement:
    """Return one row per reason and currency of savings that are not counted."""
    scope = _scope(view)
    return Statement(
        f"""
        select
            findings.billing_currency,
            coalesce(findings.not_counted_reason, savings.not_counted_reason, '') as reason,
            count(*) as finding_count,
            sum({_NOT_COUNTED}) as not_counted_savings
        {_FROM}
        where {scope.sql} and {_NOT_COUNTED} > 0
        group by 1, 2
        order by not_counted_savings desc, 1, 2
        """,
        scope.params | decided.params,
    )


def groups(view: FindingView, decided: Decided) -> Statement:
    """Return one row per value of the grouping and currency, with its subtotals."""
    scope = _scope(view)
    return Statement(
        f"""
        select {_value(view.by, "by_path")} as group_value, findings.billing_currency, {_SUMS}
        {_FROM}
        where {scope.sql}
        group by 1, 2
        order by counted_savings desc nulls last, finding_count desc, 1, 2
        """,
        scope.params | decided.params | _path(view.by, "by_path"),
    )


def listed(view: FindingView, decided: Decided) -> Statement:
    """Return the findings of a view in its order; a grouping comes before it."""
    scope = _scope(view)
    selected = ", ".join(f"findings.{name}" for name in _COLUMNS)
    group = _value(view.by, "by_path") if view.by else "''"
    return Statement(
        f"""
        select
            {selected}, {_COUNTED}, ({STATE}) as state,
            coalesce(decisions.assignee, '') as assignee, {group} as group_value
        {_FROM}
        where {scope.sql}
        order by group_value, {ORDERS[view.sort].sql}, tenant_id, rule_id, resource_id
        """,
        scope.params | decided.params | (_path(view.by, "by_path") if view.by else {}),
    )


def choices(view: FindingView, decided: Decided, keys: tuple[str, ...]) -> Statement:
    """Return the values of some fields: field, choice, finding_count.

    A field's values are those of the findings that every other filter lets through.
    """
    parts, params = [], dict[str, Any](decided.params)
    for place, key in enumerate(keys):
        is_every = key == "state"
        prefix = f"choice_{place}_"
        scope = _scope(view.filtered(key, ()), prefix=prefix, is_every_state=is_every)
        path = f"choice_{place}_path"
        parts.append(f"""
            select '{place}' as place, {_value(key, path)} as choice, count(*) as finding_count
            {_FROM}
            where {scope.sql}
            group by 2
        """)
        params |= scope.params | _path(key, path)
    return Statement(f"{' union all '.join(parts)} order by 1, 2", params)


def _scope(view: FindingView, prefix: str = "", *, is_every_state: bool = False) -> Statement:
    """Return the condition that lets a view's findings through; unasked, those that wait."""
    is_asked = is_every_state or bool(view.values("state"))
    conditions, params = ["true" if is_asked else IS_WAITING], dict[str, Any]()
    for place, (key, values) in enumerate(view.filters):
        name, path = f"{prefix}filter_{place}", f"{prefix}path_{place}"
        conditions.append(f"list_contains(${name}, {_value(key, path)})")
        params |= {name: list(values)} | _path(key, path)
    if view.minimum is not None:
        conditions.append(
            f"findings.estimated_monthly_savings >= cast(${prefix}minimum as decimal(38, 2))"
        )
        params[f"{prefix}minimum"] = f"{view.minimum:f}"
    if view.text:
        haystack = f"lower(concat_ws(' ', {', '.join(_SEARCHED)}))"
        for place, word in enumerate(view.text.lower().split()):
            conditions.append(f"contains({haystack}, ${prefix}word_{place})")
            params[f"{prefix}word_{place}"] = word
    return Statement(" and ".join(conditions), params)


def _value(key: str, path_name: str) -> str:
    column = FIELDS[key].column if key in FIELDS else None
    return f"coalesce({column or f'json_extract_string(findings.tags, ${path_name})'}, '')"


def _path(key: str, name: str) -> dict[str, str]:
    return {name: tag_pointer(key)} if is_tag(key) else {}
