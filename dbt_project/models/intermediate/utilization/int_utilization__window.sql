{#-
    A day is complete when it has nine tenths of the samples of a whole day, however few the days
    before it had: a machine that runs for one hour a day is not measured for the other 23.

    A whole day has 24 samples where the collectors ask by the hour. Else they are CloudWatch's
    `SampleCount` of the day: 288 at the five minutes of basic monitoring, 1,440 at the minute of
    detailed monitoring, of the CloudWatch agent and of NAT gateways. Which of them holds on a day
    shows in the fullest of it and the days about it: where monitoring was switched between the two,
    the days before, or after, have no full day of one minute. An agent that sends at another
    interval is never complete, so that what it measures stays unknown.
-#}
{%- set hourly_types = [
    'aws_ebs_volumes',
    'azure_load_balancers',
    'azure_managed_disks',
    'azure_nat_gateways',
    'azure_virtual_machines',
] -%}
{%- set days_about = 4 -%}
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

    select
        utilization.*,
        windows.window_days,
        scopes.known_until_date as window_end_date,
        least(
            max(utilization.sample_count) over (
                partition by
                    utilization.tenant_id,
                    utilization.resource_id,
                    utilization.metric_name,
                    windows.window_days
                order by utilization.usage_date asc nulls last
                rows between {{ days_about }} preceding and current row
            ),
            max(utilization.sample_count) over (
                partition by
                    utilization.tenant_id,
                    utilization.resource_id,
                    utilization.metric_name,
                    windows.window_days
                order by utilization.usage_date asc nulls last
                rows between current row and {{ days_about }} following
            )
        ) as fullest_sample_count

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

measured_days as (

    -- a day at either period may come with a sample more than it should
    select
        days.*,
        case
            when
                resource_type in (
                    {% for resource_type in hourly_types %}
                        '{{ resource_type }}'{{ ',' if not loop.last }}
                    {% endfor %}
                )
                then 24
            when fullest_sample_count <= 290 then 288
            when fullest_sample_count <= 1450 then 1440
            else fullest_sample_count
        end as whole_sample_count

    from days

),

parts as (

    select
        measured_days.*,
        least(sample_count / cast(whole_sample_count as double), 1) as measured_ratio

    from measured_days

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
        {{ x_count('case when measured_ratio >= 0.9 then 1 end') }} as complete_day_count,
        {{ x_count('case when measured_ratio >= 0.9 then 1 end') }} / cast(window_days as double)
            as coverage_ratio,
        round(86400 * sum(measured_ratio)) as measured_seconds,
        sum(average) / count(average) as average,
        min(minimum) as minimum,
        max(p50) as p50,
        max(p95) as p95,
        max(p99) as p99,
        max(maximum) as maximum,
        sum(sum) as sum

    from parts
    group by
        tenant_id,
        resource_id,
        metric_name,
        window_days

)

select * from window_statistics
