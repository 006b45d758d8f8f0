"""What the page of one finding asks."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import pandas as pd

from apps.dashboard.data.source import Source, cached, query, query_frame

STATISTICS = ("average", "minimum", "p50", "p95", "p99", "maximum", "sum")
UTILIZATION_DAYS = 35
COST_DAYS = 90


@dataclass(frozen=True)
class Subject:
    """The resource of a finding, which is only unique within its tenant."""

    tenant_id: str
    resource_id: str


@cached
def load_finding(source: Source, finding_id: str) -> dict[str, Any] | None:
    """Return one open finding with what its savings count for; nothing if there is none."""
    return _first(
        source,
        """
        select findings.*, savings.counted_monthly_savings, history.reopened_date
        from fct_findings as findings
        left join fct_savings as savings
            on
                findings.tenant_id = savings.tenant_id
                and findings.finding_id = savings.finding_id
        left join fct_finding_history as history
            on
                findings.tenant_id = history.tenant_id
                and findings.finding_id = history.finding_id
        where findings.finding_id = $finding_id
        limit 1
        """,
        {"finding_id": finding_id},
    )


@cached
def load_history(source: Source, finding_id: str) -> dict[str, Any] | None:
    """Return what is known of a finding's course: open, resolved, dismissed or unverified."""
    return _first(
        source,
        """
        select history.*, rules.title as rule_title
        from fct_finding_history as history
        left join dim_rule as rules on history.rule_id = rules.rule_id
        where history.finding_id = $finding_id
        limit 1
        """,
        {"finding_id": finding_id},
    )


@cached
def load_rule(source: Source, rule_id: str) -> dict[str, Any] | None:
    """Return a rule's words and default thresholds."""
    return _first(
        source, "select * from dim_rule where rule_id = $rule_id limit 1", {"rule_id": rule_id}
    )


@cached
def load_others(source: Source, subject: Subject, finding_id: str) -> pd.DataFrame:
    """Return the other open findings on the resource, and what each of them counts for."""
    return query_frame(
        source,
        """
        select
            findings.finding_id, findings.rule_title, findings.action,
            findings.billing_currency, findings.estimated_monthly_savings, findings.is_counted,
            savings.counted_monthly_savings
        from fct_findings as findings
        left join fct_savings as savings
            on
                findings.tenant_id = savings.tenant_id
                and findings.finding_id = savings.finding_id
        where
            findings.tenant_id = $tenant
            and findings.resource_id = $resource_id
            and findings.finding_id <> $finding_id
        order by savings.action_rank nulls last, findings.rule_id
        """,
        {
            "tenant": subject.tenant_id,
            "resource_id": subject.resource_id,
            "finding_id": finding_id,
        },
    )


@cached
def load_utilization(
    source: Source, subject: Subject, metric: str, statistic: str, observed: date
) -> pd.DataFrame:
    """Return one row per day of the 35 before `observed`: usage_date, value, unit, sample_count.

    A day without data points has no value.

    Raises:
        ValueError: There is no such statistic.
    """
    if statistic not in STATISTICS:
        raise ValueError(f"there is no statistic {statistic}")
    return query_frame(
        source,
        f"""
        with days as (
            select cast(unnest(generate_series(
                cast($first as date), cast($last as date), interval 1 day
            )) as date) as usage_date
        ),
        measured as (
            select
                usage_date, max(unit) as unit, sum(sample_count) as sample_count,
                max({statistic}) as value
            from fct_utilization_daily
            where
                tenant_id = $tenant
                and resource_id = $resource_id
                and metric_name = $metric
                and usage_date between $first and $last
            group by usage_date
        )
        select days.usage_date, measured.value, measured.unit, measured.sample_count
        from days
        left join measured on days.usage_date = measured.usage_date
        order by days.usage_date
        """,
        {
            "tenant": subject.tenant_id,
            "resource_id": subject.resource_id,
            "metric": metric,
            "first": observed - timedelta(days=UTILIZATION_DAYS),
            "last": observed - timedelta(days=1),
        },
    )


@cached
def load_daily_cost(source: Source, subject: Subject, currency: str) -> pd.DataFrame:
    """Return the resource's effective cost of the last 90 days of its tenant's bill, by day.

    One row per day and pricing category: period, series, cost. A day without a line has no cost.
    """
    return query_frame(
        source,
        f"""
        with newest as (
            select max(charge_date) as last_date
            from fct_cost_summary_daily
            where tenant_id = $tenant and billing_currency = $currency
        ),
        days as (
            select cast(unnest(generate_series(
                last_date - interval {COST_DAYS - 1} day, last_date, interval 1 day
            )) as date) as period
            from newest
            where last_date is not null
        ),
        costs as (
            select
                charge_date as period,
                coalesce(pricing_category, charge_category, '') as series,
                sum(effective_cost) as cost
            from fct_cost_daily
            where
                tenant_id = $tenant
                and resource_id = $resource_id
                and billing_currency = $currency
            group by 1, 2
        )
        select days.period, costs.series, costs.cost
        from days
        left join costs on days.period = costs.period
        order by days.period, costs.series
        """,
        {
            "tenant": subject.tenant_id,
            "resource_id": subject.resource_id,
            "currency": currency,
        },
    )


def _first(source: Source, sql: str, params: dict[str, Any]) -> dict[str, Any] | None:
    rows = query(source, sql, params).to_pylist()
    return rows[0] if rows else None
