with

source as (

    select * from {{ x_lake(source('lake', 'utilization_daily')) }}

),

renamed as (

    select
        -- ids
        tenant_id,
        connection_id,
        sub_account_id,
        region_id,
        resource_id,

        -- strings
        resource_type,
        metric_name,
        unit,

        -- numerics
        cast(average as double) as average,
        cast(minimum as double) as minimum,
        cast(p50 as double) as p50,
        cast(p95 as double) as p95,
        cast(p99 as double) as p99,
        cast(maximum as double) as maximum,
        cast(sum as double) as sum,
        cast(sample_count as bigint) as sample_count,

        -- dates and timestamps
        cast(usage_date as date) as usage_date

    from source

)

select * from renamed
