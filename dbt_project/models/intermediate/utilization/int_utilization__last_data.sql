{{ config(materialized='table') }}

with

utilization as (

    select * from {{ ref('int_utilization__daily') }}

),

last_data as (

    select
        tenant_id,
        resource_id,
        max(usage_date) as last_data_date

    from utilization
    where sample_count > 0
    group by
        tenant_id,
        resource_id

)

select * from last_data
