{{ config(materialized='table') }}

with

utilization as (

    select * from {{ ref('stg_utilization_daily') }}
    where {{ in_recent_usage(93) }}

),

ranked as (

    -- two connections may see one resource
    select
        utilization.*,
        row_number() over (
            partition by tenant_id, resource_id, metric_name, usage_date
            order by sample_count desc nulls last, connection_id asc nulls last
        ) as answer_rank

    from utilization

),

daily as (

    select
        tenant_id,
        connection_id,
        sub_account_id,
        region_id,
        resource_id,
        resource_type,
        metric_name,
        usage_date,
        unit,
        average,
        minimum,
        p50,
        p95,
        p99,
        maximum,
        sum,
        sample_count

    from ranked
    where answer_rank = 1

)

select * from daily
