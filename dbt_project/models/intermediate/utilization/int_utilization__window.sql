{{ config(materialized='table') }}

with

utilization as (

    select * from {{ ref('int_utilization__daily') }}
    where sample_count > 0

),

scopes as (

    select * from {{ ref('int_scan_scopes__latest') }}
    where table_name = 'utilization_daily'

),

windows as (

    {% for days in [14, 30] %}
        select cast({{ days }} as integer) as window_days
        {% if not loop.last %}union all{% endif %}
    {% endfor %}

),

days as (

    -- a day is complete when it has nine tenths of the samples of the metric's fullest day
    select
        utilization.*,
        windows.window_days,
        scopes.known_until_date as window_end_date,
        utilization.sample_count >= 0.9 * max(utilization.sample_count) over (
            partition by
                utilization.tenant_id,
                utilization.resource_id,
                utilization.metric_name,
                windows.window_days
        ) as is_complete

    from utilization
    inner join scopes
        on
            utilization.tenant_id = scopes.tenant_id
            and utilization.connection_id = scopes.connection_id
            and utilization.sub_account_id = scopes.sub_account_id
            and scopes.region_id in ('*', utilization.region_id)
    inner join windows
        on
            utilization.usage_date
            > {{ x_date_add('scopes.known_until_date', '-windows.window_days') }}
            and utilization.usage_date <= scopes.known_until_date

),

window_statistics as (

    select
        tenant_id,
        resource_id,
        metric_name,
        window_days,
        max(window_end_date) as window_end_date,
        max(unit) as unit,
        {{ x_count() }} as day_count,
        {{ x_count('case when is_complete then 1 end') }} as complete_day_count,
        {{ x_count('case when is_complete then 1 end') }} / cast(window_days as double)
            as coverage_ratio,
        sum(average) / count(average) as average,
        min(minimum) as minimum,
        max(p50) as p50,
        max(p95) as p95,
        max(p99) as p99,
        max(maximum) as maximum,
        sum(sum) as sum

    from days
    group by
        tenant_id,
        resource_id,
        metric_name,
        window_days

)

select * from window_statistics
