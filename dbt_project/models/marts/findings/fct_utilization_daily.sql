with

utilization as (

    select * from {{ ref('int_utilization__daily') }}

),

daily as (

    select
        tenant_id,
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

    from utilization

)

select * from daily
