with

loads as (

    select * from {{ ref('stg_loads') }}

),

partitions as (

    select * from {{ ref('int_partitions') }}

),

freshness as (

    select
        loads.tenant_id,
        loads.connection_id,
        loads.provider,
        loads.scope,
        loads.billing_period,
        loads.dataset,
        loads.format,
        loads.export_name,
        loads.delivered_at,
        loads.loaded_at,
        loads.watermark_date,
        loads.is_final,
        loads.row_count,
        loads.rejected_row_count,
        loads.noted_row_count,
        loads.byte_count,
        partitions.is_latest_period

    from loads
    inner join partitions
        on
            loads.tenant_id = partitions.tenant_id
            and loads.connection_id = partitions.connection_id
            and loads.billing_period = partitions.billing_period
    where loads.is_current

)

select * from freshness
