"""What the data health page asks: loads, reconciliation and rejected rows per connection."""

import pandas as pd
import pyarrow as pa

from apps.dashboard.data.source import Source, cached, query, query_frame


@cached
def load_connections(source: Source) -> pd.DataFrame:
    """Return one row per connection that has landed costs."""
    return query_frame(
        source,
        """
        with loads as (
            select
                tenant_id, connection_id,
                min(provider) as provider,
                min(scope) as scope,
                max(loaded_at) as loaded_at,
                max(delivered_at) as delivered_at,
                max(watermark_date) as watermark_date,
                count(distinct billing_period) as period_count,
                min(billing_period) as first_period,
                max(billing_period) as last_period,
                bool_and(is_final) filter (where is_latest_period) as is_final,
                cast(sum(row_count) as bigint) as row_count,
                cast(sum(rejected_row_count) as bigint) as rejected_row_count,
                cast(sum(noted_row_count) as bigint) as noted_row_count,
                cast(sum(byte_count) as bigint) as byte_count
            from fct_load_freshness
            group by tenant_id, connection_id
        ),
        figures as (
            select
                tenant_id, connection_id,
                count(*) filter (where status = 'gap') as gap_count,
                count(*) filter (where status = 'explained') as explained_count,
                count(*) filter (where status = 'no_total') as no_total_count,
                count(*) as figure_count
            from fct_reconciliation
            group by tenant_id, connection_id
        )
        select
            loads.*,
            coalesce(figures.gap_count, 0) as gap_count,
            coalesce(figures.explained_count, 0) as explained_count,
            coalesce(figures.no_total_count, 0) as no_total_count,
            coalesce(figures.figure_count, 0) as figure_count
        from loads
        left join figures
            on
                loads.tenant_id = figures.tenant_id
                and loads.connection_id = figures.connection_id
        order by loads.tenant_id, loads.connection_id
        """,
    )


@cached
def load_loads(source: Source, tenant: str, connection: str) -> pd.DataFrame:
    """Return the current loads of one connection, newest period first."""
    return query_frame(
        source,
        """
        select
            billing_period, dataset, format, export_name, delivered_at, loaded_at, watermark_date,
            is_final, row_count, rejected_row_count, noted_row_count, byte_count
        from fct_load_freshness
        where tenant_id = $tenant and connection_id = $connection
        order by billing_period desc, dataset
        """,
        {"tenant": tenant, "connection": connection},
    )


@cached
def load_reconciliation(source: Source, tenant: str, connection: str) -> pd.DataFrame:
    """Return our totals against the provider's, newest period first."""
    return query_frame(
        source,
        """
        select
            billing_period, billing_currency, cost_type, our_total, provider_total, gap,
            rejected_total, rejected_row_count, status, reason, is_final
        from fct_reconciliation
        where tenant_id = $tenant and connection_id = $connection
        order by billing_period desc, billing_currency, cost_type
        """,
        {"tenant": tenant, "connection": connection},
    )


@cached
def load_rejected_reasons(source: Source, tenant: str, connection: str) -> pd.DataFrame:
    """Return how often each reason occurs, the most frequent first."""
    return query_frame(
        source,
        """
        select
            billing_period, dataset, column_name, reason, is_row_rejected,
            count(*) as note_count
        from fct_rejected_lines
        where tenant_id = $tenant and connection_id = $connection
        group by billing_period, dataset, column_name, reason, is_row_rejected
        order by is_row_rejected desc, note_count desc, billing_period desc, reason
        limit 200
        """,
        {"tenant": tenant, "connection": connection},
    )


@cached
def load_rejected(source: Source, tenant: str, connection: str, limit: int) -> pd.DataFrame:
    """Return rejected and noted rows with their place in the source, newest period first."""
    lines: pd.DataFrame = export_rejected(source, tenant, connection, limit).to_pandas()
    return lines


@cached
def load_rejected_count(source: Source, tenant: str, connection: str) -> int:
    """Return how many rejected and noted rows there are."""
    answer = query(
        source,
        """
        select count(*) as note_count
        from fct_rejected_lines
        where tenant_id = $tenant and connection_id = $connection
        """,
        {"tenant": tenant, "connection": connection},
    )
    return int(answer["note_count"][0].as_py())


def export_rejected(source: Source, tenant: str, connection: str, limit: int) -> pa.Table:
    """Return rejected and noted rows for a file; not cached."""
    return query(
        source,
        """
        select
            billing_period, dataset, source_file, line_number, column_name, reason,
            is_row_rejected, billing_currency, source_cost, source_line
        from fct_rejected_lines
        where tenant_id = $tenant and connection_id = $connection
        order by is_row_rejected desc, billing_period desc, source_file, line_number
        limit $limit
        """,
        {"tenant": tenant, "connection": connection, "limit": limit},
    )
