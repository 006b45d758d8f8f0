with

source as (

    select * from {{ x_lake(source('lake', 'loads')) }}

),

renamed as (

    select
        -- ids
        tenant_id,
        connection_id,
        billing_period,
        load_id,
        delivery_id,

        -- strings
        partition_version,
        provider,
        scope,
        dataset,
        format,
        export_name,
        source_uri,

        -- numerics
        row_count,
        rejected_row_count,
        noted_row_count,
        byte_count,

        -- booleans
        is_final,
        is_current,

        -- dates and timestamps
        delivered_at,
        loaded_at,
        watermark_date

    from source

)

select * from renamed
