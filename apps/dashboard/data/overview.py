"""What the overview asks: month to date, forecast, trend, movers, and the state of the data."""

import pandas as pd

from apps.dashboard.data.source import Source, cached, query, query_frame
from apps.dashboard.dimensions import COST_TYPES

_IS_TENANT = "($tenant = '' or tenant_id = $tenant)"


@cached
def load_tenants(source: Source) -> list[str]:
    """Return the partner's tenants that have costs, by name."""
    answer = query(source, "select distinct tenant_id from fct_load_freshness order by tenant_id")
    return [str(value) for value in answer["tenant_id"].to_pylist()]


@cached
def load_currencies(source: Source, tenant: str) -> list[str]:
    """Return the currencies of the costs, the one with most lines first."""
    answer = query(
        source,
        f"""
        select billing_currency
        from fct_cost_summary_daily
        where {_IS_TENANT}
        group by billing_currency
        order by sum(line_count) desc, billing_currency
        """,
        {"tenant": tenant},
    )
    return [str(value) for value in answer["billing_currency"].to_pylist()]


@cached
def load_month_to_date(source: Source, tenant: str) -> pd.DataFrame:
    """Return one row per tenant, currency and current month, with the same days of last month.

    What is compared with them is the cost of connections that have a last month.
    """
    return query_frame(
        source,
        f"""
        select
            tenant_id,
            billing_currency,
            billing_period,
            min(as_of_date) as first_as_of_date,
            max(as_of_date) as as_of_date,
            case when sum(unknown_effective_count) < sum(line_count) or sum(line_count) = 0
                then sum(effective_cost) end as effective_cost,
            cast(sum(unknown_effective_count) as bigint) as unknown_effective_count,
            sum(billed_cost) as billed_cost,
            sum(effective_cost) filter (where previous_effective_cost is not null)
                as compared_effective_cost,
            sum(billed_cost) filter (where previous_billed_cost is not null)
                as compared_billed_cost,
            sum(previous_effective_cost) as previous_effective_cost,
            sum(previous_billed_cost) as previous_billed_cost,
            sum(previous_month_effective_cost) as previous_month_effective_cost,
            sum(previous_month_billed_cost) as previous_month_billed_cost
        from fct_cost_month_to_date
        where {_IS_TENANT}
        group by tenant_id, billing_currency, billing_period
        order by tenant_id, billing_currency, billing_period
        """,
        {"tenant": tenant},
    )


@cached
def load_forecast(source: Source, tenant: str) -> pd.DataFrame:
    """Return one row per tenant, currency and current month; unknown where a part of it is."""
    return query_frame(
        source,
        f"""
        select
            tenant_id,
            billing_currency,
            billing_period,
            case when count(forecast_effective_cost) = count(*)
                then sum(forecast_effective_cost) end as forecast_effective_cost,
            case when count(forecast_low) = count(*) then sum(forecast_low) end as forecast_low,
            case when count(forecast_high) = count(*) then sum(forecast_high) end as forecast_high,
            case when count(forecast_billed_cost) = count(*)
                then sum(forecast_billed_cost) end as forecast_billed_cost,
            min(method) as method
        from fct_cost_forecast
        where {_IS_TENANT}
        group by tenant_id, billing_currency, billing_period
        order by tenant_id, billing_currency, billing_period
        """,
        {"tenant": tenant},
    )


@cached
def load_monthly_trend(source: Source, tenant: str, currency: str, cost: str) -> pd.DataFrame:
    """Return the last twelve billing periods: period, provider, cost, unknown_count."""
    return query_frame(
        source,
        f"""
        select
            billing_period as period,
            provider,
            {_cost_sums(cost)}
        from fct_cost_summary_daily
        where {_IS_TENANT} and billing_currency = $currency
            and billing_period > (
                select strftime(
                    cast(max(billing_period) || '-01' as date) - interval 12 month, '%Y-%m'
                )
                from fct_cost_summary_daily
            )
        group by billing_period, provider
        order by billing_period, provider
        """,
        {"tenant": tenant, "currency": currency},
    )


@cached
def load_daily_trend(source: Source, tenant: str, currency: str, cost: str) -> pd.DataFrame:
    """Return the last 90 days: period, provider, cost, unknown_count."""
    return query_frame(
        source,
        f"""
        select
            charge_date as period,
            provider,
            {_cost_sums(cost)}
        from fct_cost_summary_daily
        where {_IS_TENANT} and billing_currency = $currency
            and charge_date > (select max(charge_date) from fct_cost_summary_daily) - 90
        group by charge_date, provider
        order by charge_date, provider
        """,
        {"tenant": tenant, "currency": currency},
    )


@cached
def load_movers(source: Source, tenant: str, currency: str, limit: int) -> pd.DataFrame:
    """Return the largest changes of effective cost, week over week, with the reason.

    Weeks that ended before the newest one began are left out: they moved long ago.
    """
    return query_frame(
        source,
        f"""
        select
            tenant_id, provider, sub_account_id, service_name,
            current_start_date, current_end_date, previous_start_date, previous_end_date,
            current_cost, previous_cost, change_cost, reason
        from fct_cost_movers
        where {_IS_TENANT} and billing_currency = $currency and change_cost <> 0
            and current_end_date > (
                select max(current_end_date) from fct_cost_movers
                where {_IS_TENANT} and billing_currency = $currency
            ) - 7
        order by abs(change_cost) desc, tenant_id, service_name, sub_account_id
        limit $limit
        """,
        {"tenant": tenant, "currency": currency, "limit": limit},
    )


@cached
def load_reconciliation_counts(source: Source, tenant: str) -> pd.DataFrame:
    """Return one row per tenant and status, with how many figures have it."""
    return query_frame(
        source,
        f"""
        select tenant_id, status, count(*) as figure_count
        from fct_reconciliation
        where {_IS_TENANT}
        group by tenant_id, status
        order by tenant_id, status
        """,
        {"tenant": tenant},
    )


@cached
def load_gaps(source: Source, tenant: str) -> pd.DataFrame:
    """Return the figures that differ from the provider's total, newest period first."""
    return query_frame(
        source,
        f"""
        select
            tenant_id, connection_id, billing_period, billing_currency, cost_type,
            our_total, provider_total, gap, reason
        from fct_reconciliation
        where {_IS_TENANT} and status = 'gap'
        order by billing_period desc, abs(gap) desc, tenant_id, connection_id
        """,
        {"tenant": tenant},
    )


@cached
def load_freshness(source: Source, tenant: str) -> pd.DataFrame:
    """Return one row per tenant and connection: provider, newest day of cost, last load."""
    return query_frame(
        source,
        f"""
        select
            tenant_id, connection_id,
            min(provider) as provider,
            max(watermark_date) as watermark_date,
            max(loaded_at) as loaded_at
        from fct_load_freshness
        where {_IS_TENANT}
        group by tenant_id, connection_id
        order by tenant_id, connection_id
        """,
        {"tenant": tenant},
    )


def _cost_sums(cost: str) -> str:
    cost_type = COST_TYPES[cost]
    unknown = f"sum({cost_type.unknown_column})" if cost_type.unknown_column else "0"
    return f"sum({cost_type.amount}) as cost, cast({unknown} as bigint) as unknown_count"
